"""Writes plain data as YAML: the same bytes with and without libyaml, and nothing that a reader could take otherwise.

Text is plain where that cannot mean anything else, a literal block where it is lines of ordinary text, and otherwise
in double quotes with escapes. Characters outside a fixed list of scripts are always escaped, so that no text can hide
or reorder itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from schedc.patterns import pattern

_PLAIN = pattern(r"[A-Za-z_/](?:[A-Za-z0-9_./=@+-]|:(?=[A-Za-z0-9_./-]))*")
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_SCRIPTS = (
    "\u00a1-\u00ac\u00ae-\u024f\u0370-\u0377\u0391-\u03a1\u03a3-\u03ff\u0400-\u052f"
    "\u2013\u2014\u2018-\u201d\u2026\u20ac\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3"
)
_SHOWN = pattern(f"[\\x20-\\x7e\\n\\t\\r{_SCRIPTS}]*")
_HIDDEN = pattern(f"[^\\x20-\\x7e{_SCRIPTS}]+")
_BLOCK_LINE = pattern(r"(?:[\x20-\x7e]*[\x21-\x7e])?")
_COMMON_KEY = pattern(r"[\x21-\x7e]{1,100}")
"""libyaml writes empty keys and keys of 128 characters in another way, so that such data is left to PyYAML alone."""
_WIDE = 1 << 30


def dump(data: Any) -> str:
    """YAML with the keys in the order of the data. Raises `UnicodeEncodeError` on half of a surrogate pair."""
    from schedc.pyyaml import yaml

    readable = all(_is_common(text) or _SHOWN.fullmatch(text) for text in _texts(data))
    common = all(_COMMON_KEY.fullmatch(key) for key in _keys(data))
    text: str = yaml.dump(
        data,
        Dumper=_dumper(pure=not common),
        sort_keys=False,
        default_flow_style=False,
        allow_unicode=readable,
        width=_WIDE,
        indent=2,
        line_break="\n",
    )
    text.encode("utf-8")
    return text


def comment(text: str) -> str:
    """Text for one line of a comment: line ends and what could hide or reorder text are escaped."""

    def escaped(match: re.Match[str]) -> str:
        return "".join(f"\\u{{{ord(c):x}}}" for c in match.group())

    return text if _is_common(text) else _HIDDEN.sub(escaped, text)


def _is_common(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _keys(data: Any) -> list[str]:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [*(data if isinstance(data, dict) else ()), *(key for value in inner for key in _keys(value))]


def _texts(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        return [text for key, value in data.items() for text in (key, *_texts(value))]
    if isinstance(data, list):
        return [text for value in data for text in _texts(value)]
    return []


@lru_cache(maxsize=2)
def _dumper(pure: bool = False) -> Any:
    from schedc.pyyaml import yaml

    base: Any = yaml.SafeDumper if pure else getattr(yaml, "CSafeDumper", yaml.SafeDumper)

    class Dumper(base):  # type: ignore[misc]
        def ignore_aliases(self, data: Any) -> bool:
            return True

    Dumper.add_representer(str, _represent)
    return Dumper


def _represent(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _style(text: str) -> str | None:
    if len(text) <= 120 and _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return None
    body = text[:-1] if text.endswith("\n") else text
    lines = body.split("\n")
    is_block = len(lines) > 1 and lines[0] and lines[-1] and not lines[0].startswith(" ")
    return "|" if is_block and all(map(_BLOCK_LINE.fullmatch, lines)) else '"'
