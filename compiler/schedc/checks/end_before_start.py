from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule


def check_end_before_start(schedule: Schedule, sink: Sink) -> None:
    """An end before the start leaves no instant at all."""
    if schedule.start is not None and schedule.end is not None and schedule.end < schedule.start:
        sink.add(
            rules.END_BEFORE_START,
            "end_time comes before start_time",
            schedule.place("end_time"),
            help="both bounds are inclusive: let the end be at or after the start",
        )
