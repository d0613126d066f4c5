from __future__ import annotations

from schedc.ir.calendar import Calendar, mask, times_of_day
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron, Interval
from schedc.records import replace

_DAY = 86_400
_WEEK = 7 * _DAY


def interval_to_calendar(schedule: Schedule) -> Schedule | None:
    """An interval whose times of day are hours x minutes x seconds of a UTC clock, each day or once a week.

    30 minutes from 12:10 are `10,40 * * * *`; 90 minutes are no such product, and 36 hours are other times each day.
    """
    trigger = schedule.trigger
    if not isinstance(trigger, Interval):
        return None
    if trigger.seconds == _WEEK:
        weekday = (trigger.start // _DAY + 4) % 7
        calendar = replace(product([trigger.start % _DAY]) or Calendar(), weekdays=1 << weekday)
    elif _DAY % trigger.seconds == 0:
        found = product(range(trigger.start % trigger.seconds, _DAY, trigger.seconds))
        if found is None:
            return None
        calendar = found
    else:
        return None
    return replace(schedule, trigger=Cron(calendar, "UTC"), start=trigger.start)


def product(times: range | list[int]) -> Calendar | None:
    """The calendar with exactly these seconds of each day, where they are hours x minutes x seconds."""
    calendar = Calendar(
        seconds=mask({t % 60 for t in times}),
        minutes=mask({t // 60 % 60 for t in times}),
        hours=mask({t // 3600 for t in times}),
    )
    count = calendar.seconds.bit_count() * calendar.minutes.bit_count() * calendar.hours.bit_count()
    if count != len(times):
        return None
    return calendar if times_of_day(calendar) == tuple(sorted(times)) else None
