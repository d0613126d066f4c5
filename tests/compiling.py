"""Compiles what a test writes: sources and a schedc.toml as texts, in a folder of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schedc.compile import Compilation, compile_schedules
from schedc.diagnostics import Diagnostic
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.load import Selection, load
from schedc.project import find_project, lints_of
from schedc.targets import names

VERTEX = {"project": "acme", "location": "europe-west4", "gcs_output_directory": "gs://acme/runs"}
CONTAINER: dict[str, Any] = {"image": "ghcr.io/acme/churn:1.4.0", "command": ["python", "-m", "churn.train"]}
WEEKLY: dict[str, Any] = {
    "cron_expression": "5 14 * * 3",
    "run": {"container": CONTAINER},
    "targets": {"vertex": VERTEX},
}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a compile, and what was said."""

    schedules: list[Schedule]
    compilation: Compilation
    found: list[Diagnostic]

    @property
    def errors(self) -> list[str]:
        return [f"{d.rule.code} {d.message}" for d in self.found if d.is_error]

    @property
    def codes(self) -> set[str]:
        return {d.rule.code for d in self.found}

    def texts(self) -> dict[str, str]:
        """Text by path, with the target's folder."""
        return {f"{o.target}/{a.path}": a.text for o in self.compilation.outputs for a in o.artifacts}


def document(schedules: Mapping[str, Any], **more: Any) -> str:
    """A YAML source, in the part of YAML that is JSON."""
    return json.dumps({**more, "schedules": schedules}, indent=2)


def compile_files(
    folder: Path,
    files: Mapping[str, str],
    targets: Sequence[str] = (),
    environment: str | None = None,
    values: Mapping[str, str] | None = None,
    applied_after: int | None = None,
    lint: bool = False,
) -> Result:
    """Write files, of which `schedc.toml` is the project's, and compile the others; `lint` runs the lints as well."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    sink = Sink()
    selection = Selection(
        paths=tuple(path for path in files if path.endswith((".yaml", ".py"))),
        cwd=folder,
        environment=environment,
        values=values or {},
        applied_after=applied_after,
    )
    project = find_project(folder, sink)
    schedules = load(project, selection, sink)
    lints = lints_of(project, environment) if lint else {}
    compilation = compile_schedules(schedules, targets or names(), sink, lints)
    return Result(schedules, compilation, sink.found)


def compile_one(folder: Path, schedule: Mapping[str, Any], targets: Sequence[str] = ()) -> Result:
    """One schedule called `one`, in one file."""
    return compile_files(folder, {"one.yaml": document({"one": schedule})}, targets)
