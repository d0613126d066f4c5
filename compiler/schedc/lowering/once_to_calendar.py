from __future__ import annotations

from datetime import UTC, datetime

from schedc.ir.calendar import Calendar
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron, Once
from schedc.records import replace


def once_to_calendar(schedule: Schedule) -> Schedule | None:
    """One instant as that second of that day of the year on a UTC clock, inside bounds that hold nothing else."""
    trigger = schedule.trigger
    if not isinstance(trigger, Once):
        return None
    early = schedule.start is not None and trigger.at < schedule.start
    if early or (schedule.end is not None and schedule.end < trigger.at):
        return None
    at = datetime.fromtimestamp(trigger.at, UTC)
    calendar = Calendar(
        seconds=1 << at.second, minutes=1 << at.minute, hours=1 << at.hour, days=1 << at.day, months=1 << at.month
    )
    return replace(schedule, trigger=Cron(calendar, "UTC"), start=trigger.at, end=trigger.at, max_runs=None)
