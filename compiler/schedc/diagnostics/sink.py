"""Where findings are gathered while everything else goes on, so that all of them are told in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from schedc.diagnostics import Diagnostic, Rule, Severity, diagnose
from schedc.diagnostics.rules import TOO_MUCH
from schedc.records import dataclass, field
from schedc.source import Span


@dataclass(slots=True)
class Allowance:
    """A comment that allows a rule to be broken by one schedule; `used` once it did."""

    code: str
    reason: str
    span: Span
    used: bool = False


MOST_FOUND = 5000
"""Findings that are kept. One more is an error of no target, which keeps everything from being written."""


@dataclass(slots=True)
class _Gathered:
    """What all sinks of one run share."""

    found: list[Diagnostic] = field(default_factory=list)
    allowances: dict[tuple[str, str], Allowance] = field(default_factory=dict)
    idle: list[tuple[str | None, Allowance]] = field(default_factory=list)
    counted: int = 0
    errors: int = 0
    strict: bool = False


class Sink:
    """Gathers diagnostics; `schedule` and `target` are filled in where a finding has none.

    A finding that an allowance of its schedule covers is dropped. Only warnings, notes and rules that say so can be
    allowed: nothing that is proved wrong is.
    """

    __slots__ = ("_gathered", "schedule", "target")

    def __init__(self, schedule: str | None = None, target: str | None = None, _of: _Gathered | None = None) -> None:
        self._gathered = _of or _Gathered()
        self.schedule = schedule
        self.target = target

    @property
    def found(self) -> list[Diagnostic]:
        return self._gathered.found

    def add(self, rule: Rule, message: str, span: Span | None = None, **details: Any) -> None:
        details.setdefault("schedule", self.schedule)
        details.setdefault("target", self.target)
        severity = details.get("severity") or rule.severity
        if self._gathered.strict and severity is Severity.WARNING and rule.code.startswith("SC4"):
            details["severity"] = Severity.ERROR
        diagnostic = diagnose(rule, message, span, **details)
        if diagnostic.schedule is not None and can_be_allowed(rule):
            allowance = self._gathered.allowances.get((diagnostic.schedule, rule.code))
            if allowance is not None:
                allowance.used = True
                return
        if len(self.found) > MOST_FOUND:
            return
        if len(self.found) == MOST_FOUND:
            message = f"there are more than {MOST_FOUND:,} findings, and the others are not told of"
            diagnostic = diagnose(TOO_MUCH, message, help="mend some of the others first")
        self.found.append(diagnostic)

    def be_strict(self) -> None:
        """Take the proof's warnings for errors from now on."""
        self._gathered.strict = True

    def extend(self, found: Iterable[Diagnostic]) -> None:
        """Take over findings that were gathered elsewhere."""
        self.found.extend(found)

    def withdraw(self, which: Callable[[Diagnostic], bool]) -> None:
        """Take back findings of which another one says more; an error is never taken back."""
        shared = self._gathered
        counted = self.errors
        shared.found[:] = [d for d in shared.found if d.is_error or not which(d)]
        shared.counted, shared.errors = len(shared.found), counted

    def allow(self, schedule: str | None, allowance: Allowance) -> None:
        """Drop what one schedule breaks of one rule, from now on; one that stands beside no schedule drops nothing."""
        if schedule is None or (schedule, allowance.code) in self._gathered.allowances:
            self._gathered.idle.append((schedule, allowance))
        else:
            self._gathered.allowances[schedule, allowance.code] = allowance

    @property
    def allowances(self) -> list[tuple[str, Allowance]]:
        """Every allowance with its schedule."""
        return [(schedule, one) for (schedule, _), one in self._gathered.allowances.items()]

    @property
    def idle_allowances(self) -> list[tuple[str | None, Allowance]]:
        """Those that say what another one says already, and those beside no schedule."""
        return list(self._gathered.idle)

    def within(self, schedule: str | None = None, target: str | None = None) -> Sink:
        """A sink of the same findings for one schedule or target."""
        return Sink(schedule or self.schedule, target or self.target, self._gathered)

    def trial(self) -> Sink:
        """A sink with the same allowances and findings of its own, which may be thrown away."""
        shared = self._gathered
        return Sink(self.schedule, self.target, _Gathered(allowances=shared.allowances, strict=shared.strict))

    @property
    def is_full(self) -> bool:
        """Whether findings are dropped by now; there is an error then, and no schedule is as good as it looks."""
        return len(self.found) > MOST_FOUND

    @property
    def errors(self) -> int:
        """How many errors there are by now."""
        shared = self._gathered
        shared.errors += sum(d.is_error for d in shared.found[shared.counted :])
        shared.counted = len(shared.found)
        return shared.errors


def can_be_allowed(rule: Rule) -> bool:
    """Whether a comment may allow a rule to be broken."""
    return rule.allowable or rule.severity is not Severity.ERROR
