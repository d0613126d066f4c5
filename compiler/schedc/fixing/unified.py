"""Two versions of a file as a unified diff that `patch` takes."""

from __future__ import annotations

import difflib


def unified(path: str, old: bytes, new: bytes) -> str:
    """The diff between two texts, whose lines end with line feeds alone."""
    lines = difflib.unified_diff(_lines(old), _lines(new), path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes) -> list[str]:
    """The lines with their ends; other characters that break a line for `str.splitlines` are none for `patch`."""
    *lines, last = data.decode("utf-8").split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])
