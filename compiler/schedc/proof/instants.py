"""Proves that an engine, with the texts it is given, fires at a schedule's instants, or finds where it does not.

Four steps: the calendars are the same sets; at each change of the clock, chains of the engine's own next steps from
every origin that matters give the schedule's instants; the first and the last instant agree; and no search goes beyond
what the engine looks ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.engines.model import CronError
from schedc.ir.calendar import Calendar, same
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.triggers import Cron, Interval, Once, plain
from schedc.ir.zones import UnknownZone, zone
from schedc.proof.bounds import interval_first, prove_end, prove_max_runs, prove_search_limit, prove_start
from schedc.proof.calendars import is_interval, moved_union_is, union_is
from schedc.proof.changes import prove_clock_changes
from schedc.proof.clock import Clock, clocks
from schedc.proof.courses import LOOKS_BACK
from schedc.proof.day_search import prove_day_search
from schedc.proof.findings import TRIGGER, Findings, Question, Step, tell
from schedc.proof.witness import tell_difference
from schedc.proof_range import PROOF_START, covered
from schedc.records import fields, replace
from schedc.target import Told


def prove_instants(schedule: Schedule, told: Told, families: Sequence[str], title: str, sink: Sink) -> None:
    """Tell the sink of every difference between the schedule's instants and the engine's, of all its versions."""
    asked, trigger = _ASKED(schedule), schedule.trigger
    key = (plain(trigger), asked, _TOLD(told), tuple(families), title)
    steps = _known.get(key)
    if steps is None:
        found = Findings()
        _prove(Question(trigger, *asked), told, families, title, found)
        steps = found.found()
        if len(_known) >= _MOST:
            _known.clear()
        _known[key] = steps
    if steps:
        tell(steps, schedule, sink)


_ASKED = attrgetter(*[one.name for one in fields(Question) if one.name != "trigger"])
_TOLD = attrgetter(*[one.name for one in fields(Told)])
_MOST = 1 << 15
_known: dict[tuple[object, ...], tuple[Step, ...]] = {}
"""What was found for whom; asked again, it costs a look."""


def _prove(schedule: Question, told: Told, families: Sequence[str], title: str, sink: Findings) -> None:
    if told.period is not None:
        _prove_period(schedule, told, title, sink)
        return
    try:
        found = clocks(told, families)
    except (CronError, UnknownZone) as error:
        texts = ", ".join(repr(text) for text in told.crons)
        sink.add(rules.FIRES_OTHERWISE, f"{title} refuses {texts}: {error}", TRIGGER)
        return
    begin, end = stretch(schedule, told)
    for clock in found:
        if not _same_calendar(schedule, clock, begin, end):
            tell_difference(schedule, clock, begin, title, sink)
            return
        before = sink.errors
        first = prove_start(schedule, told, clock, title, sink)
        prove_end(schedule, told, clock, title, sink)
        prove_max_runs(schedule, told, title, sink)
        prove_search_limit(schedule, clock, told, begin, end, title, sink)
        prove_day_search(clock, title, sink)
        if sink.errors > before:
            return
        sink.next_step()
        if isinstance(schedule.trigger, Cron) and _goes_by(clock, schedule.trigger):
            prove_clock_changes(schedule, told, clock, first, begin, end, title, sink)
        if sink.errors > before:
            return
        sink.next_step()


def stretch(schedule: Question, told: Told) -> tuple[int, int]:
    """From the start (or the application, or a constant) to the end, or as far as a proof goes."""
    if isinstance(schedule.trigger, Once):
        return schedule.trigger.at, schedule.trigger.at
    start = schedule.start
    if told.start is None and schedule.applied_after is not None:
        start = max(schedule.applied_after, PROOF_START if start is None else start)
    return covered(start, schedule.end)


def _goes_by(clock: Clock, trigger: Cron) -> bool:
    """Whether the engine's clock changes when the schedule's does; where it does not, neither ever changes."""
    where = zone(trigger.timezone)
    return (clock.zone.starts, clock.zone.offsets) == (where.starts, where.offsets)


def _same_calendar(schedule: Question, clock: Clock, begin: int, end: int) -> bool:
    trigger = schedule.trigger
    if isinstance(trigger, Once):
        return True
    if isinstance(trigger, Interval):
        offset = clock.zone.fixed_offset(begin - LOOKS_BACK, end)
        return offset is not None and is_interval(clock.calendars, trigger, offset)
    wanted = _without_years(trigger.calendar, clock)
    if wanted is None:
        return False
    if _goes_by(clock, trigger):
        return union_is(clock.calendars, wanted)
    there = clock.zone.fixed_offset(begin - LOOKS_BACK, end)
    if there is None:
        return False
    if _is_hourly(trigger.calendar):
        return all(moved_union_is(clock.calendars, wanted, here - there) for here in _offsets(trigger, begin, end))
    here = zone(trigger.timezone).fixed_offset(begin, end)
    return here is not None and moved_union_is(clock.calendars, wanted, here - there)


def _is_hourly(calendar: Calendar) -> bool:
    """Whether it matches every hour of every day: then a match is there whatever a change of the clock does."""
    return calendar.every_hour and same(replace(calendar, seconds=1, minutes=1), Calendar(minutes=1))


def _offsets(trigger: Cron, begin: int, end: int) -> set[int]:
    where = zone(trigger.timezone)
    return set(where.offsets[where.segment_at(begin) : where.segment_at(end) + 1])


def _without_years(calendar: Calendar, clock: Clock) -> Calendar | None:
    """A run of years may stand in the bounds instead, which are proved by themselves."""
    if calendar.years is None or any(c.years is not None for c in clock.calendars):
        return calendar
    years = sorted(calendar.years)
    is_run = years == list(range(years[0], years[-1] + 1))
    return replace(calendar, years=None) if is_run else None


def _prove_period(schedule: Question, told: Told, title: str, sink: Findings) -> None:
    """An engine's own interval: Airflow counts from the start, Kubeflow fires first one interval after it."""
    trigger = schedule.trigger
    assert told.period is not None
    if not isinstance(trigger, Interval) or told.period != trigger.seconds:
        sink.add(rules.FIRES_OTHERWISE, f"{title} would fire every {told.period} seconds", TRIGGER)
        return
    first = None if told.start is None else told.start + (told.period if told.engine == "kubeflow" else 0)
    if first != interval_first(schedule, trigger):
        sink.add(rules.BOUNDS_DIFFER, f"{title} would count from another instant", "start_time")
    if not told.catchup or schedule.catchup is not Catchup.ALL:
        message = f"{title} keeps the phase of an interval only if all missed runs catch up"
        sink.add(rules.FIRES_OTHERWISE, message, TRIGGER, help="write catchup: true")
    if told.end != schedule.end:
        both = (told.end, schedule.end)
        last = [None if end is None else (end - trigger.start) // told.period for end in both]
        if None in last or last[0] != last[1]:
            sink.add(rules.BOUNDS_DIFFER, f"{title} would end at another instant", "end_time")
    prove_max_runs(schedule, told, title, sink)
