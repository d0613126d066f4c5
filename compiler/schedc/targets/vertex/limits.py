"""What lies outside what a Vertex AI schedule can hold, and what it holds with a caveat."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container, Pipeline, ScheduledTime, Steps
from schedc.patterns import pattern
from schedc.pipeline_spec import check_parameters, texts
from schedc.pipeline_writing import service_account, steps_of
from schedc.provenance import provenance
from schedc.target import Job
from schedc.targets.vertex.container_limits import (
    check_scheduled_time,
    container_limits,
    no_placeholders,
    steps_limits,
)
from schedc.targets.vertex.cron import cron_text
from schedc.targets.vertex.patch import patch_problems

_MINUTE = 60
_INT64 = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOO_FAR = 253_402_300_800
_LONGEST_DESCRIPTION = 1024
_MOST_LABELS = 64
_LABEL_VALUE = pattern(r"[a-z0-9_-]{0,64}")
_LABEL_KEY = pattern(r"[a-z][a-z0-9_-]{0,63}")
_RESERVED_LABEL = "vertex-ai-pipelines-run-billing-id"
_IR = "github.com/kubeflow/pipelines api/v2alpha1/pipeline_spec.proto"
_LABELS = "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.pipelineJobs labels"


def utc_text(instant: int) -> str:
    """RFC 3339 in UTC."""
    return (_EPOCH + timedelta(seconds=instant)).strftime("%Y-%m-%dT%H:%M:%SZ")


def bounds(schedule: Schedule) -> tuple[int | None, int | None]:
    """The bounds moved outwards off the full minute, where runs are due: then it is all one if they are inclusive."""
    start, end = schedule.start, schedule.end
    if start is not None and start % _MINUTE == 0:
        start -= 1
    if end is not None and end % _MINUTE == 0:
        end += 1
    return start, end


def description(job: Job) -> str:
    """What stands in the pipeline's description: the schedule's own, where it came from, and whose it is."""
    schedule = job.schedule
    own = service_account(schedule.run)
    written = schedule.run.spec.get("pipelineInfo", {}) if isinstance(schedule.run, Pipeline) else {}
    facts = {
        "source": job.origin,
        "schedule": schedule.name,
        "digest": job.digest,
        "fires": job.words,
        "applied after": None if schedule.applied_after is None else utc_text(schedule.applied_after),
        "default service account": None if own else job.options.get("service_account"),
        "owner": schedule.owner,
        "pipeline": written.get("description"),
        "patch": json.dumps(job.options["patch"], sort_keys=True) if job.options.get("patch") else None,
    }
    return provenance(schedule.description, facts)


def limits(job: Job, sink: Sink) -> None:
    """Tells the sink what the target cannot hold of a job, and what it holds with a caveat."""
    schedule = job.schedule
    _times(schedule, sink)
    _counts(schedule, sink)
    _labels(schedule, sink)
    count = len(description(job))
    if count > _LONGEST_DESCRIPTION:
        sink.add(
            rules.TARGET_LIMIT,
            f"Vertex AI holds {_LONGEST_DESCRIPTION} characters of description, and with its origin this has {count}",
            schedule.place("description"),
            notes=(f"{_IR} PipelineInfo.description",),
            help="shorten the description",
        )
    _patch(job, sink)
    run = schedule.run
    if job.options.get("format") == "terraform":
        _terraform(schedule, sink)
    if isinstance(run, Container):
        container_limits(schedule, run, ("run", "container"), sink)
    elif isinstance(run, Steps):
        steps_limits(schedule, run, sink)
    elif isinstance(run, Pipeline):
        _pipeline(schedule, run, sink)


def _patch(job: Job, sink: Sink) -> None:
    schedule, patch = job.schedule, job.options.get("patch")
    if patch is None:
        return
    here: tuple[str | int, ...] = ("targets", "vertex", "patch")
    if job.options.get("format") == "terraform":
        sink.add(
            rules.UNSUPPORTED,
            "Vertex AI's patch is for the body of the API, and not for Terraform",
            schedule.place(*here),
            notes=(
                "Terraform merges files of its own over others: https://developer.hashicorp.com/terraform/language/"
                "files/override",
            ),
            help=f"write {schedule.name}_override.tf.json beside the file, or use format: json",
        )
    for path, message, remedy in patch_problems(patch, schedule.name, schedule.run):
        sink.add(
            rules.UNSUPPORTED,
            message,
            schedule.place(*here, *path),
            notes=("a patch carries what schedc has no word for, and changes nothing that schedc writes",),
            help=remedy,
        )


def _times(schedule: Schedule, sink: Sink) -> None:
    for name, instant in (("start_time", schedule.start), ("end_time", schedule.end)):
        if instant is not None and not 1 < instant < _TOO_FAR - 1:
            message = f"{name} lies outside the years 1970 to 9999, which Vertex AI's timestamps hold"
            sink.add(rules.TARGET_LIMIT, message, schedule.place(name))
    if schedule.start is not None:
        sink.add(
            rules.TARGET_CAVEAT,
            "if the start has passed when this is applied, Vertex AI runs everything that was due since",
            schedule.place("start_time"),
            notes=("seen by users of schedules with a start in the past (github.com/sky-uk/kfp-operator issue 580)",),
            help="apply it before its start, or promise with applied_after that it is applied later",
        )
    trigger = schedule.trigger
    if isinstance(trigger, Cron) and trigger.calendar.seconds == 1 and cron_text(trigger.calendar, "UTC") is None:
        sink.add(
            rules.UNSUPPORTED,
            "Vertex AI's cron cannot say these days without doubt",
            schedule.place("cron_expression"),
            notes=("with both day fields restricted some crons match either and some match both; its own is closed",),
            help="restrict the day of the month or the weekday, and not both",
        )


def _counts(schedule: Schedule, sink: Sink) -> None:
    for name, count in (("max_runs", schedule.max_runs), ("max_active_runs", schedule.max_active_runs)):
        if count is not None and count > _INT64:
            sink.add(
                rules.TARGET_LIMIT,
                f"Vertex AI holds {name} in 64 bits, up to {_INT64}, and this is {count}",
                schedule.place(name),
                notes=("https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.schedules",),
                help="choose a smaller number, or leave it out",
            )


def _labels(schedule: Schedule, sink: Sink) -> None:
    if len(schedule.labels) > _MOST_LABELS:
        message = f"Vertex AI holds {_MOST_LABELS} labels, and there are {len(schedule.labels)}"
        sink.add(rules.TARGET_LIMIT, message, schedule.place("labels"), notes=(_LABELS,))
    for name, value in schedule.labels.items():
        if not _LABEL_KEY.fullmatch(name) or not _LABEL_VALUE.fullmatch(value):
            sink.add(
                rules.TARGET_LIMIT,
                f"Vertex AI cannot hold the label {name}",
                schedule.place("labels", name),
                notes=(f"keys and values are lower case letters, digits, _ and -, at most 64 of them ({_LABELS})",),
                help="change the label, or leave it to the description",
            )
        elif name == _RESERVED_LABEL:
            message = f"Vertex AI keeps the label {name} for itself"
            sink.add(rules.TARGET_LIMIT, message, schedule.place("labels", name), notes=(_LABELS,))


def _pipeline(schedule: Schedule, run: Pipeline, sink: Sink) -> None:
    here: tuple[str | int, ...] = ("run", "pipeline", "parameters")
    for name, reason in check_parameters(run.spec, run.parameters):
        sink.add(rules.INVALID_PARAMETER, f"{name}: {reason}", schedule.place(*here, name))
    no_placeholders(schedule, run.parameters, here, sink)
    for name, value in run.parameters.items():
        if isinstance(value, ScheduledTime):
            check_scheduled_time(schedule, value, (*here, name), sink)


def _terraform(schedule: Schedule, sink: Sink) -> None:
    """Text that Terraform's own escape cannot carry for sure, and values that its resource has no type for."""
    run = schedule.run
    written: dict[str, Any] = {"description": schedule.description, "owner": schedule.owner}
    if isinstance(run, Container | Steps):
        inner = {step.name: _texts(step.container) for step in steps_of(schedule.name, run)}
        written["run"] = {"steps": inner} if isinstance(run, Steps) else {"container": inner[schedule.name]}
    elif isinstance(run, Pipeline):
        written["run"] = {"pipeline": {"package": run.spec, "parameters": run.parameters}}
    for path, text in texts(written):
        if "$${" in text or "%%{" in text:
            sink.add(
                rules.TEMPLATE_TEXT,
                "Terraform may read the $${ or %%{ in this text as its own",
                schedule.place(*path),
                notes=(
                    "it is Terraform's way to write ${ and %{, and what another sign before it does is not documented",
                ),
                help="use format: json",
            )
    if not isinstance(run, Pipeline):
        return
    for name, value in run.parameters.items():
        if not isinstance(value, str | ScheduledTime):
            sink.add(
                rules.TARGET_LIMIT,
                f"Terraform's google_vertex_ai_schedule takes only text for parameters, and {name} is not",
                schedule.place("run", "pipeline", "parameters", name),
                notes=("parameter_values is a map of text (magic-modules mmv1/products/vertexai/Schedule.yaml)",),
                help="use format: json, or declare the parameter as text in the pipeline",
            )


def _texts(run: Container) -> dict[str, Any]:
    return {"image": run.image, "command": run.command, "args": run.args, "env": run.env}
