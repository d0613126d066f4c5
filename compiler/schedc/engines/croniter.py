"""croniter as Airflow asks it: from a naive wall time to the next or the previous one that matches.

Both day fields restricted means either. croniter then searches once for each, and if one of the two searches fails
(within 50 years) most releases give up although the other found a day. A `#`, `L5` or `W` stays in force in both
searches, so beside it the plain field of the pair only decides whether a search fails.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from functools import lru_cache
from operator import attrgetter

from schedc.engines.croniter_days import STEPPING, settle
from schedc.engines.croniter_dialect import DAY, HOUR, MINUTE, MONTH, SECOND, WEEKDAY, YEAR, Expansion, Item, expand
from schedc.engines.model import CronError
from schedc.ir.calendar import (
    ALL_DAYS,
    ALL_HOURS,
    ALL_MINUTES,
    ALL_MONTHS,
    ALL_SECONDS,
    ALL_WEEKDAYS,
    Calendar,
    bits,
    days_of_kinds,
    is_leap,
    kind_number,
    mask,
    times_of_day,
)
from schedc.records import dataclass, field

__all__ = ["Reading", "Search", "alike", "next_wall", "previous_wall", "read"]

YEARS_AHEAD = 50
_DAY = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_LAST_YEAR = 9999
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Search:
    """One search for a day: those of `common` years or of `leap` years, each the union of its calendars.

    `literal` holds the days of the month where the search visits them one by one and may step over a match.
    """

    common: tuple[Calendar, ...]
    leap: tuple[Calendar, ...]
    literal: tuple[Item, ...] | None = None
    family: str = "7"
    _masks: dict[int, int] = field(default_factory=dict, compare=False, repr=False)

    def days(self, year: int) -> int:
        """The matching days of a year, as a mask of 366 bits."""
        years = self.common[0].years
        if years is not None and year not in years:
            return 0
        kind = kind_number(year)
        found = self._masks.get(kind)
        if found is None:
            found = 0
            for calendar in self.leap if is_leap(year) else self.common:
                found |= days_of_kinds(calendar)[kind]
            self._masks[kind] = found
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one family of croniter made of an expression.

    `calendar` is what fires, exactly where `exact` is set and else something wider: croniter takes `31W` in a shorter
    month as its last day's nearest weekday, which no calendar says. `every_hour` is whether the expanded hour field is
    `*` and nothing else, `any_day` and `any_weekday` whether those fields hold a `*`. `tick` is 60 (seconds), or 1 for
    six or seven fields. Of the `searches` the nearer answer counts; with `all_searches` each of them must have one.
    """

    family: str
    calendar: Calendar
    exact: bool
    every_hour: bool
    any_day: bool
    any_weekday: bool
    tick: int
    forward: tuple[Search, ...] = field(repr=False)
    backward: tuple[Search, ...] = field(repr=False)
    all_searches: bool
    times: tuple[int, ...] = field(repr=False)


@lru_cache(maxsize=4096)
def read(text: str, family: str = "7") -> Reading:
    """Read an expression as a family of croniter does (one of `FAMILIES`). Raises `CronError` with its reason."""
    expansion = expand(text, family)
    fields = expansion.fields
    any_day, any_weekday = "*" in fields[DAY], "*" in fields[WEEKDAY]
    special = bool(expansion.nth) or expansion.nearest is not None
    calendar, exact, forward, backward = _searches(expansion, family if _steps(expansion, family) else "7")
    return Reading(
        family=family,
        calendar=calendar,
        exact=exact,
        every_hour=fields[HOUR] == {"*"},
        any_day=any_day,
        any_weekday=any_weekday,
        tick=60 if len(fields) == 5 else 1,
        forward=forward,
        backward=backward,
        all_searches=special or family != "7",
        times=times_of_day(calendar),
    )


_Searches = tuple[Search, ...]


@lru_cache(maxsize=1024)
def _searches(expansion: Expansion, family: str) -> tuple[Calendar, bool, _Searches, _Searches]:
    """What fires and whether that is exact, and the searches forward and backward."""
    split = "*" not in expansion.fields[DAY] and "*" not in expansion.fields[WEEKDAY]
    forward = tuple([_search(expansion, family, day, weekday, 7) for day, weekday in _pairs(split)])
    backward = forward
    if 7 in expansion.fields[WEEKDAY]:
        backward = tuple([_search(expansion, family, day, weekday, 0) for day, weekday in _pairs(split)])
    if not split and expansion.nearest is None:
        return forward[0].common[0], True, forward, backward
    return *_calendar(expansion, split), forward, backward


