"""Names that schedules can have, and that no other one of the output has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.fields import NAME
from schedc.importing.source import Found
from schedc.records import replace

LONGEST = 63


def valid(text: str) -> str:
    """The closest name that a schedule can have."""
    if re.fullmatch(NAME, text):
        return text
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST].strip("-") or "schedule"


def named(found: Iterable[Found], sink: Sink) -> list[Found]:
    """All with valid and unique names, in their order; each change is told."""
    found = list(found)
    kept = {one.name for one in found if valid(one.name) == one.name}
    taken: set[str] = set()
    result = []
    for one in found:
        name = valid(one.name)
        if name in taken or (name != one.name and name in kept):
            name = _other(name, taken | kept)
        taken.add(name)
        if name != one.name:
            why = "another one has the name already" if valid(one.name) == one.name else "the name is none here"
            sink.add(
                rules.RENAMED,
                f"{one.name[:80]!r} is called {name}",
                one.at("name"),
                schedule=name,
                notes=(f"{why}: lower-case letters, digits and hyphens, at most {LONGEST}, each name once",),
            )
        result.append(replace(one, name=name))
    return result


def _other(name: str, taken: set[str]) -> str:
    number = 2
    while (other := f"{name[: LONGEST - 1 - len(str(number))].rstrip('-')}-{number}") in taken:
        number += 1
    return other
