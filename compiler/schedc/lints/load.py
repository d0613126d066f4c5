"""How many runs start in each minute of each day, over a stretch of days.

Schedules that pick the same days in the same zone are one group, and all minutes of a day are one number: a lane of 64
bits for each minute. So the starts of a day are a sum over its groups, each moved by its zone's offset, and few are
listed: those of a day on which a schedule begins or ends, or on which a clock changes and a policy is declared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from struct import Struct

from schedc.ir.calendar import Calendar, bits, days_of_year
from schedc.ir.occurrences import occurrences
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Trigger, plain
from schedc.ir.walls import YEAR_STARTS
from schedc.ir.zones import FIRST_YEAR, LAST_YEAR, Zone, zone
from schedc.records import dataclass

DAY = 86_400
_MINUTES = 1440
_LANE = 64
_HOUR = 60 * _LANE
_READ = Struct(f"<{_MINUTES}Q")

Bounded = tuple[Trigger, int | None, int | None]
"""A trigger with its inclusive bounds."""

Part = tuple[int, int, int, int]
"""A group of schedules, how many minutes its clock is ahead of the day, and the first and the end of those minutes of
the day in UTC for which that holds."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """A minute of the day (UTC) with too many starts: the day of the most, how many those are, and on how many days."""

    minute: int
    day: int
    starts: int
    days: int


@dataclass(frozen=True, slots=True)
class Load:
    """The minutes with more starts than allowed, worst first, and the most starts of each minute of the day."""

    over: tuple[Crowd, ...]
    busiest: tuple[int, ...]


def load(triggers: Sequence[Bounded], first: int, days: int, most: int) -> Load:
    """The load of so many days from the day number `first` (since 1970, UTC), where more than `most` are too many."""
    groups = _Groups(range(first, first + days))
    for bounded, number in _equal(triggers):
        groups.add(bounded, number)
    busiest, often, worst = [0] * _MINUTES, [0] * _MINUTES, [first] * _MINUTES
    for day, number, starts in groups.kinds_of_day():
        for minute, count in enumerate(starts):
            if count > most:
                often[minute] += number
            if count > busiest[minute] or (count == busiest[minute] and day < worst[minute]):
                busiest[minute], worst[minute] = count, day
    over = (Crowd(m, worst[m], busiest[m], often[m]) for m in range(_MINUTES) if often[m])
    return Load(tuple(sorted(over, key=lambda one: (-one.starts, -one.days, one.minute))), tuple(busiest))


def _equal(triggers: Sequence[Bounded]) -> Iterator[tuple[Bounded, int]]:
    """Each distinct one, and how often it is there."""
    found: dict[tuple[object, ...], list[int]] = {}
    for place, (trigger, start, end) in enumerate(triggers):
        seen = found.setdefault((plain(trigger), start, end), [place, 0])
        seen[1] += 1
    return ((triggers[place], number) for place, number in found.values())


class _Groups:
    """Schedules that pick the same days in the same zone, with the minutes of all of them added up."""

    def __init__(self, span: range) -> None:
        self.span = span
        self.numbers: dict[object, int] = {}
        self.hours: list[list[int]] = []
        """For each group the starts of the 60 minutes of each hour of its clock, in lanes."""
        self.parts: dict[int, list[Part]] = {day: [] for day in span}
        self.listed: dict[int, Counter[int]] = {}
        self.stretches: dict[tuple[str, int, int], dict[int, list[tuple[int, int, int]]]] = {}

    def add(self, bounded: Bounded, number: int) -> None:
        trigger, start, end = bounded
        low, high = self.span[0] * DAY, self.span[-1] * DAY + DAY - 1
        low, high = low if start is None else max(low, start), high if end is None else min(high, end)
        if low > high:
            return
        if isinstance(trigger, Cron):
            self._cron(trigger, low, high, number)
        elif isinstance(trigger, Interval) and DAY % trigger.seconds == 0:
            self._even(trigger, max(low, trigger.start), high, number)
        else:
            self._list(trigger, low, high, number)

    def kinds_of_day(self) -> Iterator[tuple[int, int, Sequence[int]]]:
        """The first of some days that are alike, how many those are, and the starts of their minutes."""
        alike: dict[tuple[Part, ...], list[int]] = {}
        for day in self.span:
            alike.setdefault(tuple(self.parts[day]), []).append(day)
        whole = [sum(minutes << _HOUR * hour for hour, minutes in enumerate(hours)) for hours in self.hours]
        moved: dict[Part, int] = {}
        for parts, days in alike.items():
            total = 0
            for part in parts:
                if part not in moved:
                    moved[part] = _moved(whole[part[0]], *part[1:])
                total += moved[part]
            starts = _READ.unpack(total.to_bytes(_READ.size, "little"))
            plain_days = [day for day in days if day not in self.listed]
            if plain_days:
                yield plain_days[0], len(plain_days), starts
            for day in days:
                if day in self.listed:
                    own = list(starts)
                    for minute, count in self.listed[day].items():
                        own[minute] += count
                    yield day, 1, own

    def _list(self, trigger: Trigger, low: int, high: int, number: int) -> None:
        for instant in occurrences(trigger, low, high):
            self.listed.setdefault(instant // DAY, Counter())[instant % DAY // 60] += number

    def _even(self, trigger: Interval, low: int, high: int, number: int) -> None:
        """An interval that divides a day: whole days are alike, the first and the last one are listed."""
        whole = range(-(-low // DAY), (high + 1) // DAY)
        if not whole:
            self._list(trigger, low, high, number)
            return
        self._list(trigger, low, whole[0] * DAY - 1, number)
        self._list(trigger, whole[-1] * DAY + DAY, high, number)
        key = (whole[0], whole[-1])
        if key not in self.numbers:
            group = self._open(key)
            for day in whole:
                self.parts[day].append((group, 0, 0, _MINUTES))
        hours = self.hours[self.numbers[key]]
        for second in range(trigger.start % trigger.seconds, DAY, trigger.seconds):
            hours[second // 3600] += number << second // 60 % 60 * _LANE

    def _cron(self, trigger: Cron, low: int, high: int, number: int) -> None:
        where, calendar = zone(trigger.timezone), trigger.calendar
        literal = calendar.every_hour or (trigger.gap in (None, Gap.SKIP) and trigger.fold in (None, Fold.BOTH))
        stretches = self._stretches(where, low, high)
        for day in [day for day, pieces in stretches.items() if not (pieces and literal)]:
            self._list(trigger, max(low, day * DAY), min(high, day * DAY + DAY - 1), number)
        key = (_DAYS(calendar), where.name, literal, low, high)
        if key not in self.numbers:
            group = self._open(key)
            for day, ahead, first, end in self._parts(calendar, where, literal, low, high):
                self.parts[day].append((group, ahead, first, end))
        hours = self.hours[self.numbers[key]]
        minutes = _lanes(calendar.minutes) * (calendar.seconds.bit_count() * number)
        for hour in bits(calendar.hours):
            hours[hour] += minutes

    def _stretches(self, where: Zone, low: int, high: int) -> dict[int, list[tuple[int, int, int]]]:
        """The days with a bound or near a change of the clock, in stretches: minutes ahead, first minute, end.

        A day has none where it is not whole, or where a change or an offset is no whole number of minutes.
        """
        key = (where.name, low, high)
        if key not in self.stretches:
            days = {bound // DAY for bound, edge in ((low, low), (high, high + 1)) if edge % DAY}
            found: dict[int, list[tuple[int, int, int]]] = {day: [] for day in days}
            for i in where.transitions(low - 2 * DAY, high + 2 * DAY):
                size = abs(where.offsets[i] - where.offsets[i - 1])
                for day in range((where.starts[i] - size) // DAY, (where.starts[i] + size) // DAY + 1):
                    if day not in found and low // DAY <= day <= high // DAY:
                        found[day] = _pieces(where, day)
            self.stretches[key] = found
        return self.stretches[key]

    def _parts(
        self, calendar: Calendar, where: Zone, literal: bool, low: int, high: int
    ) -> Iterator[tuple[int, int, int, int]]:
        """For each day the stretches of it for which a neighbouring day of the wall matches."""
        stretches = self._stretches(where, low, high)
        first, last = low // DAY, high // DAY
        matching = _matching(calendar, first - 1, last + 1)
        for day in range(first, last + 1):
            pieces = stretches.get(day)
            if pieces is None:
                pieces = [(where.offset_at(day * DAY) // 60, 0, _MINUTES)]
            elif not literal:
                continue
            around = matching >> day - first
            for ahead, begin, end in pieces if around & 7 else ():
                for before in (0, 1, 2):
                    if around >> before & 1:
                        yield day, ahead + _MINUTES * (1 - before), begin, end

    def _open(self, key: object) -> int:
        """A new group."""
        self.numbers[key] = len(self.hours)
        self.hours.append([0] * 24)
        return len(self.hours) - 1


_DAYS = attrgetter(
    "days", "last_day", "nearest_weekdays", "months", "weekdays", "nth_weekdays", "last_weekdays", "either", "years"
)


@lru_cache(maxsize=4096)
def _lanes(minutes: int) -> int:
    return sum(1 << minute * _LANE for minute in bits(minutes))


@lru_cache(maxsize=4096)
def _between(first: int, end: int) -> int:
    """The lanes of some minutes, all bits set."""
    return (1 << end * _LANE) - (1 << first * _LANE)


def _moved(whole: int, ahead: int, first: int, end: int) -> int:
    """The starts of a day in UTC, of those that a clock shows so many minutes later."""
    lanes = whole >> ahead * _LANE if ahead >= 0 else whole << -ahead * _LANE
    return lanes & _between(first, end)


def _pieces(where: Zone, day: int) -> list[tuple[int, int, int]]:
    """The stretches of a day of one offset each."""
    begin = day * DAY
    cuts = [begin, *(where.starts[i] for i in where.transitions(begin + 1, begin + DAY - 1)), begin + DAY]
    if any(cut % 60 or where.offset_at(cut) % 60 for cut in cuts[:-1]):
        return []
    return [(where.offset_at(cut) // 60, (cut - begin) // 60, (after - begin) // 60) for cut, after in pairwise(cuts)]


def _matching(calendar: Calendar, first: int, last: int) -> int:
    """The days of the wall that a calendar picks, the first one being bit 0."""
    found = 0
    for year, begin in zip(range(FIRST_YEAR, LAST_YEAR + 1), YEAR_STARTS, strict=False):
        if first - 366 <= begin <= last:
            days = days_of_year(calendar, year)
            found |= days << begin - first if begin >= first else days >> first - begin
    return found
