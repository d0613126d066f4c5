"""A real scheduler makes and finishes the runs of compiled DAGs, at the instants of their schedules and as declared."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from airflow_database import Seen, look
from airflow_processes import Airflow, installed, last_words, left_over, running
from engine_python import engine_python
from run_comparison import LATE, differences, most_active
from schedc.ir.schedule import Schedule
from schedc.ir.stamps import stamp
from schedc.ir.zones import zone
from scheduled_dags import BY_HAND, FAILS, FAULTS, LITERAL, SLOW, compiled, faulty, write

pytestmark = pytest.mark.engines

_PATIENCE = 420
"""Seconds after which a scheduler that is still busy is given up."""
_STILL = 3
"""Seconds for which it must have had nothing to do."""
_LIVE_RUNS = 3
"""The latest that was missed, and two that came when they were due."""
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ran:
    """What one scheduler did, and was to do."""

    airflow: Airflow
    began: float
    schedules: dict[str, Schedule]
    seen: Seen
    out: Path

    def say(self, done: str) -> str:
        return f"Airflow {self.airflow.version} scheduler: {done}"

    def compare(self, name: str, dag_id: str | None = None) -> list[str]:
        state = "failed" if name in FAILS else "success"
        return differences(self.schedules[name], self.seen.dags[dag_id or name], self.began, self.seen.read, state)


@pytest.fixture(
    scope="module", params=["SCHEDC_AIRFLOW_PYTHON", "SCHEDC_AIRFLOW2_PYTHON"], ids=["airflow3", "airflow2"]
)
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    python = engine_python(request.param)
    folder = tmp_path_factory.mktemp("airflow")
    home, dags, out = folder / "home", folder / "dags", folder / "out"
    for one in (home, dags, out, folder / "source"):
        one.mkdir()
    airflow = Airflow(python, installed(python), home, dags)
    made = compiled(folder / "source", ".".join(airflow.version.split(".")[:2]))
    texts = {name.replace("by-hand", "schedule_by_hand"): text for name, (_, text) in made.items()}
    faults = {name: faulty(made[fault.schedule][1], name) for name, fault in FAULTS.items()}
    write(dags, {**texts, **faults, "by_hand": BY_HAND}, packed=airflow.major < 3)
    schedules = {name: schedule for name, (schedule, _) in made.items()}
    began = time.time()
    with running(airflow, OUT=str(out)) as processes:
        seen = _settled(airflow, {*schedules, *FAULTS}, lambda: any(one.poll() is not None for one in processes))
    return Ran(airflow, began, schedules, seen, out)


def _settled(airflow: Airflow, expected: set[str], ended: Callable[[], bool]) -> Seen:
    """What was done when nothing was left to do."""
    deadline = time.monotonic() + _PATIENCE
    still = 0.0
    while True:
        seen = look(airflow.database, airflow.major, time.time())
        busy = _busy(seen, expected)
        assert not ended(), last_words(airflow)
        assert time.monotonic() < deadline, f"{busy}\n{last_words(airflow)}"
        still = 0.0 if busy else still or time.monotonic()
        if still and time.monotonic() - still >= _STILL:
            return seen
        time.sleep(0.5)


def _busy(seen: Seen, expected: set[str]) -> list[str]:
    """What the scheduler has still to do."""
    left = [f"{name} was not seen" for name in expected - seen.dags.keys()]
    for dag in seen.dags.values():
        live = dag.dag_id == "live"
        if any(run.ended is None for run in dag.runs) and not live:
            left.append(f"{dag.dag_id} has active runs")
        if dag.next is not None and dag.next < seen.read - (LATE // 2 if live else 2) and not dag.paused:
            left.append(f"{dag.dag_id} has runs that are due")
    if "live" not in seen.dags or len(seen.dags["live"].runs) < _LIVE_RUNS:
        left.append("live has had too few runs")
    return left


def test_every_dag_runs_at_the_instants_of_its_schedule(ran: Ran, tell: Tell) -> None:
    assert ran.seen.errors == ()
    assert ran.seen.dags.keys() == {*ran.schedules, *FAULTS}
    found = {name: ran.compare(name) for name in ran.schedules}
    mismatches = sum(map(len, found.values()))
    runs = [run for name in ran.schedules for run in ran.seen.dags[name].runs]
    tell(ran.say(f"{len(found)} DAGs, {len(runs)} runs, {len(runs)} instants compared, {mismatches} mismatches"))
    assert {name: differences for name, differences in found.items() if differences} == {}
    assert len(runs) > 100


def test_the_comparison_reports_each_planted_fault(ran: Ran, tell: Tell) -> None:
    for name, fault in FAULTS.items():
        found = ran.compare(fault.schedule, name)
        assert any(fault.told in one for one in found), (name, found)
    tell(ran.say(f"{len(FAULTS)} DAGs with a planted fault, {len(FAULTS)} reported"))


def _times(ran: Ran, name: str) -> list[str]:
    return [stamp(run.at) for run in ran.seen.dags[name].runs]


WINDOWS = [
    # From the first to the last instant of a window, both inclusive; none where the bounds lie a second inside.
    ("every-morning", 12, "2025-03-03T06:30:00Z", "2025-03-18T06:30:00Z"),
    ("between-instants", 8, "2025-03-04T06:30:00Z", "2025-03-13T06:30:00Z"),
    ("few-days", 5, "2025-03-03T00:00:00Z", "2025-03-07T00:00:00Z"),
    # 02:30 is not shown on 30 March and comes at 03:30; it is shown twice on 26 October and comes the second time.
    ("spring-gap", 7, "2025-03-27T01:30:00Z", "2025-04-02T00:30:00Z"),
    ("autumn-fold", 7, "2025-10-23T00:30:00Z", "2025-10-29T01:30:00Z"),
    ("hours-of-spring", 8, "2025-03-29T21:00:00Z", "2025-03-30T04:00:00Z"),
    ("hours-of-autumn", 10, "2025-10-25T20:00:00Z", "2025-10-26T05:00:00Z"),
    ("time-in-a-word", 3, "2025-10-26T00:30:00Z", "2025-10-26T02:30:00Z"),
]


def test_windows_are_kept_to_the_second(ran: Ran) -> None:
    """The same without schedc: what a person counts on a calendar."""
    found = [(name, _times(ran, name)) for name, *_ in WINDOWS]
    assert [(name, len(times), times[0], times[-1]) for name, times in found] == WINDOWS
    assert "2025-03-30T01:30:00Z" in _times(ran, "spring-gap")
    assert "2025-10-26T01:30:00Z" in _times(ran, "autumn-fold")


def test_without_catchup_at_most_the_latest_missed_run_is_made(ran: Ran) -> None:
    *_, latest = _times(ran, "latest-year")
    assert latest == f"{latest[:4]}-01-01T05:00:00Z" <= stamp(int(ran.seen.read)) < f"{int(latest[:4]) + 1}-01-01T05"
    for name in ("latest-year", "no-start", "live"):
        assert len([run for run in ran.seen.dags[name].runs if run.at <= ran.began]) <= 1, name
    assert len(_times(ran, "over-and-done")) <= 1
    assert len([run for run in ran.seen.dags["live"].runs if run.at > ran.began]) >= 2


def test_no_more_runs_are_active_than_declared(ran: Ran, tell: Tell) -> None:
    active = {name: most_active(ran.seen.dags[name].runs) for name in ("one-at-a-time", "three-at-a-time")}
    tell(ran.say(f"at most {' and '.join(str(most) for most in active.values())} runs active where 1 and 3 may be"))
    assert active["one-at-a-time"] == 1
    assert 2 <= active["three-at-a-time"] <= 3
    assert all(run.lasted >= 1 for name in active for run in ran.seen.dags[name].runs)


OUTCOMES = {
    "too-slow": [("run", "skipped", 1)],
    "try-too-slow": [("run", "failed", 1)],
    "tried-again": [("run", "success", 3)],
    "tried-once": [("run", "failed", 1)],
    "in-steps": [("a-report", "success", 1), ("extract", "success", 1), ("train", "success", 1)],
    "paused": [],
}
"""What became of the tasks of single DAGs, and in how many tries."""


def test_tries_and_timeouts_are_those_declared(ran: Ran, tell: Tell) -> None:
    found = {
        name: [(task.task_id, task.state, task.tries) for task in ran.seen.tasks if task.dag_id == name]
        for name in OUTCOMES
    }
    assert found == OUTCOMES
    (run,) = ran.seen.dags["too-slow"].runs
    assert 3 <= run.lasted < SLOW
    tell(ran.say(f"{len(OUTCOMES)} DAGs with retries, timeouts and steps came to what is declared"))


def test_a_run_is_given_its_text_as_it_is_written(ran: Ran, tell: Tell) -> None:
    found = {path.name: path.read_bytes().decode() for path in ran.out.glob("as-written.*")}
    days = {"2025-03-29T02.30": "088", "2025-03-30T03.30": "089", "2025-03-31T02.30": "090"}
    wanted = {
        f"as-written.{at}": "".join(
            f"{text}\0" for text in (*LITERAL, "\n".join(LITERAL), f"day {day} of 25, 100% {{{{ ds }}}}")
        )
        for at, day in days.items()
    }
    assert found == wanted
    words = (ran.out / "words").read_text("utf-8").splitlines()
    assert sorted(words) == ["2025-10-26T02.30", "2025-10-26T02.30", "2025-10-26T03.30"]
    assert (ran.out / "steps").read_text("utf-8").split() == ["extract", "train", "report"]
    tell(ran.say(f"{len(found)} runs given {len(LITERAL) + 2} texts each, {len(words)} told their time, 0 mismatches"))


def test_the_runs_cross_clock_changes(ran: Ran) -> None:
    """The comparison would show little if no window held a change."""
    crossed = set()
    for name, schedule in ran.schedules.items():
        starts, runs = zone(schedule.timezone).starts, ran.seen.dags[name].runs
        if runs and bisect_left(starts, runs[0].at) != bisect_left(starts, runs[-1].at):
            crossed.add(name)
    assert len(crossed) >= 7, crossed


def test_no_process_is_left(ran: Ran) -> None:
    assert left_over(ran.airflow) == []
