"""Vertex AI schedules: a closed service, modelled as every reading that its documentation allows.

The text is held to what all dialects have in common: a `TZ=` zone and five fields of `*` or numbers, at most one day
field restricted. What remains open is a change of the clock: nothing documents whether a wall time in a gap is skipped,
shifted or made up for, nor in which pass a repeated one fires. Where the readings differ, the answer is unknown.
"""

from __future__ import annotations

from itertools import product

from schedc.engines.model import CronError, Engine
from schedc.ir import zones
from schedc.ir.calendar import Calendar
from schedc.ir.occurrences import next_after
from schedc.ir.triggers import Cron, Fold, Gap
from schedc.ir.zones import Zone
from schedc.records import dataclass

READINGS: tuple[tuple[Gap, Fold], ...] = tuple(product(Gap, Fold))
"""What the engine may do with a wall time in a gap and in a fold; no documentation rules one of them out."""

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 6))
_UNKNOWN = "nothing documents what the service does here: its readings differ at this change of the clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The calendar of a text, and the zone of its `TZ=` prefix, which the clock goes by; None where it has none."""

    calendar: Calendar
    timezone: str | None


def read(text: str) -> Reading:
    """Read the dialect that is the same under every documentation. Raises `CronError` for everything else."""
    prefix, _, rest = text.partition(" ")
    name = prefix.removeprefix("TZ=")
    if name == prefix:
        raise CronError("the text has no TZ= prefix, and the default zone is not documented")
    if name not in zones.names():
        raise CronError(f"unknown time zone {name}")
    return Reading(calendar=_fields(rest), timezone=name)


def read_without_zone(text: str) -> Reading:
    """The same for a text whose zone is given beside it, as programs that compare engines do."""
    return Reading(calendar=_fields(text), timezone=None) if not text.startswith("TZ=") else read(text)


def _fields(text: str) -> Calendar:
    parts = text.split(" ")
    if len(parts) != len(_FIELDS):
        raise CronError(f"expected five fields, found {len(parts)}")
    minutes, hours, days, months, weekdays = (_field(part, *field) for part, field in zip(parts, _FIELDS, strict=True))
    if parts[2] != "*" and parts[4] != "*":
        raise CronError("both day fields are restricted, which is read in two ways")
    return Calendar(minutes=minutes, hours=hours, days=days, months=months, weekdays=weekdays)


def _field(text: str, name: str, low: int, high: int) -> int:
    if text == "*":
        return (1 << (high + 1)) - (1 << low)
    result = 0
    for item in text.split(","):
        if not (item.isascii() and item.isdigit() and str(int(item)) == item and low <= int(item) <= high):
            raise CronError(f"{item!r} in the field {name} is not a number from {low} to {high}")
        result |= 1 << int(item)
    return result


def possible_next(reading: Reading, t: int, zone: Zone = zones.UTC) -> frozenset[int | None]:
    """The first instant strictly after `t` (UTC seconds) under each reading; one value where they agree."""
    name = reading.timezone or zone.name
    return frozenset(next_after(Cron(reading.calendar, name, gap, fold), t) for gap, fold in READINGS)


def next_fire(reading: Reading, zone: Zone, t: int) -> int | None:
    """The first instant strictly after `t` under every reading. Raises `CronError` where they differ.

    The text's own zone counts, whatever `zone` is.
    """
    found = possible_next(reading, t, zone)
    if len(found) > 1:
        raise CronError(_UNKNOWN)
    return next(iter(found))


ENGINES = (
    Engine(
        name="vertex", title="Vertex AI schedules (every documented reading)", read=read_without_zone, next=next_fire
    ),
)
