"""The wall seconds that a calendar picks, as a clock without a zone shows them: the first, the last, counted, listed.

Searches and counts work on the masks of a calendar and list nothing. A wall second is counted from 1970-01-01 00:00;
the search covers the years 1970 to 2199.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from schedc.ir.calendar import Calendar, bits, days_of_kinds, kind_number, times_of_day
from schedc.ir.zones import FIRST_YEAR, LAST_YEAR

_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
_KINDS = tuple(kind_number(year) for year in _YEARS)
YEAR_STARTS = tuple(date(year, 1, 1).toordinal() - _EPOCH for year in range(FIRST_YEAR, LAST_YEAR + 2))
"""The day, counted from 1970, on which each year begins; one more than there are years."""

LAST_WALL = YEAR_STARTS[-1] * _DAY - 1
_BLOCK = 2048


def first_wall(calendar: Calendar, start: int) -> int | None:
    """The first match at or after a wall second."""
    day, second = divmod(max(start, 0), _DAY)
    index = bisect_right(YEAR_STARTS, day) - 1
    if index >= len(_KINDS):
        return None
    masks, years = days_of_kinds(calendar), calendar.years
    days = masks[_KINDS[index]] >> (day - YEAR_STARTS[index])
    if years is not None and FIRST_YEAR + index not in years:
        days = 0
    if days & 1:
        time = _first_time(calendar, second)
        if time is not None:
            return day * _DAY + time
        days ^= 1
    while not days:
        index += 1
        if index >= len(_KINDS):
            return None
        if years is None or FIRST_YEAR + index in years:
            days = masks[_KINDS[index]]
        day = YEAR_STARTS[index]
    time = _first_time(calendar, 0)
    return None if time is None else (day + (days & -days).bit_length() - 1) * _DAY + time


def last_wall(calendar: Calendar, end: int) -> int | None:
    """The last match at or before a wall second."""
    day, second = divmod(min(end, LAST_WALL), _DAY)
    if day < 0:
        return None
    index = bisect_right(YEAR_STARTS, day) - 1
    masks, years = days_of_kinds(calendar), calendar.years
    number = day - YEAR_STARTS[index]
    days = masks[_KINDS[index]] & (2 << number) - 1
    if years is not None and FIRST_YEAR + index not in years:
        days = 0
    if days >> number:
        time = _last_time(calendar, second)
        if time is not None:
            return day * _DAY + time
        days ^= 1 << number
    while not days:
        index -= 1
        if index < 0:
            return None
        if years is None or FIRST_YEAR + index in years:
            days = masks[_KINDS[index]]
    time = _last_time(calendar, _DAY - 1)
    return None if time is None else (YEAR_STARTS[index] + days.bit_length() - 1) * _DAY + time


def count_walls(calendar: Calendar, start: int, end: int) -> int:
    """How many wall seconds from `start` to `end` match; days are counted, not walked through."""
    start, end = max(start, 0), min(end, LAST_WALL)
    if start > end:
        return 0
    masks, years = days_of_kinds(calendar), calendar.years
    first_day, last_day = start // _DAY, end // _DAY
    index = bisect_right(YEAR_STARTS, first_day) - 1
    total = days = 0
    while index < len(_KINDS) and (begin := YEAR_STARTS[index]) <= last_day:
        if years is None or FIRST_YEAR + index in years:
            picked = masks[_KINDS[index]]
            if last_day < YEAR_STARTS[index + 1]:
                picked &= (2 << last_day - begin) - 1
                if picked >> last_day - begin:
                    total -= _times_after(calendar, end % _DAY)
            if first_day >= begin:
                picked >>= first_day - begin
                if picked & 1:
                    total -= _times_before(calendar, start % _DAY)
            days += picked.bit_count()
        index += 1
    if not days:
        return 0
    return total + days * calendar.hours.bit_count() * calendar.minutes.bit_count() * calendar.seconds.bit_count()


def walls(calendar: Calendar, start: int, end: int, offset: int = 0) -> Iterator[list[int]]:
    """The matches from `start` to `end`, each less an offset: ascending, in lists of bounded length."""
    start, end = max(start, 0), min(end, LAST_WALL)
    if start > end:
        return
    times, masks, years = times_of_day(calendar), days_of_kinds(calendar), calendar.years
    if not times:
        return
    step = max(1, _BLOCK // len(times))
    index = bisect_right(YEAR_STARTS, start // _DAY) - 1
    while index < len(_KINDS) and (base := YEAR_STARTS[index] * _DAY) <= end:
        index += 1
        if years is not None and _YEARS[index - 1] not in years:
            continue
        days = _days(masks[_KINDS[index - 1]])
        low = bisect_left(days, start - base - times[-1]) if base < start else 0
        high = bisect_right(days, end - base - times[0]) if YEAR_STARTS[index] * _DAY > end else len(days)
        last = None
        if low < high and base + days[high - 1] + times[-1] > end:
            high -= 1
            last = days[high]
        if low <= high and low < len(days) and base + days[low] + times[0] < start and (low < high or last is not None):
            first = base + days[low]
            until = bisect_right(times, end - first) if last == days[low] else len(times)
            yield [first - offset + time for time in times[bisect_left(times, start - first) : until]]
            if last == days[low]:
                return
            low += 1
        shifted = [base - offset + time for time in times]
        for at in range(low, high, step):
            yield [day + time for day in days[at : min(at + step, high)] for time in shifted]
        if last is not None:
            yield [last + time for time in shifted[: bisect_right(times, end - base - last)]]
            return


@lru_cache(maxsize=1024)
def _days(mask: int) -> tuple[int, ...]:
    """The days of a year's mask, in seconds from its beginning."""
    return tuple([_DAY * day for day in bits(mask)])


