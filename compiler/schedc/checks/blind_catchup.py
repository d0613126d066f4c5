from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.workload import Container, ScheduledTime


def check_blind_catchup(schedule: Schedule, sink: Sink) -> None:
    """A run that catches up should know which instant it stands for, or all of them do the same work."""
    if schedule.catchup is not Catchup.ALL or not isinstance(schedule.run, Container):
        return
    if not any(isinstance(value, ScheduledTime) for value in schedule.run.env.values()):
        sink.add(
            rules.BLIND_CATCHUP,
            "every missed run is started, and none is told which time it stands for",
            schedule.place("catchup"),
            help="give the container the scheduled time, or use catchup: false",
        )
