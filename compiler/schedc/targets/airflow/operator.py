"""Writes a container as the operator that runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from schedc.ir.workload import Container, ScheduledTime, Text
from schedc.target import Job
from schedc.targets.airflow import options as airflow_options
from schedc.targets.airflow.expert import source
from schedc.targets.airflow.pod import pod, templated
from schedc.targets.airflow.text import Call, literal
from schedc.targets.airflow.time import logical_date

FILE_ENDINGS = {"kubernetes": (), "docker": (".sh", ".bash", ".env"), "bash": (".sh", ".bash")}
"""Templated text with these endings is taken for the name of a file by the operator."""

OPERATORS = {
    "kubernetes": ("airflow.providers.cncf.kubernetes.operators.pod", "KubernetesPodOperator"),
    "docker": ("airflow.providers.docker.operators.docker", "DockerOperator"),
    "bash": ("airflow.providers.standard.operators.bash", "BashOperator"),
}


def task(job: Job, run: Container, task_id: str, name: str) -> Call:
    """The operator of one container; `name` is its pod's."""
    operator = airflow_options.operator(job.options)
    keywords: list[tuple[str, Any]] = [("task_id", literal(task_id))]
    if operator == "kubernetes":
        keywords += [("name", literal(name)), *pod(run)]
    else:
        keywords += _docker(run) if operator == "docker" else _bash(run)
    for option in airflow_options.OPERATOR_OPTIONS[operator]:
        value = job.options.get(option)
        if value is not None:
            keywords.append((option, literal(value)))
    if job.schedule.attempt_timeout is not None:
        keywords.append(("execution_timeout", seconds(job.schedule.attempt_timeout)))
    return Call(OPERATORS[operator][1], (), tuple(keywords))


def own_task(job: Job, operator: Mapping[str, Any], names: Mapping[str, str]) -> Call:
    """An operator of the expert's own, in place of the workload."""
    timeout = job.schedule.attempt_timeout
    more = source(operator.get("kwargs") or {}, names)
    bound = [] if timeout is None else [("execution_timeout", seconds(timeout))]
    return Call(names[operator["import"]], (), (("task_id", literal("run")), *more.items(), *bound))


def seconds(count: int) -> Call:
    return Call("timedelta", (), (("seconds", literal(count)),))


def _texts(env: Mapping[str, Any], operator: str) -> dict[str, Any]:
    return {name: templated(value, FILE_ENDINGS[operator]) for name, value in sorted(env.items())}


def _docker(run: Container) -> Iterator[tuple[str, Any]]:
    yield "image", templated(run.image, FILE_ENDINGS["docker"])
    if run.command is not None:
        yield "entrypoint", [literal(one) for one in run.command]
    if run.args is not None:
        yield "command", [templated(one, FILE_ENDINGS["docker"]) for one in run.args]
    if run.env:
        yield "environment", _texts(run.env, "docker")
    if "working_dir" in run.pod:
        yield "working_dir", literal(run.pod["working_dir"])
    yield "auto_remove", literal("force")
    yield "mount_tmp_dir", literal(False)


def _bash(run: Container) -> Iterator[tuple[str, Any]]:
    yield "doc", literal(f"Runs on the worker itself, in place of a container of {run.image}")
    command = bash_command(run)
    yield "bash_command", literal(command) if has_time(run) else templated(command, FILE_ENDINGS["bash"])
    if run.env:
        yield "env", _texts(run.env, "bash")
        yield "append_env", literal(True)
    yield "skip_on_exit_code", literal(None)


def has_time(run: Container) -> bool:
    """Whether a word of the command is a scheduled time."""
    return any(isinstance(one, ScheduledTime) for one in (*(run.command or ()), *(run.args or ())))


def bash_command(run: Container) -> str:
    """One simple command that replaces the shell, as a container's would; `args` stand on a line of their own."""
    text = "exec " + " ".join(_word(one) for one in run.command or ())
    if run.args is not None:
        text += " \\\n  " + " ".join(_word(one) for one in run.args)
    return text


def _word(text: Text) -> str:
    """A word of bash. One that ends like a script is quoted, so that the command does not."""
    if isinstance(text, ScheduledTime):
        return f"'{logical_date(text)}'"
    if re.fullmatch(r"[A-Za-z0-9@%+:,./_=-]+", text) and not text.endswith((".sh", ".bash")):
        return text
    return "'" + text.replace("'", "'\"'\"'") + "'"
