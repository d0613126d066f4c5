"""Whether edits kept what was said: the meaning of every schedule that could be read, and nothing new to find."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from schedc.diagnostics import Diagnostic, Severity, in_order, rules
from schedc.fixing.edits import Edit
from schedc.ir.canonical import canonical
from schedc.ir.schedule import Schedule
from schedc.records import dataclass

Key = tuple[str, str, str | None, str | None, str]


@dataclass(frozen=True, slots=True)
class View:
    """What a project says under one environment: its findings, and what each schedule means by itself and where.

    Of the `broken` schedules something cannot be read, such as the name of a target.
    """

    environment: str | None
    meaning: dict[str, tuple[str, str]]
    broken: frozenset[str]
    found: tuple[Diagnostic, ...]


def view(environment: str | None, schedules: Iterable[Schedule], found: Iterable[Diagnostic]) -> View:
    """A view of what was loaded."""
    found = tuple(in_order(found))
    broken = frozenset(d.schedule for d in found if d.is_error and d.target is None and d.schedule is not None)
    return View(environment, {one.name: _meaning(one) for one in schedules}, broken, found)


def _meaning(one: Schedule) -> tuple[str, str]:
    """All that a digest is over, and what decides which digests there are."""
    options = {name: node.plainly() for name, node in one.options.items()}
    alone, there = canonical(one), [options, one.deploy_to, one.enabled]
    return json.dumps(alone, sort_keys=True, default=str), json.dumps(there, sort_keys=True, default=str)


def trouble(before: View, after: View, edits: Sequence[Edit]) -> str | None:
    """Why edits must not stay, or None."""
    if all(edit.safe for edit in edits):
        for name, meaning in before.meaning.items():
            has = after.meaning.get(name)
            if has is None or has[0] != meaning[0] or (has != meaning and name not in before.broken):
                where = f" in the environment {before.environment}" if before.environment else ""
                return f"the schedule {name} would mean something else{where}"
    had = _counted(before.found)
    for finding, count in _counted(d for d in after.found if not _is_next(d, before)).items():
        if count > had[finding] and _matters(finding, before):
            code, message, *_ = finding
            return f"it would bring {code}: {message}"
    return None


def stays(before: View, after: View, edits: Sequence[Edit]) -> bool:
    """Whether a finding that asked for one of the edits is still there."""
    had, has = _counted(before.found), _counted(after.found)
    asked = _counted([edit.of for edit in edits])
    return any(has[finding] > had[finding] - count for finding, count in asked.items())


def _matters(finding: Key, before: View) -> bool:
    """Whether a new finding is for the edits to answer.

    A schedule that could not be read was shown to no target: what one says of it then was there all along.
    """
    _, _, schedule, target, severity = finding
    if severity == Severity.NOTE:
        return False
    if schedule in before.meaning and schedule not in before.broken:
        return True
    return severity == Severity.ERROR and target is None


def _is_next(d: Diagnostic, before: View) -> bool:
    """Whether a finding of a schedule that could not be read so far is itself to be fixed, in the next round."""
    could_be_read = d.schedule in before.meaning and d.schedule not in before.broken
    return not could_be_read and d.replacement is not None and d.replacement.safe


def _counted(found: Iterable[Diagnostic]) -> Counter[Key]:
    return Counter(map(_key, found))


def _key(d: Diagnostic) -> Key:
    """A finding without its place, which edits before it move."""
    return d.rule.code, re.sub(r"\bline \d+", "line", d.message), d.schedule, d.target, d.severity.value


def unknown_elsewhere(edits: Iterable[Edit], views: Iterable[View]) -> str | None:
    """Why nobody can tell whether an allowance is unused in each environment, or None."""
    for edit in edits:
        if edit.of.rule is rules.UNUSED_ALLOWANCE:
            for one in views:
                schedule = edit.of.schedule
                broken = any(d.is_error and d.schedule in (None, schedule) for d in one.found)
                if one.environment and (schedule not in one.meaning or broken):
                    return f"with the errors of the environment {one.environment} nobody knows what it allows there"
    return None
