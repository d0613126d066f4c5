"""The body that creates a Vertex AI schedule, and the pipeline job in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedc.ir.schedule import Cache, Overlap
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container, Pipeline, ScheduledTime, Steps
from schedc.json_merge_patch import merged
from schedc.pipeline_spec import without_cache
from schedc.pipeline_writing import SCHEDULED_TIME, service_account, workload_spec
from schedc.records import replace
from schedc.target import Job
from schedc.targets.vertex.cron import cron_text
from schedc.targets.vertex.limits import bounds, description, utc_text
from schedc.targets.vertex.machine import resources

STARTING_AT_ONCE = 10


def body(job: Job) -> dict[str, Any]:
    """The message `Schedule` as JSON, the user's patch applied: whole numbers are text, what is empty is left out."""
    schedule = job.schedule
    assert isinstance(schedule.trigger, Cron)
    cron = cron_text(schedule.trigger.calendar, schedule.trigger.timezone)
    assert cron is not None, "limits refuses what the dialect cannot say"
    start, end = bounds(schedule)
    made: dict[str, Any] = {
        "displayName": schedule.name,
        "cron": cron,
        "maxConcurrentRunCount": str(STARTING_AT_ONCE),
        "createPipelineJobRequest": {
            "parent": f"projects/{job.options['project']}/locations/{job.options['location']}",
            "pipelineJob": _pipeline_job(job),
        },
    }
    if start is not None:
        made["startTime"] = utc_text(start)
    if end is not None:
        made["endTime"] = utc_text(end)
    if schedule.max_runs is not None:
        made["maxRunCount"] = str(schedule.max_runs)
    active = schedule.max_active_runs
    if active is None and schedule.overlap in (Overlap.SKIP, Overlap.QUEUE):
        active = 1
    if active is not None:
        made["maxConcurrentActiveRunCount"] = str(active)
    if schedule.overlap is Overlap.QUEUE:
        made["allowQueueing"] = True
    return dict(merged(made, job.options.get("patch") or {}))


def _pipeline_job(job: Job) -> dict[str, Any]:
    schedule, options = job.schedule, job.options
    runtime: dict[str, Any] = {"gcsOutputDirectory": options["gcs_output_directory"]}
    if isinstance(schedule.run, Pipeline) and schedule.run.parameters:
        runtime["parameterValues"] = _plain(schedule.run.parameters)
    if options.get("failure_policy"):
        runtime["failurePolicy"] = f"PIPELINE_FAILURE_POLICY_{options['failure_policy'].upper()}"
    result: dict[str, Any] = {"pipelineSpec": _pipeline_spec(job), "runtimeConfig": runtime}
    if schedule.labels:
        result["labels"] = dict(schedule.labels)
    own = service_account(schedule.run)
    if own or options.get("service_account"):
        result["serviceAccount"] = own or options["service_account"]
    if options.get("network"):
        result["network"] = options["network"]
    if options.get("encryption_key"):
        result["encryptionSpec"] = {"kmsKeyName": options["encryption_key"]}
    return result


def _pipeline_spec(job: Job) -> dict[str, Any]:
    schedule, caching = job.schedule, job.schedule.cache is Cache.AS_COMPILED
    run = schedule.run
    if not isinstance(run, Pipeline):
        if isinstance(run, Steps):
            run = Steps(steps=tuple(replace(step, container=escaped(step.container)) for step in run.steps))
        else:
            assert isinstance(run, Container)
            run = escaped(run)
        return workload_spec(schedule.name, run, caching=caching, resources=resources, description=description(job))
    spec = _plain(run.spec) if caching else without_cache(run.spec)
    spec["pipelineInfo"]["description"] = description(job)
    return dict(spec)


def escaped(run: Container) -> Container:
    """The container as its job needs it: $(NAME) is documented to be expanded in variables."""
    env = {key: value.replace("$(", "$$(") if isinstance(value, str) else value for key, value in run.env.items()}
    return replace(run, env=env)


def _plain(value: Any) -> Any:
    if isinstance(value, ScheduledTime):
        return SCHEDULED_TIME
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
