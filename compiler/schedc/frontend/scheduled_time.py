"""`scheduled_time`: the instant that a run stands for, in a format that every engine can be made to write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir import zones
from schedc.ir.workload import ScheduledTime
from schedc.node import Node

DIRECTIVES = "YmdHMSjy%"
"""Directives whose text is the same in every locale and in every implementation of strftime."""


def read_scheduled_time(data: Mapping[str, Any], node: Node, timezone: str, sink: Sink) -> ScheduledTime | None:
    """A scheduled time, or None after the sink was told; `timezone` counts where it names none."""
    before = sink.errors
    form = data["scheduled_time"]
    for found in re.finditer(r"%(.?)", form, re.DOTALL):
        if found[1] not in DIRECTIVES or not found[1]:
            sink.add(
                rules.INVALID_VALUE,
                f"{found[0]} is not a directive of scheduled_time",
                node.nearest("scheduled_time"),
                help="the directives are " + ", ".join(f"%{d}" for d in DIRECTIVES),
            )
            break
    name = data.get("timezone", timezone)
    try:
        zones.zone(name)
    except zones.UnknownZone:
        if "timezone" in data:
            sink.add(
                rules.UNKNOWN_TIMEZONE, f"{name[:60]!r} is not a zone of the IANA database", node.nearest("timezone")
            )
    return ScheduledTime(form, name) if sink.errors == before else None
