from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.workload import Container, Pipeline, ScheduledTime, Steps, Workload


def check_blind_catchup(schedule: Schedule, sink: Sink) -> None:
    """A run that catches up should know which instant it stands for, or all of them do the same work."""
    if schedule.catchup is not Catchup.ALL or not isinstance(schedule.run, Container | Pipeline | Steps):
        return
    if not _is_told(schedule.run):
        sink.add(
            rules.BLIND_CATCHUP,
            "every missed run is started, and none is told which time it stands for",
            schedule.place("catchup"),
            help="give the run its scheduled_time in env, args or a parameter, or use catchup: false",
        )


def _is_told(run: Workload) -> bool:
    """Whether something in a workload is the instant that a run stands for."""
    match run:
        case Container():
            words = (*(run.command or ()), *(run.args or ()), *run.env.values())
            return any(isinstance(word, ScheduledTime) for word in words)
        case Steps():
            return any(_is_told(step.container) for step in run.steps)
        case Pipeline():
            return any(isinstance(value, ScheduledTime) for value in run.parameters.values())
        case _:
            return False
