"""Changes of the clock: the engine's own chain across each of them, and from every origin that can matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.engines.model import CronError
from schedc.ir.occurrences import Irregular, irregular, last_before, next_after, occurrences
from schedc.ir.schedule import Schedule
from schedc.ir.stamps import short_stamp, short_wall
from schedc.ir.triggers import Cron
from schedc.ir.zones import Zone
from schedc.proof.clock import Clock
from schedc.proof.safe_hour import safe_hours
from schedc.proof_range import PROOF_END, PROOF_START
from schedc.target import Told

_HOUR = 3600
_DAY = 86_400
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What happens around one change of the clock: what the schedule wants, what the engine does, what lies open."""

    at: int
    wanted: tuple[int, ...]
    found: tuple[int, ...]
    matches: tuple[Irregular, ...]


def prove_clock_changes(
    schedule: Schedule, told: Told, clock: Clock, begin: int, end: int, title: str, sink: Sink
) -> None:
    """An undeclared gap or fold match gives a warning; every other difference is an error with its instant."""
    trigger = schedule.trigger
    assert isinstance(trigger, Cron)
    if clock.zone.name != trigger.timezone or clock.zone.fixed_offset(begin, end) is not None:
        return
    matches: dict[int, list[Irregular]] = {}
    for one in irregular(trigger.calendar, clock.zone, begin, end):
        matches.setdefault(one.transition, []).append(one)
    if clock.next is None:
        _prove_closed(schedule, clock, matches, begin, end, title, sink)
        return
    excused: list[Change] = []
    for i in clock.zone.transitions(begin, end):
        at = clock.zone.starts[i]
        here = tuple(matches.get(at, ()))
        if not here and (clock.plain(i) or clock.local):
            continue
        if clock.plain(i):
            wanted = _around(trigger, clock.zone, i, begin, end)
            found = _around(Cron(trigger.calendar, trigger.timezone), clock.zone, i, begin, end)
        else:
            chain = _chain(trigger, clock, i, begin, end)
            if chain is None:
                continue
            wanted, found = chain
            problem = _from_origins(clock, told, i, wanted, found, begin, here, trigger)
            if problem is not None:
                _tell(schedule, clock, at, problem, title, sink)
                return
        wrong = _difference(trigger, wanted, found, here)
        if wrong is not None:
            _tell(schedule, clock, at, wrong, title, sink)
            return
        if _is_open(trigger, here):
            excused.append(Change(at, tuple(wanted), tuple(found), here))
    if excused:
        _warn(schedule, clock, excused, title, sink)


def _is_open(trigger: Cron, matches: Iterable[Irregular]) -> bool:
    return any((trigger.gap if m.in_gap else trigger.fold) is None for m in matches)


def _around(trigger: Cron, where: Zone, i: int, begin: int, end: int) -> list[int]:
    """The instants within reach of a change."""
    at = where.starts[i]
    reach = 2 * abs(where.offsets[i] - where.offsets[i - 1])
    return list(occurrences(trigger, max(at - reach, begin), min(at + reach, end)))


def _chain(trigger: Cron, clock: Clock, i: int, begin: int, end: int) -> tuple[list[int], list[int]] | None:
    """What the schedule wants and what the engine's chain gives, from the last instant before a change to the first
    after it, however far apart they are."""
    assert clock.next is not None
    at = clock.zone.starts[i]
    reach = abs(clock.zone.offsets[i] - clock.zone.offsets[i - 1])
    literal = Cron(trigger.calendar, trigger.timezone)
    first = last_before(literal, at - reach)
    origin = begin - 1 if first is None or first < begin else first
    close = next_after(literal, at + reach)
    last = end if close is None else min(close, end)
    if origin >= last:
        return None
    wanted = list(occurrences(trigger, origin + 1, last))
    found: list[int] = []
    step: int | None = origin
    while step is not None:
        try:
            following = clock.next(step)
        except CronError:
            break
        if following is None or following <= step or following > last:
            break
        found.append(following)
        step = following
    return wanted, found


