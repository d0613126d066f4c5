"""Whether an engine's reading picks the seconds that the schedule picks, set for set; no instant is enumerated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from schedc.ir.calendar import (
    ALL_MONTHS,
    YEAR_KINDS,
    Calendar,
    days_of_kind,
    days_of_year,
    is_leap,
    same,
    times_of_day,
    year_kind,
)
from schedc.ir.triggers import Interval

_DAY = 86_400
_WEEK = 7 * _DAY
_YEARS = range(1970, 2200)


def union_is(calendars: Sequence[Calendar], wanted: Calendar) -> bool:
    """Whether several calendars together pick exactly what one picks."""
    if len(calendars) == 1:
        return same(calendars[0], wanted)
    if any(c.years is not None for c in (*calendars, wanted)):
        kinds_or_years = [days_by_year(c) for c in (*calendars, wanted)]
        return all(_union_on(calendars, wanted, [k[i] for k in kinds_or_years]) for i in range(len(_YEARS)))
    return all(
        _union_on(calendars, wanted, [days_of_kind(c, *kind) for c in (*calendars, wanted)]) for kind in YEAR_KINDS
    )


def days_by_year(calendar: Calendar) -> list[int]:
    return [days_of_year(calendar, year) for year in _YEARS]


def _union_on(calendars: Sequence[Calendar], wanted: Calendar, days: Sequence[int]) -> bool:
    """The same for one kind of year, whose matching days are given for each calendar and for the wanted one."""
    expected = set(times_of_day(wanted))
    for day in range(366):
        active = [c for c, mask in zip(calendars, days, strict=False) if mask >> day & 1]
        found = {t for c in active for t in times_of_day(c)}
        if found != (expected if days[-1] >> day & 1 else set()):
            return False
    return True


@lru_cache(maxsize=64)
def day_line(calendar: Calendar) -> int:
    """Every matching day from 1970 to 2199 as one mask, bit 0 being 1970-01-01."""
    line, at = 0, 0
    for year in _YEARS:
        line |= days_of_year(calendar, year) << at
        at += 366 if is_leap(year) else 365
    return line


def moved_union_is(calendars: Sequence[Calendar], wanted: Calendar, offset: int) -> bool:
    """The same where the engine's clock shows UTC and the schedule's clock `offset` seconds more, always.

    Each day may be moved to a neighbour, so the first and last day of the range are left out.
    """
    expected: dict[int, int] = {}
    line = day_line(wanted)
    for time in times_of_day(wanted):
        shift, clock = divmod(time - offset, _DAY)
        expected[clock] = expected.get(clock, 0) | (line << shift if shift >= 0 else line >> -shift)
    found: dict[int, int] = {}
    for calendar in calendars:
        for clock in times_of_day(calendar):
            found[clock] = found.get(clock, 0) | day_line(calendar)
    inner = ((1 << (date(2199, 12, 31) - date(1970, 1, 1)).days) - 1) & ~1
    return all((found.get(clock, 0) ^ expected.get(clock, 0)) & inner == 0 for clock in found.keys() | expected.keys())


def is_interval(calendars: Sequence[Calendar], interval: Interval, offset: int) -> bool:
    """Whether a clock `offset` seconds ahead of UTC shows a match at the instants of an interval and only then."""
    if _WEEK % interval.seconds or any(c.months != ALL_MONTHS or c.years is not None for c in calendars):
        return False
    if not all(_weekly(c) for c in calendars):
        return False
    first_monday = 4 * _DAY  # 1970-01-05
    found: set[int] = set()
    for calendar in calendars:
        # A week that lies inside a year of each kind: the days repeat by the week, as was just made sure.
        mask = days_of_kind(calendar, *year_kind(1970)) >> 4
        for day in range(7):
            if mask >> day & 1:
                found.update((first_monday + day * _DAY + t - offset) % _WEEK for t in times_of_day(calendar))
    return found == {(interval.start + k) % _WEEK for k in range(0, _WEEK, interval.seconds)}


def _weekly(calendar: Calendar) -> bool:
    """Whether the matching days are the same weekdays in every week of every year."""
    for leap, first in YEAR_KINDS:
        mask = days_of_kind(calendar, leap, first)
        for day in range(7):
            weekday = (first + day) % 7
            wanted = calendar.weekdays >> weekday & 1
            for later in range(day, 366 if leap else 365, 7):
                if mask >> later & 1 != wanted:
                    return False
    return True
