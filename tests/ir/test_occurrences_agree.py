"""Laws: however instants are asked for (listed, counted, one by one, backwards), the answers are the same.

The list is held to a slow reading in `test_occurrences.py`; here everything else is held to the list.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schedc.ir.calendar import ALL_DAYS, ALL_HOURS, ALL_MINUTES, ALL_MONTHS, ALL_SECONDS, ALL_WEEKDAYS, Calendar, mask
from schedc.ir.occurrences import count, descending, last_before, matches, next_after, occurrences
from schedc.ir.triggers import Cron, Fold, Gap
from schedc.ir.walls import LAST_WALL, count_walls, first_wall, has_time, last_wall, walls
from schedc.ir.zones import zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400


def at(text: str) -> int:
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH) // timedelta(seconds=1)


ODD = (
    ("UTC", "2027-01-01"),
    ("Europe/Amsterdam", "2026-03-29"),
    ("America/New_York", "2027-11-07"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Pacific/Chatham", "2027-04-04"),
    ("Antarctica/Troll", "2026-03-29"),
    ("America/Havana", "2028-11-05"),
    ("America/Santiago", "2026-09-06"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Kwajalein", "1993-08-21"),
    ("Africa/Casablanca", "2027-02-07"),
    ("Africa/Monrovia", "1972-01-07"),
    ("Europe/Dublin", "1971-10-31"),
    ("America/Nuuk", "2199-12-28"),
    ("Asia/Tokyo", "1970-01-03"),
)


def some(low: int, high: int, most: int) -> st.SearchStrategy[int]:
    return st.sets(st.integers(low, high), min_size=1, max_size=most).map(mask)


calendars = st.builds(
    Calendar,
    seconds=st.just(1) | some(0, 59, 3),
    minutes=st.just(1) | some(0, 59, 4) | st.just(ALL_MINUTES),
    hours=some(0, 23, 3) | st.just(mask([0, 1, 2, 3, 23])) | st.just(ALL_HOURS),
    days=st.just(ALL_DAYS) | some(1, 31, 4),
    last_day=st.booleans(),
    nearest_weekdays=st.just(0) | some(1, 31, 1),
    months=st.just(ALL_MONTHS) | some(1, 12, 6),
    weekdays=st.just(ALL_WEEKDAYS) | some(0, 6, 2),
    nth_weekdays=st.just(0) | some(0, 34, 2),
    last_weekdays=st.just(0) | some(0, 6, 1),
    either=st.booleans(),
    years=st.none() | st.sets(st.integers(1970, 2199), min_size=1, max_size=40).map(lambda y: tuple(sorted(y))),
)
triggers = st.builds(
    lambda case, calendar, gap, fold: (Cron(calendar, case[0], gap, fold), at(case[1])),
    st.sampled_from(ODD),
    calendars,
    st.sampled_from([None, *Gap]),
    st.sampled_from([None, *Fold]),
)


@settings(max_examples=150, deadline=None)
@given(triggers, st.integers(-4 * DAY, 4 * DAY), st.integers(0, 5 * DAY) | st.integers(0, 900 * DAY))
def test_one_by_one_counted_and_backwards(case: tuple[Cron, int], begin: int, length: int) -> None:
    trigger, near = case
    start = near + begin
    found = list(islice(occurrences(trigger, start, start + length), 300))
    end = found[-1] if len(found) == 300 else start + length
    assert found == sorted(set(found))
    assert count(trigger, start, end) == len(found)
    assert list(descending(trigger, start, end)) == found[::-1]
    forwards, back = [], []
    step = next_after(trigger, start - 1)
    while step is not None and step <= end:
        forwards.append(step)
        step = next_after(trigger, step)
    assert forwards == found
    step = last_before(trigger, end + 1)
    while step is not None and step >= start:
        back.append(step)
        step = last_before(trigger, step)
    assert back == found[::-1]


@settings(max_examples=150, deadline=None)
@given(triggers, st.integers(-2 * DAY, 2 * DAY))
def test_from_any_moment(case: tuple[Cron, int], moment: int) -> None:
    """The neighbours of a moment are neighbours: no instant lies between them, in zone or by the clock alone."""
    trigger, near = case
    now = near + moment
    after, before = next_after(trigger, now), last_before(trigger, now)
    assert after == next(occurrences(trigger, now + 1), None)
    assert before == next(descending(trigger, end=now - 1), None)
    low, high = now if before is None else before, now if after is None else after
    assert [i for i in occurrences(trigger, low, high) if i != now] == [i for i in (before, after) if i is not None]


@settings(max_examples=200, deadline=None)
@given(calendars, st.integers(-DAY, LAST_WALL + DAY), st.integers(0, 40 * DAY))
def test_the_clock_without_a_zone(calendar: Calendar, start: int, length: int) -> None:
    end = start + length
    found = [wall for block in walls(calendar, start, end) for wall in islice(block, 500)]
    assert found == sorted(set(found))
    assert all(max(start, 0) <= wall <= min(end, LAST_WALL) and matches(calendar, wall) for wall in found)
    if len(found) < 500:
        assert count_walls(calendar, start, end) == len(found)
    first, last = first_wall(calendar, start), last_wall(calendar, end)
    assert (first if first is not None and first <= end else None) == (found[0] if found else None)
    last = last if last is not None and last >= start else None
    assert (last is None) == (not found)
    if last is not None:
        assert matches(calendar, last)
        assert not count_walls(calendar, last + 1, end)
    shifted = [wall for block in walls(calendar, start, end, 3600) for wall in islice(block, 500)]
    assert shifted == [wall - 3600 for wall in found]


@settings(max_examples=200, deadline=None)
@given(calendars, st.integers(0, DAY - 1), st.integers(0, DAY - 1))
def test_a_time_of_day(calendar: Calendar, one: int, other: int) -> None:
    low, high = sorted((one, other))
    slowly = any(calendar.matches_time(second) for second in range(low, high + 1))
    assert has_time(calendar, low, high) == slowly


def test_every_second_is_listed_without_all_of_them_at_once() -> None:
    trigger = Cron(Calendar(seconds=ALL_SECONDS), "Europe/Berlin")
    first = takewhile(lambda instant: instant < 5, occurrences(trigger, 0))
    assert list(first) == [0, 1, 2, 3, 4]
    assert count(trigger, 0, 10**9) == 10**9 + 1


@pytest.mark.parametrize("name", sorted({name for name, _ in ODD}))
def test_across_every_change_of_a_zone(name: str) -> None:
    """A match every half hour of the night: each change touches some of them, whatever its size."""
    calendar = Calendar(minutes=mask([0, 30]), hours=mask([0, 1, 2, 3, 23]))
    where = zone(name)
    for gap, fold in ((None, None), (Gap.SHIFT, Fold.FIRST), (Gap.RUN_AFTER, Fold.SECOND)):
        trigger = Cron(calendar, name, gap, fold)
        for segment in where.transitions(0, at("2040-01-01")):
            change = where.starts[segment]
            listed = list(occurrences(trigger, change - 3 * DAY, change + 3 * DAY))
            for moment in range(change - DAY, change + DAY, 2700):
                assert next_after(trigger, moment) == next(i for i in listed if i > moment)
                assert last_before(trigger, moment) == next(i for i in reversed(listed) if i < moment)
