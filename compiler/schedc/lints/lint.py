"""What a lint is: a question about schedules that are right, which a repository switches on by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.records import dataclass
from schedc.shapes import Field

Settings = Mapping[str, Any]
"""The options of one lint, defaults filled in."""


class Compiled(Protocol):
    """One schedule that was compiled for one target, as lints over the whole set see it."""

    @property
    def schedule(self) -> Schedule: ...

    @property
    def target(self) -> str: ...

    @property
    def at_deploy(self) -> str | None: ...

    @property
    def backfills_from(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint:
    """A lint of one schedule, or of everything that was compiled; `options` are its settings in `schedc.toml`."""

    options: tuple[Field, ...] = ()
    of_schedule: Callable[[Schedule, Settings, Sink], None] | None = None
    of_compiled: Callable[[Sequence[Compiled], Settings, Sink], None] | None = None
