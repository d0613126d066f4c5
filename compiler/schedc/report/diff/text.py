"""A diff for a terminal: aligned, at most 100 columns where words allow it, unchanged schedules only counted."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from schedc.counted import some
from schedc.diagnostics.render.visible import cells, safe
from schedc.report.diff import phrases
from schedc.report.diff.model import Category, Report, ScheduleChange

WIDTH = 100
_COLORS = {Category.FIRES: "31", Category.POLICY: "33", Category.WORKLOAD: "36", Category.METADATA: "34"}


def render(report: Report, color: bool = False) -> str:
    """The report as text, with an end of line."""
    lines = [f"compared {phrases.compared(report.begin, report.until)}: {safe(report.old)} -> {safe(report.new)}"]
    environment = None
    shown = [one for one in report.changes if not _is_quiet(one)]
    width = min(40, max((cells(safe(one.name)) for one in shown), default=0))
    for one in shown:
        if one.environment is not None and one.environment != environment:
            environment = one.environment
            lines += ["", f"{environment}:"]
        lines += ["", *_schedule(one, width, color)]
    return "\n".join([*lines, "", *_ending(report)]) + "\n"


def _is_quiet(one: ScheduleChange) -> bool:
    """Artifacts that differ in nothing but their text are only named."""
    return one.category is Category.SAME and not one.fields and not any(t.fields or t.remarks for t in one.targets)


def _schedule(one: ScheduleChange, width: int, color: bool) -> list[str]:
    category = one.category.value
    name = safe(one.name)
    padding = " " * max(0, width - cells(name))
    said = " ".join(filter(None, (phrases.heading(one), phrases.words(one))))
    head = _wrapped(f"{name}{padding}  {category:<8}  {safe(said)}", "    ")
    if color:
        bold = f"\x1b[1m{name}\x1b[0m{padding}  "
        painted = f"\x1b[{_COLORS.get(one.category, '0')}m{category}\x1b[0m"
        head[0] = head[0].replace(f"{name}{padding}  {category}", bold + painted, 1)
    lines = head
    for part in phrases.parts(one):
        lines += _wrapped(
            f"  {', '.join(part.targets)}: {safe(part.lines[0]) if part.lines else ''}".rstrip(), "      "
        )
        if part.first is not None:
            lines += _wrapped(f"    first: {safe(part.first)}", "      ")
        for line in part.lines[1:]:
            lines += _wrapped(f"    {safe(line)}", "      ")
    for field in one.fields:
        lines += _wrapped(f"  {safe(phrases.field_change(field))}", "      ")
    for remark in one.remarks:
        lines += _wrapped(f"  note: {safe(remark)}", "      ")
    return lines


def _wrapped(line: str, indent: str) -> list[str]:
    if cells(line) <= WIDTH:
        return [line]
    found = textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )
    lines: list[str] = []
    for one in found or [line]:
        if lines and one.lstrip().startswith("::"):  # a runner of GitHub would take the line for a command
            lines[-1] += f" {one.lstrip()}"
        else:
            lines.append(one)
    return lines


def _ending(report: Report) -> list[str]:
    """How many there are of each category, and what was not compared."""
    lines = []
    quiet = [one.name for one in report.changes if _is_quiet(one)]
    if quiet:
        names = some([safe(name) for name in quiet], 10)
        lines += _wrapped(f"the same but for the text of the artifacts: {names}", "  ")
    if report.not_compared:
        names = some([safe(name) for name in report.not_compared], 10)
        lines += _wrapped(f"not compared, since one side could not be read: {names}", "  ")
    if report.environments_not_compared:
        names = some([safe(name) for name in report.environments_not_compared], 10)
        lines += _wrapped(f"environments that were not compared, for want of --env NAME or --env all: {names}", "  ")
    return [*lines, summary(report)]


def summary(report: Report) -> str:
    """Such as `2 schedules changed (1 fires, 1 workload), 17 unchanged`."""
    found = counted(report.changes)
    total = sum(found.values())
    unchanged = f"{report.unchanged:,} unchanged"
    if not total:
        return f"nothing changed; {unchanged}"
    kinds = ", ".join(f"{count:,} {category}" for category, count in found.items() if count)
    return f"{phrases.plural(total, 'schedule')} changed ({kinds}), {unchanged}"


def counted(changes: Sequence[ScheduleChange]) -> dict[str, int]:
    """How many schedules there are of each category, the strongest first."""
    return {one.value: sum(c.category is one for c in changes) for one in reversed(Category)}
