"""A line for each finding, with its place in front: terminals and editors lead there."""

from __future__ import annotations

from collections.abc import Sequence

from schedc.diagnostics import Diagnostic
from schedc.diagnostics.render import About
from schedc.diagnostics.render.groups import Group, groups
from schedc.diagnostics.render.text import head
from schedc.diagnostics.render.visible import safe


def render(found: Sequence[Diagnostic], about: About) -> str:
    """`path:line:column: error[CODE] name: message (schedule, target)`; several targets share a line."""
    return "".join(f"{_line(group, about)}\n" for group in groups(found))


def _line(group: Group, about: About) -> str:
    d = group.first
    where = ""
    if d.span is not None:
        line, column = d.span.position
        path = safe(about.from_here(d.span.file.path))
        # A runner of GitHub takes a line that begins with two colons for a command.
        where = f"{'./' if path.startswith(':') else ''}{path}:{line}:{column}: "
    belongs = f" ({group.whole})" if group.whole else ""
    return f"{where}{head(d, about.color)} {d.rule.name}: {safe(d.message)}{belongs}"
