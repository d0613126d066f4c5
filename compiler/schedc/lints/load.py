"""How many runs start in each minute of each day, over a stretch of days.

Schedules that pick the same days in the same zone are one group, and days on which the same groups run by the same
offsets are added up once. Only days on which a clock changes, or a schedule begins or ends, are listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import add

from schedc.ir.calendar import Calendar, bits, days_of_year, is_leap
from schedc.ir.occurrences import occurrences
from schedc.ir.triggers import Cron, Interval, Trigger
from schedc.ir.zones import Zone, zone
from schedc.records import dataclass, replace

DAY = 86_400
_MINUTES = 1440
_DENSE = 200
_EPOCH = date(1970, 1, 1).toordinal()

Bounded = tuple[Trigger, int | None, int | None]
"""A trigger with its inclusive bounds."""

Part = tuple[int, int, int]
"""A group of schedules, the offset of its zone (seconds), and how many days later UTC has these of its times."""


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
    for bounded, number in Counter(triggers).items():
        groups.add(bounded, number)
    busiest = [0] * _MINUTES
    worst: dict[int, tuple[int, int]] = {}
    often: Counter[int] = Counter()
    for day, number, starts in groups.kinds_of_day():
        busiest = list(map(max, busiest, starts))
        for minute in [m for m, count in enumerate(starts) if count > most] if max(starts) > most else ():
            often[minute] += number
            worst[minute] = max(worst.get(minute, (0, 0)), (starts[minute], -day))
    over = (Crowd(minute, -day, starts, often[minute]) for minute, (starts, day) in worst.items())
    return Load(tuple(sorted(over, key=lambda one: (-one.starts, -one.days, one.minute))), tuple(busiest))


class _Groups:
    """Schedules that pick the same days in the same zone, with the minutes of all of them added up."""

    def __init__(self, span: range) -> None:
        self.span = span
        self.numbers: dict[object, int] = {}
        self.minutes: list[Counter[int]] = []
        self.parts: dict[int, list[Part]] = {day: [] for day in span}
        self.listed: dict[int, Counter[int]] = {}
        self.apart: dict[tuple[str, int, int], frozenset[int]] = {}

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

    def kinds_of_day(self) -> Iterator[tuple[int, int, list[int]]]:
        """The first of some days that are alike, how many those are, and the starts of their minutes."""
        alike: dict[tuple[Part, ...], list[int]] = {}
        for day in self.span:
            alike.setdefault(tuple(self.parts[day]), []).append(day)
        shifted: dict[Part, dict[int, int]] = {}
        for parts, days in alike.items():
            starts = self._sum(parts, shifted)
            plain = [day for day in days if day not in self.listed]
            if plain:
                yield plain[0], len(plain), starts
            for day in days:
                if day in self.listed:
                    own = list(starts)
                    for minute, count in self.listed[day].items():
                        own[minute] += count
                    yield day, 1, own

    def _sum(self, parts: Iterable[Part], shifted: dict[Part, dict[int, int]]) -> list[int]:
        starts = [0] * _MINUTES
        for part in parts:
            if part not in shifted:
                shifted[part] = self._shifted(*part)
            if len(shifted[part]) == _MINUTES:
                starts = list(map(add, starts, shifted[part].values()))
                continue
            for minute, count in shifted[part].items():
                starts[minute] += count
        return starts

    def _shifted(self, group: int, offset: int, later: int) -> dict[int, int]:
        """The minutes in UTC with their starts, of those that fall on that day there; all 1440 where there are many."""
        moved = ((minute - offset // 60, count) for minute, count in self.minutes[group].items())
        found = {minute % _MINUTES: count for minute, count in moved if minute // _MINUTES == later}
        return found if len(found) < _DENSE else {minute: found.get(minute, 0) for minute in range(_MINUTES)}

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
            self._open(key, ((day, 0, 0) for day in whole))
        minutes = self.minutes[self.numbers[key]]
        for second in range(trigger.start % trigger.seconds, DAY, trigger.seconds):
            minutes[second // 60] += number

    def _cron(self, trigger: Cron, low: int, high: int, number: int) -> None:
        where, calendar = zone(trigger.timezone), trigger.calendar
        apart = self._days_apart(where, low, high)
        for day in apart:
            self._list(trigger, max(low, day * DAY), min(high, day * DAY + DAY - 1), number)
        days = replace(calendar, seconds=1, minutes=1, hours=1)
        key = (days, where.name, low, high)
        if key not in self.numbers:
            span = range(low // DAY, high // DAY + 1)
            self._open(key, _parts(days, where, [day for day in span if day not in apart]))
        minutes = self.minutes[self.numbers[key]]
        count = calendar.seconds.bit_count() * number
        for hour in bits(calendar.hours):
            for minute in bits(calendar.minutes):
                minutes[60 * hour + minute] += count

    def _days_apart(self, where: Zone, low: int, high: int) -> frozenset[int]:
        """The days that are no whole days of one offset."""
        key = (where.name, low, high)
        if key not in self.apart:
            days = {instant // DAY for instant, whole in ((low, low), (high, high + 1)) if whole % DAY}
            for i in where.transitions(low - 2 * DAY, high + 2 * DAY):
                size = abs(where.offsets[i] - where.offsets[i - 1])
                days.update(range((where.starts[i] - size) // DAY, (where.starts[i] + size) // DAY + 1))
            self.apart[key] = frozenset(days.intersection(range(low // DAY, high // DAY + 1)))
        return self.apart[key]

    def _open(self, key: object, parts: Iterable[tuple[int, int, int]]) -> None:
        """A new group, put into its days."""
        number = self.numbers[key] = len(self.minutes)
        self.minutes.append(Counter())
        for day, offset, later in parts:
            self.parts[day].append((number, offset, later))


def _parts(calendar: Calendar, where: Zone, days: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Each day with the offset, for each neighbouring day of the wall that matches."""
    if not days:
        return
    matching = _matching(calendar, days[0] - 1, days[-1] + 1)
    for day in days:
        offset = where.offset_at(day * DAY)
        for later in (-1, 0, 1):
            if day - later in matching:
                yield day, offset, later


def _matching(calendar: Calendar, first: int, last: int) -> frozenset[int]:
    """The days of the wall that a calendar picks, counted from 1970."""
    found: list[int] = []
    on = date.fromordinal(first + _EPOCH)
    year, begin = on.year, first - on.timetuple().tm_yday + 1
    while begin <= last:
        found += (begin + day for day in bits(days_of_year(calendar, year)))
        begin += 366 if is_leap(year) else 365
        year += 1
    return frozenset(found)
