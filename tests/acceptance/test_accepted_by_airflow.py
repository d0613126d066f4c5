"""A real Airflow imports every golden DAG without a complaint, and its timetables fire when the schedules do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from bisect import bisect_left
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from engine_python import engine_python
from golden_cases import Case, cases, compiled
from golden_files import GOLDEN, golden, shown
from schedc.ir.occurrences import last_before, occurrences
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.triggers import Cron, Fold, Gap, Trigger
from schedc.ir.zones import zone
from schedc.records import replace

pytestmark = pytest.mark.engines

_WORKER = Path(__file__).with_name("golden_dags_worker.py")
FROM = 1_796_083_200
"""2026-12-01T00:00:00Z."""
_DAY = 86_400
_YEARS = 4
_COUNT = 60
_AFTER = 7_258_118_400
"""2200-01-01T00:00:00Z, up to which the calendars of schedc reach."""
FILES = golden("airflow", ".py")


def _made(path: Path) -> tuple[Case, Schedule]:
    folder = path.relative_to(GOLDEN / "airflow").parts[0]
    (case,) = [case for case in cases() if case.name == folder]
    (schedule,) = [one for one in compiled(case).schedules if one.name == path.stem]
    return case, schedule


def _origins(schedule: Schedule) -> list[int]:
    """When a scheduler first sees the DAG: on a day, at each start, and before every clock change of four years."""
    where = zone(schedule.timezone)
    changes = [where.starts[i] for i in where.transitions(FROM, FROM + _YEARS * 366 * _DAY)]
    found = [FROM, FROM + 12_345, *(c - back for c in changes for back in (40 * _DAY, 2 * _DAY, 5 * 3600, 60))]
    earliest = schedule.start if schedule.start is not None else 0
    return sorted({max(origin, earliest) for origin in found})


def _dag_id(path: Path) -> str:
    """Its own or the file's name: one example names it."""
    lines = path.read_text("utf-8").splitlines()
    (found,) = [match for line in lines if (match := re.fullmatch(r' +"?dag_id"?(?:=|: )(".*"),', line))]
    return str(json.loads(found[1]))


def _ask(python: str, home: Path, origins: dict[str, dict[str, list[int]]]) -> dict[str, Any]:
    ours = {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "PYTHONDONTWRITEBYTECODE": "1"}
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "PYTHON"))}
    done = subprocess.run(
        [python, str(_WORKER)],
        input=json.dumps({"folders": sorted(origins), "origins": origins, "count": _COUNT}),
        env={**kept, **ours},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


@lru_cache(maxsize=1)
def _report(home: Path) -> dict[str, Any]:
    origins: dict[str, dict[str, list[int]]] = {}
    for path in FILES:
        origins.setdefault(str(path.parent), {})[_dag_id(path)] = _origins(_made(path)[1])
    # One artifact is a schedule without a DAG; the example's hand-written DAG stands beside a copy of it.
    bare = str(GOLDEN / "airflow" / "handwritten_dag")
    beside = shutil.copytree(bare, home / "handwritten_dag", dirs_exist_ok=True)
    shutil.copy(GOLDEN.parent / "examples" / "handwritten" / "dag.py", beside)
    origins[str(beside)] = origins.pop(bare)
    report = _ask(engine_python("SCHEDC_AIRFLOW_PYTHON"), home, origins)
    report["folders"][bare] = report["folders"].pop(str(beside))
    return report


@pytest.fixture
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    base = tmp_path_factory.getbasetemp() / "airflow-home"
    base.mkdir(exist_ok=True)
    return _report(base)


def test_there_are_dags() -> None:
    assert len(FILES) >= 20


def test_every_file_is_imported_without_a_complaint(report: dict[str, Any]) -> None:
    for folder, found in report["folders"].items():
        assert found["errors"] == {}, folder
        assert found["warnings"] == [], folder
        assert found["dags"].keys() == {_dag_id(path) for path in FILES if str(path.parent) == folder}


def _as_airflow_has_it(trigger: Trigger) -> Trigger:
    """What Airflow does where the schedule leaves a clock change open, as the golden warnings say."""
    if not isinstance(trigger, Cron) or trigger.calendar.every_hour:
        return trigger
    return replace(trigger, gap=trigger.gap or Gap.SHIFT, fold=trigger.fold or Fold.SECOND)


def _expected(schedule: Schedule, catchup: bool, origin: int) -> list[list[int]]:
    """With catch-up every instant from the start; else at most the latest that is due, and those after the origin."""
    trigger = _as_airflow_has_it(schedule.trigger)
    begins = [schedule.start]
    if not catchup:
        latest = last_before(trigger, origin + 1)
        begins = [max(origin if latest is None else latest, schedule.start or 0)]
        if schedule.catchup is not Catchup.LATEST:
            begins.append(max(origin + 1, schedule.start or 0))
    return [list(islice(occurrences(trigger, begin, schedule.end), _COUNT)) for begin in begins]


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_a_timetable_fires_when_its_schedule_does(path: Path, report: dict[str, Any]) -> None:
    _, schedule = _made(path)
    catchup = "catchup=True" in path.read_text("utf-8")
    answers = report["folders"][str(path.parent)]["dags"][_dag_id(path)]
    assert len(answers) == len(_origins(schedule)) > 0
    for answer in answers:
        runs = [run for run in answer["runs"] if run < _AFTER]
        assert runs in _expected(schedule, catchup, answer["origin"]), answer["origin"]
        assert answer["done"] == (len(answer["runs"]) < _COUNT)


def test_the_instants_reach_over_clock_changes(report: dict[str, Any]) -> None:
    """The test above would show little if no chain of instants crossed a change of its zone."""
    crossed = set()
    for path in FILES:
        _, schedule = _made(path)
        starts = zone(schedule.timezone).starts
        for answer in report["folders"][str(path.parent)]["dags"][_dag_id(path)]:
            runs = answer["runs"]
            if runs and bisect_left(starts, runs[0]) != bisect_left(starts, runs[-1]):
                crossed.add(shown(path))
    assert len(crossed) >= 5


def test_what_is_compiled_for_airflow_2_is_accepted_there(tmp_path: Path) -> None:
    python = engine_python("SCHEDC_AIRFLOW2_PYTHON")
    (path,) = [path for path in FILES if path.stem == "on-airflow-2"]
    dags, home = tmp_path / "dags", tmp_path / "home"
    dags.mkdir()
    (dags / path.name).write_text(path.read_text("utf-8"), "utf-8")
    _, schedule = _made(path)
    report = _ask(python, home, {str(dags): {path.stem: _origins(schedule)}})
    assert report["version"].startswith("2.")
    found = report["folders"][str(dags)]
    assert (found["errors"], found["warnings"]) == ({}, [])
    for answer in found["dags"][path.stem]:
        assert answer["runs"] in _expected(schedule, False, answer["origin"])
