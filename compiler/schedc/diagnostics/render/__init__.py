"""Findings in the form that somebody asks for: a module for each form, imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from schedc.diagnostics import Diagnostic, Severity, in_order
from schedc.records import dataclass, field

FORMATS = {
    "text": "for people: the fact, the line, the reasons and the remedy",
    "concise": "a line for each finding",
    "json": "one object, with everything",
    "github": "workflow commands, which GitHub shows beside the line",
    "gitlab": "a Code Quality report",
    "sarif": "SARIF 2.1.0, for code scanning",
    "junit": "JUnit XML: a test for each schedule and target",
    "markdown": "for a comment on a pull request, or a job's summary",
}
"""Every form, a module of this package, and what it is."""

FOR_PEOPLE = frozenset({"text", "concise", "github", "markdown"})
"""Forms beside which counts may be printed for whoever reads along."""


@dataclass(frozen=True, slots=True)
class Case:
    """A schedule on a target that was looked at, whatever was found there."""

    schedule: str
    target: str
    environment: str | None = None


def _as_it_is(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a form may tell of a run, besides its findings."""

    command: str = "check"
    color: bool = False
    fail_on: Severity = Severity.ERROR
    """The mildest finding that fails the run."""
    cases: tuple[Case, ...] = ()
    settings: str = "schedc.toml"
    """The file, from the repository's root, that stands for the project where a form must name a file."""
    from_root: Callable[[str], str] = field(default=_as_it_is)
    """The path of a source from the root of the repository."""
    from_here: Callable[[str], str] = field(default=_as_it_is)
    """The path of a source from the folder in which the command runs."""


def render(found: Sequence[Diagnostic], form: str, color: bool = False, about: About | None = None) -> str:
    """All findings in order and without secrets, in one of `FORMATS`."""
    from schedc.diagnostics.render.secrets import covered

    if form not in FORMATS:
        raise KeyError(form)
    module = import_module(f"schedc.diagnostics.render.{form}")
    return str(module.render(covered(in_order(found)), about or About(color=color)))
