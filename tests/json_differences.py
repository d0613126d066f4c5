"""Where two values of JSON differ, and how much there was to compare."""

from __future__ import annotations

from typing import Any


def differences(found: Any, expected: Any, path: str = "$") -> list[str]:
    """A line for each place that is missing, added or another value. A number is not a truth value, and 1 is 1.0."""
    if isinstance(found, dict) and isinstance(expected, dict):
        lines = [f"{path}.{key} is missing" for key in expected.keys() - found.keys()]
        lines += [f"{path}.{key} is added" for key in found.keys() - expected.keys()]
        for key in found.keys() & expected.keys():
            lines += differences(found[key], expected[key], f"{path}.{key}")
        return sorted(lines)
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        pairs = enumerate(zip(found, expected, strict=True))
        return [line for i, (one, other) in pairs for line in differences(one, other, f"{path}[{i}]")]
    same = _kind(found) == _kind(expected) and found == expected
    return [] if same else [f"{path} is {found!r}, not {expected!r}"]


def fields(value: Any) -> int:
    """How many texts, numbers, truth values and empty containers it holds."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(fields, inner)) or 1


def _kind(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
