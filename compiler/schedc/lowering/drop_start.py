from __future__ import annotations

from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.triggers import Interval
from schedc.records import replace


def drop_start(schedule: Schedule) -> Schedule | None:
    """A start that is past before anything is applied bounds nothing, unless the runs since then are to catch up."""
    if schedule.start is None or schedule.applied_after is None or isinstance(schedule.trigger, Interval):
        return None
    if schedule.catchup is Catchup.ALL or schedule.start >= schedule.applied_after:
        return None
    return replace(schedule, start=None)
