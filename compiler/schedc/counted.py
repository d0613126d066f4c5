"""Numbers and lists of things in a sentence."""

from __future__ import annotations

from collections.abc import Iterable


def many(count: int, what: str) -> str:
    """Such as `1 file` and `2 files`."""
    return f"{count} {what}{'s' if count != 1 else ''}"


def some(names: Iterable[str], most: int = 5) -> str:
    """The first few of some names, and how many more there are."""
    listed = list(names)
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")
