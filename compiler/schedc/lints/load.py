"""How many runs start in each minute of each day, over a stretch of days.

Days are counted by what they have in common: on most days the same groups of schedules run by the same offsets, and
such days are added up once. Only days on which a clock changes, or a schedule begins or ends, are listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from schedc.ir.calendar import Calendar, bits, days_of_year
from schedc.ir.occurrences import occurrences
from schedc.ir.triggers import Cron, Interval, Trigger
from schedc.ir.zones import zone
from schedc.records import dataclass, replace

DAY = 86_400
_MINUTES = 1440
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
    span = range(first, first + days)
    groups = _Groups(span)
    for bounded, number in Counter(triggers).items():
        groups.add(bounded, number)
    busiest = [0] * _MINUTES
    crowds: dict[int, Crowd] = {}
    for day, starts in groups.by_day():
        busiest = list(map(max, busiest, starts)) if max(starts) else busiest
        for minute, count in enumerate(starts) if max(starts) > most else ():
            if count > most:
                known = crowds.get(minute, Crowd(minute, day, 0, 0))
                worst = Crowd(minute, day, count, 0) if count > known.starts else known
                crowds[minute] = replace(worst, days=known.days + 1)
    over = sorted(crowds.values(), key=lambda crowd: (-crowd.starts, -crowd.days, crowd.minute))
    return Load(tuple(over), tuple(busiest))


class _Groups:
    """Schedules that pick the same days in the same zone, with the minutes of all of them added up."""

    def __init__(self, span: range) -> None:
        self.span = span
        self.numbers: dict[object, int] = {}
        self.minutes: list[Counter[int]] = []
        self.parts: dict[int, list[Part]] = {day: [] for day in span}
        self.listed: dict[int, Counter[int]] = {}

    def add(self, bounded: Bounded, number: int) -> None:
        trigger, start, end = bounded
        low, high = self.span[0] * DAY, self.span[-1] * DAY + DAY - 1
        low, high = low if start is None else max(low, start), high if end is None else min(high, end)
        if low > high:
            return
        if isinstance(trigger, Cron):
            self._cron(trigger, low, high, number)
        elif isinstance(trigger, Interval) and DAY % trigger.seconds == 0 and trigger.seconds % 60 == 0:
            self._even(trigger, max(low, trigger.start), high, number)
        else:
            self._list(trigger, low, high, number)

    def by_day(self) -> Iterator[tuple[int, list[int]]]:
        """Each day with the starts of its minutes."""
        known: dict[tuple[Part, ...], list[int]] = {}
        for day in self.span:
            parts = tuple(self.parts[day])
            if parts not in known:
                known[parts] = self._sum(parts)
            starts = known[parts]
            if day in self.listed:
                starts = list(starts)
                for minute, count in self.listed[day].items():
                    starts[minute] += count
            yield day, starts

    def _sum(self, parts: Iterable[Part]) -> list[int]:
        starts = [0] * _MINUTES
        for group, offset, later in parts:
            for minute, count in self.minutes[group].items():
                at = minute - offset // 60
                if at // _MINUTES == later:
                    starts[at % _MINUTES] += count
        return starts

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
        group = self._group((whole[0], whole[-1]), lambda: [(day, 0, 0) for day in whole])
        for second in range(trigger.start % trigger.seconds, DAY, trigger.seconds):
            self.minutes[group][second // 60] += number

    def _cron(self, trigger: Cron, low: int, high: int, number: int) -> None:
        where, calendar = zone(trigger.timezone), trigger.calendar
        apart = {low // DAY, high // DAY} if low % DAY or (high + 1) % DAY else set()
        for i in where.transitions(low - 2 * DAY, high + 2 * DAY):
            size = abs(where.offsets[i] - where.offsets[i - 1])
            apart.update(range((where.starts[i] - size) // DAY, (where.starts[i] + size) // DAY + 1))
        span = range(low // DAY, high // DAY + 1)
        for day in apart.intersection(span):
            self._list(trigger, max(low, day * DAY), min(high, day * DAY + DAY - 1), number)

        def parts() -> Iterator[tuple[int, int, int]]:
            for day in span:
                if day not in apart:
                    offset = where.offset_at(day * DAY)
                    yield from ((day, offset, later) for later in (-1, 0, 1) if _matches(calendar, day - later))

        days_only = replace(calendar, seconds=1, minutes=1, hours=1)
        group = self._group((days_only, trigger.timezone, span[0], span[-1], low % DAY, high % DAY), parts)
        count = calendar.seconds.bit_count() * number
        for hour in bits(calendar.hours):
            for minute in bits(calendar.minutes):
                self.minutes[group][60 * hour + minute] += count

    def _group(self, key: object, parts: Callable[[], Iterable[tuple[int, int, int]]]) -> int:
        """The number of a group; a new one is put into its days."""
        if key not in self.numbers:
            number = self.numbers[key] = len(self.minutes)
            self.minutes.append(Counter())
            for day, offset, later in parts():
                self.parts[day].append((number, offset, later))
        return self.numbers[key]


def _matches(calendar: Calendar, day: int) -> bool:
    """Whether a calendar picks a day of the wall, counted from 1970."""
    on = date.fromordinal(day + _EPOCH)
    return bool(days_of_year(calendar, on.year) >> on.timetuple().tm_yday - 1 & 1)
