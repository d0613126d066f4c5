"""The whole way from sources to artifacts: pure, all at once, and nothing that a person wrote is lost on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from compiling import CONTAINER, VERTEX, WEEKLY, compile_files, compile_one, document
from schedc.cli import run
from schedc.targets import names

ROOT = Path(__file__).resolve().parents[1]

# -- pure ------------------------------------------------------------------------------------------------------------

_HASH = """
import hashlib, sys
sys.path[:0] = sys.argv[1:3]
from golden_expected import expected
text = repr(sorted(expected().items()))
print(hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest())
"""
MACHINES: dict[str, dict[str, str]] = {
    "one": {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    "another": {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"},
    "a third": {"PYTHONHASHSEED": "4711", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "a fourth": {"PYTHONHASHSEED": "random", "TZ": ":/nowhere", "PYTHONUTF8": "0", "LC_ALL": "POSIX"},
}


def _hash(machine: dict[str, str], cwd: Path) -> str:
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "SYSTEMROOT")}
    done = subprocess.run(
        [sys.executable, "-c", _HASH, str(ROOT / "tests"), str(ROOT / "compiler")],
        env={**kept, **machine},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_examples_are_the_same_bytes_on_every_machine(tmp_path: Path) -> None:
    assert len({_hash(machine, tmp_path) for machine in MACHINES.values()}) == 1


# -- the first example, word for word --------------------------------------------------------------------------------

_RIGHT_NOW = """
from datetime import datetime
from schedc import Container, Schedule

schedule = Schedule(start_time=datetime.now(), interval_second=1800, run=Container("ghcr.io/acme/sync:2.0.0"))
"""
_PROBE = """
import sys, time
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from compiling import compile_files
before = int(time.time())
result = compile_files(Path(sys.argv[3]), {"now.py": sys.stdin.read()}, ("airflow",))
after = int(time.time())
(schedule,) = result.schedules
assert before <= schedule.start <= after, (before, schedule.start, after)
print(sorted(result.codes))
"""


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "UTC", "America/St_Johns"])
def test_a_start_that_is_now_is_now_in_every_zone(zone: str, tmp_path: Path) -> None:
    """`datetime.now()` has no offset and shows the machine's clock; it means the instant, and a warning says so."""
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, str(ROOT / "tests"), str(ROOT / "compiler"), str(tmp_path)],
        env={**os.environ, "TZ": zone},
        input=_RIGHT_NOW,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "SC115" in done.stdout


# -- whole or nothing ------------------------------------------------------------------------------------------------

_GOOD = {**WEEKLY, "deploy_to": ["airflow", "kubernetes"], "targets": {}}
_NOT_ON_KUBERNETES = {**_GOOD, "cron_expression": "0 0 L * *"}


