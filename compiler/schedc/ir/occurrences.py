"""The instants at which a trigger fires: the reference that every engine is held to.

Instants are whole UTC seconds since 1970, bounds are inclusive, and the search covers the wall-clock years 1970 to 2199
completely: None means that there is no more, never that a limit was reached.

What a trigger leaves open is read literally: a wall time in a gap does not fire, one in a fold fires twice. A calendar
that matches every hour of the day is always read so. `irregular` lists the matches at which another choice matters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import merge
from itertools import chain

from schedc.ir import calendar as calendars
from schedc.ir.calendar import Calendar
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Once, Trigger
from schedc.ir.walls import LAST_WALL, YEAR_STARTS, count_walls, first_wall, has_time, last_wall, walls
from schedc.ir.zones import FIRST_YEAR, LAST_YEAR, Zone, zone
from schedc.records import dataclass

_DAY = 86_400
_REACH = 2 * _DAY
FIRST_INSTANT, LAST_INSTANT = -_REACH, LAST_WALL + _REACH
"""No cron match lies outside; an interval that has no end stops here."""

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Irregular:
    """A match whose wall time does not exist (`passes` is empty) or happens twice (`passes` are its instants).

    `transition` is the instant at which the offset changes from `before` to `after` (seconds).
    """

    wall: int
    transition: int
    before: int
    after: int
    passes: tuple[int, ...] = ()

    @property
    def in_gap(self) -> bool:
        return not self.passes

    @property
    def possible(self) -> tuple[int, ...]:
        """The instants at which some choice of gap or fold fires for it, ascending."""
        if self.passes:
            return self.passes
        return (
            (self.transition, self.wall - self.before)
            if self.wall - self.before > self.transition
            else (self.transition,)
        )


def occurrences(trigger: Trigger, start: int | None = None, end: int | None = None) -> Iterator[int]:
    """The instants from `start` to `end`, ascending."""
    start = FIRST_INSTANT if start is None else start
    end = LAST_INSTANT if end is None else end
    match trigger:
        case Once(at):
            return iter((at,) if start <= at <= end else ())
        case Interval():
            return iter(_interval(trigger, start, end))
        case Cron(calendar, name, gap, fold):
            return instants(calendar, zone(name), start, end, gap, fold)


def descending(trigger: Trigger, start: int | None = None, end: int | None = None) -> Iterator[int]:
    """The instants from `end` back to `start`."""
    start = FIRST_INSTANT if start is None else start
    end = LAST_INSTANT if end is None else end
    if isinstance(trigger, Interval):
        yield from reversed(_interval(trigger, start, end))
        return
    length = 64
    while start <= end:
        last = last_before(trigger, end + 1)
        if last is None or last < start:
            return
        block = list(occurrences(trigger, max(start, last - length + 1), last))
        yield from reversed(block)
        end = last - length
        if len(block) < 16:
            length *= 8


def next_after(trigger: Trigger, instant: int) -> int | None:
    """The first instant strictly after another."""
    if not isinstance(trigger, Cron):
        return next(occurrences(trigger, instant + 1), None)
    calendar, where, start = trigger.calendar, zone(trigger.timezone), instant + 1
    gap, fold = _policy(calendar, trigger.gap, trigger.fold)
    while True:
        found = _next_literal(calendar, where, start)
        if gap is Gap.SKIP and fold is Fold.BOTH:
            return found
        if found is not None and not _changes(where, start, found):
            return found
        # What the policies make of matches near a change of the clock may come before that match, or in its place.
        end = LAST_INSTANT if found is None else found
        first = next(instants(calendar, where, start, end, gap, fold), None)
        if first is not None or found is None:
            return first
        start = found + 1


def last_before(trigger: Trigger, instant: int) -> int | None:
    """The last instant strictly before another."""
    end = instant - 1
    if isinstance(trigger, Once):
        return trigger.at if trigger.at <= end else None
    if isinstance(trigger, Interval):
        found = _interval(trigger, FIRST_INSTANT, end)
        return found[-1] if found else None
    calendar, where = trigger.calendar, zone(trigger.timezone)
    gap, fold = _policy(calendar, trigger.gap, trigger.fold)
    while True:
        last = _last_literal(calendar, where, end)
        if gap is Gap.SKIP and fold is Fold.BOTH:
            return last
        if last is not None and not _changes(where, last, end):
            return last
        for at in reversed(list(instants(calendar, where, FIRST_INSTANT if last is None else last, end, gap, fold))):
            return at
        if last is None:
            return None
        end = last - 1


def _next_literal(calendar: Calendar, where: Zone, start: int) -> int | None:
    """The first instant from `start` on at which the clock shows a match."""
    starts, offsets = where.starts, where.offsets
    segment = bisect_right(starts, start) - 1
    while True:
        wall = first_wall(calendar, start + offsets[segment])
        if wall is not None:
            found = wall - offsets[segment]
            if segment + 1 == len(starts) or found < starts[segment + 1]:
                return found
        if segment + 1 == len(starts):
            return None
        # No segment shows a match that ends long before this one.
        far = starts[-1] if wall is None else wall - _REACH
        segment = max(segment + 1, bisect_right(starts, far) - 1)
        start = starts[segment]


def _last_literal(calendar: Calendar, where: Zone, end: int) -> int | None:
    """The last instant up to `end` at which the clock shows a match."""
    starts, offsets = where.starts, where.offsets
    segment = bisect_right(starts, end) - 1
    while True:
        wall = last_wall(calendar, end + offsets[segment])
        if wall is not None and wall - offsets[segment] >= starts[segment]:
            return wall - offsets[segment]
        if segment == 0:
            return None
        far = starts[0] if wall is None else wall + _REACH
        segment = min(segment - 1, bisect_right(starts, far) - 1)
        if segment < 0:
            return None
        end = starts[segment + 1] - 1


def _changes(where: Zone, start: int, end: int) -> bool:
    """Whether the clock changes so near to a stretch of time that a policy may matter in it."""
    return where.segment_at(start - _REACH) != where.segment_at(end + _REACH)


def count(trigger: Trigger, start: int, end: int) -> int:
    """How many instants there are from `start` to `end`; days are counted, not walked through."""
    if isinstance(trigger, Interval):
        return len(_interval(trigger, start, end))
    if isinstance(trigger, Once):
        return int(start <= trigger.at <= end)
    where, calendar = zone(trigger.timezone), trigger.calendar
    gap, fold = _policy(calendar, trigger.gap, trigger.fold)
    start, end = _within_years(calendar, start, end)
    total = 0
    landed: set[int] = set()
    for segment in _segments(where, start, end, gap):
        offset = where.offsets[segment]
        for first, last in _stretches(where, segment, fold):
            total += count_walls(calendar, max(first, start + offset), min(last, end + offset))
        if where.starts[segment] >= start - _REACH:
            landed.update(_landings(calendar, where, segment, gap))
    for instant in landed:
        if start <= instant <= end:
            segment = where.segment_at(instant)
            wall = instant + where.offsets[segment]
            regular = any(first <= wall <= last for first, last in _stretches(where, segment, fold))
            total += not (regular and matches(calendar, wall))
    return total


def matches(calendar: Calendar, wall: int) -> bool:
    """Whether a calendar picks a wall second."""
    return count_walls(calendar, wall, wall) == 1


def literal(calendar: Calendar, start: int, end: int) -> Iterator[int]:
    """The wall seconds that a calendar picks, from `start` to `end`, ascending; no zone is asked."""
    return chain.from_iterable(walls(calendar, start, end))


def irregular(calendar: Calendar, where: Zone, start: int, end: int) -> Iterator[Irregular]:
    """The matches in a gap or a fold that some choice fires at from `start` to `end`, by transition and wall time.

    A calendar that matches every hour has none: it is read literally, whatever the clock does.
    """
    if calendar.every_hour:
        return
    for segment in where.transitions(start - _REACH, end + _REACH):
        at, before, after = where.starts[segment], where.offsets[segment - 1], where.offsets[segment]
        low, high = at + min(before, after), at + max(before, after) - 1
        first, last = low % _DAY, high % _DAY
        if low // _DAY == high // _DAY and not has_time(calendar, first, last):
            continue
        if after > before:
            for stretch in _missing(where, segment):
                for wall in literal(calendar, *stretch):
                    if at <= end and wall - before >= start:
                        yield Irregular(wall, at, before, after)
        else:
            for wall in literal(calendar, low, high):
                passes = where.instants(wall)
                if len(passes) > 1 and passes[0] < at <= passes[1] and passes[0] <= end and passes[-1] >= start:
                    yield Irregular(wall, at, before, after, passes)


def _interval(trigger: Interval, start: int, end: int) -> range:
    skipped = max(0, -((trigger.start - start) // trigger.seconds))
    return range(trigger.start + skipped * trigger.seconds, end + 1, trigger.seconds)


def _policy(calendar: Calendar, gap: Gap | None, fold: Fold | None) -> tuple[Gap, Fold]:
    if calendar.every_hour:
        return Gap.SKIP, Fold.BOTH
    return gap or Gap.SKIP, fold or Fold.BOTH


def instants(
    calendar: Calendar, where: Zone, start: int, end: int, gap: Gap | None = None, fold: Fold | None = None
) -> Iterator[int]:
    """The instants of a calendar on a clock in a zone, ascending."""
    return chain.from_iterable(_blocks(calendar, where, start, end, *_policy(calendar, gap, fold)))


def _blocks(calendar: Calendar, where: Zone, start: int, end: int, gap: Gap, fold: Fold) -> Iterator[Iterable[int]]:
    """The instants, segment by segment."""
    start, end = _within_years(calendar, start, end)
    waiting: list[int] = []
    segments = _segments(where, start, end, gap)
    segment = segments.start
    while segment < segments.stop:
        close = _wall_stretch(where, segment)[1]
        near = first_wall(calendar, max(start, where.starts[segment]) + where.offsets[segment] - 2 * _REACH)
        if near is None:
            break
        if near > close + _REACH:
            segment = max(segment + 1, where.segment_at(near - _REACH))
            continue
        regular = _regular(calendar, where, segment, fold, start, end)
        if where.starts[segment] >= start - _REACH:
            waiting += [instant for instant in _landings(calendar, where, segment, gap) if start <= instant <= end]
        if waiting:
            close -= where.offsets[segment]
            yield _merged(chain.from_iterable(regular), sorted(instant for instant in waiting if instant <= close))
            waiting = [instant for instant in waiting if instant > close]
        else:
            yield from regular
        segment += 1
    yield sorted(waiting)


def _regular(calendar: Calendar, where: Zone, segment: int, fold: Fold, start: int, end: int) -> Iterator[list[int]]:
    """The instants of a segment at which the clock shows a match."""
    offset = where.offsets[segment]
    for first, last in _stretches(where, segment, fold):
        yield from walls(calendar, max(first, start + offset), min(last, end + offset), offset)


def _merged(left: Iterable[int], right: Iterable[int]) -> Iterator[int]:
    previous = None
    for instant in merge(left, right):
        if instant != previous:
            yield instant
        previous = instant


def _within_years(calendar: Calendar, start: int, end: int) -> Stretch:
    """The bounds cut to where the calendar can match at all; empty where it never does."""
    if _never(calendar):
        return 0, -1
    first, last = (calendar.years[0], calendar.years[-1]) if calendar.years else (FIRST_YEAR, LAST_YEAR)
    low = YEAR_STARTS[first - FIRST_YEAR] * _DAY - _REACH
    high = YEAR_STARTS[last + 1 - FIRST_YEAR] * _DAY + _REACH
    return max(start, low), min(end, high)


_never = lru_cache(maxsize=4096)(calendars.never)


def _segments(where: Zone, start: int, end: int, gap: Gap) -> range:
    """The segments whose own matches, or those from the gap before them, may lie within the bounds."""
    if start > end:
        return range(0)
    reach = 0 if gap is Gap.SKIP else _REACH
    return range(where.segment_at(start - reach), where.segment_at(end) + 1)


def _wall_stretch(where: Zone, segment: int) -> Stretch:
    """The first and the last wall second that a segment shows."""
    end = where.starts[segment + 1] if segment + 1 < len(where.starts) else LAST_INSTANT + _REACH
    return where.starts[segment] + where.offsets[segment], end - 1 + where.offsets[segment]


def _stretches(where: Zone, segment: int, fold: Fold) -> list[Stretch]:
    """The wall seconds of a segment that fire in it and not in another pass of a fold."""
    whole = [_wall_stretch(where, segment)]
    if fold is Fold.BOTH:
        return whole
    others = _neighbours(where, segment, earlier=fold is Fold.FIRST, later=fold is Fold.SECOND)
    return _without(whole, [_wall_stretch(where, other) for other in others])


def _neighbours(where: Zone, segment: int, *, earlier: bool, later: bool) -> list[int]:
    """The segments near enough to show a wall second that this one shows, or that is missing before it."""
    starts = where.starts
    found = []
    other = segment - 1
    while earlier and other >= 0:
        found.append(other)
        if starts[segment] - starts[other] > _REACH:
            break
        other -= 1
    if later and segment + 1 < len(starts):
        close = starts[segment + 1] + _REACH
        other = segment + 1
        while other < len(starts) and starts[other] <= close:
            found.append(other)
            other += 1
    return found


def _missing(where: Zone, segment: int) -> list[Stretch]:
    """The wall seconds that exist in no pass because a segment begins with a gap."""
    at, before, after = where.starts[segment], where.offsets[segment - 1], where.offsets[segment]
    near = _neighbours(where, segment, earlier=True, later=True)
    taken = [_wall_stretch(where, other) for other in near]
    taken += [
        (where.starts[other] + where.offsets[other - 1], where.starts[other] + where.offsets[other] - 1)
        for other in near
        if 0 < other < segment
    ]
    return _without([(at + before, at + after - 1)], taken)


def _landings(calendar: Calendar, where: Zone, segment: int, gap: Gap) -> list[int]:
    """The instants at which the matches fire that are lost in the gap before a segment."""
    if gap is Gap.SKIP or segment == 0 or where.offsets[segment] < where.offsets[segment - 1]:
        return []
    lost = (wall for stretch in _missing(where, segment) for wall in literal(calendar, *stretch))
    if gap is Gap.RUN_AFTER:
        return [where.starts[segment]] if next(lost, None) is not None else []
    return [wall - where.offsets[segment - 1] for wall in lost]


def _without(stretches: list[Stretch], taken: list[Stretch]) -> list[Stretch]:
    for first, last in taken:
        left: list[Stretch] = []
        for low, high in stretches:
            if last < low or high < first:
                left.append((low, high))
                continue
            if low < first:
                left.append((low, first - 1))
            if last < high:
                left.append((last + 1, high))
        stretches = left
    return stretches