def _first_time(calendar: Calendar, second: int) -> int | None:
    """The first matching second of the day at or after another."""
    hour, rest = divmod(second, 3600)
    hours, minutes, seconds = calendar.hours >> hour, calendar.minutes, calendar.seconds
    if hours & 1:
        minute, rest = divmod(rest, 60)
        left = minutes >> minute
        if left & 1:
            later = seconds >> rest
            if later:
                return second + (later & -later).bit_length() - 1
            left ^= 1
        if left and seconds:
            minute += (left & -left).bit_length() - 1
            return 3600 * hour + 60 * minute + (seconds & -seconds).bit_length() - 1
        hours ^= 1
    if not (hours and minutes and seconds):
        return None
    hour += (hours & -hours).bit_length() - 1
    return 3600 * hour + 60 * ((minutes & -minutes).bit_length() - 1) + (seconds & -seconds).bit_length() - 1


def _last_time(calendar: Calendar, second: int) -> int | None:
    """The last matching second of the day at or before another."""
    hour, rest = divmod(second, 3600)
    hours, minutes, seconds = calendar.hours & (2 << hour) - 1, calendar.minutes, calendar.seconds
    if hours >> hour:
        minute, rest = divmod(rest, 60)
        left = minutes & (2 << minute) - 1
        if left >> minute:
            earlier = seconds & (2 << rest) - 1
            if earlier:
                return second - rest + earlier.bit_length() - 1
            left ^= 1 << minute
        if left and seconds:
            return 3600 * hour + 60 * (left.bit_length() - 1) + seconds.bit_length() - 1
        hours ^= 1 << hour
    if not (hours and minutes and seconds):
        return None
    return 3600 * (hours.bit_length() - 1) + 60 * (minutes.bit_length() - 1) + seconds.bit_length() - 1


def _times_before(calendar: Calendar, second: int) -> int:
    """How many matching seconds of a day lie before another."""
    hour, rest = divmod(second, 3600)
    minute, rest = divmod(rest, 60)
    hours, minutes, seconds = calendar.hours, calendar.minutes, calendar.seconds
    of_minute = seconds.bit_count()
    found = (hours & (1 << hour) - 1).bit_count() * minutes.bit_count() * of_minute
    if hours >> hour & 1:
        found += (minutes & (1 << minute) - 1).bit_count() * of_minute
        if minutes >> minute & 1:
            found += (seconds & (1 << rest) - 1).bit_count()
    return found


def _times_after(calendar: Calendar, second: int) -> int:
    hours, minutes, seconds = calendar.hours, calendar.minutes, calendar.seconds
    whole = hours.bit_count() * minutes.bit_count() * seconds.bit_count()
    return whole - _times_before(calendar, second + 1)


def has_time(calendar: Calendar, first: int, last: int) -> bool:
    """Whether a matching second of the day lies between two of them, both inclusive."""
    time = _first_time(calendar, first)
    return time is not None and time <= last
