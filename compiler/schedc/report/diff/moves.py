"""Two sequences of instants beside each other: what is lost, what is gained, and what only moved."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from operator import sub

from schedc.ir.zones import Zone
from schedc.report.diff.model import InstantChange

EVENTS = 10
"""So many changes are kept one by one."""

_DAY = 86_400
Event = tuple[int | None, int | None]


@lru_cache(maxsize=4)
def difference(
    old: tuple[int, ...], new: tuple[int, ...], begin: int, until: int, zones: tuple[Zone, Zone]
) -> InstantChange | None:
    """What differs between two ascending sequences, None where nothing does; `zones` are those of the two clocks."""
    if old == new:
        return None
    have, had = set(new), set(old)
    lost = [i for i in old if i not in have]
    gained = [i for i in new if i not in had]
    was, is_ = _pairs(lost, gained, [i for i in old if i in have], zones)
    moved = Counter(map(sub, is_, was))
    alone_lost, alone_gained = _others(lost, was), _others(gained, is_)
    events: list[Event] = [*zip(was[:EVENTS], is_[:EVENTS], strict=True)]
    events += [(i, None) for i in alone_lost[:EVENTS]]
    events += [(None, i) for i in alone_gained[:EVENTS]]
    events.sort(key=_when)
    return InstantChange(
        begin=begin,
        until=until,
        before=len(old),
        after=len(new),
        lost=len(alone_lost),
        gained=len(alone_gained),
        moved=tuple(sorted(moved.items(), key=lambda one: (-one[1], abs(one[0]), one[0]))),
        events=tuple(events[:EVENTS]),
    )


def _when(event: Event) -> tuple[int, int]:
    times = [i for i in event if i is not None]
    return min(times), max(times)


def _others(instants: list[int], taken: list[int]) -> list[int]:
    """The instants that are not taken."""
    if len(taken) == len(instants):
        return []
    some = set(taken)
    return [i for i in instants if i not in some] if some else instants


def _pairs(
    lost: Sequence[int], gained: Sequence[int], kept: Sequence[int], zones: tuple[Zone, Zone]
) -> tuple[list[int], list[int]]:
    """Lost and gained instants that are each other's nearest neighbours, with no other instant between them.

    The n-th of the one list belongs to the n-th of the other. Of two that are as near the one of the same day on the
    wall is taken, else the earlier one. Nothing here depends on which of the two sides is the old one.
    """
    if not lost or not gained:
        return [], []
    was = set(lost)
    line = sorted([*lost, *gained])
    old = [i in was for i in line]
    gaps = _gaps(line, old, kept)
    before: list[int] = []
    after: list[int] = []
    alike = zones[0] is zones[1]
    at, last = 0, len(line) - 1
    while at < last:
        own, following = gaps[at], gaps[at + 1]
        if own > following or own == _FAR:
            at += 1
            continue
        first, second = line[at], line[at + 1]
        is_one_day = alike and first // _QUARTER == second // _QUARTER
        if own == following and not is_one_day and _is_next_day(line, old, at, zones):
            at += 1
            continue
        if old[at]:
            before.append(first)
            after.append(second)
        else:
            before.append(second)
            after.append(first)
        at += 2
    return before, after


def _is_next_day(line: Sequence[int], old: Sequence[bool], at: int, zones: tuple[Zone, Zone]) -> bool:
    """Whether the middle one of three as near to each other is of the day of the last one, and not of the first."""
    first, middle, last = (_day(line[i], zones[not old[i]]) for i in (at, at + 1, at + 2))
    return first != middle == last


_QUARTER = 900
"""Seconds in which no day begins but at their start: offsets of zones are multiples of it, since 1972."""


def _day(instant: int, where: Zone) -> int:
    """The number of the day on the wall."""
    return where.wall(instant) // _DAY


_FAR = 1 << 62


def _gaps(line: Sequence[int], old: Sequence[bool], kept: Sequence[int]) -> list[int]:
    """How far each of a line is from the next, where only one of them is old and nothing kept lies between."""
    pairs = zip(line, line[1:], old, old[1:], strict=False)
    gaps = [b - a if x != y else _FAR for a, b, x, y in pairs]
    if kept:
        ranks = [bisect_left(kept, i) for i in line]
        gaps = [gap if a == b else _FAR for gap, a, b in zip(gaps, ranks, ranks[1:], strict=False)]
    return [*gaps, _FAR]
