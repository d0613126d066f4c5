"""What of containers and steps lies outside what Vertex AI's pipelines can say."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.workload import Container, ScheduledTime, Steps
from schedc.patterns import pattern
from schedc.pipeline_spec import texts
from schedc.targets.vertex.machine import ACCELERATORS, MOST_CPUS, MOST_GIGABYTES, cpus, gigabytes

_ACCOUNT = pattern(r"[^@\s]+@[^@\s]+")
_REFERENCE = pattern(r"\$\([A-Za-z_][A-Za-z0-9_.-]*\)|\$\$")
_IR = "github.com/kubeflow/pipelines api/v2alpha1/pipeline_spec.proto"
_MACHINES = "https://cloud.google.com/vertex-ai/docs/pipelines/machine-types"
_TIMES = "https://cloud.google.com/vertex-ai/docs/pipelines/schedule-pipeline-run"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

Place = tuple[str | int, ...]


def container_limits(schedule: Schedule, run: Container, here: Place, sink: Sink) -> None:
    """Tells the sink what Vertex AI cannot hold of a container at `here`."""
    env = {name: value for name, value in run.env.items() if isinstance(value, str)}
    parts: dict[str, Any] = {"image": run.image, "command": run.command, "args": run.args, "env": env}
    no_placeholders(schedule, parts, here, sink)
    for path, text in texts({"command": run.command, "args": run.args}):
        if found := _REFERENCE.search(text):
            sink.add(
                rules.TEMPLATE_TEXT,
                f"Vertex AI may expand {found[0]} in this text",
                schedule.place(*here, *path),
                notes=(
                    "it expands $(NAME) in variables, where $$ stands for one $; whether it does so here too, as "
                    f"Kubernetes does, is not documented ({_IR} PipelineContainerSpec)",
                ),
                help="in a shell write $( name ) with blanks inside, and ${$} for its process number",
            )
    for name, value in env.items():
        if "$$" in value:
            sink.add(
                rules.TEMPLATE_TEXT,
                "Vertex AI may make one $ of the $$ in this text",
                schedule.place(*here, "env", name),
                notes=(f"{_IR} PipelineContainerSpec.EnvVar",),
                help="write the text without $$",
            )
    _scheduled_times(schedule, run, here, sink)
    _resources(schedule, run, here, sink)
    if run.service_account is not None and not _ACCOUNT.fullmatch(run.service_account):
        sink.add(
            rules.TARGET_LIMIT,
            "Vertex AI needs the e-mail address of a Google service account",
            schedule.place(*here, "service_account"),
            help="set targets.vertex.service_account and leave the Kubernetes one out",
        )


def no_placeholders(schedule: Schedule, parts: Mapping[str, Any], here: Place, sink: Sink) -> None:
    """Tells the sink of texts that the service would expand."""
    for path, text in texts(parts):
        if "{{$" in text:
            sink.add(
                rules.TEMPLATE_TEXT,
                "Vertex AI would expand the {{$ in this text, and it has no escape for it",
                schedule.place(*here, *path),
                notes=(f"{_IR} ExecutorInput",),
                help="build the braces in the program, or read the text from a file of the image",
            )


def steps_limits(schedule: Schedule, run: Steps, sink: Sink) -> None:
    """Tells the sink what Vertex AI cannot hold of steps."""
    account = run.steps[0].container.service_account
    for step in run.steps:
        here = ("run", "steps", step.name)
        container_limits(schedule, step.container, here, sink)
        if step.container.service_account != account:
            sink.add(
                rules.TARGET_LIMIT,
                "Vertex AI runs all steps with one service account",
                schedule.place(*here, "service_account"),
                notes=("https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.pipelineJobs",),
                help="give every step the same one",
            )


def _scheduled_times(schedule: Schedule, run: Container, here: Place, sink: Sink) -> None:
    for name, value in run.env.items():
        if isinstance(value, ScheduledTime):
            sink.add(
                rules.UNSUPPORTED,
                "Vertex AI has no scheduled time for variables",
                schedule.place(*here, "env", name),
                notes=(f"it documents its placeholder for the inputs of a pipeline and its tasks ({_TIMES})",),
                help="pass it in args, and let a shell put it into the variable",
            )
    for field, words in (("command", run.command), ("args", run.args)):
        for i, word in enumerate(words or ()):
            if isinstance(word, ScheduledTime):
                check_scheduled_time(schedule, word, (*here, field, i), sink)


def check_scheduled_time(schedule: Schedule, value: ScheduledTime, place: Place, sink: Sink) -> None:
    """Tells the sink of a format or zone that is not the service's own."""
    if value == ScheduledTime(TIME_FORMAT, "UTC"):
        sink.add(
            rules.TARGET_CAVEAT,
            "the text that Vertex AI puts in place of the scheduled time is not documented",
            schedule.place(*place),
            notes=(
                "schedc takes it to be RFC 3339 in UTC, as times stand everywhere else in the service's API"
                " (kfp.dsl.PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER)",
            ),
            help="read it with a parser that takes fractions of a second too",
        )
        return
    sink.add(
        rules.TARGET_LIMIT,
        "Vertex AI writes the scheduled time in one way only, such as 2026-01-07T14:05:00Z",
        schedule.place(*place),
        notes=(f"its placeholder takes no format and no zone ({_TIMES})",),
        help=f'write {{scheduled_time: "{TIME_FORMAT}", timezone: UTC}}, and let the program convert it',
    )


