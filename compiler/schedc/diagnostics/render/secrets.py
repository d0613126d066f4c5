"""Findings are printed into logs and reports: what looks like a secret is covered in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from schedc.diagnostics import Diagnostic, Replacement
from schedc.diagnostics.rules import LITERAL_SECRET, SECRET_LEFT_OUT
from schedc.patterns import pattern
from schedc.records import dataclass, replace
from schedc.secret_text import secrets_in, tokens_in
from schedc.source import Span

_SHORTEST = 8
"""Characters below which a text is no secret by itself, and would be found in words that are none."""
_FAR = 1000
"""Characters of a line, before and behind a place, that may be quoted."""
_WORD = pattern(r"[^\s\"'(),\[\]{}]+")
_PLAIN = pattern(r"[a-z]+([-_. ][a-z]+)*[0-9]{0,2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Where secrets stand, and how they may be written elsewhere."""

    spans: tuple[Span, ...] = ()
    texts: tuple[str, ...] = ()

    def covered(self, text: str) -> str:
        """A text with stars in place of every secret."""
        for secret in self.texts:
            text = text.replace(secret, "*" * len(secret))
        for start, end in sorted(tokens_in(text)):
            text = text[:start] + "*" * (end - start) + text[end:]
        return text

    def touch(self, span: Span) -> bool:
        """Whether a part of a secret stands in a span."""
        return any(s.file == span.file and s.start < span.end and s.end > span.start for s in self.spans)


def secrets_of(found: Sequence[Diagnostic]) -> Secrets:
    """The secrets that the findings themselves tell of, and those in the lines to which they point.

    A schedule that cannot be read is not searched for secrets, and its lines are quoted.
    """
    told = [d.span for d in found if d.rule in (LITERAL_SECRET, SECRET_LEFT_OUT) and d.span is not None]
    spans = dict.fromkeys([*told, *(near for d in found if d.span is not None for near in _near(d.span))])
    texts = {text for span in spans for text in _texts(span.file.text[span.start : span.end])}
    return Secrets(tuple(spans), tuple(sorted(texts, key=lambda text: (-len(text), text))))


def _near(span: Span) -> Iterable[Span]:
    """What looks like a secret around the place that is quoted."""
    line, _ = span.position
    start = span.file.offset(line)
    first = max(start, span.start - _FAR)
    text = span.file.text[first : min(start + len(span.file.line(line)), span.start + _FAR)]
    for begin, end in secrets_in(text):
        yield Span(span.file, first + begin, first + end)


def _texts(written: str) -> Iterable[str]:
    """A secret as it is written, and as a message quotes it: the whole of it, and each of its words.

    Of a Python source only the call around a secret may be known: what is plain there is none.
    """
    whole = written.strip().strip("\"'")
    words = [word for found in _WORD.findall(written) for word in (found, found.partition("=")[2])]
    for text in (*([] if "\n" in whole or "(" in whole else [whole]), *words):
        if len(text) >= _SHORTEST and not _PLAIN.fullmatch(text):
            yield from (text, repr(text)[1:-1])


def covered(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The same findings with stars for secrets; a replacement that would show one is left out."""
    secrets = secrets_of(found)
    return [_covered(d, secrets) for d in found]


def _covered(d: Diagnostic, secrets: Secrets) -> Diagnostic:
    return replace(
        d,
        message=secrets.covered(d.message),
        label=secrets.covered(d.label),
        notes=tuple(secrets.covered(note) for note in d.notes),
        help=None if d.help is None else secrets.covered(d.help),
        replacement=_harmless(d.replacement, secrets),
    )


def _harmless(one: Replacement | None, secrets: Secrets) -> Replacement | None:
    if one is None or secrets.touch(one.span) or secrets.covered(one.text) != one.text:
        return None
    return one
