"""The golden cases: every file of examples/, in every environment in which it is worth showing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schedc.compile import Compilation, compile_schedules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.load import Selection, load
from schedc.project import read_project
from schedc.targets import targets

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"

ENVIRONMENTS: dict[str, tuple[str | None, ...]] = {
    "environments": ("dev", "prod"),
    "applied_after": (None, "live"),
    "release": ("dev", "prod"),
}
"""The environments of examples that are not about the bare file."""


@dataclass(frozen=True, slots=True)
class Case:
    """One example in one environment."""

    source: str
    """The path of the example, from the root of the repository."""
    environment: str | None = None

    @property
    def name(self) -> str:
        """The name of the case's folder."""
        stem = Path(self.source).stem
        return f"{stem}.{self.environment}" if self.environment else stem


@dataclass(frozen=True, slots=True)
class Compiled:
    """What one case became on all targets."""

    schedules: tuple[Schedule, ...]
    compilation: Compilation


def cases() -> list[Case]:
    """All of them, in the order of their names."""
    sources = [p for p in EXAMPLES.iterdir() if p.suffix in (".yaml", ".py")]
    found = [
        Case(path.relative_to(ROOT).as_posix(), environment)
        for path in sources
        for environment in ENVIRONMENTS.get(path.stem, (None,))
    ]
    return sorted(found, key=lambda case: case.name)


@cache
def compiled(case: Case) -> Compiled:
    """A case compiled for every target there is."""
    sink = Sink()
    project = read_project(EXAMPLES / "schedc.toml", sink)
    selection = Selection(paths=(case.source,), cwd=ROOT, environment=case.environment)
    schedules = load(project, selection, sink)
    return Compiled(tuple(schedules), compile_schedules(schedules, list(targets()), sink))
