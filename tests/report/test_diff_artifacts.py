"""Folders of artifacts as sides: against each other and against sources, as compile wrote them and changed by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from diffing import DAILY, container, diff, merged, write
from schedc.cli import run
from schedc.commands.diff_sides import read_cell
from schedc.ir.zones import zone
from schedc.report.diff.compare import compare
from schedc.report.diff.model import Category, One
from schedc.targets import names
from test_faults import EDITS as FAULTS
from test_faults import written

ROOT = Path(__file__).resolve().parents[2]
EVERY = merged(DAILY, {"deploy_to": ["airflow", "kubernetes", "kubeflow"]})
NIGHT = merged(DAILY, {"cron_expression": "0 3 * * *"})
Compiled = Callable[..., str]


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiled:
    """Compiles schedules into a folder of their own, and gives its path."""

    def make(name: str, schedules: dict[str, Any], *arguments: str, config: str = "") -> str:
        monkeypatch.chdir(write(tmp_path / f"{name}-sources", schedules, f'sources = ["s.yaml"]\n{config}'))
        assert run(["compile", "--out", str(tmp_path / name), *arguments]) == 0
        return str(tmp_path / name)

    return make


def _edit(folder: str, path: str, old: str, new: str) -> None:
    file = Path(folder, path)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_artifacts_against_artifacts(compiled: Compiled, capsys: pytest.CaptureFixture[str]) -> None:
    old = compiled("old", {"one": EVERY, "two": EVERY, "three": EVERY})
    image = merged(EVERY, container(image="ghcr.io/acme/churn:2"))
    new = compiled("new", {"one": image, "two": EVERY, "four": merged(image, {"cron_expression": "0 7 * * *"})})
    said = diff(capsys, old, new, "--from", "2027-01-01")
    assert said.blocks["one"] == [
        'one    workload  "at 06:00 every day", UTC',
        "airflow, kubeflow, kubernetes: run.container.image: ghcr.io/acme/churn:1.4.0 ->",
        "ghcr.io/acme/churn:2",
    ]
    assert said.blocks["three"][0] == 'three  fires     removed "at 06:00 every day", UTC'
    assert said.blocks["four"][1:] == [
        "airflow, kubeflow, kubernetes: 365 gained a year (7 a week)",
        "first: gained Fri 2027-01-01 07:00+00:00 (07:00Z)",
    ]
    assert said.out.endswith("\n3 schedules changed (2 fires, 1 workload), 1 unchanged\n")


def test_sources_against_what_they_compile_to(compiled: Compiled, capsys: pytest.CaptureFixture[str]) -> None:
    out = compiled("out", {"one": EVERY, "two": merged(EVERY, {"overlap": "allow", "deploy_to": ["airflow"]})})
    sources = f"{out}-sources"
    assert diff(capsys, sources, out).out.endswith("\nnothing changed; 2 unchanged\n")
    assert diff(capsys, out, sources).out.endswith("\nnothing changed; 2 unchanged\n")


def test_artifacts_against_sources_that_went_on(compiled: Compiled, capsys: pytest.CaptureFixture[str]) -> None:
    """What is deployed beside what is in the sources now: each says in its own words what it is."""
    out = compiled("out", {"one": DAILY, "two": DAILY, "three": DAILY, "gone": NIGHT})
    changed = {
        "one": merged(DAILY, container(image="ghcr.io/acme/churn:2")),
        "two": merged(DAILY, {"cron_expression": "0 8 * * *"}),
        "three": DAILY,
        "new": merged(NIGHT, {"cron_expression": "0 4 * * *"}),
    }
    said = diff(capsys, out, str(write(Path(f"{out}-later"), changed)), "--from", "2027-01-01")
    image = "kubernetes: run.container.image: ghcr.io/acme/churn:1.4.0 -> ghcr.io/acme/churn:2"
    assert said.blocks["one"] == ['one   workload  "at 06:00 every day", UTC', image], said
    assert said.blocks["two"] == [
        'two   fires     "at 06:00 every day" -> "at 08:00 every day", UTC',
        "kubernetes: 365 moved by +2 h a year (7 a week)",
        "first: Fri 2027-01-01 06:00+00:00 (06:00Z) -> 08:00+00:00 (08:00Z)",
    ]
    assert said.blocks["gone"][0].startswith("gone  fires     removed ")
    assert said.blocks["new"][0].startswith("new   fires     added ")
    assert said.out.endswith("\n4 schedules changed (3 fires, 1 workload), 1 unchanged\n")


EDITS = {
    "an hour": (
        'schedule: "0 6 * * *"',
        'schedule: "0 7 * * *"',
        "fires",
        [
            "kubernetes: 365 moved by +1 h a year (7 a week)",
            "first: Fri 2027-01-01 06:00+00:00 (06:00Z) -> 07:00+00:00 (07:00Z)",
        ],
    ),
    "a policy": (
        "concurrencyPolicy: Allow",
        "concurrencyPolicy: Forbid",
        "policy",
        ["kubernetes: engine.busy: start -> wait latest", "engine.limit: added 1"],
    ),
    "paused": ("suspend: false", "suspend: true", "policy", ["kubernetes: paused: false -> true"]),
    "a name": (
        "  name: one\n",
        "  name: other\n",
        "fires",
        ["kubernetes: it is called other there, and was one: the old one fires on until it is deleted"],
    ),
    "a construct that is not known": (
        "spec:\n",
        "spec:\n  odd: 1\n",
        "fires",
        ["kubernetes: its artifact cannot be read"],
    ),
    "a zone that the engine goes wrong in": (
        "timeZone: UTC",
        "timeZone: Africa/Cairo",
        "fires",
        [],
    ),
    "text only": ("# Digest", "# A digest", "same", []),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_change_by_hand(edit: str, compiled: Compiled, capsys: pytest.CaptureFixture[str]) -> None:
    before, after, category, expected = EDITS[edit]
    kept = compiled("kept", {"one": DAILY})
    edited = compiled("edited", {"one": DAILY})
    _edit(edited, "kubernetes/one.yaml", before, after)
    said = diff(capsys, kept, edited, "--from", "2027-01-01")
    if category == "same":
        assert "the same but for the text of the artifacts: one" in said.out
        return
    head, *lines = said.blocks["one"]
    assert head.split()[1] == category
    assert said.code == (1 if "cannot be read" in str(expected) else 0)
    assert ("error[SC408]" in said.err) == (said.code == 1)
    if expected:
        assert lines == expected, said
    else:
        assert zone("Africa/Cairo").offset_at(1_798_761_600) == 2 * 3600
        assert "moved by -2 h" in lines[0]
        assert "moved by -3 h" in lines[0]


def test_environments_of_artifacts(compiled: Compiled, capsys: pytest.CaptureFixture[str]) -> None:
    old = compiled("old", {"one": DAILY}, "--env", "prod", config="[environments.prod]\n")
    new = compiled("new", {"one": DAILY}, "--env", "prod", config="[environments.prod]\nretries = 3\n")
    expected = ["kubernetes: retries: 0 -> 3"]
    assert diff(capsys, old, new, "--env", "prod").blocks["one"][1:] == expected
    assert "\nprod:\n" in diff(capsys, old, new, "--env", "all").out
    said = diff(capsys, old, new)
    assert said.code == 1
    assert "add --env prod" in said.err
    assert diff(capsys, f"{new}-sources", new, "--env", "prod").out.endswith("\nnothing changed; 1 unchanged\n")


def test_sources_in_folders_of_targets_are_sources(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for side, hour in (("old", 6), ("new", 7)):
        folder = tmp_path / side / "kubernetes"
        write(folder, {"one": merged(DAILY, {"cron_expression": f"0 {hour} * * *"})})
        (folder / "schedc.toml").unlink()
    said = diff(capsys, str(tmp_path / "old"), str(tmp_path / "new"))
    assert "cron_expression: 0 6 * * * -> 0 7 * * *" in said.blocks["one"], said


def test_every_example_is_what_it_compiles_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sources and artifacts come to the same by two ways: nothing differs but what is refused, and writes nothing."""
    monkeypatch.chdir(ROOT / "examples")
    given = ["--env", "prod", "--from", "2027-01-01"]
    sources = [str(p) for p in sorted(Path().glob("*.yaml")) if p.name not in ("no_scheduler.yaml", "pipeline.yaml")]
    assert len(sources) > 20
    written = tmp_path / "out"
    for source in sources:
        for target in names():
            run(
                [
                    "compile",
                    source,
                    "--env",
                    "prod",
                    "--target",
                    target,
                    "--out",
                    str(written / source),
                    "--color",
                    "never",
                ]
            )
    compared = 0
    for source in sources:
        if not (written / source).exists():
            continue
        found = json.loads(diff(capsys, str(written / source), source, *given, "--format", "json").out)
        compared += found["summary"]["unchanged"]
        for one in found["schedules"]:
            assert {t["status"] for t in one["targets"]} <= {"refused", "added"}, one
    assert compared > 10


