from __future__ import annotations

from schedc.ir.calendar import ALL_MONTHS, ALL_WEEKDAYS, Calendar, times_of_day
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.ir.zones import zone
from schedc.lowering.interval_to_calendar import product
from schedc.proof_range import covered
from schedc.records import replace

_DAY = 86_400


def fixed_offset_to_utc(schedule: Schedule) -> Schedule | None:
    """A calendar on a clock that never changes again, as a calendar on the UTC clock.

    A time that lies on another day there takes its weekday along; a day of the month it cannot take along.
    """
    trigger = schedule.trigger
    if not isinstance(trigger, Cron):
        return None
    offset = zone(trigger.timezone).fixed_offset(*covered(schedule.start, schedule.end))
    if offset is None or trigger.calendar.years is not None or trigger.timezone == "UTC":
        return None
    moved = _moved(trigger.calendar, -offset)
    return replace(schedule, trigger=Cron(moved, "UTC")) if moved else None


def _moved(calendar: Calendar, by: int) -> Calendar | None:
    times = [t + by for t in times_of_day(calendar)]
    if not times:
        return None
    days = {t // _DAY for t in times}
    clock = product(sorted(t % _DAY for t in times))
    if clock is None:
        return None
    at = replace(calendar, seconds=clock.seconds, minutes=clock.minutes, hours=clock.hours)
    by_date = not calendar.full_days or calendar.last_day or bool(calendar.nearest_weekdays)
    by_weekday = calendar.weekdays != ALL_WEEKDAYS or bool(calendar.nth_weekdays or calendar.last_weekdays)
    unrestricted = not by_date and not by_weekday and calendar.months == ALL_MONTHS
    if days == {0} or unrestricted:
        return at
    plain_weekdays = not (by_date or calendar.nth_weekdays or calendar.last_weekdays)
    if len(days) != 1 or not plain_weekdays or calendar.months != ALL_MONTHS:
        return None
    shift = days.pop() % 7
    weekdays = (calendar.weekdays << shift | calendar.weekdays >> (7 - shift)) & ALL_WEEKDAYS
    return replace(at, weekdays=weekdays)
