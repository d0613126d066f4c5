"""The distance of neighbouring runs, and what the controller makes of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schedc.engines import kubernetes as engine
from schedc.ir import zones
from schedc.ir.calendar import Calendar, mask
from schedc.ir.occurrences import occurrences
from schedc.ir.triggers import Cron
from schedc.targets.kubernetes.manifest import cron_text
from schedc.targets.kubernetes.times import Spacing, spacing

DAY = 86_400
START = 1_767_225_600  # 2026-01-01


def calendar(minutes: list[int], hours: list[int], weekdays: range | list[int] = range(7)) -> Calendar:
    return Calendar(minutes=mask(minutes), hours=mask(hours), weekdays=mask(weekdays))


KNOWN = [
    (Calendar(), "UTC", Spacing(60, True)),
    (calendar([0], [0]), "UTC", Spacing(DAY, True)),
    (calendar([0], [0]), "Europe/Amsterdam", Spacing(DAY - 3600, False)),
    (calendar([0], [0], [1]), "UTC", Spacing(7 * DAY, True)),
    (calendar([5, 55], [1]), "Europe/London", Spacing(600, False)),
    (calendar([59], [0, 2]), "Europe/London", Spacing(3600, False)),
    (calendar([0], [0], [5, 6]), "UTC", Spacing(DAY, False)),
    (Calendar(minutes=1, hours=1, days=mask([31]), months=mask([1, 12])), "UTC", Spacing(31 * DAY, False)),
    (Calendar(minutes=1, hours=1, days=mask([1, 31]), months=mask([1, 12])), "UTC", Spacing(DAY, False)),
    (Calendar(minutes=1, hours=1, days=mask([1]), months=mask([1])), "UTC", Spacing(365 * DAY, False)),
]


@pytest.mark.parametrize(("one", "zone", "expected"), KNOWN)
def test_known_distances(one: Calendar, zone: str, expected: Spacing) -> None:
    assert spacing(Cron(one, zone)) == expected


CALENDARS = st.builds(
    calendar,
    st.lists(st.integers(0, 59), min_size=1, max_size=3),
    st.lists(st.integers(0, 23), min_size=1, max_size=3) | st.just(list(range(24))),
    st.lists(st.integers(0, 6), min_size=1, max_size=7),
)
ZONES = st.sampled_from(["UTC", "Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])


@settings(max_examples=60, deadline=None)
@given(CALENDARS, ZONES)
def test_no_two_runs_are_closer(one: Calendar, zone: str) -> None:
    trigger = Cron(one, zone)
    found = spacing(trigger)
    distances = {later - earlier for earlier, later in pairwise(occurrences(trigger, START, START + 2 * 365 * DAY))}
    assert min(distances) >= found.smallest
    if found.even:
        assert distances == {found.smallest}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([Calendar(), calendar([0], [0]), calendar([10, 40], list(range(24))), calendar([7], [3], [2])]),
    st.integers(0, 400 * DAY),
    st.integers(0, 40 * DAY),
)
def test_where_it_is_even_the_controller_finds_the_latest_run(one: Calendar, created: int, later: int) -> None:
    trigger = Cron(one, "UTC")
    assert spacing(trigger).even
    created, now = START + created, START + created + later
    reading = engine.read(cron_text(one))
    latest = None
    for instant in occurrences(trigger, max(created + 1, now - 8 * DAY), now):
        latest = instant
    assert engine.backlog(reading, zones.UTC, created=created, now=now).newest == latest
