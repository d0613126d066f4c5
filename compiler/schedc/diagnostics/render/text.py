"""Diagnostics as text: the fact, the line with a caret, the reasons, the remedy."""

from __future__ import annotations

from collections.abc import Sequence

from schedc.diagnostics import Diagnostic, Severity
from schedc.diagnostics.render import About
from schedc.diagnostics.render.groups import Group, groups
from schedc.diagnostics.render.secrets import Secrets, secrets_of
from schedc.diagnostics.render.visible import cells, safe
from schedc.source import Span

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_LONGEST_LINE = 160


def render(found: Sequence[Diagnostic], about: About) -> str:
    """Blocks with an empty line between them; the same finding on several targets is one block."""
    return blocks(found, secrets_of(found), about.color)


def blocks(found: Sequence[Diagnostic], secrets: Secrets, color: bool = False) -> str:
    """Some of the findings of a run, with `secrets` of all of them covered."""
    return "\n".join(_block(group, color, secrets) for group in groups(found))


def head(d: Diagnostic, color: bool = False) -> str:
    """How a finding is named: its severity and its code."""
    words = f"{d.severity.value}[{d.rule.code}]"
    return f"\x1b[1;{_COLORS[d.severity]}m{words}\x1b[0m" if color else words


def _block(group: Group, color: bool, secrets: Secrets) -> str:
    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if color else text

    d = group.first
    lines = [f"{head(d, color)} {d.rule.name}: {paint(safe(d.message), '1')}"]
    width = 1
    if d.span is not None:
        line, column = d.span.position
        width = len(str(line))
        lines.append(f"{' ' * width}{paint('-->', '34')} {safe(d.span.file.path)}:{line}:{column}")
        lines += _quote(d.span, line, column, width, secrets)
    pad = " " * width
    lines += [f"{pad} {paint('=', '34')} {words}" for words in (group.belongs, group.inside) if words]
    lines += [f"{pad} {paint('=', '34')} note: {safe(note)}" for note in d.notes]
    if d.help:
        lines.append(f"{pad} {paint('=', '34')} {paint('help', '32')}: {safe(d.help)}")
    return "\n".join(lines) + "\n"


def _quote(span: Span, line: int, column: int, width: int, secrets: Secrets) -> list[str]:
    text = _without(secrets, span, line)
    first = column - 1
    length = max(1, min(span.end - span.start, len(text) - first))
    shift = 0
    if len(text) > _LONGEST_LINE:
        shift = max(0, first - 40)
        text = text[shift : shift + _LONGEST_LINE]
        length = max(1, min(length, len(text) - (first - shift)))
    before = safe(text[: first - shift])
    marked = safe(text[first - shift : first - shift + length])
    mark = " " * cells(before) + "^" * max(1, cells(marked))
    bar = "|"
    return [f"{' ' * width} {bar}", f"{line} {bar} {safe(text)}", f"{' ' * width} {bar} {mark}"]


def _without(secrets: Secrets, span: Span, line: int) -> str:
    """The text of a line, with what looks like a secret covered."""
    text, start = span.file.line(line), span.file.offset(line)
    for secret in secrets.spans:
        if secret.file == span.file and secret.start < start + len(text) and secret.end > start:
            first, last = max(secret.start - start, 0), min(secret.end - start, len(text))
            text = text[:first] + "*" * (last - first) + text[last:]
    return secrets.covered(text)
