"""A CronJob as plain data, its keys in the order in which the API documents them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from schedc.cron_text import cron_fields
from schedc.ir.calendar import ALL_DAYS, ALL_WEEKDAYS, Calendar
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron
from schedc.ir.workload import ConfigMapKey, Container, EnvValue, SecretKey
from schedc.target import Job
from schedc.targets.kubernetes_expansion import escape

SHORT_DEADLINE = 59
"""Seconds. A CronJob fires at full minutes, so two of its times are never closer than 60 seconds: with this deadline
no missed run is ever made up for, and a run that had to wait starts less than a minute late or not at all."""

MANAGED_BY = "app.kubernetes.io/managed-by"
CONTAINER = "main"
HISTORY = {"successful_jobs_history_limit": 3, "failed_jobs_history_limit": 1}


def manifest(job: Job) -> dict[str, Any]:
    schedule, options = job.schedule, job.options
    trigger, run = schedule.trigger, schedule.run
    assert isinstance(trigger, Cron)
    assert isinstance(run, Container)
    namespace = options.get("namespace")
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {
            "name": schedule.name,
            **({"namespace": namespace} if namespace is not None else {}),
            "labels": dict(sorted({**schedule.labels, MANAGED_BY: "schedc"}.items())),
            "annotations": notes(job),
        },
        "spec": {
            "schedule": cron_text(trigger.calendar),
            "timeZone": trigger.timezone,
            "concurrencyPolicy": concurrency_policy(schedule),
            **_optional("startingDeadlineSeconds", deadline(schedule)),
            "suspend": schedule.paused,
            "successfulJobsHistoryLimit": _option(options, "successful_jobs_history_limit"),
            "failedJobsHistoryLimit": _option(options, "failed_jobs_history_limit"),
            "jobTemplate": {
                "spec": {
                    "backoffLimit": schedule.retries,
                    **_optional("activeDeadlineSeconds", schedule.timeout),
                    "template": {"spec": _pod(schedule, run)},
                }
            },
        },
    }


def notes(job: Job) -> dict[str, str]:
    """What the artifact says about where it came from, and what has no field of its own."""
    schedule = job.schedule
    promised = schedule.applied_after
    found = {
        "schedc/applied-after": None if promised is None else _instant(promised),
        "schedc/description": schedule.description,
        "schedc/digest": job.digest,
        "schedc/owner": schedule.owner,
        "schedc/rule": job.words,
        "schedc/source": f"{job.origin}: {schedule.name}",
    }
    return {key: text for key, text in found.items() if text is not None}


def concurrency_policy(schedule: Schedule) -> str:
    if schedule.overlap is Overlap.REPLACE:
        return "Replace"
    if schedule.overlap is Overlap.SKIP or schedule.max_active_runs is not None:
        return "Forbid"
    return "Allow"


def deadline(schedule: Schedule) -> int | None:
    """How late a run may start, in seconds; None for however late."""
    if schedule.start_deadline is not None:
        return schedule.start_deadline
    return SHORT_DEADLINE if schedule.catchup is Catchup.NONE or schedule.overlap is Overlap.SKIP else None


def cron_text(calendar: Calendar) -> str:
    """Five fields for robfig/cron, in which day fields are a union unless one of them is a star."""
    if calendar.either:
        calendar = _union(calendar)
    return cron_fields(calendar).five


def _union(calendar: Calendar) -> Calendar:
    """The same days, where one of the two day fields says nothing or everything."""
    if calendar.full_days or calendar.full_weekdays:
        return replace(calendar, days=ALL_DAYS, weekdays=ALL_WEEKDAYS, either=False)
    if not calendar.days:
        return replace(calendar, days=ALL_DAYS, either=False)
    if not calendar.weekdays:
        return replace(calendar, weekdays=ALL_WEEKDAYS, either=False)
    return calendar


def _pod(schedule: Schedule, run: Container) -> dict[str, Any]:
    return {
        "restartPolicy": "Never",
        **_optional("activeDeadlineSeconds", schedule.attempt_timeout),
        **_optional("serviceAccountName", run.service_account),
        "containers": [_container(run)],
    }


def _container(run: Container) -> dict[str, Any]:
    resources = {
        kind: dict(sorted(amounts.items()))
        for kind, amounts in (("requests", run.resources.requests), ("limits", run.resources.limits))
        if amounts
    }
    return {
        "name": CONTAINER,
        "image": run.image,
        **({} if run.command is None else {"command": [escape(text) for text in run.command]}),
        **({} if run.args is None else {"args": [escape(text) for text in run.args]}),
        **({"env": [_variable(name, value) for name, value in sorted(run.env.items())]} if run.env else {}),
        **({"resources": resources} if resources else {}),
    }


def _variable(name: str, value: EnvValue) -> dict[str, Any]:
    if isinstance(value, str):
        return {"name": name, "value": escape(value)}
    assert isinstance(value, SecretKey | ConfigMapKey)
    kind = "secretKeyRef" if isinstance(value, SecretKey) else "configMapKeyRef"
    return {"name": name, "valueFrom": {kind: {"name": value.name, "key": value.key}}}


def _optional(key: str, value: int | str | None) -> dict[str, Any]:
    return {} if value is None else {key: value}


def _option(options: Mapping[str, Any], name: str) -> int:
    value = options.get(name)
    return HISTORY[name] if value is None else int(value)


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
