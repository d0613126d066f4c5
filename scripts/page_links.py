"""Links and headings of Markdown pages, as GitHub reads them; the site is built with the same anchors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

_FENCE = re.compile(r"^(```+|~~~+)[^\n]*\n.*?^\1`*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:)[^)\s]+(?=\))")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def links(text: str) -> list[str]:
    """The relative links of a page, without those in code."""
    found: list[str] = []
    relinked(text, lambda link: found.append(link) or "")  # type: ignore[func-returns-value]
    return found


def relinked(text: str, change: Callable[[str], str]) -> str:
    """The page with each relative link replaced; what is code stays."""
    return outside_fences(text, lambda part: _outside(_CODE, part, lambda one: _LINK.sub(lambda m: change(m[0]), one)))


def outside_fences(text: str, change: Callable[[str], str]) -> str:
    """The page with what is outside its fences changed."""
    return _outside(_FENCE, text, change)


def _outside(code: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    parts, at = [], 0
    for match in code.finditer(text):
        parts += [change(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, change(text[at:])])


def slug(title: str, separator: str = "-") -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", separator)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings; one that comes again is counted."""
    seen: Counter[str] = Counter()
    found = set()
    for title in _HEADING.findall(_FENCE.sub("", text)):
        plain = slug(re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", title))
        found.add(f"{plain}-{seen[plain]}" if seen[plain] else plain)
        seen[plain] += 1
    return found
