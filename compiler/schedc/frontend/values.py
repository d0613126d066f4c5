"""Fills `${values.NAME}` in every text of a tree; `$${` is a literal `${`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from schedc.diagnostics import Severity, rules
from schedc.diagnostics.sink import Sink
from schedc.node import Entry, Node
from schedc.patterns import pattern
from schedc.records import replace

_MARK = pattern(r"\$\$\{|\$\{values\.([A-Za-z_][A-Za-z0-9_]*)\}")


def names_in(node: Node) -> set[str]:
    """The names of all values that the texts of a tree ask for."""
    if isinstance(node.value, dict):
        return set().union(*(names_in(e.node) for e in node.value.values()))
    if isinstance(node.value, list):
        return set().union(*(names_in(item) for item in node.value))
    return {f[1] for f in _MARK.finditer(node.value) if f[1]} if isinstance(node.value, str) else set()


def filled_length(text: str, values: Mapping[str, str]) -> int:
    """How many characters a text has at most once its values are put in."""
    if "${" not in text:
        return len(text)
    return len(text) + sum(len(values.get(found[1], "")) for found in _MARK.finditer(text) if found[1])


_NEAR_MISS = pattern(r"(?<!\$)\$\{\s*(?:(?i:values?|vals?|vars?)\s*\.[^}]*\}?|values?\.?\})")


_MOST_MISSES = 10
"""How many of them are told of in one text."""


def _tell_near_miss(node: Node, sink: Sink) -> None:
    """A mark that looks like one of ours and stays in the text as it is."""
    misses = (found for found in _NEAR_MISS.finditer(node.value) if not _MARK.match(found[0]))
    for count, found in enumerate(misses):
        if count < _MOST_MISSES:
            sink.add(
                rules.UNDEFINED_VALUE,
                f"{found[0][:60]!r} looks like a value and is none, so it stays as it is",
                node.span,
                help="write ${values.NAME}, or $${ for a literal ${",
                severity=Severity.WARNING,
            )


def fill(node: Node, values: Mapping[str, str], sink: Sink) -> Node:
    """The tree with values filled in. An undefined value is told to the sink and stays as it is written."""
    if isinstance(node.value, dict):
        return replace(node, value={k: Entry(e.key, fill(e.node, values, sink)) for k, e in node.value.items()})
    if isinstance(node.value, list):
        return replace(node, value=[fill(item, values, sink) for item in node.value])
    if not isinstance(node.value, str) or "${" not in node.value:
        return node
    _tell_near_miss(node, sink)
    told: set[str] = set()

    def one(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "${"
        if name not in values:
            if name in told:
                return found[0]
            told.add(name)
            known = ", ".join([*sorted(values)[:50], *(["..."] if len(values) > 50 else [])]) or "none"
            sink.add(
                rules.UNDEFINED_VALUE,
                f"the value {name!r} is not defined",
                node.span,
                notes=(f"defined here: {known}",),
                help=f"give --value {name}=..., or define it under values: of the environment",
            )
            return found[0]
        return values[name]

    return replace(node, value=_MARK.sub(one, node.value))
