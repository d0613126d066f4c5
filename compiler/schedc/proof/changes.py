"""Changes of the clock: at each of them an engine must do what the schedule declares, or what it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from schedc.ir.calendar import ALL_MONTHS
from schedc.ir.occurrences import last_before, next_after, occurrences
from schedc.ir.triggers import Cron, Fold, Gap
from schedc.ir.zones import zone
from schedc.proof.change_messages import (
    Change,
    tell_closed,
    tell_difference_at,
    tell_possible_difference,
    warn_of_choices,
)
from schedc.proof.clock import Clock, as_robfig
from schedc.proof.courses import (
    FORGETS,
    LOOKS_BACK,
    Course,
    Difference,
    course,
    difference,
    from_other_origins,
    is_open,
    looking_back,
)
from schedc.proof.findings import Findings, Question
from schedc.proof.transitions import Edge, days_around, edges, matches_at, touched
from schedc.target import Told

_DAY = 86_400


def prove_clock_changes(
    schedule: Question, told: Told, clock: Clock, first: int | None, begin: int, end: int, title: str, sink: Findings
) -> None:
    """An open match in a gap or a fold gives a warning; every other difference is an error with its instant.

    `first` is where the engine's chain begins, for an engine that was told of the schedule's start.
    """
    trigger = schedule.trigger
    assert isinstance(trigger, Cron)
    if clock.closed:
        before = sink.errors
        _prove_closed(schedule, trigger, clock, begin, end, title, sink)
        if sink.errors == before:
            sink.next_step()
            _prove_as_robfig(schedule, trigger, told, begin, end, title, sink)
        return
    touching = touched(trigger.calendar, clock.zone.name, begin, end)
    followed = _followed(trigger, clock, touching, begin if first is None else first, end)
    if not touching and not followed:
        return
    hit = {edge.segment for edge in touching}
    left_open: list[Change] = []
    known: set[tuple[object, ...]] = set()
    for edge in followed:
        one = None
        key = _memory(trigger, clock, edge, begin, end)
        if key is None or key not in known:
            one = course(trigger, clock, edge, first, begin, end)
            wrong = None if one is None else _wrong(trigger, told, clock, one, begin, end)
            if wrong is not None:
                tell_difference_at(schedule, clock, edge.at, wrong, title, sink)
                return
            if key is not None and one is not None and _is_inside(trigger, one, edge, clock, begin, end):
                known.add(key)
        if edge.segment in hit and not trigger.calendar.every_hour:
            _note(left_open, trigger, clock, edge, one, first, begin, end)
    stepped = {edge.segment for edge in followed}
    for edge in touching if clock.steps and not trigger.calendar.every_hour else ():
        if edge.segment in stepped:
            continue
        wrong = _at_plain(trigger, clock, edge, begin, end)
        if wrong is not None:
            tell_difference_at(schedule, clock, edge.at, wrong, title, sink)
            return
        if trigger.gap is None or trigger.fold is None:
            _note_plain(left_open, trigger, clock, edge, begin, end)
    if left_open:
        warn_of_choices(schedule, clock, left_open, title, sink)


def _prove_as_robfig(
    schedule: Question, trigger: Cron, told: Told, begin: int, end: int, title: str, sink: Findings
) -> None:
    """A closed engine may be robfig/cron inside: beside gaps and folds that must not matter either."""
    clock = as_robfig(told)
    plain = Cron(trigger.calendar, trigger.timezone)
    known: set[tuple[object, ...]] = set()
    for edge in _unclean(clock.zone.name, begin - LOOKS_BACK, end):
        key = _memory(plain, clock, edge, begin, end)
        if key is not None and key in known:
            continue
        one = course(plain, clock, edge, None, begin, end)
        wrong = None if one is None else _wrong(plain, told, clock, one, begin, end)
        if wrong is not None:
            tell_possible_difference(schedule, clock, edge.at, wrong, title, sink)
            return
        if key is not None and one is not None and _is_inside(plain, one, edge, clock, begin, end):
            known.add(key)


def _followed(trigger: Cron, clock: Clock, touching: Sequence[Edge], begin: int, end: int) -> tuple[Edge, ...]:
    """The changes across which the engine must be followed step by step."""
    if clock.steps:
        return _unclean(clock.zone.name, begin - LOOKS_BACK, end)
    if clock.elapsed:
        # Whoever looks back, before the start or after the end, reckons across the changes in between.
        plain = Cron(trigger.calendar, trigger.timezone)
        previous, following = last_before(plain, begin), next_after(plain, end)
        low, high = begin if previous is None else previous, end if following is None else following
        return edges(clock.zone.name, low, high)
    return tuple(touching)


@lru_cache(maxsize=256)
def _unclean(name: str, begin: int, end: int) -> tuple[Edge, ...]:
    from schedc.engines.robfig import clean_transition

    where = zone(name)
    return tuple(edge for edge in edges(name, begin, end) if not clean_transition(where, edge.segment))


def _wrong(trigger: Cron, told: Told, clock: Clock, one: Course, begin: int, end: int) -> Difference | None:
    found = difference(trigger, one.wanted, one.found, one.matches, begin)
    if found is None and clock.steps:
        found = from_other_origins(trigger, clock, one, begin, end)
    if found is None and clock.previous is not None and not told.catchup:
        found = looking_back(trigger, clock, one, end)
    return found


def _memory(trigger: Cron, clock: Clock, edge: Edge, begin: int, end: int) -> tuple[object, ...] | None:
    """Changes with the same key need to be followed only once: nothing but the year differs.

    Where every month matches, no search looks at months, and what a change does follows from the clock and from which
    of the days around it match.
    """
    if trigger.calendar.years is not None or not edge.one_day:
        return None
    where, i = clock.zone, edge.segment
    before = where.starts[i] - where.starts[i - 1]
    after = where.starts[i + 1] - where.starts[i] if i + 1 < len(where.starts) else None
    near = (before if before < LOOKS_BACK else None, after if after and after < LOOKS_BACK else None)
    if _looks_at_months(trigger, clock):
        return (edge.kind, *near)
    return (where.offsets[i - 1], where.offsets[i], edge.low % _DAY, days_around(trigger.calendar, edge), *near)


def _looks_at_months(trigger: Cron, clock: Clock) -> bool:
    calendars = (trigger.calendar, *clock.calendars)
    return bool(clock.jumping) or any(calendar.months != ALL_MONTHS for calendar in calendars)


def _is_inside(trigger: Cron, one: Course, edge: Edge, clock: Clock, begin: int, end: int) -> bool:
    """Whether what was looked at holds no other change and no bound, and is all that the key of the change knows."""
    where, i = clock.zone, edge.segment
    following = where.starts[i + 1] if i + 1 < len(where.starts) else end
    reach = LOOKS_BACK
    if not _looks_at_months(trigger, clock):
        if not edge.at - LOOKS_BACK < one.origin <= one.last < edge.at + LOOKS_BACK:
            return False
        reach = FORGETS
    low, high = min(edge.at - reach, one.origin - 2 * _DAY), max(edge.at + reach, one.last + 2 * _DAY)
    return where.starts[i - 1] < low and high < following and begin < low and high < end


def _note(
    left_open: list[Change],
    trigger: Cron,
    clock: Clock,
    edge: Edge,
    one: Course | None,
    first: int | None,
    begin: int,
    end: int,
) -> None:
    """Keeps a change with open matches; the first ones of each kind with what the engine does there."""
    opened = trigger.gap is None if _is_gap(clock, edge) else trigger.fold is None
    if not opened:
        return
    if any(change.in_gap == _is_gap(clock, edge) for change in left_open):
        left_open.append(Change(edge, _is_gap(clock, edge), (), ()))
        return
    followed = one or course(trigger, clock, edge, first, begin, end)
    if followed is not None and any(is_open(trigger, m) for m in followed.matches):
        left_open.append(Change(edge, _is_gap(clock, edge), followed.found, followed.matches))


def _note_plain(left_open: list[Change], trigger: Cron, clock: Clock, edge: Edge, begin: int, end: int) -> None:
    gap = _is_gap(clock, edge)
    if (trigger.gap if gap else trigger.fold) is not None:
        return
    if any(change.in_gap == gap for change in left_open):
        left_open.append(Change(edge, gap, (), ()))
        return
    matches = matches_at(trigger.calendar, trigger.timezone, edge, begin, end)
    if matches:
        plain = Cron(trigger.calendar, trigger.timezone)
        left_open.append(Change(edge, gap, _around(plain, edge, begin, end), matches))


def _is_gap(clock: Clock, edge: Edge) -> bool:
    return clock.zone.offsets[edge.segment] > clock.zone.offsets[edge.segment - 1]


def _around(trigger: Cron, edge: Edge, begin: int, end: int) -> tuple[int, ...]:
    reach = 2 * edge.size
    return tuple(occurrences(trigger, max(edge.at - reach, begin), min(edge.at + reach, end)))


def _at_plain(trigger: Cron, clock: Clock, edge: Edge, begin: int, end: int) -> Difference | None:
    """At a change where the engine does nothing but match the wall clock: none in a gap, both passes of a fold."""
    gap = _is_gap(clock, edge)
    if (gap and trigger.gap in (None, Gap.SKIP)) or (not gap and trigger.fold in (None, Fold.BOTH)):
        return None
    found = _around(Cron(trigger.calendar, trigger.timezone), edge, begin, end)
    return difference(trigger, _around(trigger, edge, begin, end), found, (), begin)


def _prove_closed(
    schedule: Question, trigger: Cron, clock: Clock, begin: int, end: int, title: str, sink: Findings
) -> None:
    """Only what is the same under every documented reading can be proved of a closed engine."""
    name = clock.zone.name
    if trigger.calendar.every_hour:
        if edges(name, begin, end):
            tell_closed(schedule, clock, (), title, sink)
        return
    touching = touched(trigger.calendar, name, begin, end)
    if not touching:
        return
    matches = [m for edge in touching for m in matches_at(trigger.calendar, name, edge, begin, end)]
    if matches:
        tell_closed(schedule, clock, matches, title, sink)
