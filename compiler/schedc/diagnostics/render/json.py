"""Diagnostics as JSON: one object with a list of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from schedc.diagnostics import Diagnostic, Replacement
from schedc.diagnostics.render import About
from schedc.ir.zones import tzdata_version
from schedc.source import Span


def render(found: Sequence[Diagnostic], about: About) -> str:
    data = {"version": 1, "tzdata": tzdata_version(), "diagnostics": [as_data(d) for d in found]}
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def as_data(d: Diagnostic) -> dict[str, Any]:
    """One finding; lines and columns count from 1, the end is exclusive."""
    return {
        "code": d.rule.code,
        "name": d.rule.name,
        "severity": d.severity.value,
        "message": d.message,
        "schedule": d.schedule,
        "target": d.target,
        "environment": d.environment,
        "place": _place(d.span) if d.span else None,
        "notes": list(d.notes),
        "help": d.help,
        "replacement": _replacement(d.replacement) if d.replacement else None,
    }


def _replacement(one: Replacement) -> dict[str, Any]:
    return {"place": _place(one.span), "text": one.text, "safe": one.safe}


def _place(span: Span) -> dict[str, Any]:
    line, column = span.position
    end_line, end_column = span.file.position(max(span.start, span.end))
    return {"file": span.file.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}
