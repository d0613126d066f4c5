"""Calendars as sets of days and times, against the standard library's calendar."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schedc.ir.calendar import (
    ALL_DAYS,
    ALL_MONTHS,
    ALL_WEEKDAYS,
    YEAR_KINDS,
    Calendar,
    bits,
    days_of_kind,
    days_of_year,
    is_leap,
    mask,
    never,
    same,
    times_of_day,
    year_kind,
)


@given(st.sets(st.integers(0, 400)))
def test_a_mask_holds_its_numbers(values: set[int]) -> None:
    assert list(bits(mask(values))) == sorted(values)


def by_date(calendar: Calendar, day: date) -> bool:
    """The day rule as a person would apply it to one date."""
    if calendar.years is not None and day.year not in calendar.years:
        return False
    if not calendar.months >> day.month & 1:
        return False
    length = months.monthrange(day.year, day.month)[1]
    weekday = day.isoweekday() % 7
    by_day = bool(calendar.days >> day.day & 1) or (calendar.last_day and day.day == length)
    for target in bits(calendar.nearest_weekdays):
        if target <= length:
            working = [
                other
                for number in range(1, length + 1)
                if (other := date(day.year, day.month, number)).isoweekday() <= 5
            ]
            # Saturday goes back and Sunday goes on, so no two working days are equally near.
            nearest = min(working, key=lambda other: abs(other.day - target))
            by_day = by_day or day == nearest
    by_weekday = bool(calendar.weekdays >> weekday & 1)
    by_weekday = by_weekday or bool(calendar.nth_weekdays >> (7 * ((day.day - 1) // 7) + weekday) & 1)
    by_weekday = by_weekday or (bool(calendar.last_weekdays >> weekday & 1) and day.day + 7 > length)
    return by_day or by_weekday if calendar.either else by_day and by_weekday


day_rules = st.builds(
    Calendar,
    days=st.just(ALL_DAYS) | st.sets(st.integers(1, 31), max_size=4).map(mask),
    last_day=st.booleans(),
    nearest_weekdays=st.just(0) | st.integers(1, 31).map(lambda day: 1 << day),
    months=st.just(ALL_MONTHS) | st.sets(st.integers(1, 12), min_size=1, max_size=4).map(mask),
    weekdays=st.just(ALL_WEEKDAYS) | st.sets(st.integers(0, 6), max_size=3).map(mask),
    nth_weekdays=st.sets(st.integers(0, 34), max_size=3).map(mask),
    last_weekdays=st.sets(st.integers(0, 6), max_size=2).map(mask),
    either=st.booleans(),
    years=st.none() | st.sets(st.integers(1970, 2199), min_size=1, max_size=5).map(lambda y: tuple(sorted(y))),
)


@settings(max_examples=150, deadline=None)
@given(day_rules, st.integers(1970, 2199))
def test_the_days_of_a_year(calendar: Calendar, year: int) -> None:
    first = date(year, 1, 1)
    expected = [n for n in range(365 + is_leap(year)) if by_date(calendar, first + timedelta(days=n))]
    assert list(bits(days_of_year(calendar, year))) == expected


def test_every_year_is_one_of_fourteen_kinds() -> None:
    assert len(YEAR_KINDS) == 14
    assert {year_kind(year) for year in range(1970, 2200)} == set(YEAR_KINDS)
    assert all(is_leap(year) == months.isleap(year) for year in range(1970, 2201))


@pytest.mark.parametrize("kind", YEAR_KINDS)
def test_a_full_calendar_has_every_day(kind: tuple[bool, int]) -> None:
    assert days_of_kind(Calendar(), *kind) == (1 << 365 + kind[0]) - 1


def test_times_of_day_are_ascending_and_match() -> None:
    calendar = Calendar(seconds=mask([0, 30]), minutes=mask([5, 59]), hours=mask([0, 23]))
    times = times_of_day(calendar)
    assert times == (300, 330, 3540, 3570, 83_100, 83_130, 86_340, 86_370)
    assert [second for second in range(86_400) if calendar.matches_time(second)] == list(times)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (Calendar(), Calendar(), True),
        (Calendar(days=ALL_DAYS & ~(1 << 31), last_day=True), Calendar(), True),
        (Calendar(days=ALL_DAYS & ~(1 << 30), last_day=True), Calendar(), False),
        (Calendar(days=mask([28, 29, 30, 31]), last_day=True), Calendar(days=mask([28, 29, 30, 31])), True),
        (Calendar(weekdays=0, nth_weekdays=mask(range(1, 35, 7))), Calendar(weekdays=2), True),
        (Calendar(weekdays=0, nth_weekdays=2), Calendar(days=mask(range(1, 8)), weekdays=2), True),
        (Calendar(weekdays=0, nth_weekdays=2), Calendar(days=mask(range(1, 9)), weekdays=2), False),
        (Calendar(days=1 << 31, months=1 << 2), Calendar(days=1 << 30, months=1 << 2, hours=1), True),
        (Calendar(months=1 << 4, days=1 << 31), Calendar(hours=0), True),
        (Calendar(years=(2027,)), Calendar(), False),
        (Calendar(years=tuple(range(1970, 2200))), Calendar(), True),
        (Calendar(hours=1), Calendar(hours=2), False),
        (Calendar(days=1 << 29, months=1 << 2, years=(2027,)), Calendar(hours=0, years=(2027,)), True),
    ],
)
def test_same(left: Calendar, right: Calendar, expected: bool) -> None:
    assert same(left, right) is expected
    assert same(right, left) is expected


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        (Calendar(), False),
        (Calendar(days=1 << 30, months=1 << 2), True),
        (Calendar(days=1 << 31, months=mask([2, 4, 6, 9, 11])), True),
        (Calendar(days=1 << 29, months=1 << 2), False),
        (Calendar(days=1 << 29, months=1 << 2, years=(2027, 2029, 2100)), True),
        (Calendar(days=1 << 29, months=1 << 2, years=(2027, 2028)), False),
        (Calendar(days=1 << 1, weekdays=0, nth_weekdays=1 << 8), True),
        (Calendar(nearest_weekdays=1 << 31, days=0, months=1 << 6), True),
        (Calendar(minutes=0), True),
        (Calendar(days=1 << 30, months=1 << 2, weekdays=2, either=True), False),
    ],
)
def test_never(calendar: Calendar, expected: bool) -> None:
    assert never(calendar) is expected
