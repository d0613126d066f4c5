"""The nearest time of day that no change of the clock touches, as a proved rewrite."""

from __future__ import annotations

from schedc.ir.calendar import bits
from schedc.ir.triggers import Cron, Trigger
from schedc.proof.clock import Clock
from schedc.proof.transitions import touched
from schedc.proof_range import covered
from schedc.records import replace


def safe_hours(trigger: Trigger, start: int | None, clock: Clock) -> str | None:
    """A time such as `03:30` for a trigger with one hour, or None where there is no such time near."""
    if not isinstance(trigger, Cron) or trigger.calendar.hours.bit_count() != 1:
        return None
    hour = next(bits(trigger.calendar.hours))
    begin, end = covered(start, None)
    for distance in range(1, 12):
        for other in (hour + distance, hour - distance):
            if not 0 <= other <= 23:
                continue
            calendar = replace(trigger.calendar, hours=1 << other)
            if not touched(calendar, clock.zone.name, begin, end):
                minute = next(bits(calendar.minutes), 0)
                single = calendar.minutes.bit_count() == 1
                return f"{other:02}:{minute:02}" if single else f"hour {other}"
    return None
