"""Pages that are run: what they put into files is written, and their commands are executed, in the order of the page.

In a page, a fence ```` ```LANGUAGE file=PATH ```` is a file, and a `console` fence holds commands after `$ `, each with
all that it prints.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def fences(text: str) -> list[tuple[str, str, str]]:
    """The language, the file or nothing, and the body of each fence."""
    return _BLOCK.findall(text)


def follow(page: Path, here: Path, environment: dict[str, str]) -> int:
    """Do in the folder `here` what a page says, and hold each command to its output; the number of commands."""
    ran = 0
    for language, file, body in fences(page.read_text("utf-8")):
        if file:
            path = here / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, "utf-8")
        for command, expected in _commands(body) if language == "console" else ():
            assert run(command, here, environment).stdout == expected, command
            ran += 1
    return ran


def run(command: str, here: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """One command of a shell, with both of its outputs in `stdout`."""
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


def shell(folder: Path) -> dict[str, str]:
    """The environment of a shell in which `schedc` is this checkout's, and git has an author and no settings."""
    tools = folder / "bin"
    tools.mkdir()
    command = tools / "schedc"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m schedc "$@"\n', "utf-8")
    command.chmod(0o755)
    return {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "compiler"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C",
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "ada@acme.example" for who in ("AUTHOR", "COMMITTER")},
    }


def _commands(text: str) -> list[tuple[str, str]]:
    """Each command of a console block, with what it prints."""
    parts = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))
