from __future__ import annotations

from schedc.ir.occurrences import descending, occurrences
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.records import replace


def years_to_bounds(schedule: Schedule) -> Schedule | None:
    """A run of years as the bounds at its first and its last instant."""
    trigger = schedule.trigger
    if not isinstance(trigger, Cron) or trigger.calendar.years is None:
        return None
    years = sorted(trigger.calendar.years)
    if years != list(range(years[0], years[-1] + 1)):
        return None
    first = next(occurrences(trigger, schedule.start, schedule.end), None)
    last = next(descending(trigger, schedule.start, schedule.end), None)
    if first is None or last is None:
        return None
    every_year = replace(trigger, calendar=replace(trigger.calendar, years=None))
    return replace(schedule, trigger=every_year, start=first, end=last)
