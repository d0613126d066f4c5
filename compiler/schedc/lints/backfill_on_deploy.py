from __future__ import annotations

from collections.abc import Sequence

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.occurrences import count
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.stamps import short_stamp
from schedc.ir.triggers import Once
from schedc.ir.zones import zone
from schedc.lints.lint import Compiled, Lint, Settings
from schedc.proof_range import PROOF_START
from schedc.targets import target


def backfill_on_deploy(compiled: Sequence[Compiled], settings: Settings, sink: Sink) -> None:
    """What a deployment runs of the past. No day of today is known: it is not before `applied_after`, nor the release.

    The finding takes the place of a target's caveat about the same start.
    """
    told = set()
    for one in compiled:
        schedule = one.schedule
        if one.backfills_from is None or (missed := missed_runs(schedule, one.backfills_from)) == 0:
            continue
        inner = sink.within(schedule.name, one.target)
        place = schedule.place("start_time")
        told.add((schedule.name, one.target, place))
        where = zone(schedule.timezone)
        first, last = short_stamp(one.backfills_from, where), short_stamp(applied(schedule), where)
        why = "a compile knows no today" if schedule.applied_after is None else "applied_after promises no more"
        inner.add(
            rules.BACKFILL_ON_DEPLOY,
            f"{target(one.target).title} makes up for at least {missed:,} missed run{'s' if missed > 1 else ''}",
            place,
            notes=[*filter(None, [one.at_deploy]), f"counted from {first} to {last}, since {why}"],
            help=_help(schedule),
        )
    if told:
        sink.withdraw(lambda d: d.rule is rules.TARGET_CAVEAT and (d.schedule, d.target, d.span) in told)


def missed_runs(schedule: Schedule, since: int) -> int:
    """How many instants from `since` on have passed when the schedule is applied, at the earliest."""
    last = applied(schedule) - 1
    if schedule.end is not None:
        last = min(last, schedule.end)
    found = count(schedule.trigger, since, last) if since <= last else 0
    return found if schedule.max_runs is None else min(found, schedule.max_runs)


def applied(schedule: Schedule) -> int:
    """The earliest instant at which the schedule may be applied."""
    return PROOF_START if schedule.applied_after is None else schedule.applied_after


def _help(schedule: Schedule) -> str:
    if isinstance(schedule.trigger, Once):
        return "move run_once_start_time forward"
    if schedule.catchup is Catchup.ALL:
        return "move start_time forward, or write catchup: false if the past is not to be made up for"
    return "move start_time forward, or promise with applied_after that it is applied later"


LINT = Lint(of_compiled=backfill_on_deploy)
