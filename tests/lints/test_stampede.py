"""How many runs start in one minute: by hand, and by listing every run of every schedule."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from compiling import CONTAINER, Result, compile_files, document
from hypothesis import given, settings
from hypothesis import strategies as st
from lowering_schedules import ZONES, calendars
from schedc.ir import zones
from schedc.ir.calendar import Calendar
from schedc.ir.occurrences import occurrences
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Once, Trigger
from schedc.lints.load import DAY, Bounded, load

FIRST = 20_454
"""The day number of 2026-01-01."""
MIDNIGHT = Cron(Calendar(minutes=1, hours=1), "UTC")


def test_starts_of_a_minute_by_hand() -> None:
    lagos = Cron(Calendar(minutes=1, hours=1 << 1), "Africa/Lagos")  # 01:00 there is 00:00 UTC
    mondays = Cron(Calendar(minutes=1, hours=1, weekdays=1 << 1), "UTC")  # 5, 12, 19 and 26 January
    sixty = Cron(Calendar(seconds=(1 << 60) - 1, minutes=1 << 7, hours=1 << 3), "UTC")
    found = load([(t, None, None) for t in (MIDNIGHT, MIDNIGHT, lagos, mondays, sixty)], FIRST, 28, 2)
    assert [(c.minute, c.day - FIRST, c.starts, c.days) for c in found.over] == [(3 * 60 + 7, 0, 60, 28), (0, 4, 4, 28)]
    assert (found.busiest[0], found.busiest[187], sum(found.busiest)) == (4, 60, 64)


def test_clock_changes_and_bounds_by_hand() -> None:
    amsterdam = Cron(Calendar(minutes=1, hours=1 << 6), "Europe/Amsterdam")  # 05:00 UTC, from 29 March on 04:00 UTC
    at_five = Cron(Calendar(minutes=1, hours=1 << 5), "UTC")
    begin = FIRST * DAY
    bounded: list[Bounded] = [(amsterdam, None, None), (at_five, begin + 5 * 3600 + 1, begin + 9 * DAY + 5 * 3600)]
    found = load(bounded, FIRST, 120, 1)
    assert [(c.minute, c.day - FIRST, c.starts, c.days) for c in found.over] == [(300, 1, 2, 9)]
    assert (found.busiest[240], found.busiest[300]) == (1, 2)


def _interval(draw: st.DrawFn) -> Interval:
    seconds = draw(st.sampled_from([60, 600, 1800, 3600, 5400, 43_200, 86_400]) | st.integers(40, 10**6))
    return Interval(FIRST * DAY + draw(st.integers(-2 * DAY, 3 * DAY)), seconds)


@st.composite
def _bounded(draw: st.DrawFn) -> Bounded:
    zone, gap = st.sampled_from(ZONES), st.none() | st.sampled_from(Gap)
    cron = st.builds(Cron, calendars, zone, gap, st.none() | st.sampled_from(Fold))
    once = st.builds(Once, st.integers(FIRST * DAY, (FIRST + 320) * DAY))
    trigger: Trigger = draw(cron | once | st.composite(_interval)())
    bound = st.none() | st.integers((FIRST - 5) * DAY, (FIRST + 320) * DAY)
    return trigger, draw(bound), draw(bound)


@given(
    triggers=st.lists(_bounded(), min_size=1, max_size=6),
    repeat=st.integers(1, 2),
    first=st.sampled_from([0, 83, 86, 90, 295, 300]),  # late March, early April and October have changes of clocks
    days=st.integers(1, 9),
    most=st.integers(1, 3),
)
@settings(max_examples=200, deadline=None)
def test_it_agrees_with_a_list_of_every_start(
    triggers: list[Bounded], repeat: int, first: int, days: int, most: int
) -> None:
    _compare_with_a_list(triggers * repeat, FIRST + first, days, most)


NIGHT = Calendar(minutes=1 | 1 << 30, hours=0b1111 | 0b11 << 22)
"""Each half hour from 22:00 to 03:30."""


# Jerusalem's clock changes at midnight UTC and an hour before it, Troll's by two hours an hour after it
@pytest.mark.parametrize("zone", [*ZONES, "Asia/Jerusalem"])
@pytest.mark.parametrize(("gap", "fold"), [(None, None), (Gap.SHIFT, Fold.FIRST), (Gap.RUN_AFTER, Fold.SECOND)])
def test_every_change_of_a_year(zone: str, gap: Gap | None, fold: Fold | None) -> None:
    where = zones.zone(zone)
    for i in where.transitions(FIRST * DAY, (FIRST + 500) * DAY):
        changed = where.starts[i] // DAY
        for first, days in ((changed - 2, 5), (changed - 1, 1), (changed, 1), (changed + 1, 1)):
            _compare_with_a_list([(Cron(NIGHT, zone, gap, fold), None, None), (MIDNIGHT, None, None)], first, days, 1)


def _compare_with_a_list(every: list[Bounded], first: int, days: int, most: int) -> None:
    low, high = first * DAY, (first + days) * DAY - 1
    starts: Counter[int] = Counter()
    for trigger, start, end in every:
        begin, last = max(low, low if start is None else start), min(high, high if end is None else end)
        starts.update(instant // 60 for instant in occurrences(trigger, begin, last))
    busiest = [0] * 1440
    over: Counter[int] = Counter()
    for minute, count in starts.items():
        busiest[minute % 1440] = max(busiest[minute % 1440], count)
        over[minute % 1440] += count > most
    found = load(every, first, days, most)
    assert list(found.busiest) == busiest
    assert {c.minute: c.days for c in found.over} == {m: n for m, n in over.items() if n}
    for crowd in found.over:
        assert crowd.starts == busiest[crowd.minute] == starts[crowd.day * 1440 + crowd.minute]
    assert [c.starts for c in found.over] == sorted((c.starts for c in found.over), reverse=True)


def _compiled(folder: Path, schedules: dict[str, Any], setting: str, comments: dict[str, str] | None = None) -> Result:
    text = document({name: {**one, "run": {"container": CONTAINER}} for name, one in schedules.items()})
    for name, comment in (comments or {}).items():
        text = text.replace(f'    "{name}": {{', f'    # {comment}\n    "{name}": {{')
    toml = f"[lints]\nstampede = {setting}\n[defaults]\ndeploy_to = ['airflow', 'kubernetes']\n"
    return compile_files(folder, {"all.yaml": text, "schedc.toml": toml}, lint=True)


DAILY: dict[str, Any] = {"cron_expression": "0 0 * * *"}
LATER: dict[str, Any] = {"cron_expression": "1 0 * * *"}


def _told(result: Result) -> list[tuple[str | None, str, tuple[str, ...], str | None]]:
    return [(d.target, d.message, d.notes, d.help) for d in result.found if d.rule.code == "SC221"]


def test_one_finding_for_each_target_with_minute_count_names_and_a_free_minute(tmp_path: Path) -> None:
    only_here = {**DAILY, "deploy_to": ["kubernetes"]}
    names = {"a": DAILY, "b": DAILY, "c": only_here, "d": LATER, "e": {**DAILY, "paused": True}}
    found = _told(_compiled(tmp_path, names, "{most = 2}"))
    assert found == [
        (
            "kubernetes",
            "3 runs start in one minute on Kubernetes CronJob: 00:00 UTC, such as 2026-01-01T00:00:00Z",
            ("they are a, b, c", "00:00 UTC has more than 2 on every day"),
            "spread them: 23:59 UTC is free",
        )
    ]


def test_the_first_few_are_named_and_the_other_minutes_too(tmp_path: Path) -> None:
    names = {f"s{i}": {"cron_expression": "0 0,6 * * 1"} for i in range(12)}
    found = _told(_compiled(tmp_path, names, "true"))
    assert [target for target, *_ in found] == ["airflow", "kubernetes"]
    assert found[0][2] == (
        "they are s0, s1, s10, s11, s2 and 7 more",
        "00:00 UTC has more than 10 on 52 of 366 days",
        "so have 06:00",
    )
    assert _told(_compiled(tmp_path, {name: names[name] for name in sorted(names)[:10]}, "true")) == []


@pytest.mark.parametrize(("allowed", "told"), [([], True), (["a"], False), (["a", "b"], False)])
def test_an_allowance_takes_its_schedule_out_of_the_count(allowed: list[str], told: bool, tmp_path: Path) -> None:
    comments = dict.fromkeys(allowed, "schedc: allow stampede it is light")
    result = _compiled(tmp_path, {"a": DAILY, "b": DAILY, "c": DAILY}, "{most = 2}", comments)
    assert bool(_told(result)) is told


def test_an_allowance_is_used_where_its_schedule_was_in_a_crowd(tmp_path: Path) -> None:
    from schedc.diagnostics.sink import Allowance, Sink
    from schedc.lints.stampede import stampede

    result = _compiled(tmp_path, {"a": DAILY, "b": DAILY, "d": LATER}, "false")
    sink = Sink()
    place = result.schedules[0].place()
    for name in ("a", "d"):
        sink.allow(name, Allowance("SC221", "light", place))
    stampede(result.compilation.outputs, {"most": 1}, sink)
    assert {name: one.used for name, one in sink.allowances} == {"a": True, "d": False}
    assert sink.found == []


def test_the_year_begins_when_all_have_begun(tmp_path: Path) -> None:
    """The one that ended before the other began is not counted with it."""
    ended = {**DAILY, "start_time": "2027-01-01T00:00:00Z", "end_time": "2027-05-31T12:00:00Z"}
    begun = {**DAILY, "start_time": "2027-05-31T12:00:00Z"}
    early = {**DAILY, "start_time": "2027-01-01T00:00:00Z"}
    toml = "[lints]\nstampede = {most = 1}\n[defaults]\ndeploy_to = ['airflow']\n"

    def told(*schedules: dict[str, Any]) -> int:
        named = {f"s{i}": {**one, "run": {"container": CONTAINER}} for i, one in enumerate(schedules)}
        found = compile_files(tmp_path, {"all.yaml": document(named), "schedc.toml": toml}, lint=True).found
        return len([d for d in found if d.rule.code == "SC221"])

    assert (told(ended, begun), told(early, begun)) == (0, 1)


MINUTELY: dict[str, Any] = {"cron_expression": "* * * * *"}


@pytest.mark.parametrize(
    ("schedules", "help"),
    [
        ([DAILY, DAILY, DAILY], "spread them: 00:01 UTC is free"),
        ([DAILY, DAILY, DAILY, LATER], "spread them: 23:59 UTC is free"),
        ([DAILY, DAILY, MINUTELY, LATER], "spread them: 23:59 UTC has at most 1"),
        ([MINUTELY, MINUTELY, MINUTELY], "run some of them less often: each minute of the day has 3 starts or more"),
    ],
)
def test_help_names_a_minute_with_room(schedules: list[dict[str, Any]], help: str, tmp_path: Path) -> None:
    found = _told(_compiled(tmp_path, {f"s{i}": one for i, one in enumerate(schedules)}, "{most = 2}"))
    assert [said for *_, said in found] == [help, help]
