"""Changes of the clock in a stretch of time, and those of them that touch a calendar. Everything here is remembered."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import lru_cache

from schedc.ir.calendar import Calendar, days_of_year, is_leap, times_of_day, year_kind
from schedc.ir.occurrences import Irregular, irregular, literal
from schedc.ir.zones import LAST_YEAR, zone
from schedc.records import dataclass

_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Edge:
    """A change of the clock, into a segment of the zone.

    `at` is its instant, `size` the seconds by which the clock moves. The wall times from `low` to `high` do not exist
    or exist twice; `low` lies in the year `year`, on its day number `day` (from 0).
    """

    segment: int
    at: int
    size: int
    low: int
    high: int
    year: int
    day: int

    @property
    def one_day(self) -> bool:
        return self.low // _DAY == self.high // _DAY

    @property
    def kind(self) -> tuple[int | bool, ...]:
        """What two changes have in common that do the same to every calendar without years, but for their year."""
        leap, first = year_kind(self.year)
        clock = (self.at - self.low, self.high - self.low, self.low % _DAY, self.day)
        return (*clock, leap, first, is_leap(self.year - 1), is_leap(self.year + 1))


@lru_cache(maxsize=256)
def edges(name: str, begin: int, end: int) -> tuple[Edge, ...]:
    """Every change of the clock in a zone, from one instant to another."""
    where = zone(name)
    found = []
    for i in where.transitions(begin, end):
        at, before, after = where.starts[i], where.offsets[i - 1], where.offsets[i]
        low, high = at + min(before, after), at + max(before, after) - 1
        day = date.fromordinal(low // _DAY + _EPOCH)
        found.append(Edge(i, at, high - low + 1, low, high, day.year, day.timetuple().tm_yday - 1))
    return tuple(found)


@lru_cache(maxsize=1024)
def touched(calendar: Calendar, name: str, begin: int, end: int) -> tuple[Edge, ...]:
    """The changes at which a wall time matches that does not exist or exists twice."""
    hit: dict[tuple[int, int], bool] = {}
    found = []
    for edge in edges(name, begin, end):
        if not edge.one_day:
            if next(literal(calendar, edge.low, edge.high), None) is not None:
                found.append(edge)
            continue
        stretch = (edge.low % _DAY, edge.high % _DAY)
        if stretch not in hit:
            times = times_of_day(calendar)
            hit[stretch] = bisect_left(times, stretch[0]) < bisect_right(times, stretch[1])
        if hit[stretch] and edge.year <= LAST_YEAR and days_of_year(calendar, edge.year) >> edge.day & 1:
            found.append(edge)
    return tuple(found)


def matches_at(calendar: Calendar, name: str, edge: Edge, begin: int, end: int) -> tuple[Irregular, ...]:
    """The matches in the gap or the fold of one change that some choice fires at within the bounds."""
    around = 2 * _DAY
    return tuple(
        one
        for one in irregular(calendar, zone(name), max(begin, edge.at - around), min(end, edge.at + around))
        if one.transition == edge.at
    )
