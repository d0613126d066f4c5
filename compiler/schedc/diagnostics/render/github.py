"""Workflow commands of GitHub Actions: a runner makes annotations of them.

A runner shows the first ten of each severity in a step; errors come first by themselves, since each severity is
counted alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from schedc.diagnostics import Diagnostic, Severity
from schedc.diagnostics.render import About
from schedc.diagnostics.render.groups import Group, groups
from schedc.diagnostics.render.visible import safe
from schedc.source import Span

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(found: Sequence[Diagnostic], about: About) -> str:
    """A command for each finding, on one line; several targets share it. Paths are from the repository's root."""
    return "".join(f"{_command(group, about)}\n" for group in groups(found))


def _command(group: Group, about: About) -> str:
    d = group.first
    properties = [*_place(d.span, about)] if d.span is not None else []
    properties.append(("title", f"{d.rule.code} {d.rule.name}"))
    lines = [d.message, *([group.whole] if group.whole else []), *(f"note: {note}" for note in d.notes)]
    lines += [f"help: {d.help}"] if d.help else []
    shown = ",".join(f"{name}={_property(value)}" for name, value in properties)
    return f"::{_COMMANDS[d.severity]} {shown}::{_data(chr(10).join(map(safe, lines)))}"


def _place(span: Span, about: About) -> list[tuple[str, str]]:
    line, column = span.position
    end_line, end_column = span.file.position(max(span.start, span.end))
    place = [("file", safe(about.from_root(span.file.path))), ("line", str(line))]
    if end_line != line:  # columns mean something only on one line
        return [*place, ("endLine", str(end_line))]
    return [*place, ("col", str(column)), ("endLine", str(end_line)), ("endColumn", str(end_column))]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
