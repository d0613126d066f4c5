from __future__ import annotations

from schedc.ir.calendar import bits, mask
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.records import replace


def nth_to_both(schedule: Schedule) -> Schedule | None:
    """The n-th weekday of the month as that weekday among the days 7·(n-1)+1 to 7·n."""
    trigger = schedule.trigger
    if not isinstance(trigger, Cron):
        return None
    calendar = trigger.calendar
    numbers = {bit // 7 for bit in bits(calendar.nth_weekdays)}
    alone = calendar.full_days and not (calendar.weekdays or calendar.last_weekdays or calendar.either)
    if len(numbers) != 1 or not alone:
        return None
    first = 7 * numbers.pop() + 1
    both = replace(
        calendar,
        days=mask(day for day in range(first, first + 7) if day <= 31),
        weekdays=mask(bit % 7 for bit in bits(calendar.nth_weekdays)),
        nth_weekdays=0,
    )
    return replace(schedule, trigger=replace(trigger, calendar=both))
