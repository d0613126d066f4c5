"""A schedule in English: when it fires, what the clock changes do to it, its policies, what it runs, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from schedc.compile import Output
from schedc.counted import many
from schedc.diagnostics import Diagnostic
from schedc.frontend.cron_fields import DAY, HOUR, MINUTE, SECOND
from schedc.ir.calendar import Calendar
from schedc.ir.occurrences import irregular, occurrences
from schedc.ir.schedule import Cache, Catchup, Overlap, Schedule
from schedc.ir.stamps import short_stamp, short_wall, stamp
from schedc.ir.triggers import Cron, Interval
from schedc.ir.words import clock_change_words, words
from schedc.ir.workload import Container, Elsewhere, Pipeline, Steps
from schedc.ir.zones import Zone, zone
from schedc.lints.spell import duration
from schedc.lints.wraps import wrap
from schedc.target import Target

_NEXT = 3
_AHEAD = 3 * 366 * 86_400
"""How far clock changes are looked for, in seconds."""

_MISSED = {
    Catchup.NONE: "no missed run is made up for",
    Catchup.FALSE: "of missed runs at most the latest is made up for",
    Catchup.LATEST: "of missed runs the latest is made up for",
    Catchup.ALL: "every missed run is made up for",
}
_BUSY = {
    Overlap.ALLOW: "a run starts whether or not another is active",
    Overlap.SKIP: "a run that is due while another is active is given up",
    Overlap.QUEUE: "a run that is due while another is active waits, and none is lost",
    Overlap.REPLACE: "a run that is due while another is active stops that one and takes its place",
}


def explained(
    schedule: Schedule,
    outputs: Sequence[tuple[Target, Output | None]],
    found: Sequence[Diagnostic],
    begin: int,
    choices: bool,
) -> str:
    """The text; `outputs` holds each target that was asked, with None where it refused, and `begin` (UTC seconds) is
    where the next instants are counted from. With `choices` it says what each target does with what is open."""
    where = zone(schedule.timezone)
    head = f"{schedule.name}: {schedule.description}" if schedule.description else schedule.name
    lines = [" ".join(head.split())]
    for title, parts in (
        ("fires", _fires(schedule, where)),
        ("clock", _clock(schedule, where, begin)),
        ("runs", _workload(schedule)),
        ("policy", _policy(schedule)),
        ("next", _next(schedule, where, begin)),
        *((target.name, _target(target, output, schedule, found, choices)) for target, output in outputs),
    ):
        for number, part in enumerate(parts):
            lines.append(f"  {title if number == 0 else '':<11}{part}")
    return "\n".join(lines) + "\n"


def _fires(schedule: Schedule, where: Zone) -> Iterator[str]:
    trigger = schedule.trigger
    yield words(trigger, zone=True)
    if isinstance(trigger, Cron):
        yield from edges(trigger.calendar, schedule.written)
    if schedule.start is not None and not isinstance(trigger, Interval):
        yield f"not before {short_stamp(schedule.start, where)}"
    if schedule.end is not None:
        yield f"not after {short_stamp(schedule.end, where)}"
    if schedule.max_runs is not None:
        yield f"at most {many(schedule.max_runs, 'run')} in all"


def edges(calendar: Calendar, written: str) -> Iterator[str]:
    """What people overlook in an expression: where a step starts over unevenly, and which of two day rules counts."""
    for field in (SECOND, MINUTE, HOUR, DAY):
        uneven = wrap(calendar, field, stepped="/" in written)
        if uneven is not None:
            yield uneven.words
    if not calendar.full_days and not calendar.full_weekdays:
        yield "either day is enough" if calendar.either else "both days must agree"


def _clock(schedule: Schedule, where: Zone, begin: int) -> Iterator[str]:
    trigger = schedule.trigger
    if not isinstance(trigger, Cron):
        yield "no change of a clock matters to it"
        return
    if trigger.calendar.every_hour:
        if next(where.transitions(begin, begin + _AHEAD), None) is not None:
            yield "it fires in every hour that there is, also at a clock change"
        return
    first = begin if schedule.start is None else max(begin, schedule.start)
    last = first + _AHEAD if schedule.end is None else min(first + _AHEAD, schedule.end)
    matches = list(irregular(trigger.calendar, where, first, last))
    gap = next((one for one in matches if one.in_gap), None)
    fold = next((one for one in matches if not one.in_gap), None)
    if gap is not None:
        yield f"{short_wall(gap.wall)} does not exist"
    if fold is not None:
        yield f"{short_wall(fold.wall)} happens twice"
    declared = clock_change_words(trigger.gap, trigger.fold)
    if declared:
        yield declared
    open_ones = [
        name
        for name, one, said in (("dst_gap", gap, trigger.gap), ("dst_fold", fold, trigger.fold))
        if one and not said
    ]
    if open_ones:
        yield f"{' and '.join(open_ones)} left open: what happens then is each target's choice"
    if not matches and next(where.transitions(first, last), None) is not None:
        yield "no clock change of the next three years touches it"


def _workload(schedule: Schedule) -> Iterator[str]:
    match schedule.run:
        case Container() as one:
            yield _container(one)
        case Steps(steps=steps):
            for step in steps:
                after = f", after {', '.join(step.after)}" if step.after else ""
                yield f"{step.name}: {_container(step.container)}{after}"
        case Pipeline(spec=spec, parameters=parameters):
            info = spec.get("pipelineInfo") or {}
            given = f" with {', '.join(sorted(parameters))}" if parameters else ""
            yield f"the pipeline {info.get('name', '')}{given}"
        case Elsewhere():
            yield "what an option of the target says"
    if schedule.cache is Cache.AS_COMPILED:
        yield "steps may be served from the cache"


def _container(one: Container) -> str:
    said = [part if isinstance(part, str) else "{scheduled time}" for part in (*(one.command or ()), *(one.args or ()))]
    text = " ".join([one.image, *said])
    return text if len(text) <= 100 else f"{text[:97]}..."


def _policy(schedule: Schedule) -> Iterator[str]:
    if schedule.catchup is not None:
        yield _MISSED[schedule.catchup]
    if schedule.overlap is not None:
        yield _BUSY[schedule.overlap]
    if schedule.max_active_runs is not None:
        yield f"at most {many(schedule.max_active_runs, 'run')} at a time"
    if schedule.start_deadline is not None:
        yield f"a run that cannot start within {duration(schedule.start_deadline)} is given up"
    yield (
        f"a failed run is tried {many(schedule.retries, 'more time')}"
        if schedule.retries
        else ("a failed run is not tried again")
    )
    if schedule.timeout is not None:
        yield f"a run with all its tries is stopped after {duration(schedule.timeout)}"
    if schedule.attempt_timeout is not None:
        yield f"one try is stopped after {duration(schedule.attempt_timeout)}"
    if schedule.paused:
        yield "it is deployed paused"
    if not schedule.enabled:
        yield "it is not enabled: nothing is compiled"


def _next(schedule: Schedule, where: Zone, begin: int) -> Iterator[str]:
    first = begin if schedule.start is None else max(begin, schedule.start)
    instants = list(islice(occurrences(schedule.trigger, first, schedule.end), _NEXT))
    for instant in instants:
        yield short_stamp(instant, where) if where.name == "UTC" else f"{short_stamp(instant, where)}  {stamp(instant)}"
    if len(instants) < _NEXT:
        yield "no more" if instants else "never again"


def _target(
    target: Target, output: Output | None, schedule: Schedule, found: Sequence[Diagnostic], choices: bool
) -> Iterator[str]:
    mine = [d for d in found if d.target == target.name and d.schedule == schedule.name]
    if output is None:
        refusals = [f"refused, {d.rule.code}: {d.message}" for d in mine if d.is_error]
        yield from dict.fromkeys(refusals or ["refused"])
        return
    deployed = target.read({one.path: one.text for one in output.artifacts})
    told = deployed.told
    what = ", ".join(f"`{cron}`" for cron in told.crons) or (f"every {told.period} s" if told.period else "once")
    yield f"proved: {what} in {told.timezone}"
    if output.at_deploy:
        yield output.at_deploy
    yield from dict.fromkeys(f"{d.severity.value} {d.rule.code}: {d.message}" for d in mine)
    if choices:
        for name, choice in target.choices.items():
            if schedule.node.get(name) is None:
                yield f"{name} is open: {choice}"
