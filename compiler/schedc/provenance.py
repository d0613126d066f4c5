"""Where an artifact came from, as text for a description field."""

from __future__ import annotations

from collections.abc import Mapping

from schedc.patterns import pattern
from schedc.plain_text import quoted

MARK = "-- schedc --"
_SIMPLE = pattern(r"[A-Za-z0-9][A-Za-z0-9 ()+,./;:=@*_'-]*")


def provenance(
    description: str | None, facts: Mapping[str, str | None], labels: Mapping[str, str] | None = None
) -> str:
    """A description that people read and that programs can take apart.

    The user's own text comes first, as it is; then `-- schedc --`, and one line `name: value` for each fact and label.
    A value that could be mistaken is written as JSON, so that no line of a value is ever a line of its own.
    """
    lines = [f"{name}: {_on_a_line(value)}" for name, value in facts.items() if value is not None]
    lines += [f"label {_on_a_line(name)}: {_on_a_line(value)}" for name, value in sorted((labels or {}).items())]
    head = "" if description is None else f"{description}\n\n"
    return head + "\n".join([MARK, *lines])


def _on_a_line(value: str) -> str:
    simple = _SIMPLE.fullmatch(value) and ": " not in value and not value.endswith((" ", ":"))
    return value if simple else quoted(value)
