"""Schedules for the laws of the lowerings, and the instants that they are compared by."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from schedc.ir import zones
from schedc.ir.calendar import ALL_DAYS, ALL_HOURS, ALL_MONTHS, ALL_WEEKDAYS, Calendar, mask, never
from schedc.ir.occurrences import LAST_INSTANT, occurrences
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Once, Trigger
from schedc.ir.workload import Container
from schedc.node import Node
from schedc.source import SourceFile, Span

NODE = Node({}, Span(SourceFile("churn.yaml", "schedules:\n"), 0, 9))
FIRST, LAST = 1_767_225_600, 4_102_444_799
ZONES = (
    *("UTC", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Kiritimati", "America/Phoenix", "Etc/GMT+11"),
    *("Europe/Amsterdam", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Chatham"),
    *("America/Havana", "Africa/Cairo", "Africa/Casablanca", "Antarctica/Troll"),
)


def schedule(trigger: Trigger, **fields: Any) -> Schedule:
    given: dict[str, Any] = {"name": "nightly", "run": Container(image="i"), "node": NODE, **fields}
    if isinstance(trigger, Interval):
        given.setdefault("start", trigger.start)
    if isinstance(trigger, Cron):
        given.setdefault("timezone", trigger.timezone)
    return Schedule(trigger=trigger, **given)


def _set(low: int, high: int, *usual: int) -> st.SearchStrategy[int]:
    some = st.sets(st.integers(low, high), min_size=1, max_size=4).map(mask)
    return st.sampled_from([mask([value]) for value in usual]) | some


calendars = st.builds(
    Calendar,
    seconds=st.just(1) | _set(0, 59, 30),
    minutes=_set(0, 59, 0, 30),
    hours=st.just(ALL_HOURS) | _set(0, 23, 0, 2, 23),
    days=st.just(ALL_DAYS) | _set(1, 31, 1, 29, 31),
    last_day=st.booleans(),
    months=st.just(ALL_MONTHS) | _set(1, 12, 2, 3),
    weekdays=st.just(ALL_WEEKDAYS) | st.just(0) | _set(0, 6, 0, 1),
    nth_weekdays=st.just(0) | _set(0, 34, 0, 8, 28),
    last_weekdays=st.just(0) | _set(0, 6, 5),
    either=st.booleans(),
    years=st.none() | st.lists(st.integers(2026, 2040), min_size=1, max_size=4, unique=True).map(sorted).map(tuple),
).filter(lambda one: not never(one))
instants = st.integers(FIRST, FIRST + 10 * 31_557_600)
round_instants = instants.map(lambda at: at - at % 60) | instants.map(lambda at: at - at % 3600) | instants


def crons() -> st.SearchStrategy[Cron]:
    zone = st.sampled_from(ZONES)
    return st.builds(Cron, calendars, zone, st.none() | st.sampled_from(Gap), st.none() | st.sampled_from(Fold))


intervals = st.builds(
    Interval,
    round_instants,
    st.sampled_from([1, 30, 60, 90, 900, 1800, 2700, 3600, 5400, 7200, 86_400, 172_800, 604_800])
    | st.integers(1, 10**6),
)
onces = st.builds(Once, round_instants)


@st.composite
def schedules(draw: st.DrawFn, triggers: st.SearchStrategy[Trigger] | None = None) -> Schedule:
    trigger = draw(triggers if triggers is not None else st.one_of(crons(), intervals, onces))
    fields: dict[str, Any] = {
        "end": draw(st.none() | round_instants),
        "catchup": draw(st.none() | st.sampled_from(Catchup)),
        "overlap": draw(st.none() | st.sampled_from(Overlap)),
        "max_active_runs": draw(st.none() | st.integers(1, 3)),
        "max_runs": draw(st.none() | st.integers(1, 40)),
        "start_deadline": draw(st.none() | st.integers(1, 100)),
        "paused": draw(st.booleans()),
        "retries": draw(st.integers(0, 2)),
        "timeout": draw(st.none() | st.integers(1, 100)),
        "description": draw(st.none() | st.text(max_size=3)),
        "applied_after": draw(st.none() | instants),
    }
    if not isinstance(trigger, Interval | Once):
        fields["start"] = draw(st.none() | round_instants)
    return schedule(trigger, **fields)


def moments(one: Schedule, low: int, high: int) -> list[int]:
    """The instants of a schedule inside its own bounds and a window."""
    start = low if one.start is None else max(low, one.start)
    end = high if one.end is None else min(high, one.end)
    return list(occurrences(one.trigger, start, end))


def windows(one: Schedule) -> list[tuple[int, int]]:
    """Stretches of some days at the bounds, at the turns of years, and around changes of the clock in the zone."""
    at = {FIRST, FIRST + 86_400 * 59}
    at |= {bound for bound in (one.start, one.end) if bound is not None}
    if isinstance(one.trigger, Cron):
        where = zones.zone(one.trigger.timezone)
        changes = [where.starts[i] for i in where.transitions(FIRST, FIRST + 4 * 31_557_600)]
        at.update(changes[:4])
        if one.trigger.calendar.years is not None:
            at.update(FIRST + (year - 2026) * 31_556_952 for year in (*one.trigger.calendar.years, 2041))
    return [(max(moment - 3 * 86_400, 0), min(moment + 4 * 86_400, LAST_INSTANT)) for moment in sorted(at)]
