"""The commands of docs/ci.md print what it says, and what it wires is known to schedc."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from schedc.cli import COMMANDS, parser
from schedc.diagnostics.render import FORMATS

PAGE = Path(__file__).resolve().parents[2] / "docs/ci.md"
_BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _blocks() -> list[tuple[str, str, str]]:
    return _BLOCK.findall(PAGE.read_text("utf-8"))


@pytest.fixture
def schedc(tmp_path: Path) -> dict[str, str]:
    """An environment in which `schedc` is this checkout's."""
    tools = tmp_path / "bin"
    tools.mkdir()
    command = tools / "schedc"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m schedc "$@"\n', "utf-8")
    command.chmod(0o755)
    source = str(PAGE.parents[1] / "compiler")
    return {"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "1"}


def printed(command: str, here: Path, environment: dict[str, str]) -> str:
    """What a person sees who runs a command; the version of the time zones changes with their releases."""
    done = subprocess.run(
        ["sh", "-c", command], cwd=here, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return re.sub(r'"tzdata": "\w+"', '"tzdata": "2026f"', done.stdout.decode("utf-8"))


def test_the_page_is_true(tmp_path: Path, schedc: dict[str, str], pytestconfig: pytest.Config) -> None:
    here = tmp_path / "project"
    page = PAGE.read_text("utf-8")
    shown = set()
    for language, file, text in _blocks():
        if file:
            (here / file).parent.mkdir(parents=True, exist_ok=True)
            (here / file).write_text(text, "utf-8")
        parts = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE) if language == "console" else []
        for command, expected in zip(parts[1::2], parts[2::2], strict=True):
            out = printed(command, here, schedc)
            if pytestconfig.getoption("--update-golden"):
                page = page.replace(f"$ {command}\n{expected}", f"$ {command}\n{out}", 1)
            else:
                assert out == expected, command
            shown |= set(re.findall(r"--format (\w+)", command))
    if pytestconfig.getoption("--update-golden"):
        PAGE.write_text(page, "utf-8")
    assert shown == set(FORMATS) - {"text"}


def test_the_table_names_every_format() -> None:
    table = PAGE.read_text("utf-8").split("## The formats")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE)
    assert dict(rows) == FORMATS


def _commands() -> list[str]:
    """What is run in the examples of CI systems."""
    found: list[str] = []
    for language, file, text in _blocks():
        data = yaml.safe_load(text) if language == "yaml" and not file else {}
        lines = [step.get("run", "") for step in data.get("steps", ())]
        lines += [line for job in data.values() if isinstance(job, dict) for line in job.get("script", ())]
        found += [line for line in lines if line.startswith("schedc ")]
    return found


@pytest.mark.parametrize("command", _commands())
def test_what_is_wired_is_known(command: str) -> None:
    words = shlex.split(command)[1:]
    end = next((i for i, word in enumerate(words) if word.startswith(">")), len(words))
    assert parser(list(COMMANDS)).parse_args(words[:end]).format in FORMATS


def test_ci_systems_are_shown() -> None:
    assert len(_commands()) >= 4
