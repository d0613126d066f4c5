"""Vertex AI: a schedule of pipeline jobs, as the body that creates it or as a Terraform resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from schedc.ir.schedule import Cache, Overlap
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container, Pipeline, ScheduledTime, Steps
from schedc.pipeline_spec import without_cache
from schedc.pipeline_writing import SCHEDULED_TIME, service_account, workload_spec
from schedc.plain_text import json_text
from schedc.shapes import Choice, Field, Text
from schedc.target import Artifact, Job, Target
from schedc.targets.vertex_capabilities import CAPABILITIES, CHOICES
from schedc.targets.vertex_cron import cron_text
from schedc.targets.vertex_limits import bounds, description, limits, utc_text
from schedc.targets.vertex_machine import resources
from schedc.targets.vertex_read import read
from schedc.targets.vertex_terraform import terraform

BODY, RESOURCE = "schedule.json", ".tf.json"
STARTING_AT_ONCE = 10


def emit(job: Job) -> Iterator[tuple[Artifact, ...]]:
    name = job.schedule.name
    body = _body(job)
    if job.options.get("format") == "terraform":
        yield (Artifact(f"{name}{RESOURCE}", json_text(terraform(body, job.options))),)
    else:
        yield (Artifact(f"{name}/{BODY}", json_text(body)),)


def _body(job: Job) -> dict[str, Any]:
    """The message `Schedule` as JSON: whole numbers are text, what is empty or false is left out."""
    schedule = job.schedule
    assert isinstance(schedule.trigger, Cron)
    cron = cron_text(schedule.trigger.calendar, schedule.trigger.timezone)
    assert cron is not None, "limits refuses what the dialect cannot say"
    start, end = bounds(schedule)
    body: dict[str, Any] = {
        "displayName": schedule.name,
        "cron": cron,
        "maxConcurrentRunCount": str(STARTING_AT_ONCE),
        "createPipelineJobRequest": {
            "parent": f"projects/{job.options['project']}/locations/{job.options['location']}",
            "pipelineJob": _pipeline_job(job),
        },
    }
    if start is not None:
        body["startTime"] = utc_text(start)
    if end is not None:
        body["endTime"] = utc_text(end)
    if schedule.max_runs is not None:
        body["maxRunCount"] = str(schedule.max_runs)
    active = schedule.max_active_runs
    if active is None and schedule.overlap in (Overlap.SKIP, Overlap.QUEUE):
        active = 1
    if active is not None:
        body["maxConcurrentActiveRunCount"] = str(active)
    if schedule.overlap is Overlap.QUEUE:
        body["allowQueueing"] = True
    return body


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


def paths(names: Iterable[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """A folder, or a Terraform file, for each schedule."""
    for path in sorted(names):
        folder, _, name = path.rpartition("/")
        if folder and "/" not in folder and name == BODY:
            yield folder, (path,)
        elif not folder and name.endswith(RESOURCE):
            yield name.removesuffix(RESOURCE), (path,)


def at_deploy(job: Job) -> str | None:
    if bounds(job.schedule)[0] is None:
        return None
    return "where the start has passed by then, every run that was due since starts at once"


OPTIONS = (
    Field(
        "project", Text(r"[a-z0-9][a-z0-9.:-]*", "a project's id or number"), "The Google Cloud project.", required=True
    ),
    Field("location", Text(r"[a-z]+-[a-z]+[0-9]+", "a region such as europe-west4"), "The region.", required=True),
    Field(
        "gcs_output_directory",
        Text(r"gs://[^/\s]+(?:/\S*)?", "a path that begins with gs://"),
        "Where the runs keep their outputs.",
        required=True,
    ),
    Field(
        "format",
        Choice(("json", "terraform")),
        "json: the body that creates the schedule; terraform: a google_vertex_ai_schedule.",
        default="json",
    ),
    Field(
        "service_account",
        Text(r"[^@\s]+@[^@\s]+", "an e-mail address"),
        "Whom runs act as whose workload names no one.",
    ),
    Field("network", Text(empty=False), "The full name of the Compute Engine network that jobs are peered with."),
    Field("encryption_key", Text(empty=False), "The Cloud KMS key that jobs are encrypted with."),
    Field("failure_policy", Choice(("fail_slow", "fail_fast")), "What becomes of the other tasks when one fails."),
)

TARGET = Target(
    name="vertex",
    title="Vertex AI",
    capabilities=CAPABILITIES,
    options=OPTIONS,
    limits=limits,
    emit=emit,
    read=read,
    paths=paths,
    choices=CHOICES,
    at_deploy=at_deploy,
)