def _difference(
    trigger: Cron, wanted: Iterable[int], found: Iterable[int], matches: Iterable[Irregular]
) -> tuple[int, bool] | None:
    """The first instant that no choice for an open match explains, and whether it was wanted."""
    have, want = set(found), set(wanted)
    open_gaps = [m for m in matches if m.in_gap and trigger.gap is None]
    open_folds = [m for m in matches if not m.in_gap and trigger.fold is None]
    allowed = {i for m in open_gaps for i in m.possible} | {i for m in open_folds for i in m.passes}
    spared = {i for m in open_folds if have.intersection(m.passes) for i in m.passes}
    wrong = sorted([(i, False) for i in have - want - allowed] + [(i, True) for i in want - have - spared])
    return wrong[0] if wrong else None


def _from_origins(
    clock: Clock,
    told: Told,
    i: int,
    wanted: list[int],
    found: list[int],
    begin: int,
    matches: Iterable[Irregular],
    trigger: Cron,
) -> tuple[int, bool] | None:
    """Ask from every other origin that the engine may use: the answer must be the next one of the chain."""
    assert clock.next is not None
    at = clock.zone.starts[i]
    literal = Cron(trigger.calendar, trigger.timezone)
    if clock.steps:
        for origin in _origins(clock.zone, at, begin, found):
            expected = next((f for f in found if f > origin), None)
            if expected is None or origin < begin - 1:
                continue
            try:
                answer = clock.next(origin)
            except CronError:
                answer = None
            if answer == expected or _passes_of_one(trigger, matches, answer, expected):
                continue
            if answer is not None and answer < found[0] and answer == next_after(literal, origin):
                continue  # before this chain begins
            if answer is None or answer > expected:
                return expected, expected in wanted
            return answer, False
    if clock.previous is not None and not told.catchup:
        fine = {*found, *wanted, *(i for m in matches for i in m.possible)}
        nows = {f + d for f in found for d in (-1, 0, 1)} | {at - 1, at, at + 1}
        for now in sorted(n for n in nows if found and found[0] <= n < found[-1]):
            try:
                answer = clock.previous(now)
            except CronError:
                continue
            if answer not in fine and answer >= found[0]:
                return answer, False
    return None


def _passes_of_one(trigger: Cron, matches: Iterable[Irregular], answer: int | None, expected: int) -> bool:
    """Whether the two are choices for the same open match."""
    return any(
        answer in m.possible and expected in m.possible
        for m in matches
        if (trigger.gap if m.in_gap else trigger.fold) is None
    )


def _origins(where: Zone, at: int, begin: int, found: list[int]) -> Iterator[int]:
    """Origins at which a search by steps can take another way: days back to the run before, hours and quarters near
    the change, and the seconds around every run."""
    first = max(begin, (found[0] - 400 * _DAY) if found else at - 400 * _DAY)
    before = [f for f in found if f < at]
    day = at - at % _DAY
    back = max(first, (before[-1] if before else at - 35 * _DAY))
    while day > back:
        yield day - where.offset_at(day)
        yield day - where.offset_at(day) - 1
        day -= _DAY
    for origin in range(at - 36 * _HOUR, at + 36 * _HOUR, _HOUR):
        yield origin
        yield origin - 1
    for origin in range(at - 3 * _HOUR, at + 3 * _HOUR, 900):
        yield origin
        yield origin - 1
    for f in found:
        yield f
        yield f - 1


def _tell(schedule: Schedule, clock: Clock, at: int, wrong: tuple[int, bool], title: str, sink: Sink) -> None:
    instant, wanted = wrong
    where = clock.zone
    trigger = schedule.trigger
    assert isinstance(trigger, Cron)
    shown = short_stamp(instant, where)
    both = where.instants(where.wall(instant))
    if not wanted and len(both) > 1:
        twice = " and ".join(short_stamp(i, where) for i in both)
        message = f"{title} would also fire at {shown}; that wall time happens twice, at {twice}"
    elif wanted:
        message = f"{title} would not fire at {shown}, which the schedule does"
    else:
        message = f"{title} would fire at {shown}, which the schedule does not"
    declared = trigger.gap is not None or trigger.fold is not None
    near = abs(instant - at) <= 2 * _DAY
    rule = rules.CLOCK_CHANGE if declared and near else rules.FIRES_OTHERWISE
    name = "dst_fold" if trigger.fold is not None and (len(both) > 1 or trigger.gap is None) else "dst_gap"
    path = name if declared and near else "timezone" if schedule.node.get("timezone") else "cron_expression"
    sink.add(
        rule,
        message,
        schedule.place(path),
        notes=(f"clocks in {where.name} change at {short_stamp(at, where)}",),
        help=_way_out(schedule, clock),
    )


