from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from schedc.counted import some
from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.occurrences import count
from schedc.ir.schedule import Schedule
from schedc.ir.stamps import stamp
from schedc.lints.lint import Compiled, Lint, Settings
from schedc.lints.load import DAY, Bounded, Load, load
from schedc.proof_range import PROOF_START
from schedc.shapes import Field, Integer
from schedc.targets import target as find_target

DAYS = 366


def stampede(compiled: Sequence[Compiled], settings: Settings, sink: Sink) -> None:
    """On no target do more runs start in one minute than the setting.

    Counted are 366 days in UTC from the day on which all that is compiled has begun. Times that a clock change skips
    or repeats are read literally. An allowance takes its schedule out of the count. One warning for a target names the
    worst minute; it belongs to no schedule.
    """
    most = settings["most"]
    allowed = {name: one for name, one in sink.allowances if one.code == rules.STAMPEDE.code}
    known: dict[tuple[str, ...], Load] = {}
    first = first_day(one.schedule for one in compiled)
    for name in dict.fromkeys(one.target for one in compiled):
        every = [one.schedule for one in compiled if one.target == name and not one.schedule.paused]
        kept = [schedule for schedule in every if schedule.name not in allowed]
        for schedules in (every, kept):
            key = tuple(schedule.name for schedule in schedules)
            if key not in known:
                known[key] = load([_bounded(schedule) for schedule in schedules], first, DAYS, most)
        for schedule in every if len(kept) < len(every) else ():
            if schedule.name in allowed and not allowed[schedule.name].used:
                alone = load([_bounded(schedule)], first, DAYS, most).busiest
                crowds = known[tuple(one.name for one in every)].over
                allowed[schedule.name].used = any(alone[crowd.minute] for crowd in crowds)
        found = known[tuple(schedule.name for schedule in kept)]
        if found.over:
            _tell(name, kept, found, most, sink)


def first_day(schedules: Iterable[Schedule]) -> int:
    """The first whole day (since 1970, UTC) on which every schedule has begun, and may have been applied."""
    begun = [PROOF_START]
    for one in schedules:
        begun += [instant for instant in (one.start, one.applied_after) if instant is not None]
    return -(-max(begun) // DAY)


def _bounded(schedule: Schedule) -> Bounded:
    return schedule.trigger, schedule.start, schedule.end


def _tell(target: str, schedules: Sequence[Schedule], found: Load, most: int, sink: Sink) -> None:
    worst = found.over[0]
    at = worst.day * DAY + worst.minute * 60
    crowd = [one for one in schedules if count(*_within(one, at)) > 0]
    days = "every day" if worst.days == DAYS else f"{worst.days} of {DAYS} days"
    notes = [
        f"they are {some(sorted(one.name for one in crowd))}",
        f"{_clock(worst.minute)} UTC has more than {most} on {days}",
    ]
    if len(found.over) > 1:
        notes.append(f"so have {some(_clock(other.minute) for other in found.over[1:])}")
    sink.add(
        rules.STAMPEDE,
        f"{worst.starts} runs start in one minute on {find_target(target).title}: {_clock(worst.minute)} UTC, such as"
        f" {stamp(at)}",
        crowd[0].trigger_place,
        notes=notes,
        help=_help(found.busiest, worst.minute, most),
        target=target,
    )


def _within(schedule: Schedule, at: int) -> tuple[Any, int, int]:
    """The trigger, and the part of a minute that its bounds leave."""
    low, high = at, at + 59
    if schedule.start is not None:
        low = max(low, schedule.start)
    if schedule.end is not None:
        high = min(high, schedule.end)
    return schedule.trigger, low, high


def _help(busiest: Sequence[int], minute: int, most: int) -> str:
    """The nearest minute of the day with the fewest starts, a later one before an earlier one."""
    fewest = min(busiest)
    if fewest >= most:
        return f"run some of them less often: each minute of the day has {fewest} starts or more"
    near = (
        other % len(busiest) for distance in range(len(busiest)) for other in (minute + distance, minute - distance)
    )
    free = next(other for other in near if busiest[other] == fewest)
    return f"spread them: {_clock(free)} UTC {f'has at most {fewest}' if fewest else 'is free'}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


LINT = Lint(
    options=(Field("most", Integer(1), "how many runs may start in one minute", default=10),),
    of_compiled=stampede,
)
