"""A calendar: the wall-clock seconds that a cron expression picks, as sets and in no engine's dialect.

Sets of small numbers are bit masks: bit `i` is set where the value `i` is picked. The days that a calendar picks
depend only on the kind of the year, of which there are 14 (leap or not, and the weekday of 1 January), so a year is
one mask of 366 bits, bit 0 being 1 January.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from schedc.records import dataclass

ALL_SECONDS = ALL_MINUTES = (1 << 60) - 1
ALL_HOURS = (1 << 24) - 1
ALL_DAYS = (1 << 32) - 2
ALL_MONTHS = (1 << 13) - 2
ALL_WEEKDAYS = (1 << 7) - 1

_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def mask(values: Iterable[int]) -> int:
    """The bit mask of some numbers."""
    result = 0
    for value in values:
        result |= 1 << value
    return result


def bits(mask: int) -> Iterator[int]:
    """The numbers of a bit mask, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which seconds of which days match.

    A day matches by its day of month (`days`, bits 1-31; `last_day`; `nearest_weekdays`, bits 1-31: the weekday
    nearest to that day in the same month) and by its weekday (`weekdays`, bits 0-6 from Sunday; `nth_weekdays`, bit
    7·(n-1)+weekday for the n-th such weekday of the month; `last_weekdays`, bits 0-6). `either` asks for one of the
    two, else both must match. A field that nobody restricted is full, and then `either` is False. `years` is None
    where every year matches.
    """

    seconds: int = 1
    minutes: int = ALL_MINUTES
    hours: int = ALL_HOURS
    days: int = ALL_DAYS
    last_day: bool = False
    nearest_weekdays: int = 0
    months: int = ALL_MONTHS
    weekdays: int = ALL_WEEKDAYS
    nth_weekdays: int = 0
    last_weekdays: int = 0
    either: bool = False
    years: tuple[int, ...] | None = None

    def matches_year(self, year: int) -> bool:
        return self.years is None or year in self.years

    def matches_time(self, second_of_day: int) -> bool:
        return bool(
            self.hours >> (second_of_day // 3600) & 1
            and self.minutes >> (second_of_day // 60 % 60) & 1
            and self.seconds >> (second_of_day % 60) & 1
        )

    @property
    def full_days(self) -> bool:
        """Whether the day of month restricts nothing."""
        return self.days == ALL_DAYS

    @property
    def full_weekdays(self) -> bool:
        return self.weekdays == ALL_WEEKDAYS

    @property
    def every_hour(self) -> bool:
        """Whether it matches in every hour of the day."""
        return self.hours == ALL_HOURS

    @property
    def empty_time(self) -> bool:
        """Whether no second of any day matches."""
        return not (self.seconds and self.minutes and self.hours)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def year_kind(year: int) -> tuple[bool, int]:
    """Leap or not, and the weekday (0 is Sunday) of 1 January."""
    return is_leap(year), date(year, 1, 1).isoweekday() % 7


YEAR_KINDS = tuple((leap, weekday) for leap in (False, True) for weekday in range(7))


@lru_cache(maxsize=4096)
def days_of_kind(calendar: Calendar, leap: bool, first_weekday: int) -> int:
    """The matching days of a year of that kind, whatever its number, as a mask of 366 bits."""
    result = 0
    offset = 0
    for month in range(1, 13):
        length = 29 if month == 2 and leap else _LENGTHS[month]
        if calendar.months >> month & 1:
            first = (first_weekday + offset) % 7
            result |= _days_of_month(calendar, length, first) << offset
        offset += length
    return result


def days_of_year(calendar: Calendar, year: int) -> int:
    """The matching days of a year, as a mask of 366 bits; 0 where the year does not match."""
    if not calendar.matches_year(year):
        return 0
    return days_of_kind(calendar, *year_kind(year))


def _days_of_month(calendar: Calendar, length: int, first: int) -> int:
    """The matching days of a month whose first day is the weekday `first`; bit 0 is the first day."""
    whole = (1 << length) - 1
    by_day = calendar.days >> 1 & whole
    if calendar.last_day:
        by_day |= 1 << (length - 1)
    for day in bits(calendar.nearest_weekdays):
        if day <= length:
            by_day |= 1 << (_nearest_weekday(day, length, first) - 1)
    by_weekday = 0
    for weekday in range(7):
        start = (weekday - first) % 7
        if calendar.weekdays >> weekday & 1:
            for day in range(start, length, 7):
                by_weekday |= 1 << day
        if calendar.last_weekdays >> weekday & 1:
            by_weekday |= 1 << (start + (length - 1 - start) // 7 * 7)
    for bit in bits(calendar.nth_weekdays):
        day = (bit % 7 - first) % 7 + bit // 7 * 7
        if day < length:
            by_weekday |= 1 << day
    return by_day | by_weekday if calendar.either else by_day & by_weekday


def _nearest_weekday(day: int, length: int, first: int) -> int:
    """The Monday-to-Friday day of the month nearest to `day`, never in another month."""
    weekday = (first + day - 1) % 7
    if weekday == 6:
        return day - 1 if day > 1 else day + 2
    if weekday == 0:
        return day + 1 if day < length else day - 2
    return day


@lru_cache(maxsize=4096)
def times_of_day(calendar: Calendar) -> tuple[int, ...]:
    """The matching seconds of a matching day, ascending."""
    seconds = tuple(bits(calendar.seconds))
    minutes = [60 * m for m in bits(calendar.minutes)]
    return tuple(3600 * h + m + s for h in bits(calendar.hours) for m in minutes for s in seconds)


def same(left: Calendar, right: Calendar) -> bool:
    """Whether two calendars pick the same seconds of the same days of every year from 1970 to 2199."""
    if left == right:
        return True
    if left.years != right.years and set(left.years or _YEARS) != set(right.years or _YEARS):
        return False
    kinds = {year_kind(y) for y in left.years} if left.years is not None else YEAR_KINDS
    empty = (left.empty_time or not any(days_of_kind(left, *k) for k in kinds)) and (
        right.empty_time or not any(days_of_kind(right, *k) for k in kinds)
    )
    if empty:
        return True
    return (left.seconds, left.minutes, left.hours) == (right.seconds, right.minutes, right.hours) and all(
        days_of_kind(left, *k) == days_of_kind(right, *k) for k in kinds
    )


def never(calendar: Calendar) -> bool:
    """Whether no second of any year matches."""
    kinds = {year_kind(y) for y in calendar.years} if calendar.years is not None else YEAR_KINDS
    return calendar.empty_time or not any(days_of_kind(calendar, *k) for k in kinds)


_YEARS = range(1970, 2200)
