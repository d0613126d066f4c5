"""How much there is to compile once defaults, environments and values are put into every schedule.

A few lines of defaults stand in every schedule, and a short mark may stand for a long value: what a file holds says
little of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.values import filled_length
from schedc.frontend.written import Written
from schedc.node import Node

MOST_SCHEDULES = 20_000
"""Schedules of one run."""

MOST_VALUES = 1_000_000
"""Keys and values of all schedules of one run."""

LARGEST_SCHEDULE = 1024 * 1024
"""Characters of the keys and texts of one schedule: no Kubernetes API server stores much more."""

MOST_TEXT = 16 * 1024 * 1024
"""Characters of the keys and texts of all schedules of one run."""


def fits(merged: Iterable[tuple[Written, Node, Mapping[str, str]]], sink: Sink) -> bool:
    """Whether one run takes these schedules; each comes with its resolved tree, and the values for it."""
    count = values = letters = 0
    for one, node, known in merged:
        size, length = _size(node, known)
        count, values, letters = count + 1, values + size, letters + length
        for has, most, what in (
            (count, MOST_SCHEDULES, "schedules"),
            (values, MOST_VALUES, "values of schedules, defaults laid under each"),
            (letters, MOST_TEXT, "characters of schedules, with defaults and values put in"),
        ):
            if has > most:
                message = f"there are more than {most:,} {what}"
                sink.add(rules.TOO_MUCH, message, one.place, help="compile a part of the sources at a time")
                return False
        if length > LARGEST_SCHEDULE:
            message = f"the schedule has {length:,} characters, and at most {LARGEST_SCHEDULE:,} are compiled"
            sink.add(rules.TOO_MUCH, message, one.place, help="keep large data elsewhere, and name its place")
            return False
    return True


def _size(node: Node, known: Mapping[str, str]) -> tuple[int, int]:
    """How many keys and values a tree has, and how many characters are in them."""
    if isinstance(node.value, dict):
        values, letters = 1 + len(node.value), sum(map(len, node.value))
        inner: Iterable[Node] = (entry.node for entry in node.value.values())
    elif isinstance(node.value, list):
        values, letters, inner = 1, 0, node.value
    else:
        return 1, filled_length(node.value, known) if isinstance(node.value, str) else 0
    for one in inner:
        size, length = _size(one, known)
        values, letters = values + size, letters + length
    return values, letters
