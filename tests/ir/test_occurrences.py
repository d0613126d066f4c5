"""The reference instants, against hand-checked cases and against a brute force over the standard library's zoneinfo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schedc.ir.calendar import ALL_DAYS, ALL_HOURS, ALL_MINUTES, Calendar, mask
from schedc.ir.occurrences import (
    LAST_INSTANT,
    count,
    descending,
    instants,
    irregular,
    last_before,
    literal,
    matches,
    next_after,
    occurrences,
)
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Once
from schedc.ir.zones import BEGINNING, Zone, zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def zone_info(name: str) -> ZoneInfo:
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def at(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - EPOCH) // timedelta(seconds=1)


def shown(found: list[int], name: str) -> list[str]:
    return [datetime.fromtimestamp(t, UTC).astimezone(zone_info(name)).isoformat(timespec="minutes") for t in found]


def daily(hour: int, minute: int) -> Calendar:
    return Calendar(minutes=1 << minute, hours=1 << hour)


# (zone, calendar, first day, last day, gap, fold, expected), each worked out by hand from the zone's published rule.
AMSTERDAM = "Europe/Amsterdam"
CASES: list[tuple[str, Calendar, str, str, Gap | None, Fold | None, list[str]]] = [
    (AMSTERDAM, daily(2, 30), "2026-03-29", "2026-03-29T12:00", None, None, []),
    (AMSTERDAM, daily(2, 30), "2026-03-29", "2026-03-29T12:00", Gap.SKIP, None, []),
    (AMSTERDAM, daily(2, 30), "2026-03-29", "2026-03-29T12:00", Gap.SHIFT, None, ["2026-03-29T03:30+02:00"]),
    (AMSTERDAM, daily(2, 30), "2026-03-29", "2026-03-29T12:00", Gap.RUN_AFTER, None, ["2026-03-29T03:00+02:00"]),
    (AMSTERDAM, daily(2, 0), "2026-03-29", "2026-03-29T12:00", Gap.SHIFT, None, ["2026-03-29T03:00+02:00"]),
    (AMSTERDAM, daily(1, 59), "2026-03-29", "2026-03-29T12:00", Gap.SHIFT, None, ["2026-03-29T01:59+01:00"]),
    (AMSTERDAM, daily(3, 0), "2026-03-29", "2026-03-29T12:00", Gap.RUN_AFTER, None, ["2026-03-29T03:00+02:00"]),
    (
        AMSTERDAM,
        daily(2, 30),
        "2026-10-24T12:00",
        "2026-10-25T12:00",
        None,
        None,
        ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"],
    ),
    (AMSTERDAM, daily(2, 30), "2026-10-25T00:00", "2026-10-25T12:00", None, Fold.FIRST, ["2026-10-25T02:30+02:00"]),
    (AMSTERDAM, daily(2, 30), "2026-10-25T00:00", "2026-10-25T12:00", None, Fold.SECOND, ["2026-10-25T02:30+01:00"]),
    (AMSTERDAM, daily(2, 0), "2026-10-25T00:00", "2026-10-25T12:00", None, Fold.SECOND, ["2026-10-25T02:00+01:00"]),
    (AMSTERDAM, daily(3, 0), "2026-10-25T00:00", "2026-10-25T12:00", None, Fold.SECOND, ["2026-10-25T03:00+01:00"]),
    (AMSTERDAM, daily(1, 59), "2026-10-24T12:00", "2026-10-25T12:00", None, Fold.SECOND, ["2026-10-25T01:59+02:00"]),
    # Shifted 02:30 lands on the regular 03:30: one run.
    (
        AMSTERDAM,
        Calendar(minutes=1 << 30, hours=mask([2, 3])),
        "2026-03-29",
        "2026-03-29T12:00",
        Gap.SHIFT,
        None,
        ["2026-03-29T03:30+02:00"],
    ),
    # Shifted 02:45 comes after the regular 03:15.
    (
        AMSTERDAM,
        Calendar(minutes=mask([15, 45]), hours=mask([2, 3])),
        "2026-03-29",
        "2026-03-29T12:00",
        Gap.SHIFT,
        None,
        ["2026-03-29T03:15+02:00", "2026-03-29T03:45+02:00"],
    ),
    (
        AMSTERDAM,
        Calendar(minutes=mask([0, 20, 40]), hours=mask([2])),
        "2026-03-29",
        "2026-03-29T12:00",
        Gap.RUN_AFTER,
        None,
        ["2026-03-29T03:00+02:00"],
    ),
    # Every hour of the day is read literally, whatever is declared.
    (
        AMSTERDAM,
        Calendar(minutes=1 << 30),
        "2026-03-29T00:00+00:00",
        "2026-03-29T02:00+00:00",
        Gap.SHIFT,
        None,
        ["2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00"],
    ),
    (
        AMSTERDAM,
        Calendar(minutes=1 << 30),
        "2026-10-25T00:00+00:00",
        "2026-10-25T02:00+00:00",
        None,
        Fold.FIRST,
        ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"],
    ),
    ("America/New_York", daily(2, 30), "2026-03-08", "2026-03-09", Gap.SHIFT, None, ["2026-03-08T03:30-04:00"]),
    ("America/New_York", daily(1, 30), "2026-11-01", "2026-11-02", None, Fold.FIRST, ["2026-11-01T01:30-04:00"]),
    ("America/New_York", daily(1, 30), "2026-11-01", "2026-11-02", None, Fold.SECOND, ["2026-11-01T01:30-05:00"]),
    # Half an hour: 02:00 becomes 02:30 in October, 02:00 becomes 01:30 in April.
    ("Australia/Lord_Howe", daily(2, 15), "2026-10-03", "2026-10-04", Gap.SHIFT, None, ["2026-10-04T02:45+11:00"]),
    ("Australia/Lord_Howe", daily(2, 15), "2026-10-03", "2026-10-04", Gap.RUN_AFTER, None, ["2026-10-04T02:30+11:00"]),
    ("Australia/Lord_Howe", daily(1, 45), "2026-04-04", "2026-04-05", None, Fold.FIRST, ["2026-04-05T01:45+11:00"]),
    ("Australia/Lord_Howe", daily(1, 45), "2026-04-04", "2026-04-05", None, Fold.SECOND, ["2026-04-05T01:45+10:30"]),
    # The gap begins at midnight: 00:00 becomes 01:00.
    ("America/Santiago", daily(0, 0), "2026-09-06", "2026-09-07", None, None, []),
    ("America/Santiago", daily(0, 30), "2026-09-06", "2026-09-07", Gap.SHIFT, None, ["2026-09-06T01:30-03:00"]),
    # The fold ends at midnight: 24:00 becomes 23:00 of the day before.
    (
        "America/Santiago",
        daily(23, 30),
        "2026-04-04T04:00",
        "2026-04-05T04:00",
        None,
        Fold.FIRST,
        ["2026-04-04T23:30-03:00"],
    ),
    (
        "America/Santiago",
        daily(23, 30),
        "2026-04-04T04:00",
        "2026-04-05T04:00",
        None,
        Fold.SECOND,
        ["2026-04-04T23:30-04:00"],
    ),
    # Havana: 00:00 becomes 01:00 in March; 01:00 becomes 00:00 in November.
    ("America/Havana", daily(0, 0), "2026-03-08", "2026-03-09", Gap.RUN_AFTER, None, ["2026-03-08T01:00-04:00"]),
    (
        "America/Havana",
        daily(0, 0),
        "2028-11-05",
        "2028-11-06",
        None,
        None,
        ["2028-11-05T00:00-04:00", "2028-11-05T00:00-05:00"],
    ),
    # Apia had no 30 December 2011 at all.
    (
        "Pacific/Apia",
        daily(12, 0),
        "2011-12-29T12:00",
        "2011-12-31T12:00",
        None,
        None,
        ["2011-12-29T12:00-10:00", "2011-12-31T12:00+14:00"],
    ),
    (
        "Pacific/Apia",
        Calendar(minutes=1, hours=1 << 12, days=1 << 30),
        "2011-12-29",
        "2011-12-31T12:00",
        Gap.RUN_AFTER,
        None,
        ["2011-12-31T00:00+14:00"],
    ),
    (
        "Pacific/Apia",
        daily(12, 0),
        "2011-12-29T12:00",
        "2011-12-31T12:00",
        Gap.SHIFT,
        None,
        ["2011-12-29T12:00-10:00", "2011-12-31T12:00+14:00"],
    ),
    # The first pass of the change is before the bounds, the second within: a bound cuts instants, not matches.
    (AMSTERDAM, daily(2, 30), "2026-10-25T01:00", "2026-10-25T02:00", None, Fold.FIRST, []),
    (AMSTERDAM, daily(2, 30), "2026-10-25T01:00", "2026-10-25T02:00", None, Fold.SECOND, ["2026-10-25T02:30+01:00"]),
    (AMSTERDAM, daily(2, 30), "2026-03-29T01:30", "2026-03-29T01:30", Gap.SHIFT, None, ["2026-03-29T03:30+02:00"]),
    (AMSTERDAM, daily(2, 30), "2026-03-29T01:31", "2026-03-29T02:00", Gap.SHIFT, None, []),
]


@pytest.mark.parametrize(("name", "calendar", "start", "end", "gap", "fold", "expected"), CASES)
def test_hand_checked(
    name: str, calendar: Calendar, start: str, end: str, gap: Gap | None, fold: Fold | None, expected: list[str]
) -> None:
    trigger = Cron(calendar, name, gap, fold)
    assert shown(list(occurrences(trigger, at(start), at(end))), name) == expected
    assert count(trigger, at(start), at(end)) == len(expected)
    assert shown(list(descending(trigger, at(start), at(end)))[::-1], name) == expected


# -- a second opinion that shares nothing: every step of the clock, asked of zoneinfo --------------------------------


def brute_force(trigger: Cron, start: int, end: int, step: int = 60, margin: int = 48) -> list[int]:
    """Walks UTC for what the clock shows, and the wall for what it does not."""
    info, calendar = zone_info(trigger.timezone), trigger.calendar
    literally = calendar.hours == ALL_HOURS
    gap = Gap.SKIP if literally else trigger.gap or Gap.SKIP
    fold = Fold.BOTH if literally else trigger.fold or Fold.BOTH
    found = set()
    for instant in range(start, end + 1, step):
        wall = datetime.fromtimestamp(instant, UTC).astimezone(info)
        if not picks(calendar, wall):
            continue
        naive = wall.replace(tzinfo=None)
        passes = [naive.replace(tzinfo=info, fold=number).astimezone(UTC) for number in (0, 1)]
        if passes[0] < passes[1] and ((fold is Fold.FIRST and wall.fold) or (fold is Fold.SECOND and not wall.fold)):
            continue
        found.add(instant)
    if gap is not Gap.SKIP:
        wall = datetime.fromtimestamp(start, UTC).replace(tzinfo=None) - timedelta(hours=margin)
        while wall < datetime.fromtimestamp(end, UTC).replace(tzinfo=None) + timedelta(hours=margin):
            there = wall.replace(tzinfo=info).astimezone(UTC)
            if picks(calendar, wall) and there.astimezone(info).replace(tzinfo=None) != wall:
                landed = (there - EPOCH) // timedelta(seconds=1)
                if gap is Gap.RUN_AFTER:
                    offset = there.astimezone(info).utcoffset()
                    while (there - timedelta(minutes=1)).astimezone(info).utcoffset() == offset:
                        there -= timedelta(minutes=1)
                    landed = (there - EPOCH) // timedelta(seconds=1)
                if start <= landed <= end:
                    found.add(landed)
            wall += timedelta(seconds=step)
    return sorted(found)


def picks(calendar: Calendar, wall: datetime) -> bool:
    by_day = bool(calendar.days >> wall.day & 1)
    by_weekday = bool(calendar.weekdays >> wall.isoweekday() % 7 & 1)
    return bool(
        calendar.seconds >> wall.second & 1
        and calendar.minutes >> wall.minute & 1
        and calendar.hours >> wall.hour & 1
        and calendar.months >> wall.month & 1
        and (by_day or by_weekday if calendar.either else by_day and by_weekday)
    )


ODD = [
    (AMSTERDAM, "2026-03-29"),
    (AMSTERDAM, "2026-10-25"),
    ("America/New_York", "2027-03-14"),
    ("America/New_York", "2027-11-07"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("America/Santiago", "2026-09-06"),
    ("America/Santiago", "2026-04-05"),
    ("America/Havana", "2026-03-08"),
    ("America/Havana", "2028-11-05"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Kwajalein", "1993-08-21"),
    ("Antarctica/Troll", "2026-03-29"),
    ("Antarctica/Troll", "2026-10-25"),
    ("Africa/Casablanca", "2027-02-07"),
    ("Asia/Kathmandu", "1986-01-01"),
    ("Antarctica/Casey", "2018-03-11"),
    ("America/St_Johns", "2006-10-29"),
    ("Asia/Pyongyang", "2018-05-05"),
    ("Europe/Dublin", "2026-10-25"),
]

small_sets = st.sets(st.integers(0, 23), min_size=1, max_size=6).map(mask)
calendars = st.builds(
    Calendar,
    minutes=st.sets(st.integers(0, 59), min_size=1, max_size=5).map(mask) | st.just(ALL_MINUTES),
    hours=small_sets | st.just(mask([0, 1, 2, 3, 23])) | st.just(ALL_HOURS),
    days=st.just(ALL_DAYS) | st.sets(st.integers(1, 31), min_size=1).map(mask),
    weekdays=st.just(127) | st.sets(st.integers(0, 6), min_size=1).map(mask),
    either=st.booleans(),
)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(ODD),
    calendars,
    st.sampled_from([None, *Gap]),
    st.sampled_from([None, *Fold]),
    st.integers(-720, 720),
    st.integers(1, 1500),
)
def test_against_brute_force(
    case: tuple[str, str], calendar: Calendar, gap: Gap | None, fold: Fold | None, minutes: int, length: int
) -> None:
    name, day = case
    trigger = Cron(calendar, name, gap, fold)
    start = at(day) + 60 * minutes
    end = start + 60 * length
    expected = brute_force(trigger, start, end)
    found = list(occurrences(trigger, start, end))
    assert found == expected
    assert list(descending(trigger, start, end)) == expected[::-1]
    assert count(trigger, start, end) == len(expected)
    if expected:
        middle = expected[len(expected) // 2]
        assert next_after(trigger, middle - 1) == middle
        assert last_before(trigger, middle + 1) == middle


QUARTER = 900
BASE = at("2026-06-10")

made_up_zones = st.lists(
    st.tuples(st.integers(1, 40), st.integers(-8, 8)), min_size=1, max_size=4, unique_by=lambda change: change[0]
).map(
    lambda changes: Zone(
        "made up",
        (BEGINNING, *(BASE + QUARTER * when for when, _ in sorted(changes))),
        (0, *(QUARTER * offset for _, offset in sorted(changes))),
    )
)


@settings(max_examples=60, deadline=None)
@given(made_up_zones, calendars, st.sampled_from(Gap), st.sampled_from(Fold))
def test_changes_close_together(where: Zone, calendar: Calendar, gap: Gap, fold: Fold) -> None:
    """Clock changes in quick succession, with every wall time asked for its instants."""
    expected = set()
    if calendar.every_hour:
        gap, fold = Gap.SKIP, Fold.BOTH
    for wall in literal(calendar, BASE - 30 * QUARTER, BASE + 80 * QUARTER):
        passes = where.instants(wall)
        if passes:
            expected |= {Fold.FIRST: {passes[0]}, Fold.SECOND: {passes[-1]}, Fold.BOTH: set(passes)}[fold]
        elif gap is not Gap.SKIP:
            segment = next(
                i
                for i in range(1, len(where.starts))
                if where.offsets[i - 1] <= wall - where.starts[i] < where.offsets[i]
            )
            expected.add(where.starts[segment] if gap is Gap.RUN_AFTER else wall - where.offsets[segment - 1])
    start, end = BASE - 10 * QUARTER, BASE + 60 * QUARTER
    within = sorted(instant for instant in expected if start <= instant <= end)
    assert list(instants(calendar, where, start, end, gap, fold)) == within


@pytest.mark.parametrize(
    ("name", "day"),
    [("Europe/Amsterdam", "2026-03-29"), ("America/New_York", "2026-11-01"), ("Asia/Kathmandu", "1986-01-01")],
)
@pytest.mark.parametrize("gap", [Gap.SHIFT, Gap.RUN_AFTER])
def test_seconds_against_brute_force(name: str, day: str, gap: Gap) -> None:
    calendar = Calendar(seconds=mask([0, 17, 59]), minutes=mask([0, 14, 15, 59]), hours=mask([0, 1, 2, 3]))
    trigger = Cron(calendar, name, gap, Fold.FIRST)
    change = next(zone(name).starts[i] for i in zone(name).transitions(at(day) - 86_400, at(day) + 86_400))
    start, end = change - 4000, change + 4000
    assert list(occurrences(trigger, start, end)) == brute_force(trigger, start, end, step=1, margin=8)


# -- irregular -------------------------------------------------------------------------------------------------------


def test_irregular_names_the_wall_time_and_the_change() -> None:
    found = list(irregular(daily(2, 30), zone(AMSTERDAM), at("2026-01-01"), at("2026-12-31")))
    assert [(one.wall, one.transition, one.in_gap, one.possible) for one in found] == [
        (at("2026-03-29T02:30"), at("2026-03-29T01:00"), True, (at("2026-03-29T01:00"), at("2026-03-29T01:30"))),
        (at("2026-10-25T02:30"), at("2026-10-25T01:00"), False, (at("2026-10-25T00:30"), at("2026-10-25T01:30"))),
    ]


def test_irregular_is_empty_where_nothing_is_open() -> None:
    year = at("2026-01-01"), at("2026-12-31")
    assert not list(irregular(daily(4, 0), zone(AMSTERDAM), *year))
    assert not list(irregular(daily(2, 30), zone("UTC"), *year))
    assert not list(irregular(Calendar(minutes=1 << 30), zone(AMSTERDAM), *year))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(ODD), calendars)
def test_only_irregular_matches_depend_on_the_choice(case: tuple[str, str], calendar: Calendar) -> None:
    name, day = case
    start, end = at(day) - 3 * 86_400, at(day) + 4 * 86_400
    answers: list[set[int]] = [
        set(occurrences(Cron(calendar, name, gap, fold), start, end)) for gap in Gap for fold in Fold
    ]
    open_instants = {t for one in irregular(calendar, zone(name), start, end) for t in one.possible}
    assert set().union(*answers) - answers[0].intersection(*answers) <= open_instants


# -- the other triggers, bounds and ends -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, 5000, [1000, 2800, 4600]),
        (1000, 2800, [1000, 2800]),
        (1001, 2799, []),
        (1001, 2800, [2800]),
        (4000, 3000, []),
        (-99, 999, []),
    ],
)
def test_interval(start: int | None, end: int, expected: list[int]) -> None:
    trigger = Interval(1000, 1800)
    assert list(occurrences(trigger, start, end)) == expected
    assert list(descending(trigger, start, end)) == expected[::-1]
    assert count(trigger, -10 if start is None else start, end) == len(expected)


def test_interval_neighbours() -> None:
    trigger = Interval(1000, 1800)
    assert next_after(trigger, 1000) == 2800
    assert last_before(trigger, 2800) == 1000
    assert last_before(trigger, 1000) is None


def test_once() -> None:
    trigger = Once(500)
    assert list(occurrences(trigger)) == [500] == list(descending(trigger))
    assert list(occurrences(trigger, 501)) == []
    assert (next_after(trigger, 499), next_after(trigger, 500)) == (500, None)
    assert (last_before(trigger, 501), last_before(trigger, 500)) == (500, None)
    assert (count(trigger, 0, 500), count(trigger, 0, 499)) == (1, 0)


@pytest.mark.parametrize(
    ("calendar", "after", "expected"),
    [
        (Calendar(minutes=1, hours=1, days=1 << 29, months=1 << 2), "2096-02-29", "2104-02-29"),
        (Calendar(minutes=1, hours=1, days=1 << 29, months=1 << 2, weekdays=1 << 2), "2028-02-29", "2056-02-29"),
        (Calendar(minutes=1, hours=1, years=(2199,)), "1980-01-01", "2199-01-01"),
        (Calendar(minutes=1, hours=1, days=1 << 31, months=mask([2, 4, 6])), "1980-01-01", None),
        (Calendar(minutes=1, hours=1, years=(1971,)), "2026-01-01", None),
    ],
)
def test_far_apart(calendar: Calendar, after: str, expected: str | None) -> None:
    for name in ("UTC", AMSTERDAM):
        found = next_after(Cron(calendar, name), at(after) + 86_400)
        assert found is None if expected is None else shown([found or 0], name)[0].startswith(expected)


def test_a_calendar_that_never_fires_has_no_instants() -> None:
    never = Cron(Calendar(minutes=1, hours=1, days=1 << 30, months=1 << 2), AMSTERDAM)
    assert list(occurrences(never)) == []
    assert list(descending(never)) == []
    assert last_before(never, LAST_INSTANT) is None
    assert count(never, 0, LAST_INSTANT) == 0


def test_the_last_year_is_whole() -> None:
    trigger = Cron(daily(23, 59), AMSTERDAM)
    last = last_before(trigger, LAST_INSTANT)
    assert last is not None
    assert shown([last], AMSTERDAM)[0].startswith("2199-12-31T23:59")
    assert next_after(trigger, last) is None
    first = next(occurrences(trigger))
    assert shown([first], AMSTERDAM)[0].startswith("1970-01-01T23:59")


def test_counting_is_the_length_of_the_list() -> None:
    for name in ("UTC", AMSTERDAM, "Australia/Lord_Howe"):
        for calendar in (
            Calendar(minutes=mask(range(0, 60, 7))),
            daily(2, 10),
            Calendar(minutes=1, hours=1, weekdays=2),
        ):
            for gap in Gap:
                trigger = Cron(calendar, name, gap, Fold.SECOND)
                start, end = at("2025-06-01T12:34:56"), at("2029-02-03T04:05:06")
                assert count(trigger, start, end) == len(list(occurrences(trigger, start, end)))


def test_literal_walls_know_no_zone() -> None:
    start = at("2026-03-28T00:00")
    assert list(literal(daily(2, 30), start, start + 2 * 86_400)) == [start + 9000, start + 9000 + 86_400]
    assert matches(daily(2, 30), start + 9000)
    assert not matches(daily(2, 30), start + 9001)
