"""Text that looks like a secret: a well-known prefix anywhere, or much randomness under a telling name."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from schedc.patterns import pattern

_KNOWN = (
    ("an AWS access key", ("AKIA", "ASIA"), pattern(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    (
        "a GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        pattern(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b"),
    ),
    ("a GitLab token", ("glpat-",), pattern(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("a Slack token", ("xox",), pattern(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}")),
    ("a Google API key", ("AIza",), pattern(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a Stripe key", ("k_live_",), pattern(r"\b[rs]k_live_[0-9A-Za-z]{20,}\b")),
    ("an OpenAI or Anthropic key", ("sk-",), pattern(r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}")),
    ("a Hugging Face token", ("hf_",), pattern(r"\bhf_[A-Za-z0-9]{30,}\b")),
    ("a private key", ("-----BEGIN",), pattern(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")),
    ("a JSON web token", ("eyJ",), pattern(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
    ("a URL with a password", ("://",), pattern(r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/:@$]+@")),
)
"""What each is called, parts of which every such text has one, and the form."""
_TELLING = pattern(
    r"(?:^|[_.-])(?:pass|passwd|password|pwd|secret|token|apikey|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)"
    r"(?:$|[_.-])",
    re.IGNORECASE,
)
_SHORTEST, _BITS = 12, 3.2
_NAMED = pattern(
    r"(?<![\w.-])(?P<name>[\w.-]++)[\"']?(?:\s*+[:=,]|(?=\s))\s*+"
    r"(?=(?P<quote>[\"'])(?P<quoted>.*?)(?P=quote)|(?P<bare>[^\s\"',\[\]{}]+))"
)
"""A name and the text beside it, as YAML, Python and command lines have them."""
_REFERENCE = "secret"
"""The field that names a Secret, which is none."""


def looks_like(name: str, text: str) -> str | None:
    """What a text seems to be, or None; `name` is what it is called where it stands."""
    for kind, parts, known in _KNOWN:
        if any(part in text for part in parts) and known.search(text):
            return kind
    if len(text) >= _SHORTEST and _TELLING.search(name) and _entropy(text) >= _BITS and not _is_plain(text):
        return f"a secret: it is random, and called {name}"
    return None


def _entropy(text: str) -> float:
    """Bits a character, from how often each occurs."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def _is_plain(text: str) -> bool:
    """Paths, URLs, words and references are no secrets, however varied."""
    return bool(
        "/" in text or re.fullmatch(r"[a-z]+([-_. ][a-z]+)*[0-9]{0,2}", text, re.IGNORECASE) or text.startswith("${")
    )


def tokens_in(text: str) -> Iterator[tuple[int, int]]:
    """Where well-known tokens and keys stand in any text."""
    for _, parts, known in _KNOWN:
        if not any(part in text for part in parts):
            continue
        for match in known.finditer(text):
            yield match.span()


def secrets_in(line: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand in a line of a source, as far as the line alone can show it."""
    yield from tokens_in(line)
    for match in _NAMED.finditer(line):
        group = "quoted" if match["quote"] else "bare"
        if match["name"] != _REFERENCE and looks_like(match["name"], match[group]):
            yield match.span(group)
