"""What is said of a change of the clock: an error with its instant, or a warning of what the target chooses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schedc.diagnostics import rules
from schedc.ir.occurrences import Irregular
from schedc.ir.stamps import short_stamp, short_wall
from schedc.ir.triggers import Cron
from schedc.ir.zones import Zone
from schedc.proof.clock import Clock
from schedc.proof.findings import Findings, Question
from schedc.proof.safe_hour import safe_hours
from schedc.proof.transitions import Edge
from schedc.records import dataclass

_DAY = 86_400
_SHOWN = 3
_CLOSED = "its engine is closed, so only what is the same under every documented reading can be proved"


@dataclass(frozen=True, slots=True)
class Change:
    """A change that the schedule leaves open, with what the engine does there, for the first of its kind."""

    edge: Edge
    in_gap: bool
    found: tuple[int, ...]
    matches: tuple[Irregular, ...]


def tell_difference_at(
    schedule: Question, clock: Clock, at: int, wrong: tuple[int, bool], title: str, sink: Findings
) -> None:
    instant, wanted = wrong
    where = clock.zone
    trigger = schedule.trigger
    assert isinstance(trigger, Cron)
    shown = short_stamp(instant, where)
    both = where.instants(where.wall(instant))
    if not wanted and len(both) > 1:
        twice = " and ".join(short_stamp(i, where) for i in both)
        message = f"{title} would also fire at {shown}; that wall time happens twice, at {twice}"
    elif wanted:
        message = f"{title} would not fire at {shown}, which the schedule does"
    else:
        message = f"{title} would fire at {shown}, which the schedule does not"
    declared = trigger.gap is not None or trigger.fold is not None
    near = abs(instant - at) <= 2 * _DAY
    rule = rules.CLOCK_CHANGE if declared and near else rules.FIRES_OTHERWISE
    name = "dst_fold" if trigger.fold is not None and (len(both) > 1 or trigger.gap is None) else "dst_gap"
    places = (name,) if declared and near else ("timezone", "cron_expression")
    sink.add(
        rule,
        message,
        *places,
        notes=(f"clocks in {where.name} change at {short_stamp(at, where)}",),
        help=_way_out(schedule, clock),
    )


def tell_possible_difference(
    schedule: Question, clock: Clock, at: int, wrong: tuple[int, bool], title: str, sink: Findings
) -> None:
    """Of a closed engine: an instant that one of the engines that it may be would lose or add."""
    instant, wanted = wrong
    shown = short_stamp(instant, clock.zone)
    does = (
        f"may not fire at {shown}, which the schedule does"
        if wanted
        else f"may fire at {shown}, which the schedule does not"
    )
    sink.add(
        rules.FIRES_OTHERWISE,
        f"{title} {does}",
        "timezone",
        "cron_expression",
        notes=(
            f"clocks in {clock.zone.name} change at {short_stamp(at, clock.zone)}",
            f"{_CLOSED}, and robfig/cron v3, which it may be, goes wrong there",
        ),
        help="use timezone: UTC, whose clock never changes",
    )


def _way_out(schedule: Question, clock: Clock) -> str:
    hours = safe_hours(schedule.trigger, schedule.start, clock)
    if hours:
        return f"move it to {hours}, which no clock change in {clock.zone.name} touches, or use timezone: UTC"
    return "use timezone: UTC, whose clock never changes"


def tell_closed(schedule: Question, clock: Clock, matches: Sequence[Irregular], title: str, sink: Findings) -> None:
    """Of a closed engine: an error where something was declared, else that it is unknown what it does."""
    trigger = schedule.trigger
    assert isinstance(trigger, Cron)
    if not matches:
        sink.add(
            rules.CLOCK_CHANGE,
            f"what {title} does with an hourly schedule when the clocks in {clock.zone.name} change is not documented",
            "timezone",
            notes=(_CLOSED,),
            help="use timezone: UTC",
        )
        return
    declared = [m for m in matches if (trigger.gap if m.in_gap else trigger.fold) is not None]
    if declared:
        first = declared[0]
        name = "dst_gap" if first.in_gap else "dst_fold"
        kind = "does not exist" if first.in_gap else "happens twice"
        sink.add(
            rules.CLOCK_CHANGE,
            f"what {title} does when a wall time {kind} is not documented, and {short_wall(first.wall)} {kind}",
            name,
            notes=(_CLOSED,),
            help=_way_out(schedule, clock),
        )
        return
    sink.add(
        rules.OPEN_CLOCK_CHANGE,
        f"it is unknown what {title} does at a clock change that this schedule hits: {_dates(matches)}",
        "cron_expression",
        help=_way_out(schedule, clock),
    )


def _dates(matches: Iterable[Irregular]) -> str:
    days: dict[int, str] = {}
    for m in matches:
        days.setdefault(m.wall // _DAY, f"{short_wall(m.wall)} ({'skipped by the clock' if m.in_gap else 'twice'})")
    return ", ".join(list(days.values())[:_SHOWN])


def warn_of_choices(schedule: Question, clock: Clock, left_open: Sequence[Change], title: str, sink: Findings) -> None:
    """What the target does at the first open gap and at the first open fold."""
    trigger = schedule.trigger
    assert isinstance(trigger, Cron)
    told = []
    for change in sorted((c for c in left_open if c.matches), key=lambda c: c.edge.at):
        first = change.matches[0]
        told.append(f"{short_wall(first.wall)} {_does(first, change.found, clock.zone)}")
    sink.add(
        rules.OPEN_CLOCK_CHANGE,
        f"{title} at clock changes, which the schedule leaves open: {'; '.join(told)}",
        "cron_expression",
        notes=(f"in {len(left_open)} clock changes of {clock.zone.name} within what was proved",),
        help=f"declare dst_gap and dst_fold, or {_way_out(schedule, clock)}",
    )


def _does(match: Irregular, found: tuple[int, ...], where: Zone) -> str:
    fired = [i for i in match.possible if i in found]
    if match.in_gap and fired:
        return f"does not exist, and runs at {short_stamp(fired[-1], where)}"
    if match.in_gap:
        return "does not exist, and no run starts"
    if len(fired) > 1:
        return f"happens twice, and runs both times ({' and '.join(short_stamp(i, where) for i in fired)})"
    which = "first" if fired and fired[0] == match.passes[0] else "second"
    return f"happens twice, and runs the {which} time" if fired else "happens twice, and no run starts"