def _way_out(schedule: Schedule, clock: Clock) -> str:
    hours = safe_hours(schedule, clock)
    begin = PROOF_START if schedule.start is None else schedule.start
    is_local = clock.local or all(clock.plain(i) for i in clock.zone.transitions(begin, PROOF_END))
    if hours and is_local:
        return f"move it to {hours}, which no clock change in {clock.zone.name} touches, or use timezone: UTC"
    return "use timezone: UTC, whose clock never changes"


def _prove_closed(
    schedule: Schedule, clock: Clock, matches: dict[int, list[Irregular]], begin: int, end: int, title: str, sink: Sink
) -> None:
    trigger = schedule.trigger
    assert isinstance(trigger, Cron)
    if trigger.calendar.every_hour:
        sink.add(
            rules.CLOCK_CHANGE,
            f"what {title} does with an hourly schedule when the clocks in {clock.zone.name} change is not documented",
            schedule.place("timezone"),
            notes=("its engine is closed, so only what is the same under every documented reading can be proved",),
            help="use timezone: UTC",
        )
        return
    if not matches:
        return
    every = [m for found in matches.values() for m in found]
    declared = [m for m in every if (trigger.gap if m.in_gap else trigger.fold) is not None]
    if declared:
        first = declared[0]
        name = "dst_gap" if first.in_gap else "dst_fold"
        kind = "does not exist" if first.in_gap else "happens twice"
        sink.add(
            rules.CLOCK_CHANGE,
            f"what {title} does when a wall time {kind} is not documented, and {short_wall(first.wall)} {kind}",
            schedule.place(name),
            notes=("its engine is closed, so only what is the same under every documented reading can be proved",),
            help=_way_out(schedule, clock),
        )
        return
    dates = _dates(every)
    sink.add(
        rules.OPEN_CLOCK_CHANGE,
        f"it is unknown what {title} does at a clock change that this schedule hits: {dates}",
        schedule.place("cron_expression"),
        help=_way_out(schedule, clock),
    )


def _dates(matches: Iterable[Irregular]) -> str:
    days: list[str] = []
    for m in matches:
        shown = f"{short_wall(m.wall)} ({'skipped by the clock' if m.in_gap else 'twice'})"
        if not any(d.startswith(short_wall(m.wall)[:10]) for d in days):
            days.append(shown)
    return ", ".join(days[:_SHOWN])


def _warn(schedule: Schedule, clock: Clock, excused: list[Change], title: str, sink: Sink) -> None:
    trigger = schedule.trigger
    assert isinstance(trigger, Cron)
    told = []
    kinds: set[bool] = set()
    for change in excused:
        for m in change.matches:
            if m.in_gap in kinds or (trigger.gap if m.in_gap else trigger.fold) is not None:
                continue
            kinds.add(m.in_gap)
            told.append(f"{short_wall(m.wall)} {_does(m, change.found, clock.zone)}")
    sink.add(
        rules.OPEN_CLOCK_CHANGE,
        f"{title} at clock changes, which the schedule leaves open: {'; '.join(told)}",
        schedule.place("cron_expression"),
        notes=(f"in {len(excused)} clock changes of {clock.zone.name} until the end of 2099",),
        help=f"declare dst_gap and dst_fold, or {_way_out(schedule, clock)}",
    )


def _does(match: Irregular, found: tuple[int, ...], where: Zone) -> str:
    fired = [i for i in match.possible if i in found]
    if match.in_gap:
        return (
            f"does not exist, and runs at {short_stamp(fired[-1], where)}"
            if fired
            else "does not exist, and no run starts"
        )
    if len(fired) > 1:
        return f"happens twice, and runs both times ({' and '.join(short_stamp(i, where) for i in fired)})"
    which = "first" if fired and fired[0] == match.passes[0] else "second"
    return f"happens twice, and runs the {which} time" if fired else "happens twice, and no run starts"
