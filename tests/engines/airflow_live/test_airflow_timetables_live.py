"""Random questions put to the timetables of real Airflows and to the model; both sides read the pinned tzdata."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from engine_python import engine_python
from schedc.engines import airflow
from schedc.engines.model import CronError
from schedc.ir.zones import zone

pytestmark = pytest.mark.engines

_WORKER = Path(__file__).with_name("airflow_worker.py")
_QUESTIONS = 600
_FIRST, _LAST = 946_684_800, 4_102_444_800
_ZONES = (
    "UTC",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Caracas",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kolkata",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Amsterdam",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Norfolk",
)
_FIELDS = (
    "* 0 30 */15 */30 0,30 5 */7 59",
    "* * * *,0 */2 2 1 0 23 0-5 1,2,3 0-23 0-11",
    "* * * * 1 */2 28-31 L 1-7 31 15W",
    "* * * * 3 10 4 11 1-6 2",
    "* * * * 0 1 1-5 6 1#1 L5 0,6",
)


@pytest.fixture(
    scope="module", params=["SCHEDC_AIRFLOW_PYTHON", "SCHEDC_AIRFLOW2_PYTHON"], ids=["airflow3", "airflow2"]
)
def answers(request: pytest.FixtureRequest) -> tuple[dict[str, str], list[tuple[dict[str, Any], dict[str, Any]]]]:
    """The releases in use, and each question with Airflow's answer."""
    python = engine_python(request.param)
    chance = random.Random(20_260_101)
    questions = [_question(chance) for _ in range(_QUESTIONS)]
    finished = subprocess.run(
        [python, "-W", "ignore", str(_WORKER)],
        input="".join(json.dumps(question) + "\n" for question in questions),
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"PYTHONTZPATH": str(resources.files("tzdata").joinpath("zoneinfo"))},
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    releases, *lines = (json.loads(line) for line in finished.stdout.splitlines())
    return releases, list(zip(questions, lines, strict=True))


def _question(chance: random.Random) -> dict[str, Any]:
    """A question near a clock change, where the zone has any."""
    name = chance.choice(_ZONES)
    changes = [zone(name).starts[index] for index in zone(name).transitions(_FIRST, _LAST)]
    near = chance.choice(changes) if changes and chance.random() < 0.8 else chance.randint(_FIRST, _LAST)
    start = near + chance.choice((0, -1, 1, -3600, 3600, -1800, 1800, -chance.randint(0, 5_000_000)))
    if chance.random() < 0.6:
        start -= start % 1800
    kind = chance.choices(("CronTrigger", "CronDataInterval", "DeltaTrigger", "DeltaDataInterval"), (5, 3, 1, 1))[0]
    question = {
        "timetable": kind,
        "zone": name,
        "start": start if chance.random() < 0.95 else None,
        "end": start + chance.randint(0, 1_000_000) if chance.random() < 0.15 else None,
        "now": start + chance.choice((0, 1, 3600, -3600, 259_200, chance.randint(-10_000_000, 10_000_000))),
        "catchup": chance.random() < 0.6,
        "count": chance.randint(2, 12),
    }
    if kind.startswith("Delta"):
        return question | {"seconds": chance.choice((1, 60, 300, 1800, 5400, 86_400, chance.randint(1, 1_000_000)))}
    if kind == "CronTrigger" and chance.random() < 0.2:
        return question | {"timetable": "MultipleCronTrigger", "crons": [_cron(chance) for _ in range(3)]}
    return question | {"crons": [_cron(chance)]}


def _cron(chance: random.Random) -> str:
    return " ".join(chance.choice(choices.split()) for choices in _FIELDS)


def _family(release: str) -> str:
    major, minor = (int(part) for part in release.split(".")[:2])
    if major == 6:
        return "6.0" if minor == 0 else "6.2"
    return "3" if major <= 3 else "5" if major == 5 else "7"


def _timetable(question: dict[str, Any], family: str) -> airflow.Timetable:
    kind = question["timetable"]
    if kind == "DeltaTrigger":
        return airflow.DeltaTrigger(question["seconds"])
    if kind == "DeltaDataInterval":
        return airflow.DeltaDataInterval(question["seconds"])
    readings = tuple(airflow.read(text, family) for text in question["crons"])
    if kind == "MultipleCronTrigger":
        return airflow.MultipleCronTrigger(readings)
    return airflow.CronTrigger(*readings) if kind == "CronTrigger" else airflow.CronDataInterval(*readings)


def _modelled(question: dict[str, Any], family: str, major: int) -> dict[str, Any]:
    runs: list[airflow.Run] = []
    now = question["now"]
    try:
        timetable = _timetable(question, family)
        while len(runs) < question["count"]:
            run = airflow.next_dagrun(
                timetable,
                zone(question["zone"]),
                start=question["start"],
                end=question["end"],
                catchup=question["catchup"],
                last=runs[-1] if runs else None,
                now=now,
                major=major,
            )
            if run is None:
                return {"runs": runs, "done": True, "failed": False}
            runs.append(run)
            now = max(now, run[1])
    except CronError:
        return {"runs": runs, "done": False, "failed": True}
    return {"runs": runs, "done": False, "failed": False}


def test_the_model_plans_the_runs_that_airflow_plans(
    answers: tuple[dict[str, str], list[tuple[dict[str, Any], dict[str, Any]]]], tell: Callable[[str], None]
) -> None:
    releases, asked = answers
    major = int(releases["apache-airflow"].split(".")[0])
    compared = runs = 0
    for question, answer in asked:
        if question["timetable"] == "MultipleCronTrigger" and major < 3:
            continue  # the class came with Airflow 3
        real = {
            "runs": [tuple(run) for run in answer["runs"]],
            "done": answer["done"],
            "failed": answer["error"] is not None,
        }
        modelled = _modelled(question, _family(releases["croniter"]), major)
        assert modelled == real, (releases, question, answer["error"])
        compared += 1
        runs += len(answer["runs"])
    names = f"Airflow {releases['apache-airflow']} timetables with croniter {releases['croniter']}"
    tell(f"{names}: {compared} questions, {runs} instants compared with the model, 0 mismatches")
    assert compared >= _QUESTIONS * 0.8
    assert runs > 5 * compared
