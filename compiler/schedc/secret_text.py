"""Text that looks like a secret: a well-known prefix anywhere, or much randomness under a telling name."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

_KNOWN = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("a Slack token", re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}")),
    ("a Google API key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a Stripe key", re.compile(r"\b[rs]k_live_[0-9A-Za-z]{20,}\b")),
    ("an OpenAI or Anthropic key", re.compile(r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}")),
    ("a Hugging Face token", re.compile(r"\bhf_[A-Za-z0-9]{30,}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")),
    ("a JSON web token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
    ("a URL with a password", re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/:@$]+@")),
)
_TELLING = re.compile(
    r"(?:^|[_.-])(?:pass|passwd|password|pwd|secret|token|apikey|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)"
    r"(?:$|[_.-])",
    re.IGNORECASE,
)
_SHORTEST, _BITS = 12, 3.2
_NAMED = re.compile(
    r"(?<![\w.-])(?P<name>[\w.-]++)[\"']?(?:\s*+[:=,]|(?=\s))\s*+"
    r"(?=(?P<quote>[\"'])(?P<quoted>.*?)(?P=quote)|(?P<bare>[^\s\"',\[\]{}]+))"
)
"""A name and the text beside it, as YAML, Python and command lines have them."""
_REFERENCE = "secret"
"""The field that names a Secret, which is none."""


def looks_like(name: str, text: str) -> str | None:
    """What a text seems to be, or None; `name` is what it is called where it stands."""
    for kind, pattern in _KNOWN:
        if pattern.search(text):
            return kind
    if _TELLING.search(name) and len(text) >= _SHORTEST and _entropy(text) >= _BITS and not _is_plain(text):
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
    for _, pattern in _KNOWN:
        for match in pattern.finditer(text):
            yield match.span()


def secrets_in(line: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand in a line of a source, as far as the line alone can show it."""
    yield from tokens_in(line)
    for match in _NAMED.finditer(line):
        group = "quoted" if match["quote"] else "bare"
        if match["name"] != _REFERENCE and looks_like(match["name"], match[group]):
            yield match.span(group)
