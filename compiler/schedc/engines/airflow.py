"""Airflow's timetables over croniter: when a DAG runs, with Airflow's own rules for clock changes.

The rules are the same in Airflow 2.11 and 3: croniter searches the naive wall clock and Airflow puts the zone back. A
wall time in a gap moves later by the gap and one in a fold means its second pass; only where the hour field is a bare
`*` the distance on the wall is added to the instant instead.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import partial

from schedc.engines import croniter
from schedc.engines.croniter import Reading, next_wall, previous_wall
from schedc.engines.model import CronError, Engine
from schedc.ir.zones import Zone
from schedc.records import dataclass

__all__ = [
    "ENGINES",
    "CronDataInterval",
    "CronTrigger",
    "DeltaDataInterval",
    "DeltaTrigger",
    "MultipleCronTrigger",
    "Timetable",
    "align_to_next",
    "align_to_prev",
    "first_run",
    "get_next",
    "get_prev",
    "localize",
    "next_dagrun",
    "read",
]

_PRESETS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
}
_TWO_DAYS = 172_800


def read(text: str, family: str = "7") -> Reading:
    """Read an expression or a preset such as `@quarterly`. Raises `CronError` with the reason."""
    return croniter.read(_PRESETS.get(text, text), family)


def localize(zone: Zone, wall: int) -> int:
    """The instant that Airflow takes a naive wall time for."""
    starts, offsets = zone.starts, zone.offsets
    at = bisect_right(starts, wall - _TWO_DAYS) - 1
    at = max(at, 0)
    count = len(starts)
    early = late = at
    while at + 1 < count and starts[at + 1] <= wall + _TWO_DAYS:
        before, after = offsets[at], offsets[at + 1]
        at += 1
        if starts[at] + max(before, after) <= wall:
            early = at
        if starts[at] + min(before, after) <= wall:
            late = at
    if offsets[late] > offsets[early]:
        return wall - offsets[early]
    return wall - offsets[late]


def get_next(reading: Reading, zone: Zone, instant: int) -> int:
    """The run after an instant, as the timetables reckon it. Raises `CronError` where croniter gives up."""
    wall = zone.wall(instant)
    found = next_wall(reading, wall)
    return instant + found - wall if reading.every_hour else localize(zone, found)


def get_prev(reading: Reading, zone: Zone, instant: int) -> int:
    """The run before an instant, as the timetables reckon it. Raises `CronError` where croniter gives up."""
    wall = zone.wall(instant)
    found = previous_wall(reading, wall)
    return instant + found - wall if reading.every_hour else localize(zone, found)


def align_to_next(reading: Reading, zone: Zone, instant: int) -> int:
    """The instant itself where a run's predecessor leads back to it, else the run after it."""
    following = get_next(reading, zone, instant)
    return instant if get_prev(reading, zone, following) == instant else following


def align_to_prev(reading: Reading, zone: Zone, instant: int) -> int:
    """The instant itself where a run's successor leads back to it, else the run before it."""
    preceding = get_prev(reading, zone, instant)
    return instant if get_next(reading, zone, preceding) == instant else preceding


def first_run(reading: Reading, zone: Zone, now: int) -> int:
    """The first run of a DAG without a start date: the latest past slot if it is recent, else the next one."""
    past, following = align_to_prev(reading, zone, now), align_to_next(reading, zone, now)
    recent = (now - past) * 10 <= max(following - past, 3000)
    return past if recent else following


