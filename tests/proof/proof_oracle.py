"""What a deployed artifact really does, by following an engine's model; it shares nothing with the proof.

`wrong` gives the first instant at which an engine and its schedule part, other than by a choice that was left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from schedc.engines import airflow, kubeflow, kubernetes, robfig, vertex
from schedc.engines.model import CronError
from schedc.ir import zones
from schedc.ir.occurrences import irregular, occurrences
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron, Fold, Gap
from schedc.target import Told

Wrong = tuple[str, int] | None
_BEGINNING = -1 << 40
_MOST = 2500


def wrong(
    schedule: Schedule, told: Told, origins: Iterable[int], until: int, families: Iterable[str] = ("7",)
) -> Wrong:
    """Follows the engine from each origin (a moment of application) to `until` (UTC seconds)."""
    for origin in origins:
        if schedule.applied_after is not None and origin < schedule.applied_after:
            continue
        for family in families:
            found = _from(schedule, told, origin, until, family)
            if found is not None:
                return found
    return None


def _from(schedule: Schedule, told: Told, origin: int, until: int, family: str) -> Wrong:
    if told.engine == "vertex":
        return _vertex(schedule, told, origin, until)
    if told.engine == "kubernetes":
        return _kubernetes(schedule, told, origin, until)
    if told.engine == "kubeflow":
        return _kubeflow(schedule, told, origin, until)
    return _airflow(schedule, told, origin, until, family)


def compare(schedule: Schedule, found: Iterable[int], low: int, high: int) -> Wrong:
    """The engine's instants from `low` to `high` against the schedule's."""
    trigger = schedule.trigger
    start = max(low, schedule.start if schedule.start is not None else _BEGINNING)
    end = high if schedule.end is None else min(high, schedule.end)
    want = []
    for instant in occurrences(trigger, start, end):
        want.append(instant)
        if len(want) > _MOST:
            end = high = instant
            break
    if schedule.max_runs is not None and low <= start:
        want = want[: schedule.max_runs]
    listed = list(takewhile(lambda instant: instant <= high, found))
    have = set(listed)
    if len(have) != len(listed):
        return "twice", next(i for i in listed if listed.count(i) > 1)
    wanted = set(want)
    allowed: set[int] = set()
    spared: set[int] = set()
    if isinstance(trigger, Cron):
        where = zones.zone(trigger.timezone)
        for match in irregular(trigger.calendar, where, low - 200_000, high + 200_000):
            if (trigger.gap if match.in_gap else trigger.fold) is None:
                allowed.update(i for i in match.possible if start <= i <= end)
                cut = any(not start <= i <= end for i in match.passes)
                if not match.in_gap and (cut or have.intersection(match.passes)):
                    spared.update(match.passes)
    extra, lost = sorted(have - wanted - allowed), sorted(wanted - have - spared)
    if extra and (not lost or extra[0] < lost[0]):
        return "extra", extra[0]
    return ("lost", lost[0]) if lost else None


def _kubernetes(schedule: Schedule, told: Told, origin: int, until: int) -> Wrong:
    zone = zones.zone(told.timezone)
    readings = [kubernetes.read(text) for text in told.crons]
    chains = [i for reading in readings for i in _chain(lambda t, r=reading: robfig.next_v3(r, zone, t), origin, until)]
    cut = sorted(chains)[:_MOST]
    return compare(schedule, cut, origin + 1, cut[-1] if len(cut) == _MOST else until)


def _chain(step: object, at: int, until: int) -> Iterator[int]:
    count = 0
    while count < _MOST:
        try:
            following = step(at)  # type: ignore[operator]
        except CronError:
            return
        if following is None or following > until:
            return
        yield following
        if following <= at:
            yield following
            return
        at = following
        count += 1


def _kubeflow(schedule: Schedule, told: Told, origin: int, until: int) -> Wrong:
    zone = zones.zone(told.timezone)
    if told.period is not None:
        trigger: kubeflow.Cron | kubeflow.Periodic = kubeflow.Periodic(told.period)
    else:
        trigger = kubeflow.Cron(robfig.read_v1(told.crons[0]), zone)
    last: int | None = None
    found: list[int] = []
    now = origin
    ended = False
    while len(found) < _MOST:
        try:
            due = kubeflow.next_run(
                trigger, origin, start=told.start, end=told.end, last=last, no_catchup=not told.catchup, now=now
            )
        except CronError:
            return "fires for ever", last or origin
        if due is None or due > until:
            ended = True
            break
        if last is not None and due <= last:
            return "stuck", due
        found.append(due)
        last = due
        now = max(now, due)
    low = found[0] if not told.catchup and found else origin + 1
    if told.catchup:
        low = _BEGINNING
    elif found and found[0] > origin:
        low = origin + 1
    if not ended and found:
        until = found[-1]
    return compare(schedule, found, low, until)


def _airflow(schedule: Schedule, told: Told, origin: int, until: int, family: str) -> Wrong:
    zone = zones.zone(told.timezone)
    timetable: airflow.Timetable
    if told.period is not None:
        timetable = airflow.DeltaTrigger(told.period)
    elif len(told.crons) == 1:
        timetable = airflow.CronTrigger(airflow.read(told.crons[0], family))
    else:
        timetable = airflow.MultipleCronTrigger(tuple(airflow.read(text, family) for text in told.crons))
    last: airflow.Run | None = None
    found: list[int] = []
    now = origin
    while len(found) < _MOST:
        try:
            run = airflow.next_dagrun(
                timetable, zone, start=told.start, end=told.end, catchup=told.catchup, last=last, now=now
            )
        except CronError:
            break
        if run is None or run[1] > until:
            break
        if last is not None and run[1] <= last[1]:
            return "stuck", run[1]
        found.append(run[1])
        last = run
        now = max(now, run[1])
    low = _BEGINNING if told.catchup else origin + 1
    if found and not told.catchup and found[0] <= origin:
        low = found[0]
    if len(found) >= _MOST:
        until = found[-1]
    return compare(schedule, found, low, until)


def _vertex(schedule: Schedule, told: Told, origin: int, until: int) -> Wrong:
    """Every documented reading, with either meaning of each bound."""
    reading = vertex.read(told.crons[0])
    for gap in Gap:
        for fold in Fold:
            for inner in (0, 1):
                start = origin + 1 if told.start is None else told.start + inner
                end = until if told.end is None else min(until, told.end - inner)
                trigger = Cron(reading.calendar, reading.timezone or "UTC", gap, fold)
                found = list(occurrences(trigger, start, end))[:_MOST]
                if told.max_runs is not None:
                    found = found[: told.max_runs]
                low = _BEGINNING if told.start is not None else start
                if len(found) == _MOST:
                    result = compare(schedule, found, low, found[-1])
                else:
                    result = compare(schedule, found, low, until)
                if result is not None:
                    return result
    return None
