"""Real Airflows import every example's DAG without a complaint, and their timetables fire when the schedules do.

Airflow 3 imports the golden files; Airflow 2.11 what the examples are compiled to for it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from engine_python import engine_python
from golden_cases import EXAMPLES, ROOT, Case, cases, compiled
from golden_files import GOLDEN, golden
from schedc.compile import compile_schedules
from schedc.diagnostics.sink import Sink
from schedc.ir.occurrences import last_before, occurrences
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.triggers import Cron, Fold, Gap, Trigger
from schedc.ir.zones import zone
from schedc.load import Selection, load
from schedc.project import read_project

pytestmark = pytest.mark.engines

_WORKER = Path(__file__).with_name("golden_dags_worker.py")
FROM = 1_796_083_200
"""2026-12-01T00:00:00Z."""
_DAY = 86_400
_YEARS = 4
_COUNT = 60
_AFTER = 7_258_118_400
"""2200-01-01T00:00:00Z, up to which the calendars of schedc reach."""


@dataclass(frozen=True, slots=True)
class File:
    """One artifact and the schedule that it was compiled from."""

    case: str
    schedule: Schedule
    text: str

    @property
    def dag_id(self) -> str:
        """Its own or the file's name: one example names it."""
        (found,) = [match for line in self.text.splitlines() if (match := re.fullmatch(_DAG_ID, line))]
        return str(json.loads(found[1]))


_DAG_ID = r' +"?dag_id"?(?:=|: )(".*"),'


@dataclass(frozen=True, slots=True)
class Imported:
    """What one Airflow said about the files of each case."""

    version: str
    files: tuple[File, ...]
    found: dict[str, Any]

    def say(self, done: str) -> str:
        return f"Airflow {self.version} imports: {done}"

    def answers(self) -> Iterator[tuple[File, list[dict[str, Any]]]]:
        for file in self.files:
            yield file, self.found[file.case]["dags"][file.dag_id]


def _golden() -> tuple[File, ...]:
    files = []
    for path in golden("airflow", ".py"):
        folder = path.relative_to(GOLDEN / "airflow").parts[0]
        (case,) = [case for case in cases() if case.name == folder]
        (schedule,) = [one for one in compiled(case).schedules if one.name == path.stem]
        files.append(File(folder, schedule, path.read_text("utf-8")))
    return tuple(files)


def _for_airflow_2(folder: Path) -> tuple[File, ...]:
    """The examples, compiled for 2.11 where they name no version; what that cannot do is refused, and left out."""
    shutil.copytree(EXAMPLES, folder / "examples")
    settings = folder / "examples" / "schedc.toml"
    text = settings.read_text("utf-8").replace('airflow = "3.1"', 'airflow = "2.11"')
    assert 'airflow = "2.11"' in text
    settings.write_text(text, "utf-8")
    return tuple(file for case in cases() for file in _compiled(case, folder))


def _compiled(case: Case, folder: Path) -> Iterator[File]:
    sink = Sink()
    project = read_project(folder / "examples" / "schedc.toml", sink)
    source = Path(case.source).relative_to(EXAMPLES.relative_to(ROOT))
    selection = Selection(paths=(f"examples/{source}",), cwd=folder, environment=case.environment)
    schedules = load(project, selection, sink)
    texts = {
        Path(artifact.path).stem: artifact.text
        for output in compile_schedules(schedules, ["airflow"], sink).outputs
        for artifact in output.artifacts
    }
    for schedule in schedules:
        if schedule.name in texts:
            yield File(case.name, schedule, texts[schedule.name])


def _origins(schedule: Schedule) -> list[int]:
    """When a scheduler first sees the DAG: on a day, at each start, and before every clock change of four years."""
    where = zone(schedule.timezone)
    changes = [where.starts[i] for i in where.transitions(FROM, FROM + _YEARS * 366 * _DAY)]
    found = [FROM, FROM + 12_345, *(c - back for c in changes for back in (40 * _DAY, 2 * _DAY, 5 * 3600, 60))]
    earliest = schedule.start if schedule.start is not None else 0
    return sorted({max(origin, earliest) for origin in found})


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


PLANTED = {
    "broken.py": "from airflow import no_such_name  # no dag\n",
    "old2.py": "import datetime\nfrom airflow import DAG\n\n"
    "DAG('old2', schedule_interval='@daily', start_date=datetime.datetime(2025, 1, 1))\n",
    "old3.py": "from airflow.models.dag import DAG\n\nDAG('old3', schedule=None)\n",
}
"""Files at which an Airflow must complain: `old2` is deprecated in Airflow 2, `old3` in Airflow 3."""


def _weekly(files: tuple[File, ...]) -> File:
    (found,) = [file for file in files if file.case == "weekly_churn"]
    return found


