"""What an artifact of schedc leaves unsaid: its digest tells which of several schedules it was compiled from.

What a target does with a schedule that leaves `catchup`, `overlap` or a clock change open is what it also does where
they are declared so. Each such reading of an artifact is tried, the plainest first, until one has the digest.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schedc.compile import for_target, read_options
from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.importing.checking import read_back
from schedc.importing.intervals import interval_of
from schedc.importing.source import Found
from schedc.importing.writing import written
from schedc.ir.canonical import digest
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.stamps import stamp
from schedc.ir.triggers import Cron, Fold, Gap, Interval
from schedc.records import replace
from schedc.source import SourceFile
from schedc.target import Deployed
from schedc.targets import target

Way = tuple[Mapping[str, Any], Mapping[str, Any]]
"""Fields of the language (None takes one away), and the same for a `Schedule`."""

_CATCHUPS: dict[str, list[Way]] = {
    "latest": [
        ({}, {}),
        ({"catchup": False}, {"catchup": Catchup.FALSE}),
        ({"catchup": "latest"}, {"catchup": Catchup.LATEST}),
    ],
    "none": [
        ({}, {}),
        ({"catchup": "none"}, {"catchup": Catchup.NONE}),
        ({"catchup": False}, {"catchup": Catchup.FALSE}),
    ],
    "all": [({"catchup": True}, {"catchup": Catchup.ALL})],
}
_SHORT = 59


def recalled(found: Found, sink: Sink) -> Found:
    """The schedule that an artifact was compiled from, if one of the readings has its digest; told where none has."""
    if found.digest is None or found.deployed is None:
        return found
    name = next(iter(found.fields.get("deploy_to", ())), "")
    base, options = _base(found, name)
    if base is not None:
        for ways in itertools.product(*_dimensions(found, base, found.deployed)):
            fields, changes = _joined(ways)
            schedule = replace(base, **changes)
            if digest(schedule, options) == found.digest:
                kept = {k: v for k, v in {**found.fields, **fields}.items() if v is not None}
                return replace(found, fields=kept, settled=True)
    sink.add(
        rules.ASSUMED,
        "the artifact does not carry all that its schedule says: what it does is carried",
        found.place,
        schedule=found.name,
        notes=(f"no schedule that does the same has its digest {found.digest}",),
        help="import the schedule's own source, or compare them",
    )
    return found


def _base(found: Found, name: str) -> tuple[Schedule | None, Mapping[str, Any]]:
    """The schedule of what was found so far, and its options that are not defaults."""
    sink = Sink()
    schedules, _ = read_back(SourceFile("artifact.yaml", written([found])), [found], sink)
    if not schedules or name == "":
        return None, {}
    one = target(name)
    options = read_options(schedules[0], one, sink)
    if options is None:
        return None, {}
    defaults = {f.name: f.default for f in one.options}
    schedule = for_target(schedules[0], one, options)
    return schedule, {k: v for k, v in options.items() if v != defaults.get(k)}


def _joined(ways: Iterable[Way]) -> tuple[dict[str, Any], dict[str, Any]]:
    fields: dict[str, Any] = {}
    changes: dict[str, Any] = {}
    for more, others in ways:
        fields |= more
        changes |= others
    return fields, changes


def _dimensions(found: Found, base: Schedule, deployed: Deployed) -> list[list[Way]]:
    behaviour = deployed.behaviour
    return [
        [*_clocks(base), *_intervals(found, base)],
        _bounds("start", deployed.told.start, base.trigger),
        _bounds("end", deployed.told.end, base.trigger),
        _CATCHUPS.get(behaviour.missed, [({}, {})]),
        list(_overlaps(deployed)),
        [
            ({}, {}),
            *([({"start_deadline_second": None}, {"start_deadline": None})] if base.start_deadline == _SHORT else []),
        ],
    ]


def _clocks(base: Schedule) -> Iterator[Way]:
    trigger = base.trigger
    if not isinstance(trigger, Cron):
        yield {}, {}
        return
    for gap, fold in itertools.product((None, *Gap), (None, *Fold)):
        fields = {**({"dst_gap": str(gap)} if gap else {}), **({"dst_fold": str(fold)} if fold else {})}
        yield fields, {"trigger": replace(trigger, gap=gap, fold=fold)}


def _intervals(found: Found, base: Schedule) -> Iterator[Way]:
    """An interval that became a calendar: what the artifact says in words tells its start and its length."""
    interval = interval_of(found.rule)
    if interval is None or isinstance(base.trigger, Interval):
        return
    start, seconds = interval
    fields = {"cron_expression": None, "timezone": None, "interval_second": seconds, "start_time": stamp(start)}
    yield fields, {"trigger": Interval(start, seconds), "timezone": "UTC", "start": start}


def _bounds(name: str, at: int | None, trigger: Any) -> list[Way]:
    """What a schedule may have said where an engine is told of a bound, which has its own meaning there."""
    if at is None or (name == "start" and isinstance(trigger, Interval)):
        return [({}, {})]
    moved = [(at, at), (at + 1, at + 1), (at - 1, at - 1)]
    ways: list[Way] = [({f"{name}_time": stamp(one)}, {name: two}) for one, two in moved]
    return [({}, {}), *ways, ({f"{name}_time": None}, {name: None})]


def _overlaps(deployed: Deployed) -> Iterator[Way]:
    limit = deployed.behaviour.limit
    yield {}, {}
    nothing: dict[str, Any] = {"max_active_runs": None}
    for overlap in Overlap:
        yield {**nothing, "overlap": str(overlap)}, {"max_active_runs": None, "overlap": overlap}
        if limit is not None:
            yield (
                {"max_active_runs": limit, "overlap": str(overlap)},
                {"max_active_runs": limit, "overlap": overlap},
            )
    if limit is not None:
        yield {"max_active_runs": limit, "overlap": None}, {"max_active_runs": limit, "overlap": None}
    yield {"max_active_runs": None, "overlap": None}, {"max_active_runs": None, "overlap": None}