def _resources(schedule: Schedule, run: Container, here: Place, sink: Sink) -> None:
    if run.resources.requests:
        sink.add(
            rules.TARGET_LIMIT,
            "Vertex AI has no requests: it picks a machine by the limits of cpu and memory",
            schedule.place(*here, "resources", "requests"),
            notes=(_MACHINES,),
            help="write the amounts under limits for this target",
        )
    amounts = {"cpu": (cpus, MOST_CPUS), "memory": (gigabytes, MOST_GIGABYTES)}
    for name, text in run.resources.limits.items():
        place = schedule.place(*here, "resources", "limits", name)
        if name not in amounts:
            message = f"Vertex AI has no limit of {name}, only of cpu and memory"
            sink.add(rules.TARGET_LIMIT, message, place, notes=(_MACHINES,))
            continue
        read, most = amounts[name]
        amount = read(text)
        if amount is None:
            form = "a number, or one that ends in m" if name == "cpu" else "a whole number, with K, M, G, T, P, E or Ki"
            message = f"Vertex AI reads {text!r} not as an amount of {name}; it takes {form}"
            sink.add(rules.TARGET_LIMIT, message, place, notes=(_MACHINES,))
        elif not 0 < amount <= most:
            message = f"Vertex AI has machines of up to {most} {'CPUs' if name == 'cpu' else 'GB'}, and this is {text}"
            sink.add(rules.TARGET_LIMIT, message, place, notes=(_MACHINES,))
    if run.resources.limits:
        sink.add(
            rules.TARGET_CAVEAT,
            "Vertex AI picks a machine by these limits, and the container may use all of it",
            schedule.place(*here, "resources", "limits"),
            notes=(f"without limits it is an e2-standard-4, with 4 CPUs and 16 GB ({_MACHINES})",),
        )
    accelerator = run.pod.get("accelerator")
    if accelerator is not None and accelerator["type"] not in ACCELERATORS:
        near = get_close_matches(accelerator["type"].upper(), ACCELERATORS, n=1)
        sink.add(
            rules.TARGET_LIMIT,
            f"Vertex AI has no accelerator {accelerator['type']}",
            schedule.place(*here, "resources", "accelerator", "type"),
            notes=("https://cloud.google.com/vertex-ai/docs/reference/rest/v1/MachineSpec#AcceleratorType",),
            help=f"did you mean {near[0]}?" if near else "name the model, such as NVIDIA_L4 or NVIDIA_TESLA_T4",
        )
