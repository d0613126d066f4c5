from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.stamps import short_stamp
from schedc.ir.zones import zone
from schedc.lints.closest import closest
from schedc.lints.lint import Lint, Settings
from schedc.lints.spell import duration
from schedc.proof_range import covered
from schedc.shapes import Field, Integer


def too_often(schedule: Schedule, settings: Settings, sink: Sink) -> None:
    """No two neighbouring instants are closer than the setting; clock changes may bring them closer."""
    least = settings["second"]
    pair = closest(schedule.trigger, *covered(schedule.start, schedule.end), least)
    if pair is None:
        return
    where = zone(schedule.timezone)
    first, second = (short_stamp(instant, where) for instant in pair)
    sink.add(
        rules.TOO_OFTEN,
        f"two runs are only {duration(pair[1] - pair[0])} apart: {first} and {second}",
        schedule.trigger_place,
        notes=(f"lints.too-often warns of less than {duration(least)}",),
        help=f"leave {duration(least)} or more between two runs",
    )


LINT = Lint(
    options=(Field("second", Integer(2, 43_200), "the smallest distance of two runs, in seconds", default=300),),
    of_schedule=too_often,
)