def _run(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.chdir(folder)
    try:
        return run(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)


def _written(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}


def test_a_target_with_an_error_is_not_written_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "one.yaml"
    source.write_text(document({"good": _GOOD, "month-end": _GOOD}), "utf-8")
    assert _run(tmp_path, monkeypatch, "compile", "one.yaml", "--out", "out") == 0
    before = _written(tmp_path / "out")
    assert before.keys() == {f"{t}/{n}" for t in ("airflow", "kubernetes") for n in _names(t, "good", "month-end")}
    source.write_text(document({"good": {**_GOOD, "retries": 3}, "month-end": _NOT_ON_KUBERNETES}), "utf-8")
    assert _run(tmp_path, monkeypatch, "compile", "one.yaml", "--out", "out") == 1
    after = _written(tmp_path / "out")
    assert after.keys() == before.keys()
    assert {path for path in after if after[path] != before[path]} == {"airflow/good.py", "airflow/month-end.py"}


def _names(target: str, *schedules: str) -> list[str]:
    return [f"{name}.{'py' if target == 'airflow' else 'yaml'}" for name in schedules]


def test_a_source_that_cannot_be_read_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.yaml").write_text(document({"good": _GOOD, "bad": {**_GOOD, "cron_expression": "5 25 * * *"}}))
    assert _run(tmp_path, monkeypatch, "compile", "one.yaml", "--out", "out") == 1
    assert not (tmp_path / "out").exists()


def test_all_errors_of_all_schedules_are_found_at_once(tmp_path: Path) -> None:
    result = compile_files(
        tmp_path,
        {
            "a.yaml": document(
                {
                    "bad-cron": {**WEEKLY, "cron_expression": "5 25 * * *", "retries": "many", "colour": "red"},
                    "month-end": {**WEEKLY, "cron_expression": "0 0 L * *", "deploy_to": ["kubernetes", "kubeflow"]},
                }
            ),
            "b.yaml": document({"no-run": {"cron_expression": "@daily"}}),
        },
    )
    found = {(d.schedule, d.target, d.rule.code) for d in result.found if d.is_error}
    assert found == {
        ("bad-cron", None, "SC107"),
        ("bad-cron", None, "SC104"),
        ("bad-cron", None, "SC103"),
        ("month-end", "kubernetes", "SC301"),
        ("month-end", "kubeflow", "SC301"),
        ("no-run", None, "SC105"),
    }


# -- what is compiled for what ---------------------------------------------------------------------------------------


def test_a_disabled_schedule_emits_nothing_and_is_asked_nothing(tmp_path: Path) -> None:
    result = compile_one(tmp_path, {**WEEKLY, "enabled": False, "overlap": "replace", "timezone": "Europe/Paris"})
    assert (result.texts(), result.errors) == ({}, [])


def test_a_schedule_is_compiled_for_what_it_lists(tmp_path: Path) -> None:
    asked = {"all": WEEKLY, "some": {**WEEKLY, "targets": {}, "deploy_to": ["kubernetes", "airflow"]}}
    result = compile_files(tmp_path, {"a.yaml": document(asked)})
    assert result.errors == []
    where = {(o.schedule.name, o.target) for o in result.compilation.outputs}
    assert where == {*(("all", t) for t in names()), ("some", "kubernetes"), ("some", "airflow")}


def test_only_wanted_targets_are_compiled(tmp_path: Path) -> None:
    result = compile_one(tmp_path, {**WEEKLY, "overlap": "allow"}, ("kubernetes",))
    assert result.errors == []
    assert {o.target for o in result.compilation.outputs} == {"kubernetes"}


@pytest.mark.parametrize(
    ("change", "code", "fragment"),
    [
        ({"deploy_to": ["kubernets"], "targets": {}}, "SC606", "kubernetes"),
        ({"deploy_to": ["jenkins"], "targets": {}}, "SC606", "the targets are"),
        ({"targets": {"vertx": {}, "vertex": VERTEX}}, "SC606", "vertex"),
        ({"deploy_to": ["airflow"], "targets": {"kubernetes": {}}}, "SC208", "kubernetes"),
    ],
)
def test_names_of_targets_are_checked(change: dict[str, Any], code: str, fragment: str, tmp_path: Path) -> None:
    result = compile_one(tmp_path, {**WEEKLY, **change})
    (told,) = [d for d in result.found if d.rule.code == code]
    assert fragment in (told.help or "")
    assert told.span is not None


def test_a_missing_option_is_an_error_that_says_which(tmp_path: Path) -> None:
    result = compile_one(tmp_path, {**WEEKLY, "targets": {}}, ("vertex",))
    assert {d.rule.code for d in result.found} == {"SC302"}
    told = " ".join(f"{d.message} {d.help} {' '.join(d.notes)}" for d in result.found)
    assert all(name in told for name in VERTEX)


def test_one_name_cannot_stand_twice(tmp_path: Path) -> None:
    result = compile_files(tmp_path, {"a.yaml": document({"one": WEEKLY}), "b.yaml": document({"one": WEEKLY})})
    assert result.errors == ["SC117 two schedules are called one"]
    assert {o.schedule.source for o in result.compilation.outputs} == {"a.yaml"}


def test_two_schedules_cannot_be_one_dag(tmp_path: Path) -> None:
    """An option that renames what stands in the engine must not give one name to two schedules."""
    both = {"targets": {"airflow": {"dag_id": "same"}}, "deploy_to": ["airflow"]}
    result = compile_files(tmp_path, {"a.yaml": document({"one": {**WEEKLY, **both}, "two": {**WEEKLY, **both}})})
    assert [d.rule.code for d in result.found if d.is_error] == ["SC611"]


# -- precedence ------------------------------------------------------------------------------------------------------

LAYERS = ("repository", "file", "schedule", "repository env", "schedule env", "value")


@pytest.mark.parametrize("strongest", range(len(LAYERS)))
def test_the_strongest_layer_wins(strongest: int, tmp_path: Path) -> None:
    """`--value`, the schedule's environment, the repository's, the schedule, its file's defaults, the repository."""
    on = set(LAYERS[: strongest + 1])

    def said(layer: str) -> dict[str, Any]:
        if layer not in on:
            return {}
        text = "${values.text}" if layer == "schedule env" else layer
        return {"description": text, "targets": {"airflow": {"tags": [layer.replace(" ", "-")]}}}

    def toml(layer: str, table: str) -> str:
        one = said(layer)
        return f"[{table}]\ndescription = '{one['description']}'\n" if one else ""

    project = toml("repository", "defaults") + "[environments.prod.values]\ntext = 'schedule env'\n"
    if "repository" in on:
        project += "[targets.airflow]\ntags = ['repository']\n"
    if "repository env" in on:
        project += "[environments.prod]\ndescription = 'repository env'\ntargets.airflow.tags = ['repository-env']\n"
        project = project.replace("[environments.prod.values]\ntext = 'schedule env'\n", "")
        project += "values = { text = 'schedule env' }\n"
    source = document(
        {
            "one": {
                **WEEKLY,
                **said("schedule"),
                **({"environments": {"prod": said("schedule env")}} if "schedule env" in on else {}),
                "deploy_to": ["airflow"],
                **({} if "schedule" in on else {"targets": {}}),
            }
        },
        **({"defaults": said("file")} if "file" in on else {}),
    )
    values = {"text": "value"} if "value" in on else {}
    result = compile_files(tmp_path, {"schedc.toml": project, "a.yaml": source}, ("airflow",), "prod", values)
    assert result.errors == []
    (text,) = result.texts().values()
    assert f'description="{LAYERS[strongest]}"' in text
    tag = "schedule-env" if strongest >= LAYERS.index("schedule env") else LAYERS[strongest].replace(" ", "-")
    assert f'tags=["{tag}"]' in text


def test_maps_merge_lists_replace_and_null_removes(tmp_path: Path) -> None:
    source = document(
        {
            "one": {
                **WEEKLY,
                "labels": {"stage": "prod"},
                "description": None,
                "run": {"container": {**CONTAINER, "args": ["--b"]}},
            }
        },
        defaults={
            "labels": {"team": "churn", "stage": "dev"},
            "description": "of the file",
            "run": {"container": {"args": ["--a", "--c"]}},
        },
    )
    (schedule,) = compile_files(tmp_path, {"a.yaml": source}, ("kubernetes",)).schedules
    assert schedule.labels == {"team": "churn", "stage": "prod"}
    assert schedule.description is None
    assert getattr(schedule.run, "args", None) == ("--b",)


def test_an_environment_that_nobody_defines_is_an_error(tmp_path: Path) -> None:
    result = compile_files(tmp_path, {"a.yaml": document({"one": WEEKLY})}, (), "prod")
    assert "SC608" in result.codes


def test_a_value_that_nobody_defines_is_an_error(tmp_path: Path) -> None:
    result = compile_one(tmp_path, {**WEEKLY, "description": "${values.stage}"})
    assert result.codes == {"SC113"}
