"""Plain data as JSON text for artifacts: readable, the same bytes everywhere, and nothing invisible in it."""

from __future__ import annotations

import json
from typing import Any

from schedc.patterns import pattern

_HIDDEN = pattern(
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
