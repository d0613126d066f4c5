"""The first and the last instant, the number of runs, and how far an engine looks ahead."""

from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.engines import airflow
from schedc.engines.model import CronError
from schedc.ir.calendar import Calendar, days_of_year
from schedc.ir.occurrences import last_before, next_after, occurrences
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.stamps import short_stamp, stamp
from schedc.ir.triggers import Cron, Once, Trigger
from schedc.ir.zones import LAST_YEAR, zone
from schedc.proof.clock import Clock
from schedc.proof_range import PROOF_END, PROOF_START
from schedc.target import Told


def prove_bounds(schedule: Schedule, told: Told, clock: Clock, begin: int, end: int, title: str, sink: Sink) -> None:
    """The engine's first and last instants are the schedule's."""
    _prove_start(schedule, told, clock, begin, title, sink)
    _prove_end(schedule, told, clock, begin, end, title, sink)


def _prove_start(schedule: Schedule, told: Told, clock: Clock, begin: int, title: str, sink: Sink) -> None:
    trigger = schedule.trigger
    start = trigger.at if isinstance(trigger, Once) else schedule.start
    start = _with_years(trigger, start)
    span = schedule.place("run_once_start_time" if isinstance(trigger, Once) else "start_time")
    if told.start is None:
        promised = (
            start is not None
            and schedule.applied_after is not None
            and start < schedule.applied_after
            and schedule.catchup is not Catchup.ALL
        )
        if start is not None and not promised:
            sink.add(rules.BOUNDS_DIFFER, f"{title} is not told of the start at {stamp(start)}", span)
        return
    if start is None:
        if told.engine.startswith("airflow") and told.start <= PROOF_START:
            return
        sink.add(rules.BOUNDS_DIFFER, f"{title} would not fire before {stamp(told.start)}", span)
        return
    expected = next_after(trigger, start - 1)
    if expected is None:
        return
    found = _first(told, clock, start)
    if found != expected and not _open_pass(schedule, expected, found):
        shown = short_stamp(expected, zone(schedule.timezone))
        message = f"{title} would not fire first at {shown}"
        if found is not None:
            message += f" but at {short_stamp(found, zone(schedule.timezone))}"
        sink.add(rules.BOUNDS_DIFFER, message, span)


def _with_years(trigger: Trigger, start: int | None) -> int | None:
    if isinstance(trigger, Cron) and trigger.calendar.years is not None and start is None:
        return next(occurrences(trigger), None)
    return start


def _open_pass(schedule: Schedule, expected: int, found: int | None) -> bool:
    """Whether both are passes of one wall time that the schedule lets the target choose from."""
    trigger = schedule.trigger
    if found is None or not isinstance(trigger, Cron) or trigger.calendar.every_hour:
        return False
    where = zone(trigger.timezone)
    wall = where.wall(expected)
    return trigger.fold is None and found in where.instants(wall) and (schedule.start or 0) <= found


def _first(told: Told, clock: Clock, start: int) -> int | None:
    """The first instant that the engine's own start bound leaves."""
    assert told.start is not None
    try:
        if told.engine.startswith("airflow"):
            each = [
                airflow.align_to_next(airflow.read(text, _family(clock)), clock.zone, told.start) for text in told.crons
            ]
            return min(each)
        if clock.next is not None:
            return clock.next(told.start)
    except CronError:
        return None
    # A closed engine: whether its start is inclusive must not matter.
    literal = [next_after(Cron(c, clock.zone.name), told.start - 1) for c in clock.calendars]
    first = min((i for i in literal if i is not None), default=None)
    return None if first == told.start else first


def _family(clock: Clock) -> str:
    return clock.title.rsplit(" ", 1)[-1]


def _prove_end(schedule: Schedule, told: Told, clock: Clock, begin: int, end: int, title: str, sink: Sink) -> None:
    trigger = schedule.trigger
    wanted = trigger.at if isinstance(trigger, Once) else schedule.end
    if isinstance(trigger, Cron) and trigger.calendar.years is not None and wanted is None:
        wanted = last_before(trigger, 1 << 40)
    if wanted is None and schedule.max_runs is not None and told.max_runs is None and told.end is not None:
        return
    span = schedule.place("end_time")
    if wanted is None or told.end is None:
        if wanted is not None and told.max_runs != 1:
            sink.add(rules.BOUNDS_DIFFER, f"{title} is not told of the end at {stamp(wanted)}", span)
        elif told.end is not None:
            sink.add(rules.BOUNDS_DIFFER, f"{title} would stop at {stamp(told.end)}", span)
        return
    low, high = min(wanted, told.end), max(wanted, told.end)
    if clock.next is None:
        # A closed engine: whether its end is inclusive must not matter.
        between = [next_after(Cron(c, clock.zone.name), low) for c in clock.calendars]
        extra = min((i for i in between if i is not None), default=None)
        on_end = any(next_after(Cron(c, clock.zone.name), told.end - 1) == told.end for c in clock.calendars)
        bad = (extra is not None and extra <= high) or on_end
    else:
        try:
            extra = clock.next(low)
        except CronError:
            extra = None
        bad = extra is not None and extra <= high
    if bad and extra is not None:
        shown = short_stamp(extra, zone(schedule.timezone))
        verb = "fire" if told.end > wanted else "not fire"
        sink.add(rules.BOUNDS_DIFFER, f"{title} would {verb} at {shown}, by the end that it is told", span)


def prove_max_runs(schedule: Schedule, told: Told, title: str, sink: Sink) -> None:
    """A number of runs is told as such, or stands in an end after as many instants."""
    if isinstance(schedule.trigger, Once) or told.max_runs == schedule.max_runs:
        return
    if schedule.max_runs is not None and told.max_runs is None and told.end is not None and schedule.start is not None:
        count = sum(1 for _ in occurrences(schedule.trigger, schedule.start, told.end))
        total_in_bounds = count == schedule.max_runs or (schedule.end is not None and told.end == schedule.end)
        if total_in_bounds and count <= schedule.max_runs:
            return
    sink.add(rules.BOUNDS_DIFFER, f"{title} would start another number of runs", schedule.place("max_runs"))


def prove_search_limit(
    schedule: Schedule, clock: Clock, told: Told, begin: int, end: int, title: str, sink: Sink
) -> None:
    """No neighbouring instants, and no instant and the search for it, lie further apart than the engine looks."""
    if clock.years_ahead is None or isinstance(schedule.trigger, Once):
        return
    first, last = _year(begin), _year(end)
    years = [y for y in range(first, LAST_YEAR + 1) if any(_fires_in(c, y) for c in clock.calendars)]
    fires_for_ever = told.engine == "kubeflow"
    horizon = LAST_YEAR if fires_for_ever else _year(PROOF_END)
    before = first
    for year in years:
        if year - before > clock.years_ahead and year <= horizon:
            then = "fires for ever from then on" if fires_for_ever else "finds no next run and stops"
            sink.add(
                rules.SEARCH_LIMIT,
                f"{title} looks {clock.years_ahead} years ahead, and from {before} on the next instant is in {year}",
                schedule.place("cron_expression"),
                notes=(f"it {then}",),
                help=f"end it before: add an end_time in {before} or earlier" if fires_for_ever else None,
            )
            return
        if year > last:
            return
        before = year


def _fires_in(calendar: Calendar, year: int) -> bool:
    return days_of_year(calendar, year) != 0


def _year(instant: int) -> int:
    return int(stamp(instant)[:4])
