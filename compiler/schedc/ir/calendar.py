"""A calendar: the wall-clock seconds that a cron expression picks, as sets and in no engine's dialect.

Sets of small numbers are bit masks: bit `i` is set where the value `i` is picked. The days that a calendar picks
depend only on the kind of the year, of which there are 14 (leap or not, and the weekday of 1 January), so a year is
one mask of 366 bits, bit 0 being 1 January.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter

from schedc.records import dataclass

ALL_SECONDS = ALL_MINUTES = (1 << 60) - 1
ALL_HOURS = (1 << 24) - 1
ALL_DAYS = (1 << 32) - 2
ALL_MONTHS = (1 << 13) - 2
ALL_WEEKDAYS = (1 << 7) - 1

_MONTH_STARTS = tuple(
    (0, *accumulate((31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), initial=0)) for leap in (0, 1)
)
"""The day of the year (from 0) on which each month begins, by its number, in common and in leap years."""


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


def kind_number(year: int) -> int:
    """The place of a year's kind in `YEAR_KINDS`."""
    before = year - 1
    weekday = (1 + before + before // 4 - before // 100 + before // 400) % 7
    return 7 + weekday if is_leap(year) else weekday


def days_of_kind(calendar: Calendar, leap: bool, first_weekday: int) -> int:
    """The matching days of a year of that kind, whatever its number, as a mask of 366 bits."""
    return days_of_kinds(calendar)[7 * leap + first_weekday]


def days_of_year(calendar: Calendar, year: int) -> int:
    """The matching days of a year, as a mask of 366 bits; 0 where the year does not match."""
    if not calendar.matches_year(year):
        return 0
    return days_of_kinds(calendar)[kind_number(year)]


def days_of_kinds(calendar: Calendar) -> tuple[int, ...]:
    """The matching days of a year of each of `YEAR_KINDS`, whatever its number, as masks of 366 bits."""
    return _days_of_kinds(*_DAY_RULE(calendar))


_DAY_RULE = attrgetter(
    "days", "last_day", "nearest_weekdays", "months", "weekdays", "nth_weekdays", "last_weekdays", "either"
)
_WEEKS = sum(1 << 7 * week for week in range(53))


@lru_cache(maxsize=4096)
def _days_of_kinds(
    days: int, last_day: bool, nearest: int, months: int, weekdays: int, nth: int, last: int, either: bool
) -> tuple[int, ...]:
    found = []
    for leap in (False, True):
        starts = _MONTH_STARTS[leap]
        by_day = allowed = 0
        for month in bits(months):
            begin, length = starts[month], starts[month + 1] - starts[month]
            whole = (1 << length) - 1
            allowed |= whole << begin
            by_day |= (days >> 1 & whole | (1 << length - 1 if last_day else 0)) << begin
        for first in range(7):
            by_weekday = ((weekdays | weekdays << 7) >> first & ALL_WEEKDAYS) * _WEEKS
            counted_days = by_day
            for month in bits(months) if nearest or nth or last else ():
                begin, length = starts[month], starts[month + 1] - starts[month]
                weekday = (first + begin) % 7
                counted_days |= _nearest_days(nearest, length, weekday) << begin
                by_weekday |= _counted_weekdays(nth, last, length, weekday) << begin
            found.append((counted_days | by_weekday if either else counted_days & by_weekday) & allowed)
    return tuple(found)


def _nearest_days(nearest: int, length: int, first: int) -> int:
    """The weekdays nearest to some days of a month whose first day is the weekday `first`; bit 0 is the first day."""
    return mask(_nearest_weekday(day, length, first) - 1 for day in bits(nearest) if day <= length)


def _counted_weekdays(nth: int, last: int, length: int, first: int) -> int:
    """The n-th and the last weekdays of such a month."""
    found = mask(day for bit in bits(nth) if (day := (bit % 7 - first) % 7 + bit // 7 * 7) < length)
    for weekday in bits(last):
        start = (weekday - first) % 7
        found |= 1 << (start + (length - 1 - start) // 7 * 7)
    return found


def _nearest_weekday(day: int, length: int, first: int) -> int:
    """The Monday-to-Friday day of the month nearest to `day`, never in another month."""
    weekday = (first + day - 1) % 7
    if weekday == 6:
        return day - 1 if day > 1 else day + 2
    if weekday == 0:
        return day + 1 if day < length else day - 2
    return day


def times_of_day(calendar: Calendar) -> tuple[int, ...]:
    """The matching seconds of a matching day, ascending."""
    hours, minutes, seconds = calendar.hours, calendar.minutes, calendar.seconds
    many = hours.bit_count() * minutes.bit_count() * seconds.bit_count() > _MINUTES_OF_DAY
    return (_many_times if many else _times)(hours, minutes, seconds)


def _listed_times(hours: int, minutes: int, seconds: int) -> tuple[int, ...]:
    of_hour = [60 * minute + second for minute in bits(minutes) for second in bits(seconds)]
    return tuple([3600 * hour + time for hour in bits(hours) for time in of_hour])


_MINUTES_OF_DAY = 1440
_times = lru_cache(maxsize=1024)(_listed_times)
_many_times = lru_cache(maxsize=4)(_listed_times)
"""Up to 86,400 times each, 3 MB."""


def same(left: Calendar, right: Calendar) -> bool:
    """Whether two calendars pick the same seconds of the same days of every year from 1970 to 2199."""
    if left == right:
        return True
    if left.years != right.years and set(left.years or _YEARS) != set(right.years or _YEARS):
        return False
    these, those = _matching_kinds(left), _matching_kinds(right)
    if not any(these) and not any(those):
        return True
    return (left.seconds, left.minutes, left.hours) == (right.seconds, right.minutes, right.hours) and these == those


def never(calendar: Calendar) -> bool:
    """Whether no second of any year matches."""
    return not any(_matching_kinds(calendar))


def _matching_kinds(calendar: Calendar) -> list[int]:
    """The matching days of each kind of year that its years have; none where no second of a day matches."""
    if calendar.empty_time:
        return []
    every = days_of_kinds(calendar)
    if calendar.years is None:
        return list(every)
    return [every[number] for number in sorted({kind_number(year) for year in calendar.years})]


_YEARS = range(1970, 2200)
