from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.stamps import short_wall
from schedc.ir.triggers import Cron
from schedc.ir.zones import zone
from schedc.lints.lint import Lint, Settings
from schedc.proof.clock import Clock
from schedc.proof.safe_hour import safe_hours
from schedc.proof.transitions import Edge, matches_at, touched
from schedc.proof_range import covered


def clock_change_hour(schedule: Schedule, settings: Settings, sink: Sink) -> None:
    """No wall time is one that the zone skips or repeats, unless the schedule says what it means then.

    A calendar of every hour is read literally, and has no such time.
    """
    trigger = schedule.trigger
    if not isinstance(trigger, Cron) or trigger.calendar.every_hour:
        return
    begin, end = covered(schedule.start, schedule.end)
    if schedule.applied_after is not None:
        begin = min(max(begin, schedule.applied_after), end)
    open_kinds = [(True, "does not exist", trigger.gap), (False, "happens twice", trigger.fold)]
    where = zone(trigger.timezone)
    told = []
    for in_gap, what, declared in open_kinds:
        if declared is None and (wall := _next(trigger, begin, end, in_gap)) is not None:
            told.append((wall, f"{short_wall(wall)} {what}"))
    if not told:
        return
    hour = safe_hours(
        trigger, schedule.start, Clock(title=where.name, zone=where, calendars=(trigger.calendar,), next=None)
    )
    move = f"move it to {hour}, which no change of the clock touches" if hour else "use timezone: UTC"
    fields = " and ".join(name for name in ("dst_gap", "dst_fold") if schedule.node.get(name) is None)
    sink.add(
        rules.CLOCK_CHANGE_HOUR,
        f"it fires at a time that clocks in {where.name} skip or repeat: {', '.join(text for _, text in sorted(told))}",
        schedule.place("cron_expression"),
        help=f"{move}, or declare {fields}",
    )


def _next(trigger: Cron, begin: int, end: int, in_gap: bool) -> int | None:
    """The first wall time in a gap, or in a fold."""
    where = zone(trigger.timezone)
    for edge in touched(trigger.calendar, trigger.timezone, begin, end):
        if _is_gap(where.offsets, edge) is in_gap:
            matches = matches_at(trigger.calendar, trigger.timezone, edge, begin, end)
            if matches:
                return matches[0].wall
    return None


def _is_gap(offsets: tuple[int, ...], edge: Edge) -> bool:
    return offsets[edge.segment] > offsets[edge.segment - 1]


LINT = Lint(of_schedule=clock_change_hour)
