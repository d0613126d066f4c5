"""What is said of instants is what the lists of them say, for any two schedules and either way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from compiling import WEEKLY, compile_one
from hypothesis import given, settings
from hypothesis import strategies as st
from schedc.engines import CronError
from schedc.frontend.cron_expression import read_cron
from schedc.ir.occurrences import occurrences
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron, Interval, Once, Trigger
from schedc.ir.workload import Elsewhere
from schedc.ir.zones import zone
from schedc.node import Node
from schedc.proof.clock import clocks
from schedc.report.diff import instants
from schedc.report.diff.meaning import certainly_same, meant
from schedc.report.diff.model import InstantChange
from schedc.report.diff.moves import difference
from schedc.source import SourceFile, Span
from schedc.target import Told
from schedc.targets import target as find_target

DAY = 86_400
BEGIN = 1_798_761_600
"""2027-01-01T00:00:00Z"""
UTC_ZONES = (zone("UTC"), zone("UTC"))
NODE = Node({}, Span(SourceFile("test", ""), 0, 0))
CRONS = [
    "0 6 * * *",
    "30 2 * * *",
    "*/30 * * * *",
    "0 * * * *",
    "5 14 * * 3",
    "0 0 1 * *",
    "0 6 29 2 *",
    "15 1,3 * * 0",
]
ZONES = ["UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana"]


def _cron(text: str, name: str) -> Cron:
    calendar, mistakes = read_cron(text)
    assert calendar is not None, mistakes
    return Cron(calendar, name)


triggers: st.SearchStrategy[Trigger] = st.one_of(
    st.builds(_cron, st.sampled_from(CRONS), st.sampled_from(ZONES)),
    st.builds(
        Interval, st.integers(BEGIN - 40 * DAY, BEGIN + 90 * DAY), st.sampled_from([1800, 5400, 3600, DAY, 7 * DAY])
    ),
    st.builds(Once, st.integers(BEGIN - DAY, BEGIN + 400 * DAY)),
)
bounds = st.one_of(st.none(), st.integers(BEGIN - 20 * DAY, BEGIN + 400 * DAY))


def _schedule(trigger: Trigger, start: int | None, end: int | None, max_runs: int | None) -> Schedule:
    if isinstance(trigger, Interval):
        start = trigger.start if start is None else max(start, trigger.start)
    return Schedule(
        name="one", trigger=trigger, start=start, end=end, max_runs=max_runs, run=Elsewhere(), node=NODE, timezone="UTC"
    )


schedules = st.builds(_schedule, triggers, bounds, bounds, st.one_of(st.none(), st.integers(1, 50)))


def _plainly(schedule: Schedule, begin: int, until: int) -> list[int]:
    """The instants by definition: all from the very first on, counted, and then cut to the range."""
    found = list(occurrences(schedule.trigger, schedule.start, schedule.end if schedule.end is not None else until))
    counted = schedule.start is not None or isinstance(schedule.trigger, Interval)
    kept = found[: schedule.max_runs] if schedule.max_runs is not None and counted else found
    return [i for i in kept if begin <= i < until]


@settings(deadline=None, max_examples=60)
@given(schedules, st.integers(0, 40), st.integers(1, 120))
def test_the_instants_of_a_schedule_are_its_occurrences(schedule: Schedule, first: int, days: int) -> None:
    begin, until = BEGIN + first * DAY, BEGIN + (first + days) * DAY
    if schedule.start is None:
        expected = [
            i for i in occurrences(schedule.trigger, begin, until - 1) if schedule.end is None or i <= schedule.end
        ]
    else:
        expected = _plainly(schedule, begin, until)
    assert list(instants.of_schedule(schedule, begin, until)) == expected


@settings(deadline=None, max_examples=120)
@given(schedules, schedules)
def test_a_difference_is_that_of_the_two_sets(old: Schedule, new: Schedule) -> None:
    until = BEGIN + 200 * DAY
    before, after = (instants.of_schedule(one, BEGIN, until) for one in (old, new))
    found, _ = meant(old, new, BEGIN, until)
    lost, gained = set(before) - set(after), set(after) - set(before)
    if not lost and not gained:
        assert found is None or found.total == 0
        return
    assert found is not None
    pairs = sum(count for _, count in found.moved)
    assert (found.lost + pairs, found.gained + pairs) == (len(lost), len(gained))
    assert (found.before, found.after) == (len(before), len(after))
    for was, is_ in found.events:
        assert was is None or was in lost
        assert is_ is None or is_ in gained
    assert found.first is not None
    earliest = min(lost | gained)
    assert earliest in found.first


@settings(deadline=None, max_examples=120)
@given(schedules, schedules)
def test_the_other_way_round_lost_is_gained(old: Schedule, new: Schedule) -> None:
    until = BEGIN + 200 * DAY
    there, _ = meant(old, new, BEGIN, until)
    back, _ = meant(new, old, BEGIN, until)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert (there.lost, there.gained) == (back.gained, back.lost)
        assert dict(there.moved) == {-seconds: count for seconds, count in back.moved}
        assert there.events == tuple((was, is_) for is_, was in back.events)


@settings(deadline=None, max_examples=60)
@given(schedules)
def test_nothing_differs_from_itself(one: Schedule) -> None:
    assert meant(one, one, BEGIN, BEGIN + 400 * DAY) == (None, None)


@settings(deadline=None, max_examples=120)
@given(schedules, schedules)
def test_what_is_certainly_the_same_has_the_same_instants(old: Schedule, new: Schedule) -> None:
    if certainly_same(old, new, BEGIN):
        until = BEGIN + 500 * DAY
        assert instants.of_schedule(old, BEGIN, until) == instants.of_schedule(new, BEGIN, until)


def _pair(old: Sequence[int], new: Sequence[int]) -> InstantChange | None:
    return difference(tuple(old), tuple(new), 0, 100 * DAY, UTC_ZONES)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [], None),
        ([10, 20], [10, 20], None),
        ([10], [], (1, 0, {})),
        ([], [10], (0, 1, {})),
        # An hour later each day.
        ([0, DAY, 2 * DAY], [3600, DAY + 3600, 2 * DAY + 3600], (0, 0, {3600: 3})),
        # Half a day later: the one before is as near, and the day decides.
        ([0, DAY], [DAY // 2, DAY + DAY // 2], (0, 0, {DAY // 2: 2})),
        # One at midnight on either side of another, which is kept: they are no neighbours.
        ([0, 100], [100, 200], (1, 1, {})),
        # The nearer of two.
        ([100], [0, 130], (0, 1, {30: 1})),
        ([100], [90, 1000], (0, 1, {-10: 1})),
        # One that became two on the hour: the nearest is the moved one.
        ([0, 3600], [60, 1860, 3660, 5460], (0, 2, {60: 2})),
    ],
)
def test_which_instants_have_moved(
    old: list[int], new: list[int], expected: tuple[int, int, dict[int, int]] | None
) -> None:
    found = _pair(old, new)
    assert (None if found is None else (found.lost, found.gained, dict(found.moved))) == expected


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 60), unique=True, max_size=5).map(sorted),
    st.lists(st.integers(0, 60), unique=True, max_size=5).map(sorted),
)
def test_a_moved_instant_is_next_to_where_it_was(old: list[int], new: list[int]) -> None:
    """Between the two lies nothing that fires on either side."""
    found = _pair(old, new)
    if found is not None:
        assert Counter(b - a for a, b in found.events if a is not None and b is not None) == dict(found.moved)
        for was, is_ in found.events:
            if was is not None and is_ is not None:
                low, high = sorted((was, is_))
                assert not [i for i in {*old, *new} if low < i < high]


def _steps(told: Told, families: tuple[str, ...], begin: int, until: int) -> list[int]:
    """An engine followed step by step from the first instant of the range on."""
    clock = clocks(told, families)[0]
    assert clock.next is not None
    found: list[int] = []
    at = begin - 1
    while True:
        try:
            following = clock.next(at)
        except CronError:
            return found
        if following is None or following >= until:
            return found
        found.append(following)
        at = following


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(["0 6 * * *", "30 2 * * *", "0 0 * * *", "*/20 * * * *", "15 * * * *", "0 3 * * 0", "30 1 1 * *"]),
    st.sampled_from(["UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "America/Havana", "Africa/Cairo"]),
    st.sampled_from(["kubernetes", "airflow"]),
    st.integers(0, 60),
)
def test_an_engine_is_what_its_own_steps_are(cron: str, name: str, engine: str, first: int) -> None:
    """Also in zones in which an engine goes wrong, which an artifact of another hand may name."""
    begin, until = BEGIN + first * DAY, BEGIN + (first + 330) * DAY
    told = Told(engine=engine, crons=(cron,), timezone=name)
    assert list(instants.of_engine(told, (), begin, until)) == _steps(told, (), begin, until)


def test_several_texts_fire_as_one() -> None:
    told = Told(engine="airflow", crons=("0 6 * * *", "0 6,7 * * 1"), timezone="UTC")
    found = instants.of_engine(told, (), BEGIN, BEGIN + 7 * DAY)
    monday = BEGIN + 3 * DAY
    assert found == tuple(sorted([*(BEGIN + day * DAY + 6 * 3600 for day in range(7)), monday + 7 * 3600]))


@pytest.mark.parametrize(
    ("engine", "first"),
    [("airflow", BEGIN), ("kubeflow", BEGIN + 5400)],
)
def test_a_period_begins_as_the_engine_has_it(engine: str, first: int) -> None:
    """Airflow counts from the start; Kubeflow fires first one interval after it."""
    told = Told(engine=engine, period=5400, start=BEGIN)
    assert instants.of_engine(told, (), BEGIN - DAY, first + 2 * 5400) == (first, first + 5400)


def test_what_was_compiled_fires_as_its_schedule(tmp_path: Path) -> None:
    """On every target, for a schedule that no clock change touches."""
    result = compile_one(tmp_path, {**WEEKLY, "timezone": "UTC"})
    (schedule,) = result.schedules
    until = BEGIN + 365 * DAY
    expected = instants.of_schedule(schedule, BEGIN, until)
    assert len(expected) == 52
    assert len(result.compilation.outputs) == 4
    for output in result.compilation.outputs:
        told = find_target(output.target).read({a.path: a.text for a in output.artifacts}).told
        assert instants.of_engine(told, (), BEGIN, until) == expected, output.target
