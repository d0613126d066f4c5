"""The body that creates a recurring run, and the pipeline in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from schedc.ir.schedule import Cache, Catchup, Schedule
from schedc.ir.triggers import Cron, Interval
from schedc.ir.workload import Container, Pipeline, Steps, Text
from schedc.json_merge_patch import merged
from schedc.pipeline_spec import without_cache
from schedc.pipeline_writing import service_account, steps_of, workload_spec
from schedc.provenance import provenance
from schedc.records import replace
from schedc.target import Job
from schedc.targets.kubeflow.cron import cron_text
from schedc.targets.kubeflow.limits import first_instant, max_concurrency, utc_text
from schedc.targets.kubeflow.pod import platform_spec, resources

Plain = dict[str, Any]


def package(job: Job) -> tuple[Plain, Plain | None]:
    """The IR and the platform spec, the user's patch applied."""
    spec, platform = _pipeline(job.schedule)
    patch = (job.options.get("patch") or {}).get("pipeline_spec", {})
    platform = merged(platform or {}, patch.get("platform_spec", {}))
    return merged(spec, patch.get("pipeline_spec", {})), platform or None


def body(job: Job) -> Plain:
    """What is posted, the user's patch applied."""
    schedule = job.schedule
    spec, platform = package(job)
    made: Plain = {
        "display_name": schedule.name,
        "description": _description(job),
        "mode": "DISABLE" if schedule.paused else "ENABLE",
        "max_concurrency": str(max_concurrency(job)),
        "no_catchup": schedule.catchup is not Catchup.ALL,
        "trigger": _trigger(schedule),
        "pipeline_spec": spec if platform is None else {"pipeline_spec": spec, "platform_spec": platform},
    }
    runtime: Plain = {}
    if isinstance(schedule.run, Pipeline) and schedule.run.parameters:
        runtime["parameters"] = _plain(schedule.run.parameters)
    if job.options.get("pipeline_root"):
        runtime["pipeline_root"] = job.options["pipeline_root"]
    optional = {
        "experiment_id": job.options.get("experiment_id"),
        "service_account": service_account(schedule.run) or job.options.get("service_account"),
        "runtime_config": runtime or None,
    }
    made.update({key: value for key, value in optional.items() if value is not None})
    rest = {key: value for key, value in (job.options.get("patch") or {}).items() if key != "pipeline_spec"}
    return dict(merged(made, rest))


def _pipeline(schedule: Schedule) -> tuple[dict[str, Any], dict[str, Any] | None]:
    run, caching = schedule.run, schedule.cache is Cache.AS_COMPILED
    if isinstance(run, Pipeline):
        spec = _plain(run.spec) if caching else without_cache(run.spec)
        return spec, None if run.platform is None else _plain(run.platform)
    if isinstance(run, Steps):
        run = Steps(steps=tuple(replace(step, container=escaped(step.container)) for step in run.steps))
    else:
        assert isinstance(run, Container)
        run = escaped(run)
    spec = workload_spec(schedule.name, run, caching=caching, resources=resources, retries=schedule.retries)
    return spec, platform_spec(steps_of(schedule.name, run), schedule.attempt_timeout, schedule.timeout)


def escaped(run: Container) -> Container:
    """The container as its pod needs it: the kubelet expands $(NAME) in a command, arguments and variables."""
    return replace(
        run,
        command=None if run.command is None else tuple(map(_word, run.command)),
        args=None if run.args is None else tuple(map(_word, run.args)),
        env={key: _dollars(value) if isinstance(value, str) else value for key, value in run.env.items()},
    )


def _word(word: Text) -> Text:
    return _dollars(word) if isinstance(word, str) else word


def _dollars(text: str) -> str:
    """Two dollar signs stand for one; a single one is itself unless a parenthesis or another one follows."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        if text[at] != "$":
            end = text.find("$", at)
            end = len(text) if end < 0 else end
            parts.append(text[at:end])
        else:
            end = at
            while end < len(text) and text[end] == "$":
                end += 1
            alone = end - at == 1 and text[end : end + 1] != "("
            parts.append(text[at:end] if alone else text[at:end] * 2)
        at = end
    return "".join(parts)


def _trigger(schedule: Schedule) -> dict[str, Any]:
    times: dict[str, Any] = {}
    trigger = schedule.trigger
    if isinstance(trigger, Interval):
        # The controller runs first one interval after the start.
        times["start_time"] = utc_text(first_instant(schedule, trigger) - trigger.seconds)
    elif schedule.start is not None:
        # The controller's start is exclusive.
        times["start_time"] = utc_text(schedule.start - 1)
    if schedule.end is not None:
        times["end_time"] = utc_text(schedule.end)
    if isinstance(trigger, Interval):
        return {"periodic_schedule": {**times, "interval_second": str(trigger.seconds)}}
    assert isinstance(trigger, Cron)
    text = cron_text(trigger.calendar)
    assert text is not None, "limits refuses what the dialect cannot say"
    return {"cron_schedule": {**times, "cron": text}}


def _description(job: Job) -> str:
    schedule = job.schedule
    facts = {
        "source": job.origin,
        "schedule": schedule.name,
        "digest": job.digest,
        "fires": job.words,
        "cluster timezone": job.options.get("cluster_timezone") or "UTC",
        "applied after": None if schedule.applied_after is None else utc_text(schedule.applied_after),
        "default service account": None if service_account(schedule.run) else job.options.get("service_account"),
        "owner": schedule.owner,
        "patch": json.dumps(job.options["patch"], sort_keys=True) if job.options.get("patch") else None,
    }
    return provenance(schedule.description, facts, schedule.labels)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
