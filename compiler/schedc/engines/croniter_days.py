"""How croniter up to 6.0 visits days when the day of month may be 29, 30 or 31.

It jumps by differences of day numbers and takes a jump that leaves a short month as it comes: `1,31` from 15 February
lands on 3 March, past the 1st. So a match can be stepped over, and what is found depends on where the search began.
"""

from __future__ import annotations

from datetime import date

from schedc.engines.croniter_dialect import Item
from schedc.ir.calendar import Calendar, bits, days_of_kind, year_kind

STEPPING = ("3", "5", "6.0")

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def settle(
    calendar: Calendar, literal: tuple[Item, ...], family: str, ordinal: int, sign: int, limit: int
) -> int | None:
    """The day (proleptic ordinal) where a search forward (`sign` 1) or backward (-1) from a day comes to rest.

    None once it passes the year `limit`, or the last of the years it may look at.
    """
    weekdays = Calendar(
        weekdays=calendar.weekdays, nth_weekdays=calendar.nth_weekdays, last_weekdays=calendar.last_weekdays
    )
    while True:
        day = date.fromordinal(ordinal)
        if (limit - day.year) * sign < 0:
            return None
        target = _right_month(calendar, day, sign)
        if target is None:
            return None
        if target == day:
            jump = _day_jump(literal, family, day, sign)
            if not jump and not days_of_kind(weekdays, *year_kind(day.year)) >> (day.timetuple().tm_yday - 1) & 1:
                jump = sign
            if not jump:
                return ordinal
            ordinal += jump
        else:
            ordinal = target.toordinal()


def _right_month(calendar: Calendar, day: date, sign: int) -> date | None:
    """The day itself in a month and year that match, else the nearest end of the next one that does."""
    year, month = day.year, day.month
    if not calendar.matches_year(year):
        years = [y for y in calendar.years or () if (y - year) * sign > 0]
        if not years:
            return None
        return date(min(years), 1, 1) if sign > 0 else date(max(years), 12, 31)
    if calendar.months >> month & 1:
        return day
    months = list(bits(calendar.months))
    if sign > 0:
        later = [m for m in months if m > month]
        return date(year, later[0], 1) if later else date(year + 1, months[0], 1)
    earlier = [m for m in months if m < month]
    year, month = (year, earlier[-1]) if earlier else (year - 1, months[-1])
    return date(year, month, _length(year, month))


def _length(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _LENGTHS[month - 1]


def _day_jump(literal: tuple[Item, ...], family: str, day: date, sign: int) -> int:
    length = _length(day.year, day.month)
    numbers = [number for number in literal if isinstance(number, int)]
    last = "l" in literal
    if last and day.day == length:
        return 0
    if sign > 0:
        for number in (*numbers, length) if last else numbers:
            if number >= day.day:
                return number - day.day
        return numbers[0] - day.day + length
    earlier = [number for number in numbers if number <= day.day]
    if earlier:
        return earlier[-1] - day.day
    if last:
        return -day.day
    before = _LENGTHS[day.month - 2]
    fitting = [number for number in numbers if number <= before]
    if fitting:
        return fitting[-1] - day.day - before
    return -before if family == "6.0" else -day.day
