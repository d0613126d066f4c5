"""When the schedules of an example fire, as a page that a person can check against a calendar on the wall."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from schedc.ir.occurrences import irregular, occurrences
from schedc.ir.schedule import Schedule
from schedc.ir.stamps import short_wall, stamp
from schedc.ir.triggers import Cron
from schedc.ir.words import words
from schedc.ir.zones import Zone, zone

FROM = 1_796_083_200
"""2026-12-01T00:00:00Z."""
_COUNT = 12
_CHANGES = 2
_WEEKDAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")
_DAY = 86_400


def occurrences_page(schedules: Iterable[Schedule]) -> str:
    """The next twelve instants of each schedule, and those around the next clock changes of its zone."""
    return "\n".join("\n".join(_schedule(one)) + "\n" for one in schedules)


def _schedule(schedule: Schedule) -> Iterator[str]:
    where = zone(schedule.timezone)
    yield f"{schedule.name}: {words(schedule.trigger, zone=True)}"
    if _is_open(schedule, where):
        yield "clock changes are left to the target; here a skipped time is left out and a repeated one is shown twice"
    begin = FROM if schedule.start is None else max(FROM, schedule.start)
    yield f"from {stamp(begin)}{'' if schedule.end is None else f' to {stamp(schedule.end)}'}"
    found = list(islice(occurrences(schedule.trigger, begin, schedule.end), _COUNT + 1))
    yield from _table(found[:_COUNT], where)
    if len(found) <= _COUNT:
        yield "  no more"
    if not isinstance(schedule.trigger, Cron):
        return
    for segment in islice(where.transitions(begin, begin + 4 * 366 * _DAY), _CHANGES):
        change, moved = where.starts[segment], where.offsets[segment] - where.offsets[segment - 1]
        near = _around(schedule, change)
        if near:
            yield f"around {stamp(change)}, the clock is put {'forward' if moved > 0 else 'back'}"
            yield from _table(near, where)


def _is_open(schedule: Schedule, where: Zone) -> bool:
    """Whether a clock change meets the schedule and nothing was declared for it."""
    trigger = schedule.trigger
    if not isinstance(trigger, Cron) or trigger.calendar.every_hour:
        return False
    met = irregular(trigger.calendar, where, FROM, FROM + 4 * 366 * _DAY)
    return any((trigger.gap if one.in_gap else trigger.fold) is None for one in met)


def _around(schedule: Schedule, change: int) -> list[int]:
    """The last two instants before a clock change and the first two after it, where they are near."""
    found = list(occurrences(schedule.trigger, change - 2 * _DAY, change + 2 * _DAY))
    before = [i for i in found if i < change and (schedule.start is None or i >= schedule.start)]
    after = [i for i in found if i >= change and (schedule.end is None or i <= schedule.end)]
    return [*before[-2:], *after[:2]]


def _table(instants: Sequence[int], where: Zone) -> Iterator[str]:
    for before, instant in pairwise([None, *instants]):
        assert instant is not None
        wall = where.wall(instant)
        weekday = _WEEKDAYS[wall // _DAY % 7]
        marks = _marks(before, instant, where)
        yield f"  {weekday} {short_wall(wall)}  {stamp(instant)}{f'  {marks}' if marks else ''}"


def _marks(before: int | None, instant: int, where: Zone) -> str:
    same = where.instants(where.wall(instant))
    if len(same) > 1:
        return f"the {'first' if instant == same[0] else 'second'} of two"
    if before is not None and where.offset_at(before) != where.offset_at(instant):
        return "after the clock was put " + (
            "forward" if where.offset_at(before) < where.offset_at(instant) else "back"
        )
    return ""
