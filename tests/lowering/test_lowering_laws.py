"""Every pass rewrites exactly or answers None: the same instants, and every policy as it was."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lowering_schedules import FIRST, ZONES, calendars, crons, intervals, moments, onces, schedule, schedules, windows
from schedc.capabilities import Feature, requirements
from schedc.ir import occurrences
from schedc.ir.calendar import Calendar, mask
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron, Interval, Once, Trigger
from schedc.lowering import PASSES, Lowering, lower
from schedc.records import fields
from schedc.targets import names, target

_TIME = {"trigger", "start", "end", "max_runs"}
_LAW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
_BY_NAME = {one.name: one for one in PASSES}


def features(one: Schedule) -> set[Feature]:
    return {requirement.feature for requirement in requirements(one)}


def same_instants(before: Schedule, after: Schedule) -> None:
    for low, high in {*windows(before), *windows(after)}:
        if before.applied_after is not None and before.start is not None and after.start is None:
            low = max(low, before.applied_after)
        assert moments(before, low, high) == moments(after, low, high)


def held(one: Lowering, before: Schedule) -> Schedule | None:
    """Holds one rewrite to the law; None where the pass does not apply."""
    after = one.rewrite(before)
    if after is None:
        return None
    for field in fields(Schedule):
        if field.name not in _TIME:
            assert getattr(before, field.name) == getattr(after, field.name), field.name
    if one.name != "max-runs-to-end":
        same_instants(before, after)
        assert after.max_runs in (before.max_runs, None)
    assert not features(after) & one.removes
    assert features(after) - features(before) <= one.introduces
    return after


@pytest.mark.parametrize("one", PASSES, ids=lambda one: one.name)
@_LAW
@given(data=st.data())
def test_a_pass_keeps_the_instants_and_the_policies(one: Lowering, data: st.DataObject) -> None:
    kinds: dict[str, st.SearchStrategy[Trigger]] = {"interval-to-calendar": intervals, "once-to-calendar": onces}
    held(one, data.draw(schedules(kinds.get(one.name))))


APPLIES = {
    "interval-to-calendar": schedule(Interval(FIRST + 600, 1800)),
    "once-to-calendar": schedule(Once(FIRST + 601)),
    "max-runs-to-end": schedule(Interval(FIRST, 5400), max_runs=7, catchup=Catchup.ALL),
    "years-to-bounds": schedule(Cron(Calendar(minutes=1, years=(2027, 2028)), "Europe/Amsterdam")),
    "nth-to-both": schedule(Cron(Calendar(minutes=1, weekdays=0, nth_weekdays=mask([8])), "Europe/Amsterdam")),
    "fixed-offset-to-utc": schedule(Cron(Calendar(minutes=1, hours=4), "Asia/Kolkata")),
    "hourly-to-utc": schedule(Cron(Calendar(minutes=1 << 30), "Europe/Amsterdam")),
    "drop-start": schedule(Cron(Calendar(minutes=1), "UTC"), start=FIRST, applied_after=FIRST + 1),
}


@pytest.mark.parametrize("one", PASSES, ids=lambda one: one.name)
def test_a_pass_applies_where_it_should(one: Lowering) -> None:
    assert held(one, APPLIES[one.name]) is not None


INTERVALS = {
    (600, 1800): True,
    (600, 5400): False,
    (0, 2700): False,
    (90, 60): True,
    (7, 15): True,
    (7, 45): False,
    (3600, 7200): True,
    (0, 129_600): False,
    (0, 604_800): True,
    (0, 172_800): False,
    (0, 86_400): True,
}


@pytest.mark.parametrize(("phase", "seconds"), INTERVALS)
def test_an_interval_becomes_a_calendar_only_where_it_is_one(phase: int, seconds: int) -> None:
    found = held(_BY_NAME["interval-to-calendar"], schedule(Interval(FIRST + phase, seconds)))
    assert (found is not None) is INTERVALS[phase, seconds]


@_LAW
@given(crons(), st.integers(1, 40), st.none() | st.integers(FIRST, FIRST + 10**7))
def test_max_runs_become_the_end_after_as_many_instants(trigger: Cron, count: int, end: int | None) -> None:
    before = schedule(trigger, start=FIRST, end=end, max_runs=count, catchup=Catchup.ALL)
    after = held(_BY_NAME["max-runs-to-end"], before)
    if after is None:
        return
    whole = moments(before, FIRST, occurrences.LAST_INSTANT if end is None else end) if end is not None else None
    found = moments(after, FIRST, FIRST + 50 * 31_557_600)
    assert len(found) <= count
    if whole is not None:
        assert found == whole[:count]


@pytest.mark.parametrize(
    "fields_",
    [
        {"catchup": Catchup.FALSE},
        {"catchup": None},
        {"catchup": Catchup.ALL, "start": None},
        {"catchup": Catchup.ALL, "start_deadline": 5},
        {"catchup": Catchup.ALL, "overlap": Overlap.SKIP},
        {"catchup": Catchup.ALL, "overlap": Overlap.REPLACE},
    ],
)
def test_max_runs_stay_where_a_run_can_be_lost(fields_: dict[str, object]) -> None:
    given_ = {"start": FIRST, "max_runs": 3, **fields_}
    assert _BY_NAME["max-runs-to-end"].rewrite(schedule(Cron(Calendar(), "UTC"), **given_)) is None


def test_a_start_that_is_needed_is_not_dropped() -> None:
    drop = _BY_NAME["drop-start"].rewrite
    trigger = Cron(Calendar(minutes=1), "UTC")
    assert drop(schedule(trigger, start=FIRST, applied_after=FIRST)) is None
    assert drop(schedule(trigger, start=FIRST)) is None
    assert drop(schedule(trigger, start=FIRST, applied_after=FIRST + 9, catchup=Catchup.ALL)) is None
    assert drop(schedule(Interval(FIRST, 5400), applied_after=FIRST + 9)) is None


def test_no_pass_brings_back_what_an_earlier_one_removed() -> None:
    for i, later in enumerate(PASSES):
        for earlier in PASSES[: i + 1]:
            assert not later.introduces & earlier.removes, (earlier.name, later.name)


@_LAW
@given(schedules(), st.sampled_from(names()))
def test_one_sweep_is_enough(before: Schedule, name: str) -> None:
    capabilities = target(name).capabilities
    after, applied = lower(before, capabilities)
    assert list(applied) == [one.name for one in PASSES if one.name in applied]
    again, more = lower(after, capabilities)
    assert (again, more) == (after, ())


@_LAW
@given(calendars.filter(lambda one: one.years is None), st.sampled_from(["Asia/Kolkata", "Pacific/Kiritimati"]))
def test_a_fixed_offset_zone_takes_its_days_along(calendar: Calendar, zone: str) -> None:
    held(_BY_NAME["fixed-offset-to-utc"], schedule(Cron(calendar, zone)))


def test_a_weekday_moves_with_its_night() -> None:
    monday = schedule(Cron(Calendar(minutes=1, hours=mask([2]), weekdays=mask([1])), "Asia/Kolkata"))
    after = held(_BY_NAME["fixed-offset-to-utc"], monday)
    assert after is not None
    expected = Calendar(minutes=mask([30]), hours=mask([20]), weekdays=mask([0]))
    assert after.trigger == Cron(expected, "UTC")


HOURLY = {
    ("Europe/Amsterdam", mask([30])): mask([30]),
    ("America/St_Johns", mask([30])): mask([0]),
    ("Asia/Kathmandu", mask([0])): mask([15]),
    ("Australia/Lord_Howe", mask([0, 30])): mask([0, 30]),
    ("Australia/Lord_Howe", mask([0])): None,
    ("Pacific/Chatham", mask([50])): mask([5]),
}


@pytest.mark.parametrize(("zone", "minutes"), HOURLY)
def test_minutes_of_every_hour_are_minutes_of_utc(zone: str, minutes: int) -> None:
    found = held(_BY_NAME["hourly-to-utc"], schedule(Cron(Calendar(minutes=minutes), zone)))
    wanted = HOURLY[zone, minutes]
    assert (found.trigger if found else None) == (None if wanted is None else Cron(Calendar(minutes=wanted), "UTC"))


@_LAW
@given(calendars, st.sampled_from(ZONES), st.none() | st.integers(FIRST, FIRST + 10**8))
def test_hourly_calendars_in_every_zone(calendar: Calendar, zone: str, end: int | None) -> None:
    every_hour = Calendar(seconds=calendar.seconds, minutes=calendar.minutes)
    held(_BY_NAME["hourly-to-utc"], schedule(Cron(every_hour, zone), end=end))