@dataclass(frozen=True, slots=True)
class CronTrigger:
    """`CronTriggerTimetable`: runs at each match."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class CronDataInterval:
    """`CronDataIntervalTimetable`: a match is a logical date, and the run comes at the match after it."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class DeltaTrigger:
    """`DeltaTriggerTimetable`: runs every so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class DeltaDataInterval:
    """`DeltaDataIntervalTimetable`: intervals of so many seconds, each run at its end."""

    seconds: int


@dataclass(frozen=True, slots=True)
class MultipleCronTrigger:
    """`MultipleCronTriggerTimetable`: the union of several `CronTrigger`."""

    readings: tuple[Reading, ...]


Timetable = CronTrigger | CronDataInterval | DeltaTrigger | DeltaDataInterval | MultipleCronTrigger
Run = tuple[int, int]
"""The logical date and the instant from which the run may start."""


def next_dagrun(
    timetable: Timetable,
    zone: Zone,
    *,
    start: int | None = None,
    end: int | None = None,
    catchup: bool = False,
    last: Run | None = None,
    now: int = 0,
    major: int = 3,
) -> Run | None:
    """The run that Airflow plans after the `last` one, None where the timetable says that there is no more.

    `start` and `end` are the DAG's dates; `now` only matters without catch-up or without a start. `major` is Airflow's
    release: 2 plans nothing without a start if it is to catch up, and repeats an interval where 3 fails because the
    clock sent it back. Raises `CronError` where the timetable fails, after which the DAG never runs again.
    """
    match timetable:
        case MultipleCronTrigger(readings):
            each = [_trigger(CronTrigger(r), zone, start, end, catchup, last, now, major) for r in readings]
            found = [instant for instant in each if instant is not None]
            if not found:
                return None
            due = [] if catchup else [instant for instant in found if instant <= now]
            chosen = max(due) if due else min(found)
            return chosen, chosen
        case CronTrigger() | DeltaTrigger():
            triggered = _trigger(timetable, zone, start, end, catchup, last, now, major)
            return None if triggered is None else (triggered, triggered)
        case _:
            return _interval(timetable, zone, start, end, catchup, last, now, major)


def _trigger(
    timetable: CronTrigger | DeltaTrigger,
    zone: Zone,
    start: int | None,
    end: int | None,
    catchup: bool,
    last: Run | None,
    now: int,
    major: int,
) -> int | None:
    if catchup:
        if last is not None:
            instant = _next(timetable, zone, last[1])
        elif start is None and major < 3:
            return None
        elif start is None:
            instant = _first_run(timetable, zone, now)
        else:
            instant = _align_to_next(timetable, zone, start)
    else:
        candidates = [_align_to_prev(timetable, zone, now)]
        if last is not None:
            candidates.append(_next(timetable, zone, last[1]))
        elif start is None and major >= 3:
            candidates.append(_first_run(timetable, zone, now))
        if start is not None:
            candidates.append(_align_to_next(timetable, zone, start))
        instant = max(candidates)
    return None if end is not None and end < instant else instant


def _interval(
    timetable: CronDataInterval | DeltaDataInterval,
    zone: Zone,
    start: int | None,
    end: int | None,
    catchup: bool,
    last: Run | None,
    now: int,
    major: int,
) -> Run | None:
    earliest = start
    if not catchup:
        earliest = _skip_to_latest(timetable, zone, start, now)
    elif start is not None:
        earliest = _align_to_next(timetable, zone, start)
    if last is None:
        if earliest is None:
            return None
        begin = earliest
    else:
        begin = _align_to_prev(timetable, zone, last[1])
        if earliest is not None:
            begin = max(begin, earliest)
        if major >= 3 and begin <= last[0]:
            begin = _next(timetable, zone, begin)
            if begin <= last[0]:
                raise CronError("timetable did not advance past the last run after one retry")
    if end is not None and begin > end:
        return None
    return begin, _next(timetable, zone, begin)


def _skip_to_latest(timetable: CronDataInterval | DeltaDataInterval, zone: Zone, start: int | None, now: int) -> int:
    if isinstance(timetable, DeltaDataInterval):
        begin = now - now % timetable.seconds - timetable.seconds
        return begin if start is None else max(begin, start)
    reading = timetable.reading
    before = get_prev(reading, zone, now)
    following = get_next(reading, zone, before)
    if following < now:
        raise CronError("next schedule shouldn't be earlier")
    begin = before if following == now else get_prev(reading, zone, before)
    return begin if start is None else max(begin, align_to_next(reading, zone, start))


def _next(timetable: CronTrigger | DeltaTrigger | CronDataInterval | DeltaDataInterval, zone: Zone, at: int) -> int:
    if isinstance(timetable, DeltaTrigger | DeltaDataInterval):
        return at + timetable.seconds
    return get_next(timetable.reading, zone, at)


def _align_to_next(
    timetable: CronTrigger | DeltaTrigger | CronDataInterval | DeltaDataInterval, zone: Zone, at: int
) -> int:
    if isinstance(timetable, DeltaTrigger | DeltaDataInterval):
        return at
    return align_to_next(timetable.reading, zone, at)


def _align_to_prev(
    timetable: CronTrigger | DeltaTrigger | CronDataInterval | DeltaDataInterval, zone: Zone, at: int
) -> int:
    if isinstance(timetable, DeltaTrigger | DeltaDataInterval):
        return at
    return align_to_prev(timetable.reading, zone, at)


def _first_run(timetable: CronTrigger | DeltaTrigger, zone: Zone, now: int) -> int:
    return now if isinstance(timetable, DeltaTrigger) else first_run(timetable.reading, zone, now)


_RELEASES = (
    ("airflow", "7", "Airflow 3, CronTriggerTimetable, croniter 7"),
    ("airflow-2", "7", "Airflow 2.11, CronTriggerTimetable, croniter 7"),
    ("airflow-croniter-6", "6.2", "Airflow, CronTriggerTimetable, croniter 6.2"),
    ("airflow-croniter-6.0", "6.0", "Airflow, CronTriggerTimetable, croniter 6.0"),
    ("airflow-croniter-5", "5", "Airflow, CronTriggerTimetable, croniter 5.0"),
    ("airflow-croniter-3", "3", "Airflow, CronTriggerTimetable, croniter up to 3.0"),
)
ENGINES = tuple(
    Engine(name=name, title=title, read=partial(read, family=family), next=get_next)
    for name, family, title in _RELEASES
)
