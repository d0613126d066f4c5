"""Markdown for a comment on a pull request or for a job's summary.

Text of users is written in character references where Markdown or HTML would see something in it, and names are cut
from their @ and # by a space of no width: nobody is called, and nothing is linked.
"""

from __future__ import annotations

from collections.abc import Sequence

from schedc.diagnostics import Diagnostic
from schedc.diagnostics.render import About
from schedc.diagnostics.render.groups import Group, groups, summary
from schedc.diagnostics.render.visible import safe
from schedc.patterns import pattern

LONGEST = 60_000
"""Characters of a whole page: a comment on GitHub holds 65,536."""

_SPECIAL = pattern(r"[&<>\\`*_{}\[\]#+!|~$^@=]")
_CALLS = pattern(r"[@#!~$%&^](?=\w)")
_LINKS = pattern(r"(?i)www(?=\.)|:(?=//)")
_EMOJI = pattern(r":(?=(?:[A-Za-z+-][A-Za-z0-9_+-]*|100|1234|8ball):)")
_NOTHING = "\u200b"


def render(found: Sequence[Diagnostic], about: About) -> str:
    """A headline, and for each file a table, with reasons and remedies folded away.

    The page begins with a comment that is always the same, by which a job finds it again and replaces it.
    """
    marker = f"<!-- schedc {about.command} -->"
    if not found:
        return f"{marker} schedc {about.command}: nothing was found\n"
    files: dict[str | None, list[Group]] = {}
    for group in groups(found):
        span = group.first.span
        files.setdefault(about.from_root(span.file.path) if span else None, []).append(group)
    page = [marker, f"### schedc {about.command}: {summary(found, notes=True)}"]
    left, hidden = LONGEST - sum(map(len, page)), 0
    for path, some in files.items():
        part, shown = _file(path, some, left)
        page += part
        left -= sum(len(block) + 2 for block in part)
        hidden += len(some) - shown
    if hidden:
        page.append(f"Not shown, since the page would be too long: {hidden} more.")
    return "\n\n".join(page) + "\n"


def _file(path: str | None, some: Sequence[Group], room: int) -> tuple[list[str], int]:
    """The blocks about one file, and how many findings they show: those for which there is room."""
    table = [f"#### {escaped(path) if path is not None else 'Without a place'}", ""]
    table += ["| line | finding | what | where |", "|---:|---|---|---|"]
    room -= sum(len(line) + 1 for line in table)
    rows: list[str] = []
    for group in some:
        row = _row(group)
        room -= len(row) + 1
        if room < 0:
            break
        rows.append(row)
    if not rows:
        return [], 0
    blocks = ["\n".join([*table, *rows])]
    details = _details(some[: len(rows)])
    if details and len(details) + 2 <= room:
        blocks.append(details)
    return blocks, len(rows)


def _row(group: Group) -> str:
    d = group.first
    name = f"{'**error**' if d.is_error else d.severity.value} {d.rule.code} {d.rule.name}"
    return f"| {_line(d)} | {name} | {escaped(d.message)} | {escaped(group.whole)} |"


def _line(d: Diagnostic) -> str:
    return str(d.span.position[0]) if d.span else ""


def _details(some: Sequence[Group]) -> str:
    """The reasons and remedies, or nothing where there are none; what is the same for several stands once."""
    items: dict[tuple[str, ...], list[str]] = {}
    for group in some:
        d = group.first
        told = (*(escaped(note) for note in d.notes), *([f"**help:** {escaped(d.help)}"] if d.help else ()))
        if told:
            where = f"line {_line(d)}, {d.rule.code}" if d.span else d.rule.code
            items.setdefault(told, []).append(where)
    if not items:
        return ""
    lines = ["<details>", "<summary>Reasons and remedies</summary>", ""]
    for told, places in items.items():
        lines.append(f"- {'; '.join(dict.fromkeys(places))}")
        lines += [f"  - {text}" for text in told]
    return "\n".join([*lines, "", "</details>"])


def escaped(text: str) -> str:
    """A text of users as Markdown that shows just that text."""
    text = safe(text)
    for active in (_CALLS, _LINKS, _EMOJI):
        text = active.sub(lambda match: match[0] + _NOTHING, text)
    text = _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", text)
    return text.replace(_NOTHING, f"&#{ord(_NOTHING)};")