def test_an_empty_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    said = diff(capsys, str(tmp_path / "empty"), str(tmp_path / "empty"))
    assert said.code == 2
    assert "no source was found" in said.err


FIRES = (
    "weekday",
    "hour",
    "hours",
    "zone",
    "start",
    "end",
    "bit",
    "bounds",
    "seconds",
    "day",
    "field",
    "name",
    "timetable",
)
"""Words of the faults after which an engine fires otherwise, or is another object."""
NOVEMBER = 1_761_955_200
"""2025-11-01, before everything that these artifacts say."""


@pytest.mark.parametrize(
    ("target", "edit"),
    [(target, edit) for target, edits in FAULTS.items() for edit in edits],
    ids=lambda one: one if isinstance(one, str) else one[0],
)
def test_no_fault_in_an_artifact_is_the_same(target: str, edit: tuple[str, str, str]) -> None:
    """Every mistake that the proof finds in a file, a diff finds between two files."""
    what, before, after = edit
    files = written(target)
    changed = {path: text.replace(before, after) for path, text in files.items()}
    old, new = (
        {"weekly-churn": One(name="weekly-churn", cells={target: read_cell(target, one)})} for one in (files, changed)
    )
    (found,) = compare(old, new, None, NOVEMBER, NOVEMBER + 500 * 86_400)
    assert found.category is not Category.SAME
    if set(FIRES) & set(what.split()) and "at once" not in what and "active" not in what:
        assert found.category is Category.FIRES, found
    (back,) = compare(new, old, None, NOVEMBER, NOVEMBER + 500 * 86_400)
    assert back.category is found.category
