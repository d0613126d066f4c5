"""Writes a scheduled time as a Jinja expression of Airflow's logical date.

The timetables that are written here give every run its own instant as logical date. A run that was started by hand
without one has no `logical_date` in its context, so that the expression raises an error there.
"""

from __future__ import annotations

import re

from schedc.ir.workload import ScheduledTime

_PLAIN = r"[ -~]+"
"""Characters that strftime leaves alone in every locale, beside its directives."""


def logical_date(time: ScheduledTime) -> str:
    """The template; text that strftime or Jinja might change stands in it as an escaped string of its own."""
    clock = f'logical_date.in_timezone("{time.timezone}")'
    pieces = [
        f'{clock}.strftime("{_escaped(text)}")' if "%" in text else f'"{_escaped(text)}"'
        for text in re.findall(rf"{_PLAIN}|[^ -~]+", time.format)
    ]
    if "%" not in time.format:
        pieces.append(f'{clock}.strftime("")')
    return "{{ " + " ~ ".join(pieces) + " }}"


def _escaped(text: str) -> str:
    return "".join(c if " " <= c <= "~" and c not in '"\\{}' else _code(ord(c)) for c in text)


def _code(point: int) -> str:
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
