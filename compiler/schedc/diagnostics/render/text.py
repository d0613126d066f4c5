"""Diagnostics as text: the fact, the line with a caret, the reasons, the remedy."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from schedc.diagnostics import Diagnostic, Severity
from schedc.diagnostics.rules import LITERAL_SECRET
from schedc.source import Span

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_LONGEST_LINE = 160


def render_text(found: Sequence[Diagnostic], color: bool = False) -> str:
    """Blocks with an empty line between them; the same finding on several targets is one block."""
    groups = _by_finding(found)
    secrets = [d.span for d in found if d.rule is LITERAL_SECRET and d.span is not None]
    return "\n".join(_block(group[0], [d.target for d in group if d.target], color, secrets) for group in groups)


def _by_finding(found: Sequence[Diagnostic]) -> list[list[Diagnostic]]:
    groups: dict[tuple[object, ...], list[Diagnostic]] = {}
    for d in found:
        groups.setdefault((d.rule, d.message, d.span, d.notes, d.help, d.schedule), []).append(d)
    return list(groups.values())


def _block(d: Diagnostic, targets: list[str], color: bool, secrets: Sequence[Span] = ()) -> str:
    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if color else text

    head = paint(f"{d.severity.value}[{d.rule.code}]", f"1;{_COLORS[d.severity]}")
    lines = [f"{head} {d.rule.name}: {paint(safe(d.message), '1')}"]
    width = 1
    if d.span is not None:
        line, column = d.span.position
        width = len(str(line))
        lines.append(f"{' ' * width}{paint('-->', '34')} {safe(d.span.file.path)}:{line}:{column}")
        lines += _quote(d.span, line, column, width, secrets)
    pad = " " * width
    about = [f"schedule {d.schedule}"] if d.schedule else []
    about += [f"target {', '.join(targets)}"] if targets else []
    if about:
        lines.append(f"{pad} {paint('=', '34')} {', '.join(about)}")
    lines += [f"{pad} {paint('=', '34')} note: {safe(note)}" for note in d.notes]
    if d.help:
        lines.append(f"{pad} {paint('=', '34')} {paint('help', '32')}: {safe(d.help)}")
    return "\n".join(lines) + "\n"


def _quote(span: Span, line: int, column: int, width: int, secrets: Sequence[Span]) -> list[str]:
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


def _without(secrets: Sequence[Span], span: Span, line: int) -> str:
    """The text of a line, with what looks like a secret covered: findings are printed into logs."""
    text, start = span.file.line(line), span.file.offset(line)
    for secret in secrets:
        if secret.file is span.file and secret.start < start + len(text) and secret.end > start:
            first, last = max(secret.start - start, 0), min(secret.end - start, len(text))
            text = text[:first] + "*" * (last - first) + text[last:]
    return text


def safe(text: str) -> str:
    """A text that cannot move the cursor, hide or reorder anything."""
    return "".join(_visible(c) for c in text)


def _visible(character: str) -> str:
    if character == "\t":
        return "    "
    if character.isprintable():
        return character
    return f"\\u{{{ord(character):x}}}"


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def summary(found: Sequence[Diagnostic]) -> str:
    """How many errors and warnings there are, in words; empty where there are none."""
    parts = []
    for severity in (Severity.ERROR, Severity.WARNING):
        count = len(_by_finding([d for d in found if d.severity is severity]))
        if count:
            parts.append(f"{count} {severity.value}{'s' if count > 1 else ''}")
    return ", ".join(parts)
