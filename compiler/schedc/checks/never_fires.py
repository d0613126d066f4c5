from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir import calendar, occurrences
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron, Interval, Once


def check_never_fires(schedule: Schedule, sink: Sink) -> None:
    """A schedule needs an instant inside its bounds; found from the sets of its calendar, not by a limited search."""
    trigger = schedule.trigger
    if schedule.start is not None and schedule.end is not None and schedule.end < schedule.start:
        return
    if isinstance(trigger, Cron) and calendar.never(trigger.calendar):
        sink.add(
            rules.NEVER_FIRES,
            "no date of any year matches the cron expression",
            schedule.place("cron_expression"),
            help="choose a day that the month has",
        )
        return
    if next(iter(occurrences.occurrences(trigger, schedule.start, schedule.end)), None) is not None:
        return
    where = {Cron: "cron_expression", Interval: "interval_second", Once: "run_once_start_time"}[type(trigger)]
    bounds = " and ".join(
        name for name, bound in (("start_time", schedule.start), ("end_time", schedule.end)) if bound is not None
    )
    sink.add(
        rules.NEVER_FIRES,
        f"no instant lies inside {bounds}" if bounds else "there is no instant before the year 2200",
        schedule.place(where),
        help="widen the bounds" if bounds else None,
    )
