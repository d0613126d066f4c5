"""How the instants differ that schedules mean, whatever engines do with them."""

from __future__ import annotations

from collections.abc import Iterator

from schedc.ir.calendar import same
from schedc.ir.schedule import Schedule
from schedc.ir.stamps import short_stamp
from schedc.ir.triggers import Cron, Interval, Trigger
from schedc.ir.zones import UTC, Zone, zone
from schedc.lowering.interval_to_calendar import interval_to_calendar
from schedc.records import replace
from schedc.report.diff import instants
from schedc.report.diff.model import InstantChange
from schedc.report.diff.moves import difference
from schedc.report.diff.sides import zone_of_schedule

_SEARCHED = 200_000
"""Instants of each side that are looked at beyond the range."""

_DAY = 86_400


def meant(
    old: Schedule | None, new: Schedule | None, begin: int, until: int
) -> tuple[InstantChange | None, int | None]:
    """How the instants differ that the schedule itself means, whatever engines do.

    Where none differs in the range, the first that differs later; the second value is how far none was found.
    """
    if old and new and certainly_same(old, new, begin):
        return None, None
    until = as_far(until, begin, *(instants.many(one, begin, until) for one in (old, new) if one))
    before = instants.of_schedule(old, begin, until) if old else ()
    after = instants.of_schedule(new, begin, until) if new else ()
    found = difference(before, after, begin, until, (zone_of_schedule(old), zone_of_schedule(new)))
    if found is not None:
        return found, None
    left = instants.endless(old, until) if old else iter(())
    right = instants.endless(new, until) if new else iter(())
    return later(left, right, begin, until, len(before))


def as_far(until: int, begin: int, *counts: int) -> int:
    """The end of the range, nearer where a side fires too often for all of it; whole days."""
    most = max(counts, default=0)
    if most <= instants.MOST:
        return until
    return begin + max(_DAY, (until - begin) * instants.MOST // most // _DAY * _DAY)


def no_difference_until(searched: int) -> str:
    """What is said where nothing differs as far as was looked."""
    return f"no instant differs until {short_stamp(searched, UTC)} UTC, which is as far as was looked"


def later(
    left: Iterator[int], right: Iterator[int], begin: int, until: int, both: int
) -> tuple[InstantChange | None, int | None]:
    """The first difference beyond the range, or how far none was found; neither where there is none at all."""
    found, searched = instants.first_difference(left, right, _SEARCHED)
    if found is None:
        return None, searched
    change = InstantChange(
        begin=begin,
        until=until,
        before=both,
        after=both,
        lost=0,
        gained=0,
        moved=(),
        events=(),
        later=(found[0], None) if found[1] else (None, found[0]),
    )
    return change, None


def certainly_same(old: Schedule, new: Schedule, begin: int) -> bool:
    """Whether two schedules have the same instants from `begin` on, shown without listing any."""
    if old.end != new.end or old.max_runs != new.max_runs:
        return False
    counted = old.max_runs is not None
    starts = [None if one.start is None or (one.start <= begin and not counted) else one.start for one in (old, new)]
    return starts[0] == starts[1] and same_trigger(_as_calendar(old, begin), _as_calendar(new, begin), begin)


def _as_calendar(schedule: Schedule, begin: int) -> Trigger:
    """The trigger, an interval as the calendar that it is, or else counted from the first instant of the range."""
    trigger = schedule.trigger
    if not isinstance(trigger, Interval) or schedule.max_runs is not None:
        return trigger
    lowered = interval_to_calendar(schedule)
    if lowered is not None:
        return lowered.trigger
    return (
        replace(trigger, start=begin + (trigger.start - begin) % trigger.seconds) if trigger.start < begin else trigger
    )


def same_trigger(one: Trigger, other: Trigger, begin: int) -> bool:
    """Whether two triggers fire alike from an instant on, shown by their sets and the changes of their zones."""
    if isinstance(one, Cron) and isinstance(other, Cron):
        alike = same(one.calendar, other.calendar) and choices(one) == choices(other)
        return alike and _clock(zone(one.timezone), begin) == _clock(zone(other.timezone), begin)
    return one == other


def choices(trigger: Cron) -> tuple[str, str]:
    """What is meant at a change of the clock, where it is left open too."""
    return (trigger.gap or "skip", trigger.fold or "both")


def _clock(where: Zone, begin: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    first = max(0, where.segment_at(begin - 2 * _DAY))
    return where.starts[first + 1 :], where.offsets[first:]
