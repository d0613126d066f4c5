from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Overlap, Schedule


def check_conflicting_policies(schedule: Schedule, sink: Sink) -> None:
    """Two fields that cannot both be honoured by anything."""
    if schedule.max_active_runs is not None and schedule.overlap is Overlap.ALLOW:
        sink.add(
            rules.CONFLICTING_FIELDS,
            "max_active_runs limits what overlap: allow leaves unlimited",
            schedule.place("max_active_runs"),
            help="keep one of the two",
        )
    if schedule.max_active_runs not in (None, 1) and schedule.overlap is Overlap.REPLACE:
        sink.add(
            rules.CONFLICTING_FIELDS,
            "overlap: replace leaves one active run, and max_active_runs asks for more",
            schedule.place("max_active_runs"),
            help="remove max_active_runs",
        )
    if (
        schedule.timeout is not None
        and schedule.attempt_timeout is not None
        and schedule.attempt_timeout > schedule.timeout
    ):
        sink.add(
            rules.CONFLICTING_FIELDS,
            "attempt_timeout_second is longer than timeout_second, which bounds all tries together",
            schedule.place("attempt_timeout_second"),
            help="let one try be no longer than the run",
        )
