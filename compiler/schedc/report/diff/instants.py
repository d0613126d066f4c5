"""When a schedule, or what an engine was told, fires in a stretch of time: listed by calendars and days.

An engine is asked step by step only around those changes of the clock that can matter to it; everywhere else its
calendar says when it fires. That is exact for whatever a compile has proved.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import merge
from itertools import groupby, islice

from schedc.engines.model import CronError
from schedc.ir.calendar import Calendar
from schedc.ir.occurrences import LAST_INSTANT, count, occurrences
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron, Interval, Trigger
from schedc.ir.zones import zone
from schedc.proof.clock import Clock, clocks
from schedc.proof.transitions import Edge, edges, touched
from schedc.target import Told

Instants = tuple[int, ...]
MOST = 1_100_000
"""Instants of one side that are listed: two years of every minute, or less."""

_STEPS = 20_000


def of_schedule(schedule: Schedule, begin: int, until: int) -> Instants:
    """The instants that a schedule means, from `begin` to before `until`."""
    start = begin if schedule.start is None else max(begin, schedule.start)
    end = until - 1 if schedule.end is None else min(until - 1, schedule.end)
    if start > end:
        return ()
    found = _listed(schedule.trigger, start, end)
    left = _runs_left(schedule, start)
    return found if left is None else found[:left]


def _runs_left(schedule: Schedule, start: int) -> int | None:
    """How many runs of a number of runs are left at an instant; None where that cannot be counted."""
    first = schedule.trigger.start if isinstance(schedule.trigger, Interval) else schedule.start
    if schedule.max_runs is None or first is None:
        return None
    return max(0, schedule.max_runs - count(schedule.trigger, max(first, schedule.start or first), start - 1))


def many(schedule: Schedule, begin: int, until: int) -> int:
    """How many instants a schedule has at most in a stretch; none is listed."""
    low = begin if schedule.start is None else max(begin, schedule.start)
    high = until - 1 if schedule.end is None else min(until - 1, schedule.end)
    return count(schedule.trigger, low, high) if low <= high else 0


@lru_cache(maxsize=8)
def _listed(trigger: Trigger, start: int, end: int) -> Instants:
    return tuple(occurrences(trigger, start, end))


@lru_cache(maxsize=8)
def of_engine(told: Told, families: tuple[str, ...], begin: int, until: int) -> Instants:
    """The instants at which an engine fires that was told this, from `begin` to before `until`.

    Of several versions of an engine it is the first; a closed engine is taken by its documentation. Raises `CronError`
    and `UnknownZone`.
    """
    if told.period is not None:
        return _of_period(told, begin, until)
    clock = clocks(told, families)[0]
    low, high = _bounds(told, clock, begin, until)
    if low > high:
        return ()
    found = _union(clock.calendars, clock.zone.name, low, high)
    if clock.next is not None:
        for edge in _followed(clock, low, high):
            found = _across(clock, edge, found, low, high)
    if told.max_runs is not None and told.start is not None:
        before = sum(count(Cron(c, clock.zone.name), told.start, low - 1) for c in clock.calendars[:1])
        found = found[: max(0, told.max_runs - before)]
    return found


def engine_many(told: Told, begin: int, until: int) -> int:
    """How many instants an engine has at most in a stretch. Raises `CronError` and `UnknownZone`."""
    if told.period is not None:
        return (until - begin) // max(told.period, 1) + 1
    clock = clocks(told)[0]
    low, high = _bounds(told, clock, begin, until)
    return sum(count(Cron(c, clock.zone.name), low, high) for c in clock.calendars) if low <= high else 0


def _of_period(told: Told, begin: int, until: int) -> Instants:
    """Airflow counts from the start; Kubeflow fires first one interval after it."""
    assert told.period is not None
    first = (told.start or 0) + (told.period if told.engine == "kubeflow" else 0)
    end = until - 1 if told.end is None else min(until - 1, told.end)
    return _listed(Interval(first, told.period), max(begin, first), end)


def _bounds(told: Told, clock: Clock, begin: int, until: int) -> tuple[int, int]:
    """Inclusive bounds, from the engine's own: some starts are exclusive, some engines align their first instant."""
    low, high = begin, until - 1 if told.end is None else min(until - 1, told.end)
    if told.start is not None:
        first: int | None = told.start
        if clock.first is not None:
            try:
                first = clock.first(told.start)
            except CronError:
                first = None
        low = max(low, high + 1 if first is None else first)
    return low, high


