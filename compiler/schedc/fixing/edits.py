"""Edits of a file's text by place; what is between them stays byte for byte."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

from schedc.diagnostics import Diagnostic
from schedc.records import dataclass

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Edit:
    """A text in place of the characters `start` to `end` of a file as it is decoded for reading; `of` asked for it."""

    path: Path
    start: int
    end: int
    text: str
    safe: bool
    of: Diagnostic

    @property
    def place(self) -> tuple[str, int, int]:
        return str(self.path), self.start, self.end


def apart(edits: Iterable[Edit]) -> list[Edit]:
    """The edits in the order of their places, without those that touch one before them."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda one: one.place):
        last = kept[-1] if kept and kept[-1].path == edit.path else None
        if last is None or edit.start > last.end or (edit.start == last.end and last.start < last.end):
            kept.append(edit)
    return kept


def decoded(data: bytes) -> str | None:
    """The text of a file as spans count its characters: no byte order mark, and line ends of one character."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes of a file after edits that lie apart; its line ends and byte order mark stay."""
    text = data.decode("utf-8-sig")
    removed: list[int] = []
    at = text.find("\r\n")
    while at >= 0:
        removed.append(at - len(removed))
        at = text.find("\r\n", at + 2)
    for edit in sorted(edits, key=lambda one: one.place, reverse=True):
        start, end = (place + bisect_right(removed, place - 1) for place in (edit.start, edit.end))
        text = text[:start] + edit.text + text[end:]
    return (_MARK if data.startswith(_MARK) else b"") + text.encode("utf-8")


def moved(start: int, edits: Iterable[Edit]) -> int:
    """Where a place of a file is after edits of that file that lie before it."""
    return start + sum(len(one.text) - (one.end - one.start) for one in edits if one.end <= start)