def _steps(expansion: Expansion, family: str) -> bool:
    """Whether a search visits the days of the month one by one and may step over a match."""
    days = expansion.fields[DAY]
    return family in STEPPING and "*" not in days and any(isinstance(day, int) and day > 28 for day in days)


def alike(one: Reading, other: Reading) -> bool:
    """Whether two families that make this of a text find the same instants, if both find any."""
    if one.family != other.family and any(s.literal is not None for s in (*one.forward, *other.forward)):
        return False
    return _FINDS(one) == _FINDS(other)


_FINDS = attrgetter("calendar", "exact", "every_hour", "tick", "forward", "backward")


def next_wall(reading: Reading, wall: int) -> int:
    """The first match after a wall time. Raises `CronError` where croniter gives up."""
    tick = reading.tick
    first = wall - wall % tick + tick
    best = None
    for search in reading.forward:
        found = _later(search, reading.times, first)
        if found is None and reading.all_searches:
            best = None
            break
        if best is None or (found is not None and found < best):
            best = found
    if best is None:
        raise CronError("failed to find next date")
    return best


def previous_wall(reading: Reading, wall: int) -> int:
    """The last match before a wall time. Raises `CronError` where croniter gives up."""
    tick = reading.tick
    last = (wall - 1) - (wall - 1) % tick
    best = None
    for search in reading.backward:
        found = _earlier(search, reading.times, last)
        if found is None and reading.all_searches:
            best = None
            break
        if best is None or (found is not None and found > best):
            best = found
    if best is None:
        raise CronError("failed to find prev date")
    return best


def _later(search: Search, times: tuple[int, ...], first: int) -> int | None:
    number, second = divmod(first, _DAY)
    ordinal = number + _EPOCH_ORDINAL
    year = date.fromordinal(ordinal).year
    limit = min(year + YEARS_AHEAD, _LAST_YEAR)
    if search.literal is not None:
        return _walk_later(search, times, ordinal, second, limit)
    begin = date(year, 1, 1).toordinal()
    days = search.days(year) >> (ordinal - begin)
    if days & 1:
        at = bisect_left(times, second)
        if at < len(times):
            return number * _DAY + times[at]
        days ^= 1
    begin = ordinal
    while not days:
        year += 1
        if year > limit:
            return None
        begin = date(year, 1, 1).toordinal()
        days = search.days(year)
    return (begin + (days & -days).bit_length() - 1 - _EPOCH_ORDINAL) * _DAY + times[0]


def _earlier(search: Search, times: tuple[int, ...], last: int) -> int | None:
    number, second = divmod(last, _DAY)
    ordinal = number + _EPOCH_ORDINAL
    year = date.fromordinal(ordinal).year
    limit = max(year - YEARS_AHEAD, 1)
    if search.literal is not None:
        return _walk_earlier(search, times, ordinal, second, limit)
    begin = date(year, 1, 1).toordinal()
    day_bit = 1 << (ordinal - begin)
    days = search.days(year) & (day_bit * 2 - 1)
    if days & day_bit:
        at = bisect_left(times, second + 1)
        if at:
            return number * _DAY + times[at - 1]
        days ^= day_bit
    while not days:
        year -= 1
        if year < limit:
            return None
        begin = date(year, 1, 1).toordinal()
        days = search.days(year)
    return (begin + days.bit_length() - 1 - _EPOCH_ORDINAL) * _DAY + times[-1]


def _walk_later(search: Search, times: tuple[int, ...], ordinal: int, second: int, limit: int) -> int | None:
    assert search.literal is not None
    found = settle(search.common[0], search.literal, search.family, ordinal, 1, limit)
    if found == ordinal:
        at = bisect_left(times, second)
        if at < len(times):
            return (ordinal - _EPOCH_ORDINAL) * _DAY + times[at]
        found = settle(search.common[0], search.literal, search.family, ordinal + 1, 1, limit)
    return None if found is None else (found - _EPOCH_ORDINAL) * _DAY + times[0]


def _walk_earlier(search: Search, times: tuple[int, ...], ordinal: int, second: int, limit: int) -> int | None:
    assert search.literal is not None
    found = settle(search.common[0], search.literal, search.family, ordinal, -1, limit)
    if found == ordinal:
        at = bisect_left(times, second + 1)
        if at:
            return (ordinal - _EPOCH_ORDINAL) * _DAY + times[at - 1]
        found = settle(search.common[0], search.literal, search.family, ordinal - 1, -1, limit)
    return None if found is None else (found - _EPOCH_ORDINAL) * _DAY + times[-1]


