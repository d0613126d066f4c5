"""Which days of a calendar follow each other."""

from __future__ import annotations

from functools import lru_cache

from schedc.ir.calendar import Calendar, days_of_year, is_leap

_YEARS = range(2000, 2029)
"""Every kind of year, and every kind that can follow it within a cycle of 28 years."""


@lru_cache(maxsize=1024)
def days_in_a_row(calendar: Calendar) -> bool:
    """Whether some matching day is followed by another one."""
    for year in calendar.years or _YEARS:
        mask = days_of_year(calendar, year)
        last = 365 if is_leap(year) else 364
        if mask & mask >> 1 or (mask >> last & 1 and _first_day(calendar, year + 1)):
            return True
    return False


def _first_day(calendar: Calendar, year: int) -> bool:
    return bool(days_of_year(calendar, year) & 1)
