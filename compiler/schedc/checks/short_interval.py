from __future__ import annotations

from schedc.diagnostics import instead, rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Interval

_MINUTE = 60


def check_short_interval(schedule: Schedule, sink: Sink) -> None:
    """A bare number below a minute is often meant as minutes; with its unit it is not asked about."""
    trigger = schedule.trigger
    node = schedule.node.get("interval_second")
    if (
        not isinstance(trigger, Interval)
        or trigger.seconds >= _MINUTE
        or node is None
        or not isinstance(node.value, int)
    ):
        return
    sink.add(
        rules.SHORT_INTERVAL,
        f"the interval is {trigger.seconds} seconds",
        node.span,
        help=f"write {trigger.seconds}m for minutes, or {trigger.seconds}s if seconds are meant",
        replacement=instead(node.span, str(node.value), f"{trigger.seconds}m"),
    )
