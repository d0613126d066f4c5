"""Loads sources from memory, and shows findings as rows that a table can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schedc.diagnostics import Diagnostic, in_order
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.load import Selection, load
from schedc.project import find_project

RUN = "    run: {container: {image: ghcr.io/acme/churn:1.4.0}}\n"


@dataclass(frozen=True)
class Loaded:
    schedules: list[Schedule]
    found: list[Diagnostic]

    @property
    def only(self) -> Schedule:
        """The one schedule, where there is nothing to find."""
        assert self.found == [], [d.message for d in self.found]
        (schedule,) = self.schedules
        return schedule


def load_files(
    folder: Path,
    files: Mapping[str, str | bytes],
    paths: tuple[str, ...] | None = None,
    environment: str | None = None,
    values: Mapping[str, str] | None = None,
) -> Loaded:
    """What a repository with these files loads; all its YAML and Python files, unless `paths` says which."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    sink = Sink()
    project = find_project(folder, sink)
    sources = tuple(name for name in files if name.endswith((".yaml", ".py")))
    selection = Selection(
        paths=sources if paths is None else paths, cwd=folder, environment=environment, values=values or {}
    )
    schedules = load(project, selection, sink)
    return Loaded(schedules, in_order(sink.found))


def one_schedule(fields: str, run: str = RUN) -> str:
    """A YAML file with one schedule, `churn`; its fields begin on line 3, column 5."""
    body = "".join(f"    {line}\n" if line else "\n" for line in fields.splitlines())
    return f"schedules:\n  churn:\n{body}{run}"


def place(d: Diagnostic) -> tuple[str, int, int, str]:
    """The code, line and column of a finding, and the text that its caret marks."""
    assert d.span is not None
    return d.rule.code, *d.span.position, d.span.file.text[d.span.start : d.span.end]