def _union(calendars: Sequence[Calendar], name: str, low: int, high: int) -> Instants:
    each = [_listed(Cron(c, name), low, high) for c in calendars]
    if len(each) == 1:
        return each[0]
    return tuple(dict.fromkeys(merge(*each)))


def _followed(clock: Clock, low: int, high: int) -> list[Edge]:
    """The changes of the clock in a stretch that can matter to what an engine does."""
    name = clock.zone.name
    if clock.elapsed:
        return list(edges(name, low, high))
    near = {edge for c in clock.calendars for edge in touched(c, name, low, high)}
    if clock.steps:
        near |= {edge for edge in edges(name, low, high) if not _is_clean(name, edge.segment)}
    return sorted(near, key=lambda edge: edge.at)


@lru_cache(maxsize=4096)
def _is_clean(name: str, segment: int) -> bool:
    from schedc.engines.robfig import clean_transition

    return clean_transition(zone(name), segment)


def _across(clock: Clock, edge: Edge, found: Instants, low: int, high: int) -> Instants:
    """The instants with those around one change as the engine itself steps over it, until both agree again."""
    assert clock.next is not None
    index = bisect_left(found, edge.at - edge.size) - 1
    step = found[index] if index >= 0 else low - 1
    close = bisect_right(found, edge.at + edge.size)
    own: list[int] = []
    for _ in range(_STEPS):
        try:
            following = clock.next(step)
        except CronError:
            following = None
        if following is None or following <= step or following > high:
            close = len(found)
            break
        close = bisect_left(found, following, lo=close)
        if close < len(found) and found[close] == following:
            break
        own.append(following)
        step = following
    inside = tuple(i for i in own if i >= low)
    if inside == found[index + 1 : close]:
        return found
    return (*found[: index + 1], *inside, *found[close:])


def endless(schedule: Schedule, begin: int) -> Iterator[int]:
    """The instants of a schedule from `begin` on, as far as the zones are known."""
    start = begin if schedule.start is None else max(begin, schedule.start)
    left = _runs_left(schedule, start)
    return islice(occurrences(schedule.trigger, start, schedule.end), left)


def engine_endless(told: Told, begin: int) -> Iterator[int]:
    """The instants that an engine's calendars have from `begin` on; what it does at changes of the clock is left out.

    Raises `CronError` and `UnknownZone`.
    """
    if told.period is not None:
        first = (told.start or 0) + (told.period if told.engine == "kubeflow" else 0)
        return occurrences(Interval(first, told.period), max(begin, first), told.end)
    clock = clocks(told)[0]
    low, high = _bounds(told, clock, begin, LAST_INSTANT + 1)
    each = [occurrences(Cron(c, clock.zone.name), low, high) for c in clock.calendars]
    return each[0] if len(each) == 1 else (i for i, _ in groupby(merge(*each)))


def first_difference(one: Iterable[int], other: Iterable[int], most: int) -> tuple[tuple[int, bool] | None, int | None]:
    """The first instant that only one of two ascending sequences has, and whether it is the first one's.

    Looks at `most` instants of each. The second value is the last one that was looked at, where none differs and there
    may be more.
    """
    left, right = iter(one), iter(other)
    at = None
    for _ in range(most):
        a, b = next(left, None), next(right, None)
        if a != b:
            if b is None or (a is not None and a < b):
                assert a is not None
                return (a, True), None
            return (b, False), None
        if a is None:
            return None, None
        at = a
    return None, at
