"""A CronJob as plain data, its keys in the order in which the API documents them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from schedc.cron_text import cron_fields
from schedc.ir.calendar import ALL_DAYS, ALL_WEEKDAYS, Calendar
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container
from schedc.json_merge_patch import merged
from schedc.records import replace
from schedc.target import Job
from schedc.targets.kubernetes.pod import accelerators, pod_template

SHORT_DEADLINE = 59
"""Seconds. A CronJob fires at full minutes, so two of its times are never closer than 60 seconds: with this deadline
no missed run is ever made up for, and a run that had to wait starts less than a minute late or not at all."""

MANAGED_BY = "app.kubernetes.io/managed-by"
HISTORY = {"successful_jobs_history_limit": 3, "failed_jobs_history_limit": 1}


def manifest(job: Job) -> dict[str, Any]:
    """The CronJob, the user's patch applied."""
    result: dict[str, Any] = merged(_manifest(job), job.options.get("patch") or {})
    return result


def _manifest(job: Job) -> dict[str, Any]:
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
                    **_optional("ttlSecondsAfterFinished", run.pod.get("ttl_second_after_finished")),
                    "template": pod_template(schedule, run),
                }
            },
        },
    }


def notes(job: Job) -> dict[str, str]:
    """What the artifact says about where it came from, and what has no field of its own."""
    schedule = job.schedule
    promised = schedule.applied_after
    patch = job.options.get("patch")
    found = {
        "schedc/accelerator": accelerators(schedule.run) if isinstance(schedule.run, Container) else None,
        "schedc/applied-after": None if promised is None else _instant(promised),
        "schedc/description": schedule.description,
        "schedc/digest": job.digest,
        "schedc/owner": schedule.owner,
        "schedc/patch": json.dumps(patch, sort_keys=True) if patch else None,
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


def _optional(key: str, value: int | str | None) -> dict[str, Any]:
    return {} if value is None else {key: value}


def _option(options: Mapping[str, Any], name: str) -> int:
    value = options.get(name)
    return HISTORY[name] if value is None else int(value)


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
