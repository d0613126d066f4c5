"""Two sequences of instants beside each other: what is lost, what is gained, and what only moved."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence

from schedc.ir.zones import Zone
from schedc.report.diff.model import InstantChange

EVENTS = 30
"""So many changes are kept one by one."""

_DAY = 86_400
Event = tuple[int | None, int | None]


def difference(
    old: Sequence[int], new: Sequence[int], begin: int, until: int, zones: tuple[Zone, Zone]
) -> InstantChange | None:
    """What differs between two ascending sequences, None where nothing does; `zones` are those of the two clocks."""
    if old == new:
        return None
    have, had = set(new), set(old)
    lost = [i for i in old if i not in have]
    gained = [i for i in new if i not in had]
    pairs = _pairs(lost, gained, [i for i in old if i in have], zones)
    moved = Counter(after - before for before, after in pairs)
    alone_lost, alone_gained = _others(lost, {b for b, _ in pairs}), _others(gained, {a for _, a in pairs})
    events: list[Event] = [*pairs[:EVENTS]]
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


def _others(instants: list[int], taken: set[int]) -> list[int]:
    return [i for i in instants if i not in taken] if taken else instants


def _pairs(
    lost: Sequence[int], gained: Sequence[int], kept: Sequence[int], zones: tuple[Zone, Zone]
) -> list[tuple[int, int]]:
    """Lost and gained instants that are each other's nearest neighbours, with no other instant between them.

    Of two that are as near the one of the same day on the wall is taken, else the earlier one. Nothing here depends on
    which of the two sides is the old one.
    """
    if not lost or not gained:
        return []
    line = sorted([(i, True) for i in lost] + [(i, False) for i in gained])
    days = _day_of(zones[0]), _day_of(zones[1])
    far = 1 << 62

    def distance(at: int) -> int:
        if at + 1 >= len(line):
            return far
        (first, was), (second, is_old) = line[at], line[at + 1]
        return second - first if was != is_old and not _between(kept, first, second) else far

    def same_day(at: int) -> bool:
        (first, was), (second, is_old) = line[at], line[at + 1]
        return days[not was](first) == days[not is_old](second)

    found = []
    at, own = 0, distance(0)
    while at + 1 < len(line):
        following = distance(at + 1)
        if own < far and (own < following or (own == following and (same_day(at) or not same_day(at + 1)))):
            (first, was), (second, _) = line[at], line[at + 1]
            found.append((first, second) if was else (second, first))
            at += 2
            own = distance(at)
        else:
            at, own = at + 1, following
    return found


def _between(kept: Sequence[int], first: int, second: int) -> bool:
    return bool(kept) and bisect_right(kept, first) < bisect_left(kept, second)


def _day_of(where: Zone) -> Callable[[int], int]:
    """The number of the day on the wall, for instants that mostly ascend."""
    starts, offsets = where.starts, where.offsets
    low, high, offset = 0, -1, 0

    def day(instant: int) -> int:
        nonlocal low, high, offset
        if not low <= instant < high:
            segment = bisect_right(starts, instant) - 1
            low, offset = starts[segment], offsets[segment]
            high = starts[segment + 1] if segment + 1 < len(starts) else 1 << 62
        return (instant + offset) // _DAY

    return day
