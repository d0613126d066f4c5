"""Covers text that looks like a secret: what a diff prints goes into logs and comments."""

from __future__ import annotations

import json
from collections.abc import Iterable

from schedc.checks.literal_secret import looks_like
from schedc.patterns import pattern

COVER = "*****"
_WORD = pattern(r"[^\s\"'`,;()\[\]{}<>]+")


def covered(name: str, text: str) -> str:
    """The text, or asterisks where it looks like a secret; `name` is what it is called where it stands."""
    return COVER if looks_like(name, text) is not None else text


def spellings(secrets: Iterable[str]) -> list[str]:
    """How secrets may be spelled in artifacts, longest first: as they are, and as the formats escape them."""
    found: set[str] = set()
    for text in secrets:
        inner = json.dumps(text)[1:-1]
        plain = json.dumps(text, ensure_ascii=False)[1:-1]
        for one in (text, inner, plain, text.replace("'", "''"), repr(text)[1:-1]):
            found |= {one, one.replace("$", "$$"), *(part for part in one.splitlines() if len(part) > 7)}
    return sorted((one for one in found if one), key=lambda one: (-len(one), one))


def without(text: str, secrets: Iterable[str]) -> str:
    """A text with every secret in it covered: those that are given as `spellings`, and what looks like a known kind."""
    for one in secrets:
        text = text.replace(one, COVER)
    return _WORD.sub(lambda word: covered("", word[0]), text)
