"""Two sequences of instants beside each other: what is lost, what is gained, and what only moved."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from schedc.ir.zones import Zone
from schedc.report.diff.model import InstantChange

EVENTS = 10
"""So many changes are kept one by one."""

_DAY = 86_400
Event = tuple[int | None, int | None]


@lru_cache(maxsize=16)
def difference(
    old: tuple[int, ...], new: tuple[int, ...], begin: int, until: int, zones: tuple[Zone, Zone]
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
    was = set(lost)
    line = sorted([*lost, *gained])
    old = [i in was for i in line]
    gaps = _gaps(line, old, kept)
    days = _days(lost, zones[0]) | _days(gained, zones[1])
    found = []
    at, last = 0, len(line) - 1
    while at < last:
        own, following = gaps[at], gaps[at + 1]
        if own < _FAR and own <= following:
            begin, end = line[at], line[at + 1]
            if own == following and days[begin] != days[end] and days[end] == days[line[at + 2]]:
                at += 1
                continue
            found.append((begin, end) if old[at] else (end, begin))
            at += 1
        at += 1
    return found


_FAR = 1 << 62


def _gaps(line: Sequence[int], old: Sequence[bool], kept: Sequence[int]) -> list[int]:
    """How far each of a line is from the next, where only one of them is old and nothing kept lies between."""
    pairs = zip(line, line[1:], old, old[1:], strict=False)
    gaps = [b - a if x != y else _FAR for a, b, x, y in pairs]
    if kept:
        ranks = [bisect_left(kept, i) for i in line]
        gaps = [gap if a == b else _FAR for gap, a, b in zip(gaps, ranks, ranks[1:], strict=False)]
    return [*gaps, _FAR]


def _days(instants: Sequence[int], where: Zone) -> dict[int, int]:
    """The number of the day on the wall of each of some ascending instants."""
    found: dict[int, int] = {}
    at = 0
    while at < len(instants):
        segment = where.segment_at(instants[at])
        offset = where.offsets[segment]
        close = (
            bisect_left(instants, where.starts[segment + 1], at) if segment + 1 < len(where.starts) else len(instants)
        )
        found.update((i, (i + offset) // _DAY) for i in instants[at:close])
        at = close
    return found
