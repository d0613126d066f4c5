"""No loss: whatever stops a command, at whichever system call, each file is the old one or the new one.

The next run puts everything right.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNNER = Path(__file__).with_name("fault_runner.py")
CONFIG = 'sources = ["schedules"]\noutput = "out"\n'
MOST = 400
"""More system calls than any of these commands makes."""


def schedule(name: str, cron: str = '"5 14 * * 3"', more: str = "") -> str:
    run = '{container: {image: "a.example/churn:1.4.0", command: [python]}}'
    return (
        f"schedules:\n  {name}:\n    cron_expression: {cron}\n    deploy_to: [airflow, kubeflow]\n"
        f"    run: {run}\n{more}"
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "compiler")}


def schedc(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "schedc", *arguments]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)


def tree(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}


def _project(folder: Path) -> None:
    (folder / "schedules").mkdir(parents=True)
    (folder / "schedc.toml").write_text(CONFIG, "utf-8")
    (folder / "schedules" / "a.yaml").write_text(schedule("a"), "utf-8")
    (folder / "schedules" / "b.yaml").write_text(schedule("b"), "utf-8")  # the same, under another name


def _first_compile(folder: Path) -> None:
    _project(folder)


def _next_compile(folder: Path) -> None:
    _project(folder)
    assert schedc(folder, "compile").returncode == 0
    (folder / "schedules" / "a.yaml").write_text(schedule("a", '"6 15 * * 4"'), "utf-8")


def _orphans(folder: Path) -> None:
    _next_compile(folder)
    (folder / "schedules" / "b.yaml").unlink()


def _mistakes(folder: Path) -> None:
    _project(folder)
    for name in "ab":
        text = schedule(name, "5 14 * * WEDNESDAY", "    paused: no\n")
        (folder / "schedules" / f"{name}.yaml").write_text(text, "utf-8")


def _nothing(folder: Path) -> None:
    folder.mkdir()


PLACES = {
    "the first compile": (_first_compile, ["compile"]),
    "the next compile": (_next_compile, ["compile"]),
    "compile --prune": (_orphans, ["compile", "--prune"]),
    "check --fix": (_mistakes, ["check", "--fix", "--target", "airflow"]),
    "init": (_nothing, ["init"]),
}
CODES = {"kill": 137, "full": 2, "broken": 2, "forbidden": 2, "interrupt": 130, "terminate": 143}
REASONS = {"full": "No space left on device", "broken": "Input/output error", "forbidden": "Permission denied"}
NOT_NEEDED = frozenset({"mkdir", "rmdir", "unlink"})
"""Calls that may fail without harm: where a folder is there already, or hidden and on its way out."""


def _is_temporary(path: str) -> bool:
    return any(part.startswith(".schedc-") for part in Path(path).parts)


def _runs(folder: Path, arguments: list[str], kind: str) -> list[dict[str, Any]]:
    job = {"folder": str(folder), "arguments": arguments, "kind": kind, "most": MOST}
    command = [sys.executable, str(RUNNER), json.dumps(job)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("place", PLACES)
def test_a_fault_at_every_system_call(place: str, kind: str, tmp_path: Path) -> None:
    prepare, arguments = PLACES[place]
    prepare(tmp_path / "before")
    runs = _runs(tmp_path, arguments, kind)
    old, last = tree(tmp_path / "before"), runs.pop()
    new = last["left"]
    assert (last["met"], last["code"]) == ("-", 0), "the last run meets no fault"
    assert len(runs) > 5
    assert old != new
    assert not any(map(_is_temporary, new))
    for run in runs:
        about = f"{kind} at call {run['at']}, {run['met']}: {run['said']}"
        left = {path: text for path, text in run["left"].items() if not _is_temporary(path)}
        assert left.items() <= old.items() | new.items(), about
        assert old.keys() & new.keys() <= left.keys(), about
        assert "Traceback" not in run["said"], about
        if kind != "kill" and run["met"] not in ("unlink", "rmdir"):
            assert left == run["left"], f"a temporary file stays: {about}"
        if run["code"] == 0:
            assert kind in REASONS, about
            assert run["met"] in NOT_NEEDED, about
            assert left == new, about
        else:
            assert run["code"] == CODES[kind], about
            assert REASONS.get(kind, "") in run["said"], about
        if arguments == ["init"] and left:
            assert run["again"] == 1, "a project that is there already"
            assert left == run["after"], about
        else:
            assert (run["again"], run["after"]) == (0, new), f"the next run: {about}"
    if kind == "kill":
        assert any(map(_is_temporary, {p for run in runs for p in run["left"]})), "no kill left a temporary file"
    else:
        assert {"open", "write", "fsync", "replace"} <= {run["met"] for run in runs}
