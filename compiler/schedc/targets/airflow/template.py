"""Reads the text of an operator's argument: literal text, or a scheduled time as a Jinja expression."""

from __future__ import annotations

import re
from typing import Any

from schedc.ir.workload import ScheduledTime, Text
from schedc.patterns import pattern
from schedc.targets.airflow.source import Made, unreadable

_STRING = r'"((?:[^"\\{}\x00-\x1f]|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*)"'
_PIECE = pattern(rf' *(?:logical_date\.in_timezone\("([A-Za-z0-9_+/-]+)"\)\.strftime\({_STRING}\)|{_STRING}) *(~|\Z)')
_DOLLAR = pattern(r"\$(\$|\([^)]*\)|[^\x00-\x7f])?")


def literally(value: Any, line: int) -> str:
    """Text of a field that is not templated."""
    if not isinstance(value, str):
        raise unreadable("a value that is no text", line)
    return value


def text(value: Any, line: int, endings: tuple[str, ...] = ()) -> str:
    """The text that a templated field comes to, where that is the same for each run."""
    if isinstance(value, Made) and value.name == "literal":
        if value.keywords or len(value.arguments) != 1 or not isinstance(value.arguments[0], str):
            raise unreadable("the arguments of literal", value.line)
        return value.arguments[0]
    if not isinstance(value, str):
        raise unreadable("a value that is no text", line)
    if any(mark in value for mark in ("{{", "{%", "{#")):
        raise unreadable(f"a Jinja template: {value[:60]!r}", line)
    if "\r" in value or value.endswith("\n"):
        raise unreadable("line ends that Jinja changes", line)
    if endings and value.endswith(endings):
        raise unreadable(f"text that Airflow takes for the name of a file: {value[:60]!r}", line)
    return value


def word(value: Any, line: int, endings: tuple[str, ...] = ()) -> Text:
    """The text that a templated field comes to, or the time of which it is made."""
    time = scheduled_time(value, line) if isinstance(value, str) else None
    return text(value, line, endings) if time is None else time


def scheduled_time(template: str, line: int) -> ScheduledTime | None:
    """The format and the zone of an expression of the logical date; None for what is no expression of it alone."""
    if not template.startswith("{{ ") or "logical_date" not in template:
        return None
    form, at, zones, inside = "", 0, set(), template.removeprefix("{{").removesuffix("}}")
    while at < len(inside):
        found = _PIECE.match(inside, at)
        if found is None or not template.endswith("}}"):
            raise unreadable(f"a Jinja template: {template[:60]!r}", line)
        zone, written, beside, _ = found.groups()
        zones |= {zone} - {None}
        form += _decoded(written) if zone else _decoded(beside).replace("%", "%%")
        at = found.end()
    if len(zones) != 1:
        raise unreadable("a scheduled time in no or several zones", line)
    return ScheduledTime(form, zones.pop())


def _decoded(string: str) -> str:
    code = r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})"
    return re.sub(code, lambda found: chr(int(found[1][1:], 16)), string)


def expanded(value: Text, line: int) -> Text:
    """The text that a kubelet makes of it."""

    def undo(found: re.Match[str]) -> str:
        after = found[1]
        if after and after != "$":
            raise unreadable(f"a variable or a byte that Kubernetes expands: {found[0][:60]!r}", line)
        return "$"

    if isinstance(value, ScheduledTime):
        return ScheduledTime(_DOLLAR.sub(undo, value.format), value.timezone)
    return _DOLLAR.sub(undo, value)
