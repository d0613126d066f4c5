"""Text that can be seen as it is."""

from __future__ import annotations

import unicodedata

_COMMAND = "##["
"""A runner of GitHub takes what follows for a command, wherever in a line it stands."""


def safe(text: str) -> str:
    """A text that cannot move the cursor, hide or reorder anything, or command a runner.

    No control character or surrogate is left.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(_visible(c) for c in text)
    return text.replace(_COMMAND, "##\\u{5b}") if _COMMAND in text else text


def _visible(character: str) -> str:
    if character == "\t":
        return "    "
    if character.isprintable():
        return character
    return f"\\u{{{ord(character):x}}}"


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
