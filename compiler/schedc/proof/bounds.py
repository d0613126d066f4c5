"""The first and the last instant, the number of runs, and how far an engine looks ahead."""

from __future__ import annotations

from datetime import date
from itertools import islice

from schedc.diagnostics import Severity, rules
from schedc.engines.model import CronError
from schedc.ir.calendar import Calendar, days_of_kinds, days_of_year
from schedc.ir.occurrences import irregular, last_before, next_after, occurrences
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.stamps import short_stamp, stamp
from schedc.ir.triggers import Cron, Interval, Once, Trigger
from schedc.ir.zones import LAST_YEAR, zone
from schedc.proof.clock import Clock
from schedc.proof.courses import difference
from schedc.proof.findings import Findings, Question
from schedc.proof.transitions import touched
from schedc.proof_range import PROOF_START
from schedc.target import Told

_MOST_RUNS = 100_000
_FAR = 1 << 40
_CYCLE = 400
"""Years after which the calendar comes back."""


def prove_start(schedule: Question, told: Told, clock: Clock, title: str, sink: Findings) -> int | None:
    """The engine begins where the schedule does. Gives the engine's first instant, where the schedule has a start."""
    start = first_of(schedule)
    place = "run_once_start_time" if isinstance(schedule.trigger, Once) else "start_time"
    if told.start is None:
        if start is not None and not _is_promised(schedule, start):
            sink.add(rules.BOUNDS_DIFFER, f"{title} is not told of the start at {stamp(start)}", place)
        return None
    if start is None:
        if not (told.engine.startswith("airflow") and told.start <= PROOF_START):
            sink.add(rules.BOUNDS_DIFFER, f"{title} would not fire before {stamp(told.start)}", place)
        return None
    expected = next_after(schedule.trigger, start - 1)
    if expected is None:
        return None
    found = _first(told, clock)
    if found != expected and not _is_choice(schedule, start, found):
        shown = short_stamp(expected, zone(schedule.timezone))
        message = f"{title} would not fire first at {shown}"
        if found is not None:
            message += f" but at {short_stamp(found, zone(schedule.timezone))}"
        sink.add(rules.BOUNDS_DIFFER, message, place)
    return found


def first_of(schedule: Question) -> int | None:
    """Where a schedule begins: its start, its one instant, or the first of its years."""
    trigger = schedule.trigger
    if isinstance(trigger, Once):
        return trigger.at
    if isinstance(trigger, Cron) and trigger.calendar.years is not None and schedule.start is None:
        return next(occurrences(trigger), None)
    return schedule.start


def _is_promised(schedule: Question, start: int) -> bool:
    after = schedule.applied_after
    return after is not None and start < after and schedule.catchup is not Catchup.ALL


def _is_choice(schedule: Question, start: int, found: int | None) -> bool:
    """Whether the engine's first instant follows from a choice that the schedule leaves to the target."""
    trigger = schedule.trigger
    if found is None or found < start or not isinstance(trigger, Cron):
        return False
    matches = tuple(irregular(trigger.calendar, zone(trigger.timezone), start, found))
    return difference(trigger, occurrences(trigger, start, found), (found,), matches, start) is None


def _first(told: Told, clock: Clock) -> int | None:
    """The first instant that the engine's own start bound leaves."""
    assert told.start is not None
    if clock.first is not None:
        try:
            return clock.first(told.start)
        except CronError:
            return None
    # A closed engine: whether its start is inclusive must not matter.
    first = _next_literal(clock, told.start - 1)
    return None if first == told.start else first


def _next_literal(clock: Clock, after: int) -> int | None:
    found = [next_after(Cron(c, clock.zone.name), after) for c in clock.calendars]
    return min((i for i in found if i is not None), default=None)


def prove_end(schedule: Question, told: Told, clock: Clock, title: str, sink: Findings) -> None:
    """The engine fires last when the schedule does."""
    trigger = schedule.trigger
    wanted = last_of(schedule, told)
    place = "end_time"
    if told.end is None:
        if wanted is not None and not (isinstance(trigger, Once) and told.max_runs == 1):
            sink.add(rules.BOUNDS_DIFFER, f"{title} is not told of the end at {stamp(wanted)}", place)
        return
    if wanted is None:
        sink.add(rules.BOUNDS_DIFFER, f"{title} would stop at {stamp(told.end)}", place)
        return
    low, high = min(wanted, told.end), max(wanted, told.end)
    extra = _between(trigger, clock, low, high)
    if clock.closed and extra is None and _next_literal(clock, told.end - 1) == told.end:
        extra = told.end  # whether the end is inclusive must not matter
    if extra is not None:
        shown = short_stamp(extra, zone(schedule.timezone))
        verb = "fire" if told.end > wanted else "not fire"
        sink.add(rules.BOUNDS_DIFFER, f"{title} would {verb} at {shown}, by the end that it is told", place)


