"""The README's files and commands, in its order in a fresh folder, give what it says that they give."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def _commands(text: str) -> list[tuple[str, str]]:
    """Each command of a console block, with what it prints."""
    parts = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A shell in which `schedc` is this checkout's."""
    tools = tmp_path / "bin"
    tools.mkdir()
    command = tools / "schedc"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m schedc "$@"\n', "utf-8")
    command.chmod(0o755)
    return {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "compiler"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C",
        "HOME": str(tmp_path),
    }


def test_the_readme_is_true(tmp_path: Path, environment: dict[str, str]) -> None:
    here = tmp_path / "project"
    here.mkdir()
    ran = 0
    for language, file, text in _BLOCK.findall((ROOT / "README.md").read_text("utf-8")):
        if file:
            path = here / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        for command, expected in _commands(text) if language == "console" else ():
            assert _run(command, here, environment).stdout == expected, command
            ran += 1
    assert ran >= 8
    for command in _in_ci():
        done = _run(command, here, environment)
        assert (done.returncode, done.stdout) == (0, ""), command


def _run(command: str, here: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", command],
        cwd=here,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _in_ci() -> list[str]:
    """What the README runs in CI and in hooks of pre-commit: they pass on the repository that it has made."""
    text = (ROOT / "README.md").read_text("utf-8")
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    commands = [hook["entry"]]
    for language, _, body in _BLOCK.findall(text):
        data = yaml.safe_load(body) if language == "yaml" else {}
        commands += [step["run"] for step in data.get("steps", []) if step.get("run", "").startswith("schedc ")]
        used = [one for repo in data.get("repos", []) for one in repo["hooks"]]
        assert {one["id"] for one in used} <= {hook["id"]}
        commands += [shlex.join([*shlex.split(hook["entry"]), *map(str, one.get("args", []))]) for one in used]
    assert len(commands) == 5
    return commands


def _pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    missing = [link for link in _LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert missing == []
