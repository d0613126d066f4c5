"""Writes a schedule as the file of one Airflow DAG."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from schedc.ir import zones
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron, Interval
from schedc.ir.workload import Container, Steps
from schedc.target import Artifact, Job
from schedc.targets.airflow import options as airflow_options
from schedc.targets.airflow.cron import cron_candidates
from schedc.targets.airflow.expert import local_names, references, source
from schedc.targets.airflow.operator import OPERATORS, own_task, seconds, task
from schedc.targets.airflow.steps import TAKEN, dependencies, in_order, variable
from schedc.targets.airflow.text import WIDTH, Call, Source, keyword_line, lay_out, literal, markdown
from schedc.templating import render

FIXED_START = 946_684_800
"""2000-01-01, the start of a DAG whose schedule has none. Runs before the present are not made without catch-up."""


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
    only_schedule = airflow_options.only_schedule(job.options)
    names = imported_names(job)
    tasks = [] if only_schedule else _tasks(job, names)
    calls = [one for _, one in tasks]
    dag_lines = _dag_lines(job, timetable, start, names)
    task_lines = _task_lines(job, tasks)
    body = "\n".join([*dag_lines, *task_lines])
    needs_literal = _names(calls, "literal")
    is_three = airflow_options.version(job.options) >= (3, 0)
    sdk_names = "DAG, literal" if needs_literal else "DAG"
    imports = _imports(names)
    imports.append(f"from airflow.timetables.trigger import {timetable.name}")
    if not only_schedule and airflow_options.operator(job.options) in OPERATORS:
        module, name = OPERATORS[airflow_options.operator(job.options)]
        imports.append(f"from {module} import {name}")
    if _names(calls, "k8s."):
        imports.append("from kubernetes.client import models as k8s")
    if is_three and not only_schedule:
        imports.append(f"from airflow.sdk import {sdk_names}")
    return render(
        "airflow/schedule.py.j2" if only_schedule else "airflow/dag.py.j2",
        doc=_doc(job),
        datetime_names=", ".join(["datetime", *(["timedelta"] if "timedelta(" in body else []), "timezone"]),
        imports=sorted(imports),
        needs_literal=needs_literal,
        sdk_names=sdk_names,
        is_three=is_three,
        dag_lines=dag_lines,
        task_lines=task_lines,
    )


def imported_names(job: Job) -> dict[str, str]:
    """What the references of the expert's options are called in the file, by path."""
    own = job.options.get("operator")
    operator = [own["import"], *references(own.get("kwargs") or {})] if isinstance(own, Mapping) else []
    run = job.schedule.run
    taken = TAKEN | {variable(one.name) for one in run.steps} if isinstance(run, Steps) else TAKEN
    inside = (*references(job.options.get("dag_kwargs")), *references(job.options.get("default_args")))
    return local_names([*operator, *inside], taken)


def _imports(names: Mapping[str, str]) -> list[str]:
    lines = []
    for path, name in names.items():
        module, _, attribute = path.rpartition(".")
        lines.append(f"from {module} import {attribute}" + (f" as {name}" if name != attribute else ""))
    return lines


def _tasks(job: Job, names: Mapping[str, str]) -> list[tuple[str | None, Call]]:
    """Each operator and the variable that it is bound to, in an order in which they may run."""
    run, own = job.schedule.run, job.options.get("operator")
    if isinstance(own, Mapping):
        return [(None, own_task(job, own, names))]
    if isinstance(run, Container):
        return [(None, task(job, run, "run", job.schedule.name))]
    assert isinstance(run, Steps)
    return [
        (variable(one.name), task(job, one.container, one.name, f"{job.schedule.name}-{one.name}"))
        for one in in_order(run)
    ]


def _task_lines(job: Job, tasks: list[tuple[str | None, Call]]) -> list[str]:
    lines: list[str] = []
    for name, call in tasks:
        binding = f"{name} = " if name else ""
        lines += [*([""] if lines else []), f"    {binding}{lay_out(call, 4, len(binding), after=0)}"]
    run = job.schedule.run
    if isinstance(run, Steps) and any(one.after for one in run.steps):
        lines += ["", *dependencies(run)]
    return lines


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


def _dag_lines(job: Job, timetable: Call, start: int, names: Mapping[str, str]) -> list[str]:
    """The arguments of the DAG, or the items of a dict of them, with comments between them."""
    lines: list[str] = []
    for name, value in _dag_words(job, timetable, start, names):
        if value is None:
            lines.append(f"    # {name}")
        elif airflow_options.only_schedule(job.options):
            key = f'"{name}": '
            lines.append("    " + key + lay_out(value, 4, len(key)) + ",")
        else:
            lines.append(keyword_line(name, value, 4))
    return lines


def _dag_words(job: Job, timetable: Call, start: int, names: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Arguments of the DAG in their order; a comment is a text without a value."""
    schedule, options = job.schedule, job.options
    yield "dag_id", literal(options.get("dag_id") or schedule.name)
    if schedule.description is not None:
        yield "description", literal(schedule.description)
    yield "doc_md", Source("__doc__")
    yield "schedule", timetable
    yield from ((comment, None) for comment in _start_comment(schedule, start))
    yield "start_date", _moment(start)
    if schedule.end is not None:
        said = _in_zone(schedule.end, schedule)
        yield from [(said, None)] if said else []
        yield "end_date", _moment(schedule.end)
    yield "catchup", literal(schedule.catchup is Catchup.ALL)
    yield from _limits(job)
    if schedule.timeout is not None:
        yield "dagrun_timeout", seconds(schedule.timeout)
    yield "is_paused_upon_creation", literal(schedule.paused)
    yield "default_args", _default_args(job, names)
    labels = [f"{key}={value}" for key, value in sorted(schedule.labels.items())]
    tags = options.get("tags")
    shown = [*(airflow_options.DEFAULT_TAGS if tags is None else tags), *labels]
    yield "tags", [literal(tag) for tag in shown]
    yield from source(options.get("dag_kwargs") or {}, names).items()


def _default_args(job: Job, names: Mapping[str, str]) -> dict[str, Any]:
    """What every task is given; the timeout of a try stands here where schedc writes no task."""
    schedule = job.schedule
    words: dict[str, Any] = {"owner": literal(schedule.owner)} if schedule.owner is not None else {}
    words["retries"] = literal(schedule.retries)
    if schedule.attempt_timeout is not None and airflow_options.only_schedule(job.options):
        words["execution_timeout"] = seconds(schedule.attempt_timeout)
    return {**words, **source(job.options.get("default_args") or {}, names)}


def _start_comment(schedule: Schedule, start: int) -> list[str]:
    if schedule.start is None and isinstance(schedule.trigger, Cron):
        return ["The schedule has no start: this day is past, and never changes."]
    said = _in_zone(start, schedule)
    if schedule.start is not None and start == schedule.start - 1:
        said = f"A second before the start ({_in_zone(start + 1, schedule) or 'in UTC'}), which Airflow"
        return [said, "would pass over where the clock changes before the run after it."]
    return [said] if said else []


def _limits(job: Job) -> Iterator[tuple[str, Any]]:
    """`max_active_runs`; before Airflow 3 the limit of active tasks is one of the DAG and not of each run."""
    schedule = job.schedule
    runs = active_runs(schedule)
    yield "max_active_runs", literal(runs)
    tasks = len(schedule.run.steps) if isinstance(schedule.run, Steps) else 1
    if airflow_options.version(job.options) < (3, 0):
        yield "max_active_tasks", literal(runs * tasks)
    elif tasks > airflow_options.OPEN_TASKS:
        yield "max_active_tasks", literal(tasks)


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
