"""Import, then compile: the same bytes for what schedc wrote, and the same instants for everything else."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from importing_cases import Result, imported
from schedc.compile import compile_schedule
from schedc.diagnostics.sink import Sink
from schedc.engines import debian_cron, kubernetes
from schedc.engines.model import Engine
from schedc.importing.checking import read_back
from schedc.importing.run import import_files
from schedc.importing.source import Settings
from schedc.ir.calendar import never
from schedc.ir.occurrences import occurrences
from schedc.ir.schedule import Schedule
from schedc.ir.zones import zone
from schedc.records import replace
from schedc.source import SourceFile
from schedc.targets import target

GOLDEN = Path(__file__).parents[2] / "golden"
TARGETS = ("airflow", "kubeflow", "kubernetes", "vertex")

NOT_WHOLE = {
    "airflow/applied_after.live/nightly-from-december.py": "a start before the promised application is not in it",
    "airflow/bounds/only-in-2027.py": "years became bounds",
    "airflow/day_rules/first-monday-as-both.py": "a first Monday is one text, however it was asked for",
    "airflow/target_options/on-airflow-2.py": "the version of Airflow is not in it",
    "airflow/target_options/with-croniter-6-2.py": "the version of croniter is not in it",
    "airflow/weekly_churn/weekly-churn.py": "its owner stood under targets.airflow, and is that of the schedule now",
    "airflow/workload_text/hostile-text.py": "a shell on the worker runs it, so the image is not in it",
    "kubeflow/bounds/campaign": "a zone that has one offset between the bounds became UTC",
    "kubeflow/bounds/only-in-2027": "years became bounds",
    "kubeflow/clock_changes/every-hour": "every hour became UTC",
    "kubeflow/day_rules/first-monday": "a first Monday became both day fields",
    "kubeflow/pipeline/train-churn": "the step cache is switched off in the package",
    "kubeflow/python_front_end/weekly-training": "the step cache is switched off in the package",
    "kubeflow/target_options/in-an-experiment": "max_concurrency of the target is max_active_runs of the schedule now",
    "kubeflow/timezones/etc-gmt": "a zone of one offset became UTC",
    "kubeflow/timezones/kolkata": "a zone of one offset became UTC",
    "kubernetes/applied_after.live/nightly-from-december.yaml": "its start is not in it",
    "vertex/bounds/only-in-2027": "years became bounds",
    "vertex/clock_changes/every-hour": "every hour became UTC",
    "vertex/pipeline/train-churn": "the step cache is switched off in the package",
    "vertex/python_front_end/weekly-training": "the step cache is switched off in the package",
}
"""Artifacts that several schedules have, so that theirs cannot be told; each import says so."""


def _artifacts() -> list[tuple[str, str, dict[str, str]]]:
    """Every golden artifact: a name for it, its target, and its files by path."""
    found = []
    for name in TARGETS:
        for example in sorted((GOLDEN / name).iterdir()):
            files = {
                p.relative_to(example).as_posix(): p.read_text("utf-8")
                for p in sorted(example.rglob("*"))
                if p.is_file() and p.suffix != ".txt"
            }
            for schedule, paths in target(name).paths(files):
                key = f"{name}/{example.name}/{paths[0] if len(paths) == 1 and '/' not in paths[0] else schedule}"
                found.append((key, name, {path: files[path] for path in paths}))
    return found


ARTIFACTS = _artifacts()


def _import_artifact(files: dict[str, str]) -> Result:
    sources = {path: SourceFile(path, text) for path, text in files.items()}
    sink = Sink()
    result = import_files(list(sources.values()), Settings(beside=sources.get), sink)
    return Result(result, list(sink.found))


def _schedules(result: Result) -> list[Schedule]:
    sink = Sink()
    schedules, _ = read_back(SourceFile("imported.yaml", result.text), result.imported.found, sink)
    assert [d.message for d in sink.found if d.is_error] == []
    return schedules


@pytest.mark.parametrize(("key", "name", "files"), ARTIFACTS, ids=[key for key, _, _ in ARTIFACTS])
def test_an_artifact_gives_its_schedule_back(key: str, name: str, files: dict[str, str]) -> None:
    result = _import_artifact(files)
    (found,) = result.imported.found
    assert found.settled is (key not in NOT_WHOLE)
    if key in NOT_WHOLE:
        assert "SC703" in result.codes
        return
    assert [d.message for d in result.found if d.is_error] == []
    (schedule,) = _schedules(result)
    compiled = compile_schedule(replace(schedule, source=_origin(files)), target(name), Sink())
    assert compiled is not None
    assert {a.path: a.text for a in compiled.artifacts} == files


def _origin(files: dict[str, str]) -> str:
    """The file name of the source, which an artifact tells, and which nothing else depends on."""
    text = "\n".join(files.values())
    found = re.search(r"(?:schedc from|source:|# schedc:)\s+\"?([\w.-]+\.(?:yaml|py))", text)
    assert found is not None
    return found[1]


def test_the_reasons_are_about_artifacts_that_exist() -> None:
    assert NOT_WHOLE.keys() <= {key for key, _, _ in ARTIFACTS}
    assert all(NOT_WHOLE.values())


ZONES = ("UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")


def _items(low: int, high: int) -> st.SearchStrategy[str]:
    one = st.integers(low, high)
    pair = st.tuples(one, one).map(sorted)
    return st.one_of(
        one.map(str),
        pair.map(lambda p: f"{p[0]}-{p[1]}"),
        st.tuples(pair, st.integers(1, 40)).map(lambda p: f"{p[0][0]}-{p[0][1]}/{p[1]}"),
        st.integers(1, high + 5).map(lambda step: f"*/{step}"),
        st.just("*"),
    )


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    return st.one_of(st.just("*"), st.lists(_items(low, high), min_size=1, max_size=3).map(",".join))


TEXTS = st.tuples(_field(0, 59), _field(0, 4), _field(1, 31), _field(1, 12), _field(0, 6)).map(" ".join)


def _same_instants(schedule: Schedule, engine: Engine, text: str, name: str) -> None:
    """The first instants from 2027 on, and those around the changes of the clock of that year."""
    reading, where = engine.read(text), zone(name)
    begin = 1_798_761_600
    moments = [begin, *(where.starts[i] - 90_000 for i in where.transitions(begin, begin + 31_536_000))]
    for moment in moments:
        ours = list(islice(occurrences(schedule.trigger, moment), 12))
        theirs: list[int] = []
        at = moment - 1
        while len(theirs) < len(ours):
            following = engine.next(reading, where, at)
            assert following is not None
            theirs.append(following)
            at = following
        assert ours == theirs


@given(TEXTS, st.sampled_from(ZONES))
@settings(max_examples=60, deadline=None)
def test_an_entry_of_a_crontab_keeps_its_instants_or_is_reported(text: str, name: str) -> None:
    (engine,) = debian_cron.ENGINES
    result = imported(f"{text} run\n", "crontab", kind="crontab", system_timezone=name, image="a:1")
    if never(engine.read(text).calendar):
        assert result.codes == ["SC702"]
        return
    assert result.imported.found, result.codes
    if "SC706" in result.codes:
        return
    (schedule,) = _schedules(result)
    _same_instants(schedule, engine, text, name)


@given(TEXTS, st.sampled_from(ZONES))
@settings(max_examples=60, deadline=None)
def test_a_cronjob_keeps_its_instants_or_is_reported(text: str, name: str) -> None:
    (engine,) = kubernetes.ENGINES
    assume(not never(engine.read(text).calendar))
    container = {"name": "main", "image": "a:1"}
    pod = {"restartPolicy": "Never", "containers": [container]}
    job = {"spec": {"backoffLimit": 0, "template": {"spec": pod}}}
    spec = {"schedule": text, "timeZone": name, "jobTemplate": job}
    result = imported(yaml.safe_dump({"kind": "CronJob", "metadata": {"name": "drawn"}, "spec": spec}))
    assert result.imported.found, result.codes
    if "SC706" in result.codes:
        return
    (schedule,) = _schedules(result)
    _same_instants(schedule, engine, text, name)
    assert "SC301" not in result.codes
