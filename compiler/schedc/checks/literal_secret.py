"""Text that looks like a secret: a well-known prefix anywhere, or much randomness under a telling name."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.workload import Container, Pipeline, Steps

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

Place = tuple[str | int, ...]


def check_literal_secret(schedule: Schedule, sink: Sink) -> None:
    """A secret in a schedule would stand in the repository, in the artifact and in the engine's logs."""
    for name, text, place in _texts(schedule):
        kind = looks_like(name, text)
        if kind is not None:
            sink.add(
                rules.LITERAL_SECRET,
                f"the text looks like {kind}",
                schedule.place(*place),
                notes=("the text would stand in the repository, in the artifact and in the engine's own records",),
                help="keep it in a Secret, and refer to it: {secret: NAME, key: KEY}; if it is none, allow"
                " literal-secret with a reason",
            )


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


def _texts(schedule: Schedule) -> Iterator[tuple[str, str, Place]]:
    run = schedule.run
    if isinstance(run, Container):
        yield from _of_container(run, ("run", "container"))
    elif isinstance(run, Steps):
        for step in run.steps:
            yield from _of_container(step.container, ("run", "steps", step.name))
    elif isinstance(run, Pipeline):
        for name, value in run.parameters.items():
            if isinstance(value, str):
                yield name, value, ("run", "pipeline", "parameters", name)


def _of_container(run: Container, here: Place) -> Iterator[tuple[str, str, Place]]:
    for name, value in run.env.items():
        if isinstance(value, str):
            yield name, value, (*here, "env", name)
    for field, words in (("command", run.command), ("args", run.args)):
        before = ""
        for i, word in enumerate(words or ()):
            if isinstance(word, str):
                flag, equals, value = word.partition("=")
                yield (flag, value, (*here, field, i)) if equals else (before, word, (*here, field, i))
                before = word
    for i, init in enumerate(run.init_containers):
        yield from _of_container(init.container, (*here, "init_containers", i))
    for name, value in run.pod.get("pod_annotations", {}).items():
        yield name, value, (*here, "pod_annotations", name)
