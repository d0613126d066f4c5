"""Takes an interval or a single instant out of the sentence that an artifact of schedc has for it."""

from __future__ import annotations

import re
from datetime import datetime

_TIME = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"
_EVERY = re.compile(rf"[Ee]very ([a-z0-9 ,]+) from {_TIME}")
_ONCE = re.compile(rf"[Oo]nce, at {_TIME}")
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}


def interval_of(sentence: str) -> tuple[int, int] | None:
    """Start (UTC seconds) and length (seconds)."""
    found = _EVERY.match(sentence)
    length = None if found is None else _seconds(found[1])
    return None if found is None or length is None else (instant(found[2]), length)


def once_of(sentence: str) -> int | None:
    """The instant, in UTC seconds."""
    found = _ONCE.match(sentence)
    return None if found is None else instant(found[1])


def instant(text: str) -> int:
    """The UTC seconds of an RFC 3339 time."""
    return int(datetime.fromisoformat(text).timestamp())


def _seconds(words: str) -> int | None:
    total = 0
    for part in re.split(r",? and |, ", words):
        number, _, unit = part.rpartition(" ")
        size = _UNITS.get(unit.removesuffix("s"))
        if size is None or not (number.isdigit() or not number):
            return None
        total += int(number or 1) * size
    return total
