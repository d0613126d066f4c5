"""The two neighbouring instants of a trigger that are closest to each other, from sets and not from a list of years."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from schedc.ir.calendar import times_of_day
from schedc.ir.occurrences import occurrences
from schedc.ir.triggers import Cron, Interval, Trigger
from schedc.ir.zones import zone
from schedc.lints.days import days_in_a_row

_DAY = 86_400
_HOUR = 3600
Pair = tuple[int, int]


def closest(trigger: Trigger, begin: int, end: int, below: int) -> Pair | None:
    """The first closest pair from `begin` to `end` (UTC seconds), None where none is less than `below` seconds apart.

    `below` is at most half a day.
    """
    if isinstance(trigger, Interval):
        first = max(begin, trigger.start)
        found = tuple(occurrences(trigger, first, min(end, first + 2 * trigger.seconds)))
        return (found[0], found[1]) if trigger.seconds < below and len(found) > 1 else None
    if not isinstance(trigger, Cron):
        return None
    best = _regular(trigger, begin, end, below)
    within = below if best is None else best[1] - best[0]
    pairs = _at_changes(trigger, begin, end, within)
    return min(pairs, key=lambda pair: (pair[1] - pair[0], pair[0]), default=best)


def _regular(trigger: Cron, begin: int, end: int, below: int) -> Pair | None:
    """The closest pair that the times of day and the order of days give; the walk ends at the first such pair."""
    times = times_of_day(trigger.calendar)
    least = min((second - first for first, second in pairwise(times)), default=_DAY)
    if days_in_a_row(trigger.calendar):
        least = min(least, times[0] + _DAY - times[-1])
    if least >= below:
        return None
    best = None
    for pair in pairwise(occurrences(trigger, begin, end)):
        distance = pair[1] - pair[0]
        if distance < below:
            best, below = pair, distance
        if distance <= least:
            break
    return best


def _at_changes(trigger: Cron, begin: int, end: int, below: int) -> Iterator[Pair]:
    """Pairs that only a change of the clock brings so close."""
    times = times_of_day(trigger.calendar)
    for (low, high), changes in _changes(trigger.timezone, begin - _DAY, end + _DAY):
        if trigger.calendar.every_hour and low % _HOUR == 0 and high % _HOUR == 0:
            continue  # the minutes of an hour are the same on both sides
        reach = high - low + below
        for at in changes if _is_near(times, low - below, high + below) else ():
            around = occurrences(trigger, max(begin, at - reach), min(end, at + reach))
            yield from (pair for pair in pairwise(around) if pair[1] - pair[0] < below)


@lru_cache(maxsize=256)
def _changes(name: str, begin: int, end: int) -> tuple[tuple[Pair, list[int]], ...]:
    """The instants of the changes of a clock, by the times of day between which it jumps."""
    where = zone(name)
    found: dict[Pair, list[int]] = {}
    for i in where.transitions(begin, end):
        low, high = sorted((where.starts[i] + where.offsets[i - 1], where.starts[i] + where.offsets[i]))
        found.setdefault((low % _DAY, low % _DAY + high - low), []).append(where.starts[i])
    return tuple(found.items())


def _is_near(times: tuple[int, ...], low: int, high: int) -> bool:
    """Whether a time of day lies between two wall times."""
    if high - low >= _DAY:
        return True
    first, last = bisect_left(times, low % _DAY), bisect_right(times, high % _DAY)
    return first < last if low % _DAY <= high % _DAY else first < len(times) or last > 0
