"""Diagnostics for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence

from schedc.diagnostics import Diagnostic, in_order
from schedc.diagnostics.render.json_lines import render_json
from schedc.diagnostics.render.text import render_text

FORMATS = ("text", "json")


def render(found: Sequence[Diagnostic], form: str, color: bool = False) -> str:
    """All findings in order, in one of `FORMATS`."""
    ordered = in_order(found)
    return render_json(ordered) if form == "json" else render_text(ordered, color)
