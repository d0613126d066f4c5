"""The comparison of runs with a schedule finds nothing in right runs, and each way in which runs can be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from airflow_database import Planned, Run
from run_comparison import differences, most_active
from schedc.ir.schedule import Schedule
from scheduled_dags import FAULTS, SCHEDULES, compiled, faulty


def _at(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp())


BEGAN, READ = _at("2026-06-01T00:00:07"), _at("2026-06-01T00:01:30")
"""When a scheduler was started, and when it was asked."""


def _run(text: str, **fields: Any) -> Run:
    """A run that was made, and lasted two seconds, as soon as the scheduler was there."""
    at = _at(text)
    made = max(at, BEGAN) + 1.5
    return replace(Run(at, at, made, began=made + 1, ended=made + 3), **fields)


DAYS = tuple(
    _run(f"2025-03-0{day}T00:00:00", began=BEGAN + 10.0 * day, ended=BEGAN + 10.0 * day + 2) for day in range(3, 8)
)
LIVE = tuple(_run(f"2026-06-01T00:0{when}") for when in ("0:00", "0:20", "0:40", "1:00"))
RIGHT = {
    "few-days": Planned("few-days", False, None, DAYS),
    "one-at-a-time": Planned(
        "one-at-a-time", False, None, tuple(_run(f"2025-05-0{day}T00:00:00") for day in (1, 2, 3))
    ),
    "paused": Planned("paused", True, _at("2025-03-03T00:00:00"), ()),
    "latest-year": Planned("latest-year", False, _at("2027-01-01T05:00:00"), (_run("2026-01-01T05:00:00"),)),
    "over-and-done": Planned("over-and-done", False, None, ()),
    "live": Planned("live", False, _at("2026-06-01T00:01:20"), LIVE),
}
RIGHT["one-at-a-time"] = replace(
    RIGHT["one-at-a-time"],
    runs=tuple(
        replace(run, began=BEGAN + 2.0 * i, ended=BEGAN + 2.0 * i + 2)
        for i, run in enumerate(RIGHT["one-at-a-time"].runs)
    ),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Schedule, str]]:
    return compiled(tmp_path_factory.mktemp("source"), "3.1")


def _told(made: dict[str, tuple[Schedule, str]], dag: Planned) -> list[str]:
    return differences(made[dag.dag_id][0], dag, BEGAN, READ)


@pytest.mark.parametrize("name", RIGHT)
def test_right_runs_differ_in_nothing(name: str, made: dict[str, tuple[Schedule, str]]) -> None:
    assert _told(made, RIGHT[name]) == []


def _with(name: str, *runs: Run, **fields: Any) -> Planned:
    return replace(RIGHT[name], runs=runs, **fields)


WRONG = [
    (_with("few-days"), ["no run at 2025-03-03T00:00:00Z", "no run at 2025-03-04T00:00:00Z"]),
    (_with("few-days", *DAYS[:2], *DAYS[3:]), ["no run at 2025-03-05T00:00:00Z"]),
    (
        _with("few-days", *DAYS[:4]),
        ["no run at 2025-03-07T00:00:00Z", "nothing comes next, and not 2025-03-07T00:00:00Z"],
    ),
    (_with("few-days", *DAYS, _run("2025-03-08T00:00:00")), ["2025-03-08T00:00:00Z is no instant of it"]),
    (_with("few-days", _run("2025-03-02T00:00:00"), *DAYS), ["2025-03-02T00:00:00Z is no instant of it"]),
    (_with("few-days", *DAYS[:4], _run("2025-03-07T00:01:00")), ["2025-03-07T00:01:00Z is no instant of it"]),
    (_with("few-days", *DAYS, DAYS[4]), ["2025-03-07T00:00:00Z was run twice"]),
    (_with("few-days", DAYS[1], DAYS[0], *DAYS[2:]), ["2025-03-03T00:00:00Z was run after 2025-03-04T00:00:00Z"]),
    (_with("few-days", *DAYS, next=_at("2025-03-08T00:00:00")), ["2025-03-08T00:00:00Z comes next, and not nothing"]),
    (_with("few-days", *DAYS, paused=True), ["it is paused"]),
    (_with("few-days", *DAYS[:4], replace(DAYS[4], state="failed")), ["came to failed, and not to success"]),
    (_with("few-days", *DAYS[:4], replace(DAYS[4], kind="manual")), ["2025-03-07T00:00:00Z is a manual run"]),
    (_with("few-days", *DAYS[:4], replace(DAYS[4], due=1)), ["is a scheduled run, due at 1970-01-01T00:00:01Z"]),
    (
        _with("one-at-a-time", *(_run(f"2025-05-0{day}T00:00:00") for day in (1, 2, 3))),
        ["3 runs active at a time, and not 1"],
    ),
    (replace(RIGHT["paused"], paused=False), ["it is not paused"]),
    (_with("paused", DAYS[0]), ["2025-03-03T00:00:00Z was run while it is paused"]),
    (
        _with("latest-year", _run("2025-01-01T05:00:00"), *RIGHT["latest-year"].runs),
        ["2025-01-01T05:00:00Z was missed, and is not the latest"],
    ),
    (_with("latest-year", next=None), []),
    (_with("live", *LIVE[:2], LIVE[3]), ["no run at 2026-06-01T00:00:40Z"]),
    (_with("live", LIVE[0], replace(LIVE[1], made=_at("2026-06-01T00:00:59") + 0.5), LIVE[3]), []),
    (_with("live", *LIVE[:3]), ["no run at 2026-06-01T00:01:00Z", "2026-06-01T00:01:20Z comes next, and not"]),
    (_with("live", *LIVE, next=_at("2026-06-01T00:01:40")), ["2026-06-01T00:01:40Z comes next, and not"]),
    (_with("live", _run("2026-05-31T23:59:40"), *LIVE), ["2026-05-31T23:59:40Z was missed, and is not the latest"]),
]


@pytest.mark.parametrize(("dag", "parts"), WRONG, ids=[f"{dag.dag_id}-{i}" for i, (dag, _) in enumerate(WRONG)])
def test_wrong_runs_are_told(dag: Planned, parts: list[str], made: dict[str, tuple[Schedule, str]]) -> None:
    found = _told(made, dag)
    assert bool(found) == bool(parts)
    for part in parts:
        assert any(part in one for one in found), found


def test_runs_that_follow_each_other_are_not_active_at_a_time() -> None:
    first, second = _run("2025-05-01T00:00:00", began=1.0, ended=2.0), _run("2025-05-02T00:00:00", began=2.0, ended=3.0)
    assert most_active((first, second)) == 1
    assert most_active((first, replace(second, began=1.5))) == 2
    assert most_active((replace(first, ended=None), second)) == 2
    assert most_active(()) == 0


@pytest.mark.parametrize("version", ["2.11", "3.3"])
def test_each_fault_can_be_planted(version: str, tmp_path: Any) -> None:
    made = compiled(tmp_path, version)
    for name, fault in FAULTS.items():
        assert fault.schedule in SCHEDULES
        compile(faulty(made[fault.schedule][1], name), name, "exec")
