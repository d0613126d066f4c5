"""A Code Quality report of GitLab, which shows it in the merge request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from schedc.diagnostics import Diagnostic, Severity
from schedc.diagnostics.render import About
from schedc.diagnostics.render.fingerprints import fingerprints
from schedc.diagnostics.render.groups import Group
from schedc.diagnostics.render.visible import safe

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(found: Sequence[Diagnostic], about: About) -> str:
    """A list with an object for each finding; GitLab wants a file for each, so that the settings stand for no file."""
    known = fingerprints(found, about)
    return json.dumps([_issue(d, one, about) for d, one in zip(found, known, strict=True)], indent=2) + "\n"


def _issue(d: Diagnostic, fingerprint: str, about: About) -> dict[str, Any]:
    group = Group(d, (d.target,) if d.target else (), (d.environment,) if d.environment else ())
    belongs = f" ({group.whole})" if group.whole else ""
    path, line = (about.from_root(d.span.file.path), d.span.position[0]) if d.span else (about.settings, 1)
    return {
        "description": f"{d.rule.name}: {safe(d.message)}{belongs}",
        "check_name": d.rule.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[d.severity],
        "location": {"path": safe(path), "lines": {"begin": line}},
    }