def _pairs(split: bool) -> tuple[tuple[bool, bool], ...]:
    """Which of the two day fields each search looks at."""
    return ((True, False), (False, True)) if split else ((True, True),)


def _search(expansion: Expansion, family: str, use_day: bool, use_weekday: bool, seven: int) -> Search:
    calendar = _side(expansion, use_day, use_weekday, seven)
    days = expansion.fields[DAY]
    if expansion.nearest is not None:
        return Search(_nearest(calendar, expansion.nearest, 28), _nearest(calendar, expansion.nearest, 29))
    if use_day and _steps(expansion, family):
        numbers = sorted(day for day in days if isinstance(day, int))
        literal: tuple[Item, ...] = (*numbers, *(["l"] if "l" in days else []))
        return Search((calendar,), (calendar,), literal, family)
    return Search((calendar,), (calendar,))


def _nearest(calendar: Calendar, day: int, february: int) -> tuple[Calendar, ...]:
    """A `W` in months that are long enough and in those that are not, where it is that of the last day."""
    lengths = (_LENGTHS[0], february, *_LENGTHS[2:])
    groups: dict[int, int] = {}
    for month in bits(calendar.months):
        bit = 1 << min(day, lengths[month - 1])
        groups[bit] = groups.get(bit, 0) | 1 << month
    return tuple(_with(calendar, months=months, nearest_weekdays=bit) for bit, months in groups.items())


def _calendar(expansion: Expansion, split: bool) -> tuple[Calendar, bool]:
    """What fires where a `W` or both day fields say so, and whether that is exact."""
    nearest = expansion.nearest
    if nearest is not None:
        base = _side(expansion, not split, not split, 7)
        shortest = [_nearest(base, nearest, february) for february in (28, 29)]
        if shortest[0] == shortest[1] and len(shortest[0]) == 1:
            return shortest[0][0], True
        wider = mask(range(min(nearest, 28), nearest + 1))
        return _with(base, nearest_weekdays=wider), False
    if split and expansion.nth:
        return _side(expansion, False, True, 7), True
    return _with(_side(expansion, True, True, 7), either=True), True


def _side(expansion: Expansion, use_day: bool, use_weekday: bool, seven: int) -> Calendar:
    """The calendar of one search, without its `W`; `seven` is what the weekday 7 counts as."""
    fields = expansion.fields
    days, weekdays = fields[DAY], fields[WEEKDAY]
    day_mask, last_day = ALL_DAYS, False
    if expansion.nearest is not None:
        day_mask = 0
    elif use_day and "*" not in days:
        day_mask, last_day = _numbers(days, ALL_DAYS), "l" in days
    weekday_mask = ALL_WEEKDAYS
    if expansion.nth:
        weekday_mask = 0
    elif use_weekday and "*" not in weekdays:
        weekday_mask = mask(seven if day == 7 else day for day in weekdays if isinstance(day, int)) & ALL_WEEKDAYS
    years = fields[YEAR] if len(fields) > YEAR else frozenset("*")
    return Calendar(
        seconds=_numbers(fields[SECOND], ALL_SECONDS) if len(fields) > SECOND else 1,
        minutes=_numbers(fields[MINUTE], ALL_MINUTES),
        hours=_numbers(fields[HOUR], ALL_HOURS),
        days=day_mask,
        last_day=last_day,
        months=_numbers(fields[MONTH], ALL_MONTHS),
        weekdays=weekday_mask,
        nth_weekdays=mask(7 * (number - 1) + day % 7 for day, number in expansion.nth if number),
        last_weekdays=mask(day % 7 for day, number in expansion.nth if not number),
        years=None if "*" in years else tuple(sorted(year for year in years if isinstance(year, int))),
    )


def _numbers(items: frozenset[Item], everything: int) -> int:
    return everything if "*" in items else mask(item for item in items if isinstance(item, int))


def _with(
    calendar: Calendar, months: int | None = None, nearest_weekdays: int | None = None, either: bool = False
) -> Calendar:
    return Calendar(
        seconds=calendar.seconds,
        minutes=calendar.minutes,
        hours=calendar.hours,
        days=calendar.days,
        last_day=calendar.last_day,
        nearest_weekdays=calendar.nearest_weekdays if nearest_weekdays is None else nearest_weekdays,
        months=calendar.months if months is None else months,
        weekdays=calendar.weekdays,
        nth_weekdays=calendar.nth_weekdays,
        last_weekdays=calendar.last_weekdays,
        either=either,
        years=calendar.years,
    )
