"""What a finding is known by from one run to the next, though lines move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from schedc.diagnostics import Diagnostic
from schedc.diagnostics.render import About


def fingerprints(found: Sequence[Diagnostic], about: About) -> list[str]:
    """One for each finding, all different: of the rule, the file, the schedule, the target, the environment and the
    message, and of how many such findings came before."""
    seen: Counter[tuple[str | None, ...]] = Counter()
    result = []
    for d in found:
        path = about.from_root(d.span.file.path) if d.span is not None else None
        known: tuple[str | None, ...] = (d.rule.code, path, d.schedule, d.target, d.environment, d.message)
        text = repr((*known, seen[known]))
        seen[known] += 1
        result.append(sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32])
    return result
