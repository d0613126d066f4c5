"""Real tasks run: the scheduled time, the order of steps, retries and timeouts of one try."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from airflow_engine import engine
from airflow_jobs import emitted, schedule
from schedc.ir import zones
from schedc.ir.workload import Container, ScheduledTime, Step, Steps

pytestmark = pytest.mark.engines

_WORKER = Path(__file__).with_name("airflow_run_worker.py")


Tell = Callable[[str], None]


def _instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


INSTANTS = [
    _instant(text)
    for text in (
        "2027-01-01T00:00:00+00:00",
        "2027-03-28T00:59:59+00:00",  # a second before Amsterdam's clock goes forward
        "2027-03-28T01:00:00+00:00",
        "2027-10-31T00:30:00+00:00",  # 02:30 for the first time
        "2027-10-31T01:30:00+00:00",  # 02:30 for the second time
        "2028-12-31T23:30:00+00:00",  # already the next year in Amsterdam
    )
]
FORMATS = [
    ScheduledTime("%Y-%m-%dT%H:%M:%S", "Europe/Amsterdam"),
    ScheduledTime("%Y-%m-%d %H:%M", "UTC"),
    ScheduledTime('%j of %y, 100%% \\ "x" {{ ds }} é $(%Y)', "Asia/Kolkata"),
    ScheduledTime("%H", "America/St_Johns"),
    ScheduledTime("no directive", "Australia/Lord_Howe"),
]


def _text(time: ScheduledTime, instant: int) -> str:
    wall = datetime.fromtimestamp(zones.zone(time.timezone).wall(instant), UTC)
    return wall.strftime(time.format)


def _say(word: str) -> Container:
    return Container(image="x", command=("sh", "-c", f'echo {word} >> "$OUT/steps"'))


_SHOW = 'printf "%s\\n" "$@" "$T0" "$T1" "$T2" "$T3" "$T4" >> "$OUT/times"'
SCHEDULES: dict[str, dict[str, Any]] = {
    "times": {
        "run": Container(
            image="x",
            command=("sh", "-c", _SHOW, "sh"),
            args=("literal", FORMATS[0], *FORMATS[2:4]),
            env={f"T{i}": time for i, time in enumerate(FORMATS)},
        )
    },
    "by-hand": {
        "run": Container(
            image="x", command=("sh", "-c", 'touch "$OUT/$1"', "sh"), args=(ScheduledTime("fixed", "UTC"),)
        )
    },
    "steps": {
        "run": Steps(
            steps=(
                Step(name="a-report", container=_say("report"), after=("train", "check")),
                Step(name="check", container=_say("check"), after=("train",)),
                Step(name="extract", container=_say("extract")),
                Step(name="train", container=_say("train"), after=("extract",)),
            )
        )
    },
    "slow": {
        "run": Container(image="x", command=("sh", "-c", 'echo try >> "$OUT/tries"; sleep 60')),
        "retries": 2,
        "attempt_timeout": 2,
    },
}
RUNS: dict[str, Sequence[int | None]] = {
    "times": INSTANTS,
    "by-hand": [None],
    "steps": INSTANTS[:1],
    "slow": INSTANTS[:1],
}
"""The logical dates of each DAG's runs; None for one by hand, which in Airflow 3 has none."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of the runs, by DAG, and the folder into which they wrote."""

    release: str
    found: dict[str, Any]
    out: Path

    def say(self, done: str) -> str:
        return f"Airflow {self.release} runs: {done}"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Airflow 3; what 2.11 runs, its scheduler is asked for."""
    home, dags, out = (tmp_path_factory.mktemp(name) for name in ("home", "dags", "out"))
    airflow = engine("airflow3", home)
    for name, fields in SCHEDULES.items():
        quick = {"default_args": {"retry_delay": 1}} if name == "slow" else {}
        text = emitted(schedule(name=name, **fields), version=airflow.version, operator="bash", **quick)
        (dags / f"{name}.py").write_text(text, "utf-8")
    found = json.loads(airflow.run(str(_WORKER), str(dags), json.dumps(RUNS), home=home, OUT=str(out)))
    return Ran(airflow.release, found, out)


def test_a_task_is_told_its_scheduled_time(ran: Ran, tell: Tell) -> None:
    assert [one["state"] for one in ran.found["times"]] == ["success"] * len(INSTANTS)
    wanted = [
        line
        for instant in INSTANTS
        for line in ("literal", *(_text(one, instant) for one in (FORMATS[0], *FORMATS[2:4], *FORMATS)))
    ]
    assert (ran.out / "times").read_text("utf-8").splitlines() == wanted
    tell(ran.say(f"{len(INSTANTS)} runs told their time, {len(wanted)} texts compared, 0 mismatches"))


def test_a_run_without_a_logical_date_fails(ran: Ran, tell: Tell) -> None:
    assert ran.found["by-hand"][0]["tasks"]["run"][0] == "failed"
    assert not (ran.out / "fixed").exists()
    tell(ran.say("1 run by hand without a logical date fails, as declared"))


def test_steps_run_in_their_order(ran: Ran, tell: Tell) -> None:
    assert ran.found["steps"][0]["state"] == "success"
    assert (ran.out / "steps").read_text("utf-8").split() == ["extract", "train", "check", "report"]
    tell(ran.say("4 steps in their order, 0 mismatches"))


def test_a_try_is_bounded_and_repeated(ran: Ran, tell: Tell) -> None:
    assert ran.found["slow"][0]["state"] == "failed"
    assert ran.found["slow"][0]["tasks"]["run"] == ["failed", 3]
    assert (ran.out / "tries").read_text("utf-8").split() == ["try"] * 3
    tell(ran.say("3 tries bounded by their time, 0 mismatches"))
