"""An engine followed across one change of the clock, beside what the schedule wants meanwhile."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date

from schedc.engines.model import CronError
from schedc.ir.calendar import ALL_MONTHS, days_of_year
from schedc.ir.occurrences import Irregular, last_before, next_after, occurrences
from schedc.ir.triggers import Cron
from schedc.proof.clock import Clock
from schedc.proof.transitions import Edge, matches_at
from schedc.records import dataclass

_HOUR = 3600
_DAY = 86_400
_EPOCH = date(1970, 1, 1)
LOOKS_BACK = 40 * _DAY
"""A search that begins up to a month after a change may first go back to the first of the month, before the change."""

FORGETS = 4 * _DAY
"""Where every month matches, a search that begins so long after a change does not go back before it."""

Difference = tuple[int, bool]
"""An instant that only one of the two has, and whether it is the schedule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is wanted and what the engine does from `origin`, an instant of the chain or where it begins, to `last`."""

    edge: Edge
    origin: int
    last: int
    wanted: tuple[int, ...]
    found: tuple[int, ...]
    matches: tuple[Irregular, ...]


def course(trigger: Cron, clock: Clock, edge: Edge, first: int | None, begin: int, end: int) -> Course | None:
    """From the last instant before a change to the first after it, however far apart they are.

    `first` is where the engine's chain begins if it was told of a start; without one a search may begin at any
    instant from `begin` on.
    """
    assert clock.next is not None
    plain = Cron(trigger.calendar, trigger.timezone)
    before = last_before(plain, edge.at - edge.size)
    close = next_after(plain, max(edge.at + edge.size, begin))
    last = end if close is None else close
    found: list[int] = []
    if first is not None and (before is None or before < first):
        origin, step = first - 1, first
        if first > last:
            return None
        found.append(first)
    elif before is None or (first is None and clock.steps and before < begin):
        origin = step = begin - 1
    else:
        origin = step = before
    if origin >= last:
        return None
    while True:
        try:
            following = clock.next(step)
        except CronError:
            break
        if following is None or following <= step or following > last:
            break
        found.append(following)
        step = following
    low = max(origin + 1, begin)
    return Course(
        edge=edge,
        origin=origin,
        last=last,
        wanted=tuple(occurrences(trigger, low, min(last, end))),
        found=tuple(i for i in found if low <= i <= end),
        matches=matches_at(trigger.calendar, trigger.timezone, edge, begin, end),
    )


def is_open(trigger: Cron, match: Irregular) -> bool:
    """Whether the schedule leaves it to the target what becomes of a match in a gap or a fold."""
    return (trigger.gap if match.in_gap else trigger.fold) is None


def difference(
    trigger: Cron, wanted: Iterable[int], found: Iterable[int], matches: Iterable[Irregular], begin: int
) -> Difference | None:
    """The first instant that no choice for an open match explains.

    In a fold one of the passes must fire, unless one lies before `begin`.
    """
    have, want = set(found), set(wanted)
    free = [m for m in matches if is_open(trigger, m)]
    allowed = {i for m in free for i in m.possible}
    spared = {
        i for m in free if not m.in_gap and (have.intersection(m.passes) or m.passes[0] < begin) for i in m.passes
    }
    wrong = sorted([(i, False) for i in have - want - allowed] + [(i, True) for i in want - have - spared])
    return wrong[0] if wrong else None


def from_other_origins(trigger: Cron, clock: Clock, one: Course, begin: int, end: int) -> Difference | None:
    """A search that begins elsewhere must find the next instant of the chain."""
    plain = Cron(trigger.calendar, trigger.timezone)
    low = max(one.origin, begin - 1)
    chain = one.found
    answers: dict[tuple[int, ...], int | None] = {}
    for origin in sorted({o for o in _origins(one, clock) if low <= o}):
        after = bisect_right(chain, origin)
        expected = chain[after] if after < len(chain) else None
        if expected is None:
            if origin < one.edge.at + one.edge.size:
                continue
            expected = next_after(plain, origin)
        if expected is None:
            continue
        state, back = _search(clock, origin)
        if _is_undisturbed(clock, back, origin, expected):
            continue
        if state not in answers:
            answers[state] = _step(clock, origin)
        answer = answers[state]
        if expected > end and (answer is None or answer > end):
            continue
        if answer != expected and not _choices_of_one(trigger, one.matches, answer, expected):
            return (expected, True) if answer is None or answer > expected else (answer, False)
    return None


def _step(clock: Clock, origin: int) -> int | None:
    assert clock.next is not None
    try:
        return clock.next(origin)
    except CronError:
        return None


def _search(clock: Clock, origin: int) -> tuple[tuple[int, ...], int]:
    """What a search by months, days, hours and minutes keeps of where it began, and how far back it first goes.

    It goes to the beginning of the largest unit that does not match, so all that begin in such a unit find the same.
    How far is the first wall second of the month or the day.
    """
    wall = origin + 1 + clock.zone.offset_at(origin + 1)
    number, second = divmod(wall, _DAY)
    today = date.fromordinal(number + _EPOCH.toordinal())
    first = number - today.day + 1
    if len(clock.calendars) > 1:
        return (origin,), first * _DAY
    calendar = clock.calendars[0]
    if not calendar.months >> today.month & 1:
        return (0, first), first * _DAY
    back = number * _DAY
    if not days_of_year(calendar, today.year) >> (today.timetuple().tm_yday - 1) & 1:
        return (1, number), back
    if not calendar.hours >> second // 3600 & 1:
        return (2, wall // 3600), back
    return (3, origin) if calendar.minutes >> second // 60 % 60 & 1 else (4, (origin + 1) // 60), back


def _is_undisturbed(clock: Clock, back: int, origin: int, expected: int) -> bool:
    """Whether a search meets no change of the clock between where it goes back to and what it is to find.

    Then it finds the next match: its steps are exact where the offset is constant.
    """
    where = clock.zone
    segment = where.segment_at(origin)
    low, high = back - where.offsets[segment] - _DAY, expected + _DAY
    return where.starts[segment] <= low and where.segment_at(high) == segment


def _choices_of_one(trigger: Cron, matches: Iterable[Irregular], answer: int | None, expected: int) -> bool:
    return any(answer in m.possible and expected in m.possible for m in matches if is_open(trigger, m))


def _origins(one: Course, clock: Clock) -> Iterator[int]:
    """One origin for every way that a search by months, days, hours and minutes can take across a change.

    Such a search forgets the time of day once it steps by days, and the day once it steps by months. So one origin is
    enough for each month before, for each day of the month of the change, for each hour near it and for each few
    minutes close to it; and those just before, at and after every match.
    """
    at, where = one.edge.at, clock.zone
    today = date.fromordinal(one.edge.low // _DAY + _EPOCH.toordinal())
    month = (today.replace(day=1) - _EPOCH).days * _DAY
    back = month - 2 * _DAY
    for _ in range(13):
        yield back - where.offset_at(back) + 12 * _HOUR
        back -= 30 * _DAY
        if back < one.origin:
            break
    by_months = any(calendar.months != ALL_MONTHS for calendar in clock.calendars)
    for day in range(month - 2 * _DAY, at + (34 * _DAY if by_months else FORGETS), _DAY):
        yield day - where.offset_at(day) + 5 * _HOUR + 60
    for hour in range(at - 36 * _HOUR, at + 36 * _HOUR, _HOUR):
        yield hour
        yield hour - 1
    yield from range(at - 3 * _HOUR, at + 3 * _HOUR, 300)
    for instant in {*one.found, *one.wanted}:
        if abs(instant - at) < 3 * _DAY:
            yield from (instant - 1, instant, instant + 1, instant + 61)


def looking_back(trigger: Cron, clock: Clock, one: Course, end: int) -> Difference | None:
    """An engine without catch-up begins anew at any moment: with the latest instant as it finds it, looking back."""
    assert clock.previous is not None
    assert clock.next is not None
    at = one.edge.at
    fine = {one.origin, *one.found, *one.wanted}
    fine.update(i for m in one.matches if is_open(trigger, m) for i in m.possible)
    near = {one.origin, at, *one.found, *one.wanted, *(i for m in one.matches for i in m.passes)}
    plain = Cron(trigger.calendar, trigger.timezone)
    for now in sorted({n + d for n in near for d in (-1, 0, 1)}):
        if not one.origin <= now < one.last:
            continue
        try:
            answer = clock.previous(now)
        except CronError:
            continue
        if one.origin <= answer <= end and answer not in fine and next_after(plain, answer - 1) != answer:
            return answer, False
        if answer >= one.origin:
            lost = difference(
                trigger, [i for i in one.wanted if i > now], _onward(clock, one, answer, now, end), one.matches, now + 1
            )
            if lost is not None:
                return lost
    return None


def _onward(clock: Clock, one: Course, answer: int, now: int, end: int) -> list[int]:
    """The instants after `now` of a chain that begins with another instant; from where it meets the known chain on,
    that one."""
    assert clock.next is not None
    known = set(one.found)
    found = [answer] if answer > now else []
    step = answer
    while step not in known:
        try:
            following = clock.next(step)
        except CronError:
            break
        if following is None or following <= step or following > one.last:
            break
        step = following
        found += [step] if step > now else []
    return [i for i in dict.fromkeys([*found, *(f for f in one.found if f > max(step, now))]) if i <= end]
