"""A repository as `schedc init` makes it, with a base that is compiled and committed and a branch that changes it.

Nothing in it depends on the day, on the machine or on who commits: schedc's clock stands at 2027-01-01.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_NEW_YEAR = 1_798_761_600
_LAUNCH = f"""
import sys, time
time.time = lambda: {_NEW_YEAR}.0
sys.argv[0] = "schedc"
from schedc.__main__ import main
sys.exit(main())
"""

BASE = """\
defaults:
  timezone: Europe/Amsterdam
schedules:
  nightly-load:
    cron_expression: "30 1 * * *"
    deploy_to: [kubernetes]
    run: {container: {image: ghcr.io/acme/load:1.0.0, command: [load]}}
  hourly-sync:
    cron_expression: "10 * * * *"
    deploy_to: [airflow]
    run: {container: {image: ghcr.io/acme/sync:1.0.0, command: [sync]}}
  old-report:
    cron_expression: "0 8 * * 1"
    deploy_to: [airflow]
    run: {container: {image: ghcr.io/acme/report:1.0.0, command: [report]}}
  monthly-bill:
    cron_expression: "0 6 1 * *"
    deploy_to: [kubernetes]
    run: {container: {image: ghcr.io/acme/bill:1.0.0, command: [bill]}}
"""

CHANGED = """\
defaults:
  timezone: Europe/Amsterdam
schedules:
  nightly-load:
    cron_expression: "30 2 * * *"
    deploy_to: [kubernetes]
    run: {container: {image: ghcr.io/acme/load:1.0.0, command: [load]}}
  hourly-sync:
    cron_expression: "10 * * * *"
    deploy_to: [airflow]
    run: {container: {image: ghcr.io/acme/sync:1.1.0, command: [sync]}}
  bill-customers:
    cron_expression: "0 6 1 * *"
    deploy_to: [kubernetes]
    run: {container: {image: ghcr.io/acme/bill:1.0.0, command: [bill]}}
"""
"""A move into the hour of clock changes, a new image, a removal and a new name."""

REFUSED = (
    BASE
    + """\
  campaign:
    cron_expression: "0 9 * * *"
    end_time: 2027-06-30T23:59:59
    deploy_to: [airflow, kubernetes]
    run: {container: {image: ghcr.io/acme/mail:3.1.0, command: [mail]}}
"""
)
"""A new schedule with an end, which Kubernetes cannot honour."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A checkout of the branch `change`, whose base is the branch `main`, in a folder."""

    folder: Path
    environment: dict[str, str]

    def run(self, command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a line of a shell there; stdout and stderr come together, as in a log."""
        return subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def well(self, command: str, **more: str) -> str:
        """What a command prints that must go well."""
        done = self.run(command, **more)
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        return done.stdout

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, "utf-8")


def make_repository(where: Path, changed: str | None = CHANGED, compiled: bool = False) -> Repository:
    """Make it below a folder. The change is committed, and what it compiles to where it is `compiled`."""
    tools, folder = where / "bin", where / "repository"
    tools.mkdir(parents=True)
    command = tools / "schedc"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(_LAUNCH)} "$@"\n', "utf-8")
    command.chmod(0o755)
    made = Path(_made().name) / f"{zlib.crc32(str(changed).encode())}-{compiled}"
    if not made.exists():
        made.mkdir()
        _fill(Repository(made, _environment(where, tools)), changed, compiled)
    shutil.copytree(made, folder)
    return Repository(folder, _environment(where, tools))


@cache
def _made() -> tempfile.TemporaryDirectory[str]:
    """Where repositories are made once, to be copied for each test of a process."""
    return tempfile.TemporaryDirectory(prefix="schedc-review-")


def _fill(repository: Repository, changed: str | None, compiled: bool) -> None:
    repository.well("git init --quiet --initial-branch main . && schedc init")
    repository.write({"schedules/team.yaml": BASE})
    repository.well("schedc compile && git add --all && git commit --quiet --message base")
    repository.well("git checkout --quiet -b change")
    if changed is not None:
        repository.write({"schedules/team.yaml": changed})
        repository.well("schedc compile --prune" if compiled else "true")
        repository.well("git add --all && git commit --quiet --message change")


def _environment(where: Path, tools: Path) -> dict[str, str]:
    who = {f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    when = {f"GIT_{role}_DATE": "2026-12-31T12:00:00Z" for role in ("AUTHOR", "COMMITTER")}
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SSL_CERT_FILE") if name in os.environ}
    return {
        **kept,
        **who,
        **when,
        "PATH": f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "compiler"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "HOME": str(where),
        "TMPDIR": str(where),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(where / "pre-commit"),
    }