def _shifted(file: File) -> str:
    """A DAG that runs a minute later than its schedule."""
    shifted = file.text.replace('CronTriggerTimetable("5 14 ', 'CronTriggerTimetable("6 14 ')
    assert shifted != file.text
    return shifted


@pytest.fixture(
    scope="module", params=["SCHEDC_AIRFLOW_PYTHON", "SCHEDC_AIRFLOW2_PYTHON"], ids=["airflow3", "airflow2"]
)
def imported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    python, folder = engine_python(request.param), tmp_path_factory.mktemp("accepted")
    second = request.param.startswith("SCHEDC_AIRFLOW2")
    files = _for_airflow_2(folder) if second else _golden()
    dags = folder / "dags"
    origins: dict[str, dict[str, list[int]]] = {}
    for file in files:
        (dags / file.case).mkdir(parents=True, exist_ok=True)
        (dags / file.case / f"{file.schedule.name}.py").write_text(file.text, "utf-8")
        origins.setdefault(str(dags / file.case), {})[file.dag_id] = _origins(file.schedule)
    # One artifact is a schedule without a DAG; the example's hand-written DAG stands beside it.
    by_hand = (EXAMPLES / "handwritten" / "dag.py").read_text("utf-8")
    if second:
        by_hand = by_hand.replace("airflow.sdk import DAG, task", "airflow.decorators import task")
        by_hand = "from airflow import DAG\n" + by_hand
    (dags / "handwritten_dag" / "dag.py").write_text(by_hand, "utf-8")
    (dags / "planted").mkdir()
    for name, text in {**PLANTED, "shifted.py": _shifted(_weekly(files))}.items():
        (dags / "planted" / name).write_text(text, "utf-8")
    origins[str(dags / "planted")] = {"old2": [], "old3": [], _weekly(files).dag_id: [FROM]}
    report = _ask(python, folder / "home", origins)
    assert report["version"].startswith("2." if second else "3.")
    found = {Path(path).name: answer for path, answer in report["folders"].items()}
    return Imported(report["version"], files, found)


def test_every_file_is_imported_without_a_complaint(imported: Imported, tell: Callable[[str], None]) -> None:
    assert len(imported.files) >= 20
    for case in {file.case for file in imported.files}:
        found = imported.found[case]
        assert found["errors"] == {}, case
        assert found["warnings"] == [], case
        assert found["dags"].keys() == {file.dag_id for file in imported.files if file.case == case}
    tell(imported.say(f"{len(imported.files)} DAG files of the examples, 0 errors, 0 warnings"))


def _as_airflow_has_it(trigger: Trigger) -> Trigger:
    """What Airflow does where the schedule leaves a clock change open, as the golden warnings say."""
    if not isinstance(trigger, Cron) or trigger.calendar.every_hour:
        return trigger
    return Cron(trigger.calendar, trigger.timezone, trigger.gap or Gap.SHIFT, trigger.fold or Fold.SECOND)


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


def test_every_timetable_fires_when_its_schedule_does(imported: Imported, tell: Callable[[str], None]) -> None:
    mismatches: list[tuple[str, str, int]] = []
    chains = instants = 0
    for file, answers in imported.answers():
        catchup = re.search(r'catchup"?(=|: )True', file.text) is not None
        assert len(answers) == len(_origins(file.schedule)) > 0
        for answer in answers:
            runs = [run for run in answer["runs"] if run < _AFTER]
            chains, instants = chains + 1, instants + len(runs)
            ends = answer["done"] == (len(answer["runs"]) < _COUNT)
            if runs not in _expected(file.schedule, catchup, answer["origin"]) or not ends:
                mismatches.append((file.case, file.dag_id, answer["origin"]))
    told = f"{chains} chains of runs, {instants} instants compared, {len(mismatches)} mismatches"
    tell(imported.say(f"timetables of {len(imported.files)} DAGs asked, {told}"))
    assert mismatches == []
    assert instants > 1000


def test_the_checks_find_what_is_planted(imported: Imported, tell: Callable[[str], None]) -> None:
    planted, weekly = imported.found["planted"], _weekly(imported.files)
    assert "broken.py" in str(planted["errors"])
    assert ["old2" in line or "old3" in line for line in planted["warnings"]] == [True]
    (answer,) = planted["dags"][weekly.dag_id]
    assert len(answer["runs"]) == _COUNT
    assert answer["runs"] not in _expected(weekly.schedule, False, FROM)
    tell(imported.say("3 planted faults (an error, a deprecation, a shifted cron), 3 reported"))


def test_the_instants_reach_over_clock_changes(imported: Imported) -> None:
    """The test above would show little if no chain of instants crossed a change of its zone."""
    crossed = set()
    for file, answers in imported.answers():
        starts = zone(file.schedule.timezone).starts
        for answer in answers:
            runs = answer["runs"]
            if runs and bisect_left(starts, runs[0]) != bisect_left(starts, runs[-1]):
                crossed.add((file.case, file.dag_id))
    assert len(crossed) >= 5
