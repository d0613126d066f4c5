"""Small words of the lints."""

from __future__ import annotations

_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


def duration(seconds: int) -> str:
    """Such as `4 minutes` or `1 hour 30 minutes`."""
    parts = []
    for unit, length in _UNITS:
        number, seconds = divmod(seconds, length)
        if number:
            parts.append(f"{number} {unit}" + ("s" if number > 1 else ""))
    return " ".join(parts) or "0 seconds"
