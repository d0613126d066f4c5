"""What the compiler says: rules, and diagnostics that break them at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from schedc.patterns import pattern
from schedc.records import dataclass
from schedc.source import Span


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def reaches(self, least: Severity) -> bool:
        """Whether it is as grave as another one, or graver."""
        order = list(Severity)
        return order.index(self) <= order.index(least)


@dataclass(frozen=True, slots=True)
class Rule:
    """A thing that schedc checks: a code that is never reused and a name that reads as "allow NAME"."""

    code: str
    name: str
    severity: Severity
    summary: str
    allowable: bool = False
    """Whether an error of this rule can be allowed by a comment with a reason, as every warning can."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A text to put in place of a span.

    `safe` where it says what stood there in the one right way; otherwise it is a guess at what was meant, which only
    a person can make.
    """

    span: Span
    text: str
    safe: bool = False


def instead(span: Span, written: str, better: str, safe: bool = False) -> Replacement | None:
    """`better` in place of a text that stands in a span as it is, inside its quotes and after its anchor."""
    found = _AS_IT_IS.fullmatch(span.file.text, span.start, span.end)
    if found is None or found["text"] != written:
        return None
    return Replacement(Span(span.file, *found.span("text")), better, safe)


_AS_IT_IS = pattern(r"(&\S+[ \t]+)?(?P<quote>[\"']?)(?P<text>.*)(?P=quote)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding: `message` is the fact, `notes` the reasons and their sources, `help` the remedy."""

    rule: Rule
    message: str
    span: Span | None = None
    label: str = ""
    notes: tuple[str, ...] = ()
    help: str | None = None
    replacement: Replacement | None = None
    target: str | None = None
    schedule: str | None = None
    environment: str | None = None
    """Where it was found, if several environments were looked at."""
    severity: Severity

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def diagnose(
    rule: Rule,
    message: str,
    span: Span | None = None,
    *,
    label: str = "",
    notes: Iterable[str] = (),
    help: str | None = None,
    replacement: Replacement | None = None,
    target: str | None = None,
    schedule: str | None = None,
    severity: Severity | None = None,
) -> Diagnostic:
    """A diagnostic with the rule's own severity, unless another is given. Texts longer than `LONGEST` are cut."""
    return Diagnostic(
        rule=rule,
        message=_cut(message),
        span=span,
        label=label,
        notes=tuple(map(_cut, notes)),
        help=None if help is None else _cut(help),
        replacement=replacement,
        target=target,
        schedule=schedule,
        severity=severity or rule.severity,
    )


LONGEST = 4000
"""Characters of a message, a note or a help: names that people made up stand in them."""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """By file and place, then target, code and environment, each finding once."""

    def key(d: Diagnostic) -> tuple[str, int, str, str, str, str]:
        path = d.span.file.path if d.span else ""
        return path, d.span.start if d.span else -1, d.target or "", d.rule.code, d.message, d.environment or ""

    unique = {(key(d), d.schedule): d for d in diagnostics}
    return sorted(unique.values(), key=key)
