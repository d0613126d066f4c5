"""Changes of the clock in a stretch of time, and those of them that touch a calendar. Everything here is remembered."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import lru_cache

from schedc.ir.calendar import Calendar, days_of_kinds, days_of_year, is_leap, kind_number, year_kind
from schedc.ir.occurrences import Irregular, irregular
from schedc.ir.walls import YEAR_STARTS, count_walls, has_time
from schedc.ir.zones import FIRST_YEAR, LAST_YEAR, zone
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
    return tuple([_edge(name, segment) for segment in zone(name).transitions(begin, end)])


@lru_cache(maxsize=1 << 16)
def _edge(name: str, segment: int) -> Edge:
    where = zone(name)
    at, before, after = where.starts[segment], where.offsets[segment - 1], where.offsets[segment]
    low, high = at + min(before, after), at + max(before, after) - 1
    year = bisect_right(YEAR_STARTS, low // _DAY) - 1
    if 0 <= year < len(YEAR_STARTS) - 1:
        return Edge(segment, at, high - low + 1, low, high, FIRST_YEAR + year, low // _DAY - YEAR_STARTS[year])
    day = date.fromordinal(low // _DAY + _EPOCH)
    return Edge(segment, at, high - low + 1, low, high, day.year, day.timetuple().tm_yday - 1)


@lru_cache(maxsize=256)
def _by_times(name: str, begin: int, end: int) -> tuple[tuple[int, int, tuple[Edge, ...]], ...]:
    """The changes within one day each, by the first and the last second of the day that they skip or repeat."""
    found: dict[tuple[int, int], list[Edge]] = {}
    for edge in edges(name, begin, end):
        if edge.one_day:
            found.setdefault((edge.low % _DAY, edge.high % _DAY), []).append(edge)
    return tuple([(first, last, tuple(alike)) for (first, last), alike in found.items()])


@lru_cache(maxsize=256)
def _over_midnight(name: str, begin: int, end: int) -> tuple[Edge, ...]:
    return tuple([edge for edge in edges(name, begin, end) if not edge.one_day])


@lru_cache(maxsize=1024)
def touched(calendar: Calendar, name: str, begin: int, end: int) -> tuple[Edge, ...]:
    """The changes at which a wall time matches that does not exist or exists twice."""
    found = [edge for edge in _over_midnight(name, begin, end) if count_walls(calendar, edge.low, edge.high)]
    for first, last, alike in _by_times(name, begin, end):
        if has_time(calendar, first, last):
            found += [
                edge for edge in alike if edge.year <= LAST_YEAR and days_of_year(calendar, edge.year) >> edge.day & 1
            ]
    return tuple(sorted(found, key=lambda edge: edge.at))


AROUND = 45
"""Days before and after a change of the clock that `days_around` tells of."""


def days_around(calendar: Calendar, edge: Edge) -> int:
    """The matching days from `AROUND` days before that of a change to as many after, the first one being bit 0."""
    kinds = days_of_kinds(calendar)
    before = 366 if is_leap(edge.year - 1) else 365
    line = kinds[kind_number(edge.year - 1)]
    line |= kinds[kind_number(edge.year)] << before
    line |= kinds[kind_number(edge.year + 1)] << before + (366 if is_leap(edge.year) else 365)
    return line >> before + edge.day - AROUND & (2 << 2 * AROUND) - 1


def matches_at(calendar: Calendar, name: str, edge: Edge, begin: int, end: int) -> tuple[Irregular, ...]:
    """The matches in the gap or the fold of one change that some choice fires at within the bounds."""
    around = 2 * _DAY
    return tuple(
        one
        for one in irregular(calendar, zone(name), max(begin, edge.at - around), min(end, edge.at + around))
        if one.transition == edge.at
    )
