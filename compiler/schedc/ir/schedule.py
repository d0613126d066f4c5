"""A schedule: when it fires, what becomes of runs that cannot start as planned, and what it runs.

None means that the schedule leaves a thing open: the target may choose, and schedc says what it chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from schedc.ir.triggers import Cron, Interval, Once, Trigger
from schedc.ir.workload import Workload
from schedc.node import Node
from schedc.records import dataclass, field
from schedc.source import Span


class Catchup(StrEnum):
    """What becomes of runs that were missed. `FALSE` is at most the latest one, `LATEST` exactly the latest one."""

    NONE = "none"
    FALSE = "false"
    LATEST = "latest"
    ALL = "all"


class Overlap(StrEnum):
    """What happens when a run is due and one is still active."""

    ALLOW = "allow"
    SKIP = "skip"
    QUEUE = "queue"
    REPLACE = "replace"


class Cache(StrEnum):
    OFF = "false"
    AS_COMPILED = "as_compiled"


_OF_TRIGGERS = (("cron_expression",), ("start_time",), ("end_time",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One schedule, resolved: defaults and environment are merged, times are UTC seconds, bounds are inclusive."""

    name: str
    trigger: Trigger
    timezone: str = "UTC"
    written: str = ""
    """The trigger as the source has it, for people to read."""
    start: int | None = None
    end: int | None = None
    catchup: Catchup | None = None
    overlap: Overlap | None = None
    max_active_runs: int | None = None
    max_runs: int | None = None
    start_deadline: int | None = None
    paused: bool = False
    enabled: bool = True
    deploy_to: tuple[str, ...] | None = None
    retries: int = 0
    timeout: int | None = None
    attempt_timeout: int | None = None
    description: str | None = None
    owner: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    cache: Cache = Cache.OFF
    run: Workload
    options: Mapping[str, Node] = field(default_factory=dict, compare=False)
    """What stands under `targets`, by target, unread."""
    node: Node = field(compare=False, repr=False)
    """What was written, for places."""
    source: str = field(default="", compare=False)
    """The path of the source, as the user gave it."""
    applied_after: int | None = None
    """The user's promise: no artifact is applied before this instant."""

    def place(self, *path: str | int) -> Span:
        """Where the value at a path stands, or the closest thing around it.

        What a lowering put there, a cron or a bound, stands where the trigger was written.
        """
        if path in _OF_TRIGGERS and self.node.get(*path) is None:
            path = tuple(name for name in ("interval_second", "run_once_start_time") if self.node.get(name) is not None)
        return self.node.nearest(*path)

    @property
    def trigger_place(self) -> Span:
        """Where the schedule says when it fires."""
        names = {Cron: "cron_expression", Interval: "interval_second", Once: "run_once_start_time"}
        return self.place(names[type(self.trigger)])
