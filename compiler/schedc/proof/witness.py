"""Finds an instant at which two clocks part, to show it."""

from __future__ import annotations

from itertools import islice

from schedc.diagnostics import rules
from schedc.engines.model import CronError
from schedc.ir.occurrences import occurrences
from schedc.ir.stamps import short_stamp
from schedc.ir.triggers import Cron
from schedc.ir.zones import zone
from schedc.proof.clock import Clock
from schedc.proof.findings import TRIGGER, Findings, Question

_STEPS = 3000


def tell_difference(schedule: Question, clock: Clock, begin: int, title: str, sink: Findings) -> None:
    """The first instant that only one of the two has, as an error."""
    message = f"{title} would fire at other times than the schedule"
    notes: tuple[str, ...] = ()
    parts = _first_difference(schedule, clock, begin)
    if parts is not None:
        instant, wanted = parts
        where = zone(schedule.timezone)
        shown = short_stamp(instant, where)
        message = f"{title} would not fire at {shown}" if wanted else f"{title} would fire at {shown}"
        notes = (f"the schedule {'fires' if wanted else 'does not fire'} then",)
    sink.add(rules.FIRES_OTHERWISE, message, TRIGGER, notes=notes)


def _first_difference(schedule: Question, clock: Clock, begin: int) -> tuple[int, bool] | None:
    expected = iter(islice(occurrences(schedule.trigger, begin, schedule.end), _STEPS))
    at = begin - 1
    for wanted in expected:
        found = _step(clock, at)
        if found != wanted:
            return (wanted, True) if found is None or found > wanted else (found, False)
        at = wanted
    return None


def _step(clock: Clock, at: int) -> int | None:
    if clock.next is None:
        each = [next(occurrences(Cron(c, clock.zone.name), at + 1), None) for c in clock.calendars]
        return min((i for i in each if i is not None), default=None)
    try:
        return clock.next(at)
    except CronError:
        return None
