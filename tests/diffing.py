"""Runs `schedc diff` on what a test writes, folders of sources each with a schedc.toml, and reads what it prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from schedc.cli import run

CONFIG = 'sources = ["s.yaml"]\n'
YEAR = ("--from", "2027-01-01")
"""2027-01-01 is a Friday; the year has 52 of each weekday, and one more Friday."""

CONTAINER: dict[str, Any] = {"image": "ghcr.io/acme/churn:1.4.0", "command": ["python", "-m", "churn.train"]}
DAILY: dict[str, Any] = {"cron_expression": "0 6 * * *", "deploy_to": ["kubernetes"], "run": {"container": CONTAINER}}


@dataclass(frozen=True, slots=True)
class Said:
    """What a run of the command said."""

    code: int
    out: str
    err: str

    @property
    def blocks(self) -> dict[str, list[str]]:
        """The lines about each schedule, the first of them whole, the others without the indent."""
        found = {}
        for block in self.out.split("\n\n")[1:]:
            lines = block.rstrip("\n").split("\n")
            if len(lines) > 1 and lines[1].startswith("  "):
                found[lines[0].split()[0]] = [lines[0], *(line.strip() for line in lines[1:])]
        return found

    def __str__(self) -> str:
        return f"exit {self.code}\n{self.out}{self.err}"


def diff(capsys: pytest.CaptureFixture[str], *arguments: str) -> Said:
    """Run the command in the current folder."""
    capsys.readouterr()
    code = run(["diff", *arguments])
    captured = capsys.readouterr()
    return Said(code, captured.out, captured.err)


def write(folder: Path, schedules: Mapping[str, Any], config: str = CONFIG, **more: Any) -> Path:
    """A folder with a schedc.toml and one source."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schedc.toml").write_text(config, "utf-8")
    (folder / "s.yaml").write_text(json.dumps({**more, "schedules": schedules}, indent=2), "utf-8")
    return folder


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A schedule with some fields set, and those that are None left out."""
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


def container(**fields: Any) -> dict[str, Any]:
    return {"run": {"container": {**CONTAINER, **fields}}}


def compared(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    arguments: Sequence[str] = YEAR,
) -> Said:
    """The text of a diff of two folders with these schedules."""
    write(tmp_path / "old", old)
    write(tmp_path / "new", new)
    return diff(capsys, str(tmp_path / "old"), str(tmp_path / "new"), *arguments)


def data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, Any]:
    """The same as JSON."""
    said = compared(tmp_path, capsys, old, new, (*YEAR, "--format", "json"))
    found: dict[str, Any] = json.loads(said.out)
    return found
