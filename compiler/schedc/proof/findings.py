"""What a proof of instants asks and finds, apart from where a schedule is written.

A finding names the fields that it is about; their places are those of the schedule at hand. So one answer serves every
schedule that asks the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schedc.diagnostics import Rule, Severity
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Trigger
from schedc.records import dataclass, field

TRIGGER = "trigger"
"""The field in which a schedule says when it fires, whichever that is."""


@dataclass(frozen=True, slots=True)
class Question:
    """All of a schedule that its instants depend on, and what is proved of them."""

    trigger: Trigger
    timezone: str
    start: int | None
    end: int | None
    applied_after: int | None
    catchup: Catchup | None
    overlap: Overlap | None
    max_runs: int | None
    start_deadline: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding about the first of some fields that is written, or else about the last of them."""

    rule: Rule
    message: str
    places: tuple[str, ...]
    details: tuple[tuple[str, Any], ...]


Step = tuple[Finding, ...]
"""What one step of a proof found; no further step is told of where it holds an error."""


@dataclass(slots=True)
class Findings:
    """Gathers what a proof finds, step by step; what two versions of an engine have in common once."""

    steps: list[list[Finding]] = field(default_factory=lambda: [[]])
    errors: int = 0

    def add(self, rule: Rule, message: str, *places: str, **details: Any) -> None:
        finding = Finding(rule, message, places, tuple(details.items()))
        if not any(finding in step for step in self.steps):
            self.errors += (details.get("severity") or rule.severity) is Severity.ERROR
            self.steps[-1].append(finding)

    def next_step(self) -> None:
        self.steps.append([])

    def found(self) -> tuple[Step, ...]:
        return tuple([tuple(step) for step in self.steps if step])


def tell(steps: Sequence[Step], schedule: Schedule, sink: Sink) -> None:
    """Tell a sink of what was found, at the places of a schedule."""
    for step in steps:
        before = sink.errors
        for one in step:
            written = [name for name in one.places[:-1] if schedule.node.get(name)]
            name = written[0] if written else one.places[-1]
            place = schedule.trigger_place if name == TRIGGER else schedule.place(name)
            sink.add(one.rule, one.message, place, **dict(one.details))
        if sink.errors > before:
            return
