"""When a schedule fires: a calendar in a zone, an interval from an anchor, or one instant."""

from __future__ import annotations

from enum import StrEnum
from operator import attrgetter

from schedc.ir.calendar import Calendar
from schedc.records import dataclass, fields


class Gap(StrEnum):
    """What becomes of a wall time that does not exist on a day."""

    SKIP = "skip"
    SHIFT = "shift"
    RUN_AFTER = "run_after"


class Fold(StrEnum):
    """Which of its two passes a wall time fires in that exists twice on a day."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Cron:
    """Fires at every second of the calendar on a clock in the zone; `gap` and `fold` are None where left open."""

    calendar: Calendar
    timezone: str
    gap: Gap | None = None
    fold: Fold | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """Fires at `start` + k * `seconds` for k >= 0; UTC seconds."""

    start: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Once:
    """Fires once, at a UTC second."""

    at: int


Trigger = Cron | Interval | Once


def plain(trigger: Trigger) -> tuple[object, ...]:
    """The parts of a trigger: equal where two triggers are, and much quicker to compare and to look up."""
    if isinstance(trigger, Cron):
        return trigger.timezone, trigger.gap, trigger.fold, _PARTS(trigger.calendar)
    return (trigger.at,) if isinstance(trigger, Once) else (trigger.start, trigger.seconds)


_PARTS = attrgetter(*[one.name for one in fields(Calendar)])
