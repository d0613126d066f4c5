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
from schedc.targets import airflow_options
from schedc.targets.airflow_cron import cron_candidates
from schedc.targets.airflow_operator import OPERATORS, seconds, task
from schedc.targets.airflow_steps import dependencies, in_order, variable
from schedc.targets.airflow_text import WIDTH, Call, Source, keyword_line, lay_out, literal, markdown
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
    operator = airflow_options.operator(job.options)
    tasks = _tasks(job)
    calls = [one for _, one in tasks]
    dag_lines = _dag_lines(job, timetable, start)
    task_lines = _task_lines(job, tasks)
    body = "\n".join([*dag_lines, *task_lines])
    needs_literal = _names(calls, "literal")
    return render(
        "airflow/dag.py.j2",
        doc=_doc(job),
        datetime_names=", ".join(["datetime", *(["timedelta"] if "timedelta(" in body else []), "timezone"]),
        operator_module=OPERATORS[operator][0],
        operator=OPERATORS[operator][1],
        timetable=timetable.name,
        needs_models=_names(calls, "k8s."),
        needs_literal=needs_literal,
        sdk_names="DAG, literal" if needs_literal else "DAG",
        is_three=airflow_options.version(job.options) >= (3, 0),
        dag_lines=dag_lines,
        task_lines=task_lines,
    )


def _tasks(job: Job) -> list[tuple[str | None, Call]]:
    """Each operator and the variable that it is bound to, in an order in which they may run."""
    run = job.schedule.run
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
        lines.append(keyword_line("dagrun_timeout", seconds(schedule.timeout), 4))
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
    tasks = len(schedule.run.steps) if isinstance(schedule.run, Steps) else 1
    if airflow_options.version(job.options) < (3, 0):
        lines.append(keyword_line("max_active_tasks", literal(runs * tasks), 4))
    elif tasks > airflow_options.OPEN_TASKS:
        lines.append(keyword_line("max_active_tasks", literal(tasks), 4))
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
