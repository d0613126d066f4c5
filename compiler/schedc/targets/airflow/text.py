"""Python source as `ruff format` leaves it, and text that neither Jinja nor Kubernetes changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from schedc.patterns import pattern
from schedc.records import dataclass

WIDTH = 88

_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@lru_cache(maxsize=1)
def _categories() -> Any:
    """Categories of the one Unicode version that every Python carries, so that all write the same bytes."""
    import unicodedata

    return unicodedata.ucd_3_2_0.category


def is_plain(character: str) -> bool:
    """Whether a character can be seen and changes nothing around it."""
    if character.isascii():
        return " " <= character <= "~"
    return _categories()(character)[0] in "LMNPS"


def quoted(text: str) -> str:
    """A Python string literal on one line."""
    mark = '"' if text.count('"') <= text.count("'") else "'"
    return mark + "".join(_escaped(c, mark) for c in text) + mark


def _escaped(character: str, mark: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if character == mark:
        return "\\" + mark
    if is_plain(character):
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


@dataclass(frozen=True, slots=True)
class Call:
    """A call as source; values are source, `Call`, list, dict or tuple of (name, value) pairs."""

    name: str
    arguments: tuple[Any, ...] = ()
    keywords: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Python source that stands as it is."""

    text: str


def literal(value: Any) -> Source:
    """A string, number or boolean as source."""
    return Source(quoted(value) if isinstance(value, str) else repr(value))


def lay_out(value: Any, indent: int, before: int = 0, after: int = 1) -> str:
    """An expression as source, on one line where that surely fits, else one item a line.

    `before` and `after` are the columns of the same line that stand before (beyond `indent`) and after it.
    """
    flat = _flat(value)
    if indent + before + _columns(flat) + after <= WIDTH:
        return flat
    opening, items, closing = _parts(value)
    if not items:
        return flat
    inner = indent + 4
    lines = [" " * inner + name + lay_out(item, inner, len(name)) + "," for name, item in items]
    return "\n".join([opening, *lines, " " * indent + closing])


def keyword_line(name: str, value: Any, indent: int) -> str:
    """`name=value,` with its indent, as an argument on its own line."""
    return " " * indent + name + "=" + lay_out(value, indent, len(name) + 1) + ","


def _parts(value: Any) -> tuple[str, list[tuple[str, Any]], str]:
    if isinstance(value, Call):
        keywords = [(f"{name}=", one) for name, one in value.keywords]
        return f"{value.name}(", [*(("", one) for one in value.arguments), *keywords], ")"
    if isinstance(value, Mapping):
        return "{", [(f"{quoted(key)}: ", one) for key, one in value.items()], "}"
    if isinstance(value, list):
        return "[", [("", one) for one in value], "]"
    return "", [], ""


def _flat(value: Any) -> str:
    if isinstance(value, Source):
        return value.text
    opening, items, closing = _parts(value)
    return opening + ", ".join(name + _flat(one) for name, one in items) + closing


def _columns(text: str) -> int:
    """At least the columns that a formatter counts."""
    return sum(1 if c.isascii() else 2 for c in text)


def changed_by_jinja(text: str, endings: Iterable[str]) -> bool:
    """Whether a templated field of an operator would give another text: a template, a file name, or line ends."""
    return bool(re.search(r"\{[{%#]|\r", text)) or text.endswith(("\n", *endings))


_EXPANDED = pattern(r"\$(?=[$(]|[^\x00-\x7f])")


def unexpanded(text: str) -> str:
    """Text that a kubelet turns into `text`: it reads `$(NAME)` as a variable, `$$` as one dollar."""
    return _EXPANDED.sub("$$", text)


def _entity(character: str) -> str:
    return f"&#{ord(character)};" if is_plain(character) else "\ufffd"


def markdown(text: str) -> list[str]:
    """The words of one paragraph of Markdown that shows `text`; line ends and runs of blanks become one blank."""
    return [_markdown_word(word) for word in text.split()]


def _markdown_word(word: str) -> str:
    if re.fullmatch(r"[0-9]+[.)]", word):  # would begin a list
        return word[:-1] + _entity(word[-1])
    shown = "".join(c if is_plain(c) and c not in '\\`*[]<>|~&"$' else _entity(c) for c in word)
    shown = re.sub(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])", "&#95;", shown)
    return _entity(shown[0]) + shown[1:] if shown[0] in "#+=-" else shown
