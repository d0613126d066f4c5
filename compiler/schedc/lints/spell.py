"""Small words of the lints."""

from __future__ import annotations

from collections.abc import Iterable

_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


def duration(seconds: int) -> str:
    """Such as `4 minutes` or `1 hour 30 minutes`."""
    parts = []
    for unit, length in _UNITS:
        number, seconds = divmod(seconds, length)
        if number:
            parts.append(f"{number} {unit}" + ("s" if number > 1 else ""))
    return " ".join(parts) or "0 seconds"


def some(names: Iterable[str], most: int = 5) -> str:
    """The first few of some names, and how many more there are."""
    listed = list(names)
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")
