from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Catchup, Schedule


def check_catchup_without_start(schedule: Schedule, sink: Sink) -> None:
    """All missed runs can be counted only from a start."""
    if schedule.catchup is Catchup.ALL and schedule.start is None:
        sink.add(
            rules.CATCHUP_WITHOUT_START,
            "catchup of all runs has no start_time to count from",
            schedule.place("catchup"),
            help="add start_time: the first instant that is to run",
        )
