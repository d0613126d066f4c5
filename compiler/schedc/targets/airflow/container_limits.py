"""What Airflow's operators cannot hold of a container."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.workload import Container, InitContainer, ScheduledTime
from schedc.target import Job
from schedc.targets.airflow import options as airflow_options
from schedc.targets.airflow.operator import bash_command, has_time
from schedc.targets.airflow.text import changed_by_jinja

Path = tuple[str | int, ...]

_TITLES = {"docker": "DockerOperator", "bash": "BashOperator"}
_USE_POD = "use operator: kubernetes"
_OWN_LABELS = frozenset(
    {
        "dag_id",
        "task_id",
        "run_id",
        "map_index",
        "try_number",
        "parent_dag_id",
        "kubernetes_pod_operator",
        "airflow_version",
        "airflow_kpo_in_cluster",
        "already_checked",
        "airflow-worker",
    }
)
_RENDERED = ("env_from", "volumes", "volume_mounts")
"""Fields whose text some releases of the provider render as templates and others do not."""

_RENDERING = "apache-airflow-providers-cncf-kubernetes, KubernetesPodOperator._render_nested_template_fields"


def container_limits(job: Job, run: Container, here: Path, sink: Sink) -> None:
    """Tells the sink what of a container the chosen operator cannot run as it is."""
    operator = airflow_options.operator(job.options)
    if operator == "kubernetes":
        _pod(job, run, here, sink)
    else:
        _without_pod(job, run, operator, here, sink)


def _pod(job: Job, run: Container, here: Path, sink: Sink) -> None:
    schedule = job.schedule
    for key in run.pod.get("pod_labels", {}):
        if key in _OWN_LABELS:
            message = f"KubernetesPodOperator sets the label {key} itself"
            sink.add(rules.TARGET_LIMIT, message, schedule.place(*here, "pod_labels", key), help="give it another name")
    for name in _RENDERED:
        for path, text in _texts(run.pod.get(name, ())):
            if changed_by_jinja(text, ()):
                sink.add(
                    rules.TEMPLATE_TEXT,
                    "this text looks like a template, which only some releases of the operator leave alone here",
                    schedule.place(*here, name, *path),
                    notes=(f"source: {_RENDERING}",),
                    help="choose text without {{, {%, {# and line ends",
                )
    _accelerator(job, run, here, sink)
    for i, init in enumerate(run.init_containers):
        _init(job, init, (*here, "init_containers", i), sink)


def _init(job: Job, init: InitContainer, here: Path, sink: Sink) -> None:
    schedule, run = job.schedule, init.container
    if init.name == "base":
        message = "base is the name of KubernetesPodOperator's own container"
        sink.add(rules.TARGET_LIMIT, message, schedule.place(*here, "name"), help="give it another name")
    for path in scheduled_times(run):
        sink.add(
            rules.UNSUPPORTED,
            "Airflow renders no template in an init container, so it cannot know the scheduled time",
            schedule.place(*here, *path),
            notes=("init_containers is no templated field of KubernetesPodOperator",),
            help="use the scheduled time in the container itself",
        )
    _accelerator(job, run, here, sink)


def _accelerator(job: Job, run: Container, here: Path, sink: Sink) -> None:
    accelerator = run.pod.get("accelerator")
    if accelerator is None:
        return
    kind, place = accelerator["type"], job.schedule.place(*here, "resources", "accelerator", "type")
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?/[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", kind):
        message = f"{kind[:60]!r} is no resource of a pod"
        help = "write an extended resource such as nvidia.com/gpu, and choose the model with node_selector"
        sink.add(rules.TARGET_LIMIT, message, place, help=help)
    elif kind in run.resources.limits:
        sink.add(rules.CONFLICTING_FIELDS, f"limits has {kind} as well", place, help="keep one of them")


def _texts(data: Any) -> Iterator[tuple[Path, str]]:
    """Every text in plain data, and the path to it."""
    if isinstance(data, str):
        yield (), data
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list | tuple) else ()
    for key, one in inside:
        for path, text in _texts(one):
            yield (key, *path), text


def scheduled_times(run: Container) -> Iterator[Path]:
    """The paths of the scheduled times of a container."""
    for field, words in (("command", run.command), ("args", run.args)):
        for i, one in enumerate(words or ()):
            if isinstance(one, ScheduledTime):
                yield field, i
    for name, value in run.env.items():
        if isinstance(value, ScheduledTime):
            yield "env", name


def _without_pod(job: Job, run: Container, operator: str, here: Path, sink: Sink) -> None:
    schedule, title = job.schedule, _TITLES[operator]
    for name, value in run.env.items():
        if name == "AIRFLOW_TMP_DIR" or (operator == "bash" and name.startswith("AIRFLOW_CTX_")):
            message = f"{title} takes this environment variable for itself"
            sink.add(rules.TARGET_LIMIT, message, schedule.place(*here, "env", name), help="give it another name")
        if not isinstance(value, str | ScheduledTime):
            kind = {"SecretKey": "a Kubernetes Secret", "ConfigMapKey": "a Kubernetes ConfigMap"}
            source = kind.get(type(value).__name__, "a field of the pod")
            message = f"{title} cannot take an environment variable from {source}"
            sink.add(rules.UNSUPPORTED, message, schedule.place(*here, "env", name), help=_USE_POD)
    asked = [("resources", bool(run.resources) or "accelerator" in run.pod, "Kubernetes requests and limits")]
    asked += [("service_account", run.service_account is not None, "service account")]
    asked += [("init_containers", bool(run.init_containers), "init containers")]
    has = {"working_dir", "accelerator"} if operator == "docker" else {"accelerator"}
    asked += [(name, True, name) for name in run.pod if name not in has]
    for name, is_asked, what in asked:
        if is_asked:
            sink.add(rules.UNSUPPORTED, f"{title} has no {what}", schedule.place(*here, name), help=_USE_POD)
    if operator == "bash":
        _bash(job, run, here, sink)
    else:
        _docker(job, run, here, sink)


def _docker(job: Job, run: Container, here: Path, sink: Sink) -> None:
    for i, one in enumerate(run.command or ()):
        if isinstance(one, ScheduledTime):
            message = "DockerOperator renders no template in the entrypoint, so it cannot know the scheduled time"
            help = "move it to args"
            sink.add(rules.UNSUPPORTED, message, job.schedule.place(*here, "command", i), help=help)


def _bash(job: Job, run: Container, here: Path, sink: Sink) -> None:
    schedule = job.schedule
    if not run.command or (isinstance(run.command[0], str) and not re.match("[^-]", run.command[0])):
        sink.add(
            rules.TARGET_LIMIT,
            "BashOperator needs the program to run, as the first word of command",
            schedule.place(*here, "command"),
            notes=("what an image runs by itself is not known to the worker",),
            help="write command: [PROGRAM, ...]",
        )
    if has_time(run):
        _bash_times(job, run, here, sink)
    sink.add(
        rules.TARGET_CAVEAT,
        "BashOperator runs the command on the worker itself, and not in the image",
        schedule.place(*here, "image"),
        help="use operator: kubernetes or docker for a container",
    )


def _bash_times(job: Job, run: Container, here: Path, sink: Sink) -> None:
    """One template is the whole command, so that no other word of it may look like one."""
    for field, words in (("command", run.command), ("args", run.args)):
        for i, one in enumerate(words or ()):
            if isinstance(one, ScheduledTime):
                is_bad = "'" in one.format
            else:
                is_bad = changed_by_jinja(one, ("\n",)) or "{" in one
            if is_bad:
                sink.add(
                    rules.TEMPLATE_TEXT,
                    "this text cannot stand in a command of BashOperator beside a scheduled time",
                    job.schedule.place(*here, field, i),
                    notes=("the whole command is one template of Airflow",),
                    help="pass the scheduled time as a variable, with env",
                )
    if changed_by_jinja(re.sub(r"\{\{ .*? \}\}", "", bash_command(run)), ()):
        message = "this command looks like a template beside its scheduled time"
        sink.add(rules.TEMPLATE_TEXT, message, job.schedule.place(*here, "command"), help="use env")
