"""Plain data as JSON and YAML text for artifacts: readable, the same bytes everywhere, and nothing invisible in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff\ufff0-\uffff"
    "\U000e0000-\U0010ffff]"
)


def json_text(value: Any) -> str:
    """Readable JSON with sorted keys; characters that cannot be seen are escaped."""
    return _visible(json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)) + "\n"


def _visible(text: str) -> str:
    return _HIDDEN.sub(lambda match: json.dumps(match[0])[1:-1], text)


def quoted(text: str) -> str:
    """A text as JSON on one line, with nothing invisible in it."""
    return _visible(json.dumps(text, ensure_ascii=False))


_CONTROLS = re.compile(r"[\x00-\x1f]+")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_PLAIN_TEXT = re.compile(r"[A-Za-z_./][A-Za-z0-9_./-]*(?:[:@][A-Za-z0-9_./-]+)*")
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf", ".nan", ".inf"])


def yaml_text(value: Any, comments: tuple[str, ...] = ()) -> str:
    """Plain data as one YAML document with sorted keys; every text that is not plainly one is quoted."""
    head = "".join(f"# {_visible(_CONTROLS.sub(' ', line))}\n" for line in comments)
    return head + "\n".join(_block(value, 0)) + "\n"


def _block(value: Any, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, Mapping) and value:
        for key in sorted(value):
            yield from _entry(f"{indent}{_scalar(key, _PLAIN_KEY)}:", value[key], depth)
    elif isinstance(value, list) and value:
        for item in value:
            if isinstance(item, Mapping | list) and item:
                first, *rest = _block(item, depth + 1)
                yield f"{indent}- {first.lstrip(' ')}"
                yield from rest
            else:
                yield f"{indent}- {_scalar(item)}"
    else:
        yield indent + _scalar(value)


def _entry(key: str, value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping | list) and value:
        yield key
        yield from _block(value, depth + 1)
    else:
        yield f"{key} {_scalar(value)}"


def _scalar(value: Any, plain: re.Pattern[str] = _PLAIN_TEXT) -> str:
    if isinstance(value, float):
        mantissa, e, exponent = json.dumps(value, allow_nan=False).partition("e")
        return f"{mantissa if '.' in mantissa else mantissa + '.0'}{e}{exponent}"
    if not isinstance(value, str):
        return json.dumps(value)
    if plain.fullmatch(value) and value.lower() not in _WORDS and not value.startswith("."):
        return value
    text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\x7f")
    return _HIDDEN.sub(lambda match: _yaml_escape(ord(match[0])), text)


def _yaml_escape(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
