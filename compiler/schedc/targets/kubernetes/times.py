"""How far apart the instants of a calendar are: what deadlines and catch-up of the CronJob controller depend on."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise

from schedc.ir import occurrences, zones
from schedc.ir.calendar import ALL_WEEKDAYS, YEAR_KINDS, Calendar, bits, days_of_kind, times_of_day
from schedc.ir.triggers import Cron
from schedc.records import dataclass

_DAY = 86_400
_WEEK = 7 * _DAY
FIRST = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
LAST = int(datetime(2099, 12, 31, tzinfo=UTC).timestamp())
"""Changes of the clock between these are looked at."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """`smallest` is a lower bound of the seconds between two neighbours; `even` says that all are that far apart."""

    smallest: int
    even: bool


@lru_cache(maxsize=256)
def spacing(trigger: Cron) -> Spacing:
    """The distance of neighbouring instants in elapsed time, changes of the clock included."""
    wall = _on_the_wall(trigger.calendar)
    where = zones.zone(trigger.timezone)
    if where.fixed_offset(FIRST, LAST) is not None:
        return wall
    smallest, even = wall.smallest, wall.even
    for segment in where.transitions(FIRST, LAST):
        change = where.starts[segment]
        before = occurrences.last_before(trigger, change)
        after = occurrences.next_after(trigger, change - 1)
        if before is None or after is None:
            continue
        smallest = min(smallest, after - before)
        even = even and after - before == wall.smallest
    return Spacing(smallest, even)


def _on_the_wall(calendar: Calendar) -> Spacing:
    times = times_of_day(calendar)
    steps = [later - earlier for earlier, later in pairwise(times)]
    over_night = times[0] + _DAY - times[-1]
    if all(days_of_kind(calendar, leap, first) == (1 << (366 if leap else 365)) - 1 for leap, first in YEAR_KINDS):
        steps.append(over_night)
        return Spacing(min(steps), len(set(steps)) == 1)
    if len(times) == 1 and _is_weekly(calendar):
        return Spacing(_WEEK, True)
    distance = _closest_days(calendar)
    return Spacing(min([*steps, over_night + (distance - 1) * _DAY]), False)


def _is_weekly(calendar: Calendar) -> bool:
    """Whether it picks one weekday of every week and nothing else."""
    one = list(bits(calendar.weekdays))
    if len(one) != 1 or calendar.weekdays == ALL_WEEKDAYS:
        return False
    return all(days_of_kind(calendar, leap, first) == _every_weekday(one[0], leap, first) for leap, first in YEAR_KINDS)


def _every_weekday(weekday: int, leap: bool, first: int) -> int:
    days = 0
    for day in range((weekday - first) % 7, 366 if leap else 365, 7):
        days |= 1 << day
    return days


def _closest_days(calendar: Calendar) -> int:
    """The smallest number of days from one matching day to the next, the turns of years included."""
    closest = 366
    for leap, first in YEAR_KINDS:
        length = 366 if leap else 365
        days = list(bits(days_of_kind(calendar, leap, first)))
        closest = min([closest, *(later - earlier for earlier, later in pairwise(days))])
        for leap_follows in (False,) if leap else (False, True):
            following = days_of_kind(calendar, leap_follows, (first + length) % 7)
            if days and following:
                closest = min(closest, length - days[-1] + next(bits(following)))
    return closest
