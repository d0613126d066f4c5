"""Words and tables of the generated pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from schedc.frontend.times import Duration, Time
from schedc.shapes import Either, ListOf, MapOf, Record, Shape

_WORDS = {"integer": "whole number", "number": "number", "boolean": "`true` or `false`", "object": "mapping"}


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(header)
    lines = [titles, ["---"] * len(titles), *(list(row) for row in rows)]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def kind(shape: Shape) -> str:
    """A shape in words."""
    if isinstance(shape, Duration):
        return "seconds, or `30m`, `1h30m`, `PT30M`"
    if isinstance(shape, Time):
        return "time, ISO 8601"
    if isinstance(shape, Either):
        return f"{kind(shape.scalar)}, or {kind(shape.mapping)}"
    if isinstance(shape, ListOf):
        return f"list of {kind(shape.item)}"
    if isinstance(shape, MapOf):
        inner = kind(shape.item)
        return "mapping" if inner in ("any", "mapping") else f"mapping of names to {inner}"
    if isinstance(shape, Record):
        shown = [f"`{f.name}`" for f in shape.fields]
        return f"mapping of {', '.join(shown)}" if len(shown) <= 6 else "mapping"
    form = getattr(shape, "form", "")
    return str(form) if form else _by_schema(shape.schema())


def _by_schema(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{str(word).lower() if isinstance(word, bool) else word}`" for word in schema["enum"])
    if "anyOf" in schema:
        return ", or ".join(dict.fromkeys(_by_schema(one) for one in schema["anyOf"]))
    word = schema.get("type")
    if word == "string":
        return "text"
    if word == "array":
        return f"list of {_by_schema(schema['items'])}" if schema.get("items") else "list"
    if word == "integer":
        low, high = schema.get("minimum"), schema.get("maximum")
        bounds = (
            f" from {low} to {high}" if high is not None and high < 2**62 else f" from {low}" if low is not None else ""
        )
        return f"whole number{bounds}"
    return _WORDS.get(str(word), "any")


def sentence(about: str) -> str:
    """With a capital and a full stop."""
    first, _, rest = about.partition(" ")
    begin = first if re.search(r"[_=\d]", first) else first[:1].upper() + first[1:]
    return f"{begin} {rest}".strip() + ("" if about.endswith(".") else ".") if about else ""


def shown_value(value: Any) -> str:
    """As it is written."""
    if isinstance(value, list | tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"
