"""Where findings are gathered while everything else goes on, so that all of them are told in one run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from schedc.diagnostics import Diagnostic, Rule, diagnose
from schedc.source import Span


@dataclass(slots=True)
class Sink:
    """Gathers diagnostics; `schedule` and `target` are filled in where a finding has none."""

    found: list[Diagnostic] = field(default_factory=list)
    schedule: str | None = None
    target: str | None = None

    def add(self, rule: Rule, message: str, span: Span | None = None, **details: Any) -> None:
        details.setdefault("schedule", self.schedule)
        details.setdefault("target", self.target)
        self.found.append(diagnose(rule, message, span, **details))

    def within(self, schedule: str | None = None, target: str | None = None) -> Sink:
        """A sink of the same findings for one schedule or target."""
        return Sink(self.found, schedule or self.schedule, target or self.target)

    @property
    def errors(self) -> int:
        return sum(d.is_error for d in self.found)
