"""A diff as one comment on a pull request: a summary, a table, and the rest folded away.

The first line is always the same, by which a job finds its comment again and replaces it. Text of users is written in
character references where Markdown or HTML would see something in it, or stands in a fenced block that it cannot end.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from schedc.counted import some
from schedc.diagnostics.render.markdown import escaped
from schedc.diagnostics.render.visible import safe
from schedc.report.diff import phrases
from schedc.report.diff.covering import spellings, without
from schedc.report.diff.model import ORDER, Report, ScheduleChange, TargetChange
from schedc.report.diff.text import summary

MARKER = "<!-- schedc diff -->"
LONGEST = 65_536
"""Bytes of a page in UTF-8, which are never fewer than the characters that GitHub counts."""

_TABLE = 24_000
_LINES, _DIFF, _LINE, _DIFFED = 40, 60, 300, 5_000
_END = 400


def render(report: Report) -> str:
    """The page, with an end of line. Where nothing changed it is the marker and one sentence."""
    if not report.changes and not report.not_compared:
        return "".join(f"{line}\n" for line in (MARKER, f"{summary(report).capitalize()}.", *_environments(report)))
    sides = f"{escaped(report.old)} → {escaped(report.new)}"
    head = [MARKER, f"### schedc diff: {summary(report)}"]
    head.append(f"Compared {phrases.compared(report.begin, report.until)}: {sides}.")
    if report.not_compared:
        names = escaped(some(report.not_compared, 10))
        head.append(f"**Not compared**, since one side could not be read: {names}.")
    head += _environments(report)
    ordered = sorted(report.changes, key=lambda one: -ORDER.index(one.category))
    rows, unlisted = _rows(ordered)
    if rows:
        head.append("\n".join(rows))
    page = "\n\n".join(head)
    left = LONGEST - _size(page) - _END
    hidden = bare = 0
    for one in ordered:
        blocks = list(_blocks(one))
        fits = next((block for block in blocks if _size(block) + 2 <= left), None)
        hidden += fits is None
        if fits is not None:
            page += f"\n\n{fits}"
            left -= _size(fits) + 2
            bare += fits is not blocks[0]
    cut = [f"{phrases.plural(unlisted, 'schedule')} not in the table"] if unlisted else []
    cut += [f"the details of {phrases.plural(hidden, 'schedule')}"] if hidden else []
    cut += [f"the text of the artifacts of {phrases.plural(bare, 'schedule')}"] if bare else []
    if cut:
        page += f"\n\nCut, since a comment holds no more: {'; '.join(cut)}. Run `schedc diff` to see all of it."
    return page + "\n"


def _environments(report: Report) -> list[str]:
    """That there are environments which nobody asked for."""
    if not report.environments_not_compared:
        return []
    names = escaped(some(report.environments_not_compared, 10))
    return [f"Environments that were **not compared**, for want of `--env NAME` or `--env all`: {names}."]


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _rows(changes: Sequence[ScheduleChange]) -> tuple[list[str], int]:
    """The table, and how many schedules found no room in it."""
    if not changes:
        return [], 0
    several = any(one.environment is not None for one in changes)
    columns = [
        *(["environment"] if several else []),
        "schedule",
        "change",
        "when it fires",
        "runs a week",
        "first change",
    ]
    rows = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    left = _TABLE - sum(map(_size, rows))
    for done, one in enumerate(changes):
        cells = [*([escaped(one.environment or "")] if several else []), f"<code>{escaped(one.name)}</code>"]
        said = escaped(phrases.heading(one))
        cells += [f"**{one.category.value}**" + (f" ({said})" if said else "")]
        row = f"| {' | '.join([*cells, *_times(one)])} |"
        left -= _size(row) + 1
        if left < 0:
            return rows, len(changes) - done
        rows.append(row)
    return rows, 0


def _times(one: ScheduleChange) -> list[str]:
    """When it fires, how often a week, and the first change."""
    words = escaped(phrases.words(one)).replace(" -&gt; ", " → ").replace(" -&#62; ", " → ")
    found = next((t.instants for t in one.targets if t.instants is not None), one.instants)
    if found is None:
        return [words, "", ""]
    weeks = (found.until - found.begin) / 604_800
    before, after = (phrases.number(count / weeks) for count in (found.before, found.after))
    often = f"{before} → {after}" if before != after else after
    first = phrases.first(found, one.zone_before, one.zone_after)
    return [words, often, escaped(first or "").replace(" -&#62; ", " → ")]


# -- the folded part -------------------------------------------------------------------------------------------------


def _blocks(one: ScheduleChange) -> Iterator[str]:
    """The details of a schedule: all of them, and then without the text of its artifacts."""
    lines = _lines(one)
    environment = f" in {escaped(one.environment)}" if one.environment is not None else ""
    said = " ".join(filter(None, (one.category.value, escaped(phrases.heading(one)))))
    begin = ["<details>", f"<summary><code>{escaped(one.name)}</code>{environment}: {said}</summary>", ""]
    if len(lines) > _LINES:
        lines = [*lines[:_LINES], f"- and {len(lines) - _LINES} more lines"]
    diffs = [line for t in one.targets for line in _diffs(t, one)]
    if diffs:
        yield "\n".join([*begin, *lines, *diffs, "", "</details>"])
    yield "\n".join([*begin, *lines, "", "</details>"])


def _lines(one: ScheduleChange) -> list[str]:
    lines = [f"- {escaped(phrases.words(one))}"]
    for part in phrases.parts(one):
        lines.append(f"- **{', '.join(map(escaped, part.targets))}**")
        lines += [f"  - {escaped(line)}" for line in part.lines]
        if part.first is not None:
            lines.append(f"  - first: {escaped(part.first)}")
    lines += _events(one)
    lines += [f"- {escaped(phrases.field_change(field))}" for field in one.fields]
    return lines + [f"- {escaped(remark)}" for remark in one.remarks]


def _events(one: ScheduleChange) -> list[str]:
    """The next few instants that change, where there is more than one."""
    found = next((t.instants for t in one.targets if t.instants is not None), one.instants)
    if found is None or len(found.events) < 2 or one.status in ("added", "removed"):
        return []
    shown = [phrases.event(event, one.zone_before, one.zone_after) for event in found.events[:5]]
    more = f"  - and {found.total - len(shown):,} more" if found.total > len(shown) else None
    return ["- instants", *(f"  - {escaped(text)}" for text in shown), *([more] if more else [])]


def _diffs(one: TargetChange, of: ScheduleChange) -> Iterator[str]:
    """The text of the artifacts as unified diffs, secrets covered, where both sides have them."""
    if not one.files_before or not one.files_after:
        return
    secrets = spellings(of.secrets)
    for path in sorted({*one.files_before, *one.files_after}):
        before, after = one.files_before.get(path, ""), one.files_after.get(path, "")
        if before == after:
            continue
        shown = without(safe(f"{one.target}/{path}"), secrets)
        if max(before.count("\n"), after.count("\n")) > _DIFFED:
            yield f"\n{escaped(shown)} is too long to be shown."
            continue
        yield "\n" + fenced(list(_unified(before, after, shown, secrets)))


def _unified(before: str, after: str, path: str, secrets: Sequence[str]) -> Iterator[str]:
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    for count, line in enumerate(found):
        if count == _DIFF:
            yield f"@@ cut after {_DIFF} lines @@"
            return
        text = safe(without(line, secrets))
        yield text if len(text) <= _LINE else f"{text[:_LINE]}..."


def fenced(lines: Sequence[str]) -> str:
    """Lines in a block of their own; the fence is longer than any in them."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}diff", *lines, fence])
