"""Writes a schedule as the file of one Airflow DAG."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from schedc.ir import zones
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron, Interval
from schedc.ir.workload import ConfigMapKey, Container, ScheduledTime, SecretKey
from schedc.target import Artifact, Job
from schedc.targets import airflow_options
from schedc.targets.airflow_cron import cron_candidates
from schedc.targets.airflow_text import (
    WIDTH,
    Call,
    Source,
    changed_by_jinja,
    keyword_line,
    lay_out,
    literal,
    markdown,
    unexpanded,
)
from schedc.templating import render

FIXED_START = 946_684_800
"""2000-01-01, the start of a DAG whose schedule has none. Runs before the present are not made without catch-up."""

_FILE_ENDINGS = {"kubernetes": (), "docker": (".sh", ".bash", ".env"), "bash": (".sh", ".bash")}
"""Templated text with these endings is taken for the name of a file by the operator."""

_OPERATORS = {
    "kubernetes": ("airflow.providers.cncf.kubernetes.operators.pod", "KubernetesPodOperator"),
    "docker": ("airflow.providers.docker.operators.docker", "DockerOperator"),
    "bash": ("airflow.providers.standard.operators.bash", "BashOperator"),
}


def emit(job: Job) -> Iterator[tuple[Artifact, ...]]:
    """Candidates that differ in the hour field and by a second in the start."""
    for timetable, start in _timetables(job):
        yield (Artifact(f"{job.schedule.name}.py", _dag(job, timetable, start)),)


def _timetables(job: Job) -> Iterator[tuple[Call, int]]:
    trigger = job.schedule.trigger
    if isinstance(trigger, Interval):
        seconds = Call("timedelta", (), (("seconds", literal(trigger.seconds)),))
        yield Call("DeltaTriggerTimetable", (seconds,)), _first_of_interval(trigger, job.schedule.start)
        return
    assert isinstance(trigger, Cron)
    start = job.schedule.start
    for crons in cron_candidates(trigger, airflow_options.version(job.options) >= (3, 0)):
        name = "CronTriggerTimetable" if len(crons) == 1 else "MultipleCronTriggerTimetable"
        zone = (("timezone", literal(trigger.timezone)),)
        timetable = Call(name, tuple(literal(one) for one in crons), zone)
        yield timetable, FIXED_START if start is None else start
        if start is not None:  # a start on a tick before a change of the clock may be passed over
            yield timetable, start - 1


def _first_of_interval(trigger: Interval, start: int | None) -> int:
    if start is None or start <= trigger.start:
        return trigger.start
    return trigger.start - (trigger.start - start) // trigger.seconds * trigger.seconds


def _dag(job: Job, timetable: Call, start: int) -> str:
    operator = airflow_options.operator(job.options)
    task = _task(job, operator)
    dag_lines = _dag_lines(job, timetable, start)
    task_lines = lay_out(task, 4, after=0)
    body = "\n".join([*dag_lines, task_lines])
    needs_literal = _names(task, "literal")
    return render(
        "airflow/dag.py.j2",
        doc=_doc(job),
        datetime_names=", ".join(["datetime", *(["timedelta"] if "timedelta(" in body else []), "timezone"]),
        operator_module=_OPERATORS[operator][0],
        operator=_OPERATORS[operator][1],
        timetable=timetable.name,
        needs_models=_names(task, "k8s."),
        needs_literal=needs_literal,
        sdk_names="DAG, literal" if needs_literal else "DAG",
        is_three=airflow_options.version(job.options) >= (3, 0),
        dag_lines=dag_lines,
        task=task_lines,
    )


def _names(value: Any, name: str) -> bool:
    """Whether a call of that name (or of that module) stands in an expression."""
    if isinstance(value, Call):
        inside = [*value.arguments, *(one for _, one in value.keywords)]
        return value.name.startswith(name) or any(_names(one, name) for one in inside)
    inside = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
    return any(_names(one, name) for one in inside)


def _doc(job: Job) -> str:
    """The module's docstring, which is the DAG's Markdown in the web interface."""
    words = job.words[:1].upper() + job.words[1:].removesuffix(".") + "."
    origin = " ".join(markdown(job.origin))
    came_from = f"Compiled by schedc from {origin}, schedule `{job.schedule.name}`, digest `{job.digest}`."
    paragraphs = [" ".join(markdown(words)), f"{came_from} Change it there: the next compile overwrites this file."]
    if job.schedule.applied_after is not None:
        paragraphs.append(f"Not to be deployed before {_utc(job.schedule.applied_after)}.")
    return "\n\n".join(_wrapped(one) for one in paragraphs)


def _wrapped(paragraph: str) -> str:
    return "\n".join(textwrap.wrap(paragraph, WIDTH - 3, break_long_words=False, break_on_hyphens=False))


def _utc(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(instant: int) -> Source:
    at = datetime.fromtimestamp(instant, UTC)
    parts = [at.year, at.month, at.day, at.hour, at.minute, *([at.second] if at.second else [])]
    while len(parts) > 3 and parts[-1] == 0:
        parts.pop()
    return Source(f"datetime({', '.join(map(str, parts))}, tzinfo=timezone.utc)")


def _dag_lines(job: Job, timetable: Call, start: int) -> list[str]:
    schedule, options = job.schedule, job.options
    lines = [keyword_line("dag_id", literal(options.get("dag_id") or schedule.name), 4)]
    if schedule.description is not None:
        lines.append(keyword_line("description", literal(schedule.description), 4))
    lines.append("    doc_md=__doc__,")
    lines.append(keyword_line("schedule", timetable, 4))
    lines += _start_comment(schedule, start)
    lines.append(keyword_line("start_date", _moment(start), 4))
    if schedule.end is not None:
        said = _in_zone(schedule.end, schedule)
        lines += [f"    # {said}"] if said else []
        lines.append(keyword_line("end_date", _moment(schedule.end), 4))
    lines.append(keyword_line("catchup", literal(schedule.catchup is Catchup.ALL), 4))
    lines += _limit_lines(job)
    if schedule.timeout is not None:
        lines.append(keyword_line("dagrun_timeout", _seconds(schedule.timeout), 4))
    lines.append(keyword_line("is_paused_upon_creation", literal(schedule.paused), 4))
    defaults = {"owner": literal(schedule.owner)} if schedule.owner is not None else {}
    lines.append(keyword_line("default_args", {**defaults, "retries": literal(schedule.retries)}, 4))
    labels = [f"{key}={value}" for key, value in sorted(schedule.labels.items())]
    tags = options.get("tags")
    shown = [*(airflow_options.DEFAULT_TAGS if tags is None else tags), *labels]
    lines.append(keyword_line("tags", [literal(tag) for tag in shown], 4))
    return lines


def _start_comment(schedule: Schedule, start: int) -> list[str]:
    if schedule.start is None and isinstance(schedule.trigger, Cron):
        return ["    # The schedule has no start: this day is past, and never changes."]
    said = _in_zone(start, schedule)
    if schedule.start is not None and start == schedule.start - 1:
        said = f"A second before the start ({_in_zone(start + 1, schedule) or 'in UTC'}), which Airflow"
        return [f"    # {said}", "    # would pass over where the clock changes before the run after it."]
    return [f"    # {said}"] if said else []


def _limit_lines(job: Job) -> list[str]:
    """`max_active_runs`; before Airflow 3 the limit of active tasks is one of the DAG and not of each run."""
    schedule = job.schedule
    runs = active_runs(schedule)
    lines = [keyword_line("max_active_runs", literal(runs), 4)]
    if airflow_options.version(job.options) < (3, 0):
        lines.append(keyword_line("max_active_tasks", literal(runs), 4))
    return lines


def active_runs(schedule: Schedule) -> int:
    """The `max_active_runs` that a schedule comes to."""
    if schedule.max_active_runs is not None:
        return schedule.max_active_runs
    if schedule.overlap is Overlap.ALLOW:
        return airflow_options.UNLIMITED
    return 1 if schedule.overlap is Overlap.QUEUE else airflow_options.OPEN_LIMIT


def _in_zone(instant: int, schedule: Schedule) -> str | None:
    name = schedule.trigger.timezone if isinstance(schedule.trigger, Cron) else schedule.timezone
    if name == "UTC":
        return None
    wall = datetime.fromtimestamp(zones.zone(name).wall(instant), UTC)
    return f"{wall.strftime('%Y-%m-%d %H:%M:%S')} in {name}"


def _seconds(count: int) -> Call:
    return Call("timedelta", (), (("seconds", literal(count)),))


def _templated(text: str, operator: str) -> Source | Call:
    """A value for a templated field, whose text Airflow leaves as it is."""
    plain = literal(text)
    return Call("literal", (plain,)) if changed_by_jinja(text, _FILE_ENDINGS[operator]) else plain


def _task(job: Job, operator: str) -> Call:
    run = job.schedule.run
    assert isinstance(run, Container)
    keywords: list[tuple[str, Any]] = [("task_id", literal("run"))]
    keywords += {"kubernetes": _pod, "docker": _docker, "bash": _bash}[operator](job, run)
    for name in airflow_options.OPERATOR_OPTIONS[operator]:
        value = job.options.get(name)
        if value is not None:
            keywords.append((name, literal(value)))
    if job.schedule.attempt_timeout is not None:
        keywords.append(("execution_timeout", _seconds(job.schedule.attempt_timeout)))
    return Call(_OPERATORS[operator][1], (), tuple(keywords))


def _pod(job: Job, run: Container) -> Iterator[tuple[str, Any]]:
    def text(value: str) -> Source | Call:
        return _templated(unexpanded(value), "kubernetes")

    yield "name", literal(job.schedule.name)
    yield "image", _templated(run.image, "kubernetes")
    if run.command is not None:
        yield "cmds", [text(one) for one in run.command]
    if run.args is not None:
        yield "arguments", [text(one) for one in run.args]
    if run.env:
        yield "env_vars", [_variable(name, run.env[name]) for name in sorted(run.env)]
    if run.resources:
        kinds = (("requests", run.resources.requests), ("limits", run.resources.limits))
        amounts = [
            (kind, {name: _templated(amount, "kubernetes") for name, amount in sorted(of.items())})
            for kind, of in kinds
            if of
        ]
        yield "container_resources", Call("k8s.V1ResourceRequirements", (), tuple(amounts))
    if run.service_account is not None:
        yield "service_account_name", literal(run.service_account)


def _variable(name: str, value: str | SecretKey | ConfigMapKey | ScheduledTime) -> Call:
    named = ("name", _templated(name, "kubernetes"))
    if isinstance(value, str):
        return Call("k8s.V1EnvVar", (), (named, ("value", _templated(unexpanded(value), "kubernetes"))))
    assert isinstance(value, SecretKey | ConfigMapKey)
    kind = "secret_key_ref" if isinstance(value, SecretKey) else "config_map_key_ref"
    selector = "k8s.V1SecretKeySelector" if isinstance(value, SecretKey) else "k8s.V1ConfigMapKeySelector"
    key = Call(selector, (), (("name", literal(value.name)), ("key", literal(value.key))))
    return Call("k8s.V1EnvVar", (), (named, ("value_from", Call("k8s.V1EnvVarSource", (), ((kind, key),)))))


def _texts(env: Mapping[str, Any], operator: str) -> dict[str, Source | Call]:
    return {name: _templated(str(value), operator) for name, value in sorted(env.items())}


def _docker(job: Job, run: Container) -> Iterator[tuple[str, Any]]:
    yield "image", _templated(run.image, "docker")
    if run.command is not None:
        yield "entrypoint", [literal(one) for one in run.command]
    if run.args is not None:
        yield "command", [_templated(one, "docker") for one in run.args]
    if run.env:
        yield "environment", _texts(run.env, "docker")
    yield "auto_remove", literal("force")
    yield "mount_tmp_dir", literal(False)


def _bash(job: Job, run: Container) -> Iterator[tuple[str, Any]]:
    yield "doc", literal(f"Runs on the worker itself, in place of a container of {run.image}")
    yield "bash_command", _templated(bash_command(run), "bash")
    if run.env:
        yield "env", _texts(run.env, "bash")
        yield "append_env", literal(True)
    yield "skip_on_exit_code", literal(None)


def bash_command(run: Container) -> str:
    """One simple command that replaces the shell, as a container's would; `args` stand on a line of their own."""
    text = "exec " + " ".join(_word(one) for one in run.command or ())
    if run.args is not None:
        text += " \\\n  " + " ".join(_word(one) for one in run.args)
    return text


def _word(text: str) -> str:
    """A word of bash. One that ends like a script is quoted, so that the command does not."""
    if re.fullmatch(r"[A-Za-z0-9@%+:,./_=-]+", text) and not text.endswith((".sh", ".bash")):
        return text
    return "'" + text.replace("'", "'\"'\"'") + "'"
