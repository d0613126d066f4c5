"""Completion in real shells: a word and a Tab, and what the shell then has on its line.

A shell that is not installed is skipped; `.ci/run` installs them, and lets no such skip pass.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from schedc import cli
from schedc.commands.completion import SHELLS, actions, is_known, script

TYPED = {
    "a command": ("sche", "schema"),
    "an option": ("compile --pru", "compile --prune"),
    "a format": ("check --format gith", "check --format github"),
    "a severity": ("check --fail-on warn", "check --fail-on warning"),
    "a target": ("compile --target vert", "compile --target vertex"),
    "a target as an argument": ("targets kubef", "targets kubeflow"),
    "all targets": ("compile --target al", "compile --target all"),
    "an engine": ("next --engine crontabs", None),
    "a zone": ("next --timezone Europe/Amst", "next --timezone Europe/Amsterdam"),
    "a rule": ("explain stampe", "explain stampede"),
    "a shell": ("completion fis", "completion fish"),
    "a kind of schema": ("schema --for proj", "schema --for project"),
    "a file": ("check wee", "check weekly.yaml"),
    "a file of settings": ("check --config other", "check --config other.toml"),
}
"""What is typed before the Tab, and what stands there after it; None where nothing fits."""


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_the_same_each_time_and_knows_no_path(shell: str) -> None:
    assert script(shell, cli.parser()) == script(shell, cli.parser())
    assert str(Path(__file__).parents[1]) not in script(shell, cli.parser())


def test_it_is_decided_for_every_option_how_it_is_completed() -> None:
    assert [one.option_strings or one.dest for one in actions(cli.parser()) if not is_known(one)] == []


def test_without_shtab_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "shtab.py").write_text("raise ModuleNotFoundError(name='shtab')\n", "utf-8")
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}:{Path(cli.__file__).parents[1]}"}
    command = [sys.executable, "-m", "schedc", "completion", "bash"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "schedc: completion needs shtab: pip install shtab\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = tmp_path / "here"
    here.mkdir()
    for name in ("weekly.yaml", "other.toml"):
        (here / name).write_text("", "utf-8")
    return here


def _installed(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed: apt-get install {shell}")
    return found


def _in_terminal(command: list[str], setup: str, lines: list[str], folder: Path) -> list[str]:
    """What an interactive shell runs for each line that ends with a Tab, in order."""
    terminal, other = pty.openpty()
    env = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "TERM": "dumb"}
    shell = subprocess.Popen(
        command, cwd=folder, env=env, stdin=other, stdout=other, stderr=other, start_new_session=True
    )
    os.close(other)
    try:
        seen = _until(terminal, f"{setup}\n", "ready:now")
        for line in lines:
            seen += _until(terminal, f"schedc {line}\t\n", "GOT:")
    finally:
        os.close(terminal)
        shell.kill()
        shell.wait()
    return [found.strip() for found in re.findall(r"GOT:([^$\r\n]*):END", seen)]


def _until(terminal: int, typed: str, wanted: str) -> str:
    """Type, and read until a line that begins so is there."""
    os.write(terminal, typed.encode())
    seen, deadline = "", time.monotonic() + 30
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 65536).decode("utf-8", "replace")
        if re.search(rf"{wanted}[^$\r\n]*\r?\n", seen):
            return seen
    raise AssertionError(f"the shell did not answer {typed!r}: {seen[-500:]!r}")


def _bash(folder: Path) -> list[str]:
    setup = f'schedc() {{ echo "GOT:$*:END"; }}; . {folder.parent}/script; echo ready:$(echo now)'
    typed = [before for before, _ in TYPED.values()]
    return _in_terminal([_installed("bash"), "--norc", "--noprofile", "-i"], setup, typed, folder)


def _zsh(folder: Path) -> list[str]:
    (folder.parent / "_schedc").write_text((folder.parent / "script").read_text("utf-8"), "utf-8")
    setup = (
        f"unsetopt beep; fpath=({folder.parent} $fpath); autoload -U compinit; compinit -u -D;"
        ' schedc() { echo "GOT:$*:END" }; echo ready:$(echo now)'
    )
    typed = [before for before, _ in TYPED.values()]
    return _in_terminal([_installed("zsh"), "-f", "-i"], setup, typed, folder)


def _fish(folder: Path) -> list[str]:
    """Asked without a terminal: fish tells what it would complete."""
    found = []
    for before, _ in TYPED.values():
        asked = f"source {folder.parent}/script; complete -C 'schedc {before}'"
        done = subprocess.run(
            [_installed("fish"), "--no-config", "-c", asked],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder.parent)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        offered = [line.split("\t")[0] for line in done.stdout.splitlines()]
        *rest, last = before.split(" ")
        found.append(" ".join([*rest, *(offered or [last])]))
    return found


ASKED: dict[str, Callable[[Path], list[str]]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes(shell: str, folder: Path) -> None:
    (folder.parent / "script").write_text(script(shell, cli.parser()), "utf-8")
    found = ASKED[shell](folder)
    assert dict(zip(TYPED, found, strict=True)) == {name: after or before for name, (before, after) in TYPED.items()}
