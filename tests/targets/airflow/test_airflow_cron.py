"""The cron texts mean the calendar in every croniter, as its model reads them."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_jobs import WEEKLY, calendars
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from schedc.engines import croniter
from schedc.engines.croniter_dialect import FAMILIES
from schedc.ir.calendar import (
    ALL_DAYS,
    ALL_HOURS,
    ALL_MINUTES,
    ALL_WEEKDAYS,
    YEAR_KINDS,
    Calendar,
    days_of_kind,
    mask,
    never,
)
from schedc.ir.triggers import Cron
from schedc.targets.airflow.cron import NoText, cron_candidates

LATE = ("6.2", "7")
FOUR_AM: dict[str, Any] = {"minutes": 1, "hours": mask([4])}
FIRST_WEEK = mask(range(1, 8))
NTH_MONDAY_2 = 1 << 8


def texts(calendar: Calendar, zone: str = "UTC", several: bool = True) -> list[tuple[str, ...]]:
    return list(cron_candidates(Cron(calendar, zone), several))


CASES = [
    (WEEKLY, ("5 14 * * 3",)),
    (Calendar(minutes=mask(range(0, 60, 5))), ("*/5 * * * *",)),
    (Calendar(seconds=mask([0, 30]), minutes=1), ("0 * * * * */30",)),
    (Calendar(seconds=mask([15]), **FOUR_AM), ("0 4 * * * 15",)),
    (Calendar(days=0, last_day=True, **FOUR_AM), ("0 4 L * *",)),
    (Calendar(days=mask([1, 15]), last_day=True, **FOUR_AM), ("0 4 1,15,L * *",)),
    (Calendar(weekdays=0, nth_weekdays=NTH_MONDAY_2, **FOUR_AM), ("0 4 * * 1#2",)),
    (Calendar(weekdays=0, last_weekdays=mask([5]), **FOUR_AM), ("0 4 * * L5",)),
    (
        Calendar(weekdays=mask([3]), last_weekdays=mask([5]), **FOUR_AM),
        ("0 4 * * 3#1,3#2,3#3,3#4,3#5,L5",),
    ),
    (Calendar(days=FIRST_WEEK, weekdays=mask([1]), **FOUR_AM), ("0 4 * * 1#1",)),
    (Calendar(days=mask([29, 30]), weekdays=mask([1]), months=mask([4, 6]), **FOUR_AM), ("0 4 * 4,6 1#5",)),
    (Calendar(days=mask([1]), weekdays=mask([1]), either=True, **FOUR_AM), ("0 4 1 * 1",)),
    (Calendar(days=0, nearest_weekdays=mask([15]), **FOUR_AM), ("0 4 15W * *",)),
    (
        Calendar(days=mask([1]), nearest_weekdays=mask([15, 31]), **FOUR_AM),
        ("0 4 1 * *", "0 4 15W * *", "0 4 31W 1,3,5,7,8,10,12 *"),
    ),
    (
        Calendar(days=mask([1]), weekdays=0, nth_weekdays=NTH_MONDAY_2, either=True, **FOUR_AM),
        ("0 4 1 * *", "0 4 * * 1#2"),
    ),
]


@pytest.mark.parametrize(("calendar", "wanted"), CASES, ids=[" | ".join(wanted) for _, wanted in CASES])
def test_text(calendar: Calendar, wanted: tuple[str, ...]) -> None:
    assert texts(calendar) == [wanted]


@pytest.mark.parametrize(
    ("zone", "several", "hours"),
    [
        ("UTC", True, [("*",)]),
        ("Asia/Tokyo", True, [("*",)]),
        ("Europe/Amsterdam", True, [("*",), ("*,0",), ("0-11", "12-23")]),
        ("Europe/Amsterdam", False, [("*",), ("*,0",)]),
    ],
)
def test_every_hour_has_other_texts_where_the_clock_changes(
    zone: str, several: bool, hours: list[tuple[str, ...]]
) -> None:
    found = texts(Calendar(minutes=1, weekdays=mask([1])), zone, several)
    assert [tuple(text.split()[1] for text in candidate) for candidate in found] == hours


@pytest.mark.parametrize(
    ("calendar", "several", "reason"),
    [
        (Calendar(days=mask([13]), weekdays=mask([5])), True, "either of them"),
        (Calendar(days=0, last_day=True, weekdays=mask([5])), True, "at once"),
        (Calendar(days=FIRST_WEEK, weekdays=0, last_weekdays=mask([5])), True, "at once"),
        (Calendar(days=mask([30]), months=mask([2]), weekdays=mask([1])), True, "never match"),
        (Calendar(days=0, nearest_weekdays=mask([31]), months=mask([4])), True, "never match"),
        (Calendar(days=0, nearest_weekdays=mask([29])), True, "February"),
        (Calendar(days=0, nearest_weekdays=mask([1, 15])), False, "only Airflow 3"),
    ],
)
def test_no_text(calendar: Calendar, several: bool, reason: str) -> None:
    with pytest.raises(NoText, match=reason):
        texts(calendar, several=several)


_day_masks = st.sampled_from([ALL_DAYS, FIRST_WEEK, FIRST_WEEK << 7, mask([29, 30, 31]), mask([15, 16])])


@st.composite
def odd_calendars(draw: st.DrawFn) -> Calendar:
    """Calendars whose day fields use everything that the language has."""
    days = draw(_day_masks | st.integers(0, (1 << 31) - 1).map(lambda one: one << 1))
    weekdays = draw(st.just(ALL_WEEKDAYS) | st.integers(0, 127))
    is_full = days == ALL_DAYS or weekdays == ALL_WEEKDAYS
    with_days, with_weekdays = days != ALL_DAYS, weekdays != ALL_WEEKDAYS
    return Calendar(
        minutes=draw(st.sampled_from([1, ALL_MINUTES])),
        hours=draw(st.sampled_from([1, ALL_HOURS])),
        days=days,
        weekdays=weekdays,
        months=draw(st.just((1 << 13) - 2) | st.integers(1, (1 << 12) - 1).map(lambda one: one << 1)),
        last_day=with_days and draw(st.booleans()),
        nearest_weekdays=mask(draw(st.lists(st.integers(1, 31), max_size=2))) if with_days else 0,
        nth_weekdays=draw(st.just(0) | st.integers(0, (1 << 35) - 1)) if with_weekdays else 0,
        last_weekdays=draw(st.just(0) | st.integers(0, 127)) if with_weekdays else 0,
        either=not is_full and draw(st.booleans()),
    )


def _check(calendar: Calendar, families: tuple[str, ...]) -> None:
    for crons in texts(calendar, "Europe/Amsterdam"):
        for family in families:
            readings = [croniter.read(text, family) for text in crons]
            assert all(one.exact for one in readings), crons
            for name in ("seconds", "minutes"):
                assert {getattr(one.calendar, name) for one in readings} == {getattr(calendar, name)}
            hours = 0
            for one in readings:
                hours |= one.calendar.hours
            assert hours == calendar.hours
            for kind in YEAR_KINDS:
                days = 0
                for one in readings:
                    days |= days_of_kind(one.calendar, *kind)
                assert days == days_of_kind(calendar, *kind), crons


@settings(deadline=None)
@given(calendars)
def test_every_croniter_reads_plain_calendars_alike(calendar: Calendar) -> None:
    _check(calendar, FAMILIES)


@settings(deadline=None, max_examples=300)
@given(odd_calendars())
def test_croniter_reads_what_was_meant(calendar: Calendar) -> None:
    assume(not never(calendar))
    try:
        texts(calendar)
    except NoText:
        return
    _check(calendar, LATE if calendar.nearest_weekdays else FAMILIES)