def last_of(schedule: Question, told: Told) -> int | None:
    """Where a schedule ends: its end, the last of its years, or a number of runs that the engine is not told."""
    trigger = schedule.trigger
    if isinstance(trigger, Once):
        return trigger.at
    ends = [schedule.end] if schedule.end is not None else []
    if isinstance(trigger, Cron) and trigger.calendar.years is not None:
        last = last_before(trigger, _FAR)
        ends += [] if last is None else [last]
    if _is_counted(schedule, told):
        assert schedule.max_runs is not None
        runs = list(islice(occurrences(trigger, schedule.start, schedule.end), schedule.max_runs))
        ends += runs[-1:] if len(runs) == schedule.max_runs else []
    return min(ends, default=None)


def _between(trigger: Trigger, clock: Clock, low: int, high: int) -> int | None:
    """An instant of the engine, or of the schedule, after `low` and not after `high`."""
    if low == high:
        return None
    found = [_next_literal(clock, low), next_after(trigger, low)]
    if clock.next is not None:
        try:
            found.append(clock.next(low))
        except CronError:
            found.append(high)
    inside = [i for i in found if i is not None and i <= high]
    return min(inside, default=None)


def prove_max_runs(schedule: Question, told: Told, title: str, sink: Findings) -> None:
    """A number of runs is told as such, or stands in an end after as many instants, where none can be lost."""
    if isinstance(schedule.trigger, Once) or told.max_runs == schedule.max_runs:
        return
    if _is_counted(schedule, told):
        return
    sink.add(rules.BOUNDS_DIFFER, f"{title} would start another number of runs", "max_runs")


def _is_counted(schedule: Question, told: Told) -> bool:
    """Whether an end can stand for a number of runs: every instant is a run, whatever happens."""
    if schedule.max_runs is None or told.max_runs is not None or told.end is None or schedule.start is None:
        return False
    if schedule.max_runs > _MOST_RUNS or schedule.catchup is not Catchup.ALL or schedule.start_deadline is not None:
        return False
    if schedule.overlap in (Overlap.SKIP, Overlap.REPLACE):
        return False
    trigger = schedule.trigger
    if not isinstance(trigger, Cron) or trigger.calendar.every_hour:
        return True
    # What is open at a clock change would change the count.
    is_declared = trigger.gap is not None and trigger.fold is not None
    return is_declared or not touched(trigger.calendar, trigger.timezone, schedule.start, told.end)


def prove_search_limit(
    schedule: Question, clock: Clock, told: Told, begin: int, end: int, title: str, sink: Findings
) -> None:
    """No neighbouring instants, and no instant and the search for it, lie further apart than the engine looks."""
    if clock.years_ahead is None or any(_fires_every_year(c) for c in clock.calendars):
        return
    fires_for_ever = told.engine == "kubeflow"
    stop = schedule.trigger.at if isinstance(schedule.trigger, Once) else schedule.end
    before = first = _year(begin)
    for year in range(first, max(first, LAST_YEAR) + _CYCLE):
        if not any(days_of_year(c, year) for c in clock.calendars):
            continue
        is_beyond = not fires_for_ever and year > _year(end)
        if is_beyond and year - before <= clock.years_ahead:
            return
        if year - before > clock.years_ahead:
            if stop is not None and before > first and not _fires(clock, before, stop):
                return
            then = "fires for ever from then on" if fires_for_ever else "finds no next run and stops"
            sink.add(
                rules.SEARCH_LIMIT,
                f"{title} looks {clock.years_ahead} years ahead, and from {before} on the next instant is in {year}",
                "cron_expression",
                notes=(f"it {then}",),
                help=f"add an end_time before its run in {before}" if fires_for_ever and before > first else None,
                severity=Severity.WARNING if is_beyond else None,
            )
            return
        if stop is not None and year > _year(stop) + 1:
            return
        before = year


def _fires_every_year(calendar: Calendar) -> bool:
    return calendar.years is None and all(days_of_kinds(calendar))


def _fires(clock: Clock, year: int, stop: int) -> bool:
    """Whether an instant of a year lies before the end, so that the engine searches on from it."""
    first = _next_literal(clock, _first_second(year) - 1)
    return first is not None and first <= stop


def _first_second(year: int) -> int:
    """Two days before a year begins in UTC: no zone has begun it then."""
    return ((date(year, 1, 1) - date(1970, 1, 1)).days - 2) * 86_400


def _year(instant: int) -> int:
    return int(stamp(instant)[:4])


def interval_first(schedule: Question, trigger: Interval) -> int | None:
    """The first instant of an interval inside the schedule's bounds."""
    return next_after(trigger, max(trigger.start, schedule.start or trigger.start) - 1)
