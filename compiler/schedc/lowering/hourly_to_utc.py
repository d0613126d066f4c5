from __future__ import annotations

from schedc.ir.calendar import ALL_MINUTES, YEAR_KINDS, Calendar, days_of_kind
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.ir.zones import zone
from schedc.proof_range import covered
from schedc.records import replace

_HOUR = 3600


def hourly_to_utc(schedule: Schedule) -> Schedule | None:
    """Minutes of every hour of every day, as minutes of a UTC clock.

    Every offset that the zone has meanwhile must move the minutes to the same ones: any whole hours, or half an hour
    for `*/30`. A change of the clock then neither adds nor loses one.
    """
    trigger = schedule.trigger
    if not isinstance(trigger, Cron) or not _is_hourly(trigger.calendar) or trigger.timezone == "UTC":
        return None
    where = zone(trigger.timezone)
    begin, end = covered(schedule.start, schedule.end)
    offsets = {o % _HOUR for o in where.offsets[where.segment_at(begin) : where.segment_at(end) + 1]}
    if any(offset % 60 for offset in offsets):
        return None
    minutes = {_turned(trigger.calendar.minutes, offset // 60) for offset in offsets}
    if len(minutes) != 1:
        return None
    return replace(schedule, trigger=Cron(replace(trigger.calendar, minutes=minutes.pop()), "UTC"))


def _is_hourly(calendar: Calendar) -> bool:
    if not calendar.every_hour or calendar.years is not None:
        return False
    return all(days_of_kind(calendar, leap, first) == (1 << (366 if leap else 365)) - 1 for leap, first in YEAR_KINDS)


def _turned(minutes: int, by: int) -> int:
    """The minutes that a clock shows which is `by` minutes behind."""
    return (minutes >> by | minutes << (60 - by)) & ALL_MINUTES
