"""Every cell of the matrix is kept: a yes compiles, and a no is refused with its reason and source."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from matrix_schedules import ON, ROWS, row
from schedc.capabilities import Feature, No, Yes, requirements
from schedc.compile import Output, compile_schedule
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.load import Selection, load
from schedc.lowering import rewritten
from schedc.project import Project
from schedc.targets import targets

TRAIN = Path(__file__).resolve().parents[1] / "examples" / "train_pipeline" / "train.yaml"
_PLATFORM = """---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-train:
          nodeSelector:
            labels:
              disk: ssd
"""
OPTIONS = {
    "vertex": {"project": "acme", "location": "europe-west4", "gcs_output_directory": "gs://acme/runs"},
}
CELLS = [(name, feature, target.capabilities[feature]) for name, target in targets().items() for feature in Feature]
YES = [(name, feature) for name, feature, answer in CELLS if isinstance(answer, Yes)]
NO = [
    (name, feature)
    for name, feature, answer in CELLS
    if isinstance(answer, No) and targets()[name].unschedulable is None
]
UNSCHEDULABLE = [(name, feature) for name, feature, _ in CELLS if targets()[name].unschedulable is not None]

LOWERED = {
    ("airflow", Feature.ONE_OFF): "once-to-calendar",
    ("kubeflow", Feature.ONE_OFF): "once-to-calendar",
    ("vertex", Feature.ONE_OFF): "once-to-calendar",
}
"""What a target has no word for and is always said in other words."""


def _ids(cell: tuple[str, Feature]) -> str:
    return f"{cell[0]}-{cell[1].value.replace(' ', '_')}"


def _load(folder: Path, target: str, feature: Feature) -> Schedule:
    asked = row(target, feature).schedule()
    own = {**OPTIONS.get(target, {}), **asked.get("targets", {}).get(target, {})}
    document = {"schedules": {"one": {**asked, "deploy_to": [target], **({"targets": {target: own}} if own else {})}}}
    (folder / "one.yaml").write_text(json.dumps(document, indent=2), "utf-8")
    shutil.copy(TRAIN, folder / "train.yaml")
    (folder / "train_with_platform.yaml").write_text(TRAIN.read_text("utf-8") + _PLATFORM, "utf-8")
    sink = Sink()
    found = load(Project(folder), Selection(paths=("one.yaml",), cwd=folder), sink)
    assert [d.message for d in sink.found if d.is_error] == []
    return found[0]


def _compile(folder: Path, target: str, feature: Feature) -> tuple[Schedule, Output | None, Sink]:
    schedule = _load(folder, target, feature)
    sink = Sink(schedule=schedule.name, target=target)
    return schedule, compile_schedule(schedule, targets()[target], sink), sink


def test_every_feature_has_a_schedule_that_asks_for_it() -> None:
    assert ROWS.keys() == set(Feature)


def test_every_cell_is_tested_once() -> None:
    assert len({*YES, *NO, *UNSCHEDULABLE}) == len(YES) + len(NO) + len(UNSCHEDULABLE) == len(CELLS)


def test_no_row_is_left_over() -> None:
    assert {name for name, _ in [*ON, *LOWERED]} <= targets().keys()
    assert LOWERED.keys() <= set(NO)
    assert ON.keys() <= set(YES)


@pytest.mark.parametrize("feature", Feature, ids=lambda feature: feature.value.replace(" ", "_"))
def test_a_row_asks_for_its_feature_where_it_says(feature: Feature, tmp_path: Path) -> None:
    for target in targets():
        schedule = _load(tmp_path, target, feature)
        paths = [one.path for one in requirements(schedule) if one.feature is feature]
        assert paths, target
        places = {schedule.place(*path) for path in paths}
        assert schedule.place(*row(target, feature).at) in places, target


@pytest.mark.parametrize("cell", YES, ids=_ids)
def test_a_yes_compiles(cell: tuple[str, Feature], tmp_path: Path) -> None:
    target, feature = cell
    _, output, sink = _compile(tmp_path, target, feature)
    errors = [d.message for d in sink.found if d.is_error]
    assert errors == []
    assert output is not None
    assert output.artifacts


@pytest.mark.parametrize("cell", NO, ids=_ids)
def test_a_no_is_refused_at_its_field_with_its_reason(cell: tuple[str, Feature], tmp_path: Path) -> None:
    target, feature = cell
    schedule, output, sink = _compile(tmp_path, target, feature)
    answer = targets()[target].capabilities[feature]
    assert isinstance(answer, No)
    if cell in LOWERED:
        assert output is not None, [d.message for d in sink.found]
        assert LOWERED[cell] in output.lowerings
        return
    assert output is None
    reason = f"{targets()[target].title} {answer.because}"
    told = [d for d in sink.found if d.is_error and reason in d.notes]
    assert told, [(d.message, d.notes) for d in sink.found]
    assert {d.rule.code for d in told} == {"SC301"}
    assert schedule.place(*row(target, feature).at) in [d.span for d in told]
    assert all(f"see {answer.source}" in d.notes for d in told)
    assert all(d.target == target and d.schedule == schedule.name for d in told)


@pytest.mark.parametrize("cell", LOWERED, ids=_ids)
def test_what_is_said_in_other_words_is_called_rewritten(cell: tuple[str, Feature]) -> None:
    target, feature = cell
    assert LOWERED[cell] in rewritten(feature, targets()[target].capabilities)


def test_what_can_be_rewritten_is_no_plain_yes_and_no_plain_no() -> None:
    found = {(n, f) for n in targets() for f in Feature if rewritten(f, targets()[n].capabilities)}
    assert {("kubernetes", Feature.INTERVAL), ("vertex", Feature.INTERVAL), ("kubeflow", Feature.MAX_RUNS)} <= found
    assert not {("kubernetes", Feature.ONE_OFF), ("vertex", Feature.NTH_WEEKDAY)} & found
    assert found <= set(NO)


@pytest.mark.parametrize("cell", UNSCHEDULABLE, ids=_ids)
def test_what_has_no_scheduler_refuses_everything(cell: tuple[str, Feature], tmp_path: Path) -> None:
    target, feature = cell
    schedule, output, sink = _compile(tmp_path, target, feature)
    assert output is None
    (told,) = sink.found
    assert told.rule.code == "SC301"
    assert told.span == schedule.place("deploy_to", 0)
    assert str(targets()[target].unschedulable) in told.notes[0]
