"""Builds the Go programs that ask real engines, and gives the reason where one cannot be built."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import pytest

ENGINES = Path(__file__).parent / "engines"

_LEAN = ("-gcflags=all=-N -l -dwarf=0", "-ldflags=-s -w")
"""Without what only a debugger needs, and hardly optimised: such a program is built more slowly than it is run."""

PROGRAMS = {
    "robfig_go": (("build",), {}),
    "kubernetes_go": (("test", "-c", *_LEAN), {"CGO_ENABLED": "0"}),
}
"""Folders of `tests/engines`, how `go` builds each, and with which variables."""


def built(name: str, paths: pytest.TempPathFactory) -> Path:
    """The program of a folder: the one that `make engine-environments` built, else built here, once for all processes.

    Without Go, or without its module proxy, the test is skipped, or fails where engines are required.
    """
    ready = os.environ.get("SCHEDC_GO_PROGRAMS")
    if ready and (Path(ready) / name).exists():
        return Path(ready) / name
    base = paths.getbasetemp()
    into = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (into / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (into / name).exists():
            problem = build(name, into)
            if problem:
                _without(problem)
    return into / name


def build(name: str, into: Path) -> str | None:
    """Build a program into a folder; what hinders it."""
    go = shutil.which("go")
    if go is None:
        return "go is not installed (make engines brings one; or see https://go.dev/dl, 1.26 or later)"
    arguments, variables = PROGRAMS[name]
    done = subprocess.run(
        [go, *arguments, "-o", str(into / name), "."],
        cwd=ENGINES / name,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return f"go build failed (it needs the module proxy or a module cache, see `go help goproxy`): {done.stderr}"
    return None


def with_pinned_zones() -> dict[str, str]:
    """The environment in which Go takes zones from the package tzdata, as schedc does."""
    return {**os.environ, "ZONEINFO": str(resources.files("tzdata").joinpath("zoneinfo"))}


def _without(problem: str) -> NoReturn:
    import pytest

    if os.environ.get("SCHEDC_REQUIRE_ENGINES") == "1":
        pytest.fail(problem)
    pytest.skip(problem)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    sys.exit("\n".join(filter(None, (build(name, folder) for name in PROGRAMS))) or 0)
