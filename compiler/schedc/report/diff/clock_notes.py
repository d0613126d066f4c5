"""What a side does at the changes of the clock that touch it, in the compared range."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from schedc.engines.model import CronError
from schedc.ir.occurrences import Irregular
from schedc.ir.schedule import Schedule
from schedc.ir.stamps import short_stamp, short_wall
from schedc.ir.triggers import Cron
from schedc.ir.zones import UnknownZone, Zone, zone
from schedc.proof.clock import clocks
from schedc.proof.transitions import matches_at, touched
from schedc.report.diff.instants import Instants
from schedc.report.diff.model import ClockNote
from schedc.target import Told

Notes = dict[tuple[int, str], str]
"""What is done at a change, by its instant and the zone's name."""


def of_schedule(schedule: Schedule, found: Instants, begin: int, until: int) -> Notes:
    """What a schedule declares, or else means, at each change that touches it; `found` are its instants."""
    trigger = schedule.trigger
    if not isinstance(trigger, Cron) or trigger.calendar.every_hour:
        return {}
    return _notes((trigger,), found, _inside(schedule.start, schedule.end, begin, until), closed=False)


def of_engine(told: Told, families: tuple[str, ...], found: Instants, begin: int, until: int) -> Notes:
    """What an engine does at each change that touches what it was told."""
    try:
        clock = None if told.period is not None else clocks(told, families)[0]
    except (CronError, UnknownZone):
        clock = None
    if clock is None:
        return {}
    plain = tuple(Cron(c, clock.zone.name) for c in clock.calendars if not c.every_hour)
    return _notes(plain, found, _inside(told.start, told.end, begin, until), closed=clock.closed)


def compared(old: Notes, new: Notes) -> tuple[ClockNote, ...]:
    """What is done on one side only, in the order of time."""
    gone = [ClockNote(at=k[0], timezone=k[1], text=t, is_new=False) for k, t in old.items() if new.get(k) != t]
    come = [ClockNote(at=k[0], timezone=k[1], text=t, is_new=True) for k, t in new.items() if old.get(k) != t]
    return tuple(sorted([*gone, *come], key=lambda one: (one.at, one.timezone, one.is_new)))


def _inside(start: int | None, end: int | None, begin: int, until: int) -> tuple[int, int]:
    low = begin if start is None else max(begin, start)
    return low, until - 1 if end is None else min(until - 1, end)


def _notes(triggers: Iterable[Cron], found: Instants, bounds: tuple[int, int], closed: bool) -> Notes:
    notes: Notes = {}
    for trigger in triggers:
        where = zone(trigger.timezone)
        for edge in touched(trigger.calendar, trigger.timezone, *bounds):
            matches = matches_at(trigger.calendar, trigger.timezone, edge, *bounds)
            if matches:
                more = f", and {len(matches) - 1} more times like it" if len(matches) > 1 else ""
                text = f"{short_wall(matches[0].wall)} {_does(matches, found, where, closed)}{more}"
                notes.setdefault((edge.at, trigger.timezone), text)
    return notes


def _does(matches: Sequence[Irregular], found: Instants, where: Zone, closed: bool) -> str:
    first = matches[0]
    both = [i for i in first.possible if _fires(found, i)]
    is_ = "does not exist" if first.in_gap else "happens twice"
    if closed:
        return f"{is_}: what this engine does then is not documented"
    if first.in_gap:
        return f"{is_}: " + (f"runs at {short_stamp(both[-1], where)}" if both else "no run")
    if len(both) > 1:
        return f"{is_}: runs both times"
    which = "first" if both and both[0] == first.passes[0] else "second"
    return f"{is_}: " + (f"runs the {which} time" if both else "no run")


def _fires(found: Instants, instant: int) -> bool:
    at = bisect_left(found, instant)
    return at < len(found) and found[at] == instant
