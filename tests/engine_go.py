"""Builds the Go programs that ask real engines, and gives the reason where one cannot be built."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import NoReturn

import pytest


def built(folder: Path, into: Path, command: Sequence[str], **variables: str) -> Path:
    """The program of a folder, built once by `go COMMAND -o PROGRAM .`, also where several processes ask for it.

    Without Go, or without its module proxy, the test is skipped, or fails where engines are required.
    """
    program = into / folder.name
    with (into / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            _build([*command, "-o", str(program), "."], folder, variables)
    return program


def once_for_all_workers(paths: pytest.TempPathFactory) -> Path:
    """A temporary folder that all processes of one run of pytest share."""
    base = paths.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def with_pinned_zones() -> dict[str, str]:
    """The environment in which Go takes zones from the package tzdata, as schedc does."""
    return {**os.environ, "ZONEINFO": str(resources.files("tzdata").joinpath("zoneinfo"))}


def _build(arguments: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
    go = shutil.which("go")
    if go is None:
        _without("go is not installed (https://go.dev/dl, or the package golang-go, 1.21 or later)")
    done = subprocess.run(
        [go, *arguments], cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        _without(f"go build failed (it needs the module proxy or a module cache, see `go help goproxy`): {done.stderr}")


def _without(problem: str) -> NoReturn:
    if os.environ.get("SCHEDC_REQUIRE_ENGINES") == "1":
        pytest.fail(problem)
    pytest.skip(problem)
