"""A Kubernetes CronJob: what the API server accepts, and what the CronJob controller (v2) starts and when.

The schedule is robfig/cron v3.0.1. The decisions of the controller are those of `mostRecentScheduleTime` and
`syncCronJob`; they look back from *now* and start at most one Job, the newest missed one.
"""

from __future__ import annotations

import re
from typing import Literal

from schedc.engines.model import CronError, Engine
from schedc.engines.robfig import Reading, next_v3, read_v3
from schedc.ir import zones
from schedc.ir.calendar import never
from schedc.ir.zones import Zone
from schedc.patterns import pattern
from schedc.records import dataclass

Policy = Literal["Allow", "Forbid", "Replace"]
Missed = Literal["none", "few", "many"]
Outcome = Literal["start", "nothing due", "too late", "already started", "still active", "invalid schedule"]

TOO_MANY_MISSED = 100
_HANGS = "hangs: the controller never finds an instant after now, since the engine's answers do not grow"
_LESS_THAN_A_SECOND = "time difference between two schedules is less than 1 second"
_ZONE_PART = pattern(r"[A-Za-z.\-_0-9+]{1,14}", re.ASCII)


def read(text: str) -> Reading:
    """Read a schedule as the API server does when a CronJob is created. Raises `CronError` with its words."""
    problem = schedule_problem(text)
    if problem is not None:
        raise CronError(problem)
    return read_v3(text)


def schedule_problem(text: str) -> str | None:
    """Why the API server refuses a `schedule` on creation, or None. It does not ask whether a schedule ever fires."""
    if not text:
        return "Required value"
    if "TZ" in text:
        return "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
    try:
        read_v3(text)
    except CronError as error:
        return str(error)
    return None


def time_zone_problem(name: str | None) -> str | None:
    """Why the API server refuses a `timeZone`, or None. A missing one is accepted: the controller's own zone then.

    The zones that exist are those of the pinned tzdata; a cluster has its own.
    """
    if name is None:
        return None
    if not name:
        return "timeZone must be nil or non-empty string"
    for part in name.split("/"):
        if part in (".", "..") or part.startswith("-") or not _ZONE_PART.fullmatch(part):
            return f"unknown time zone {name}"
    if name.lower() == "local":
        return "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
    if name not in zones.names():
        return f"unknown time zone {name}"
    return None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the controller finds when it looks back: where its search began, the newest tick that is due, the others.

    `missed` is its rough count of missed ticks: "many" is above 100 and only makes a warning event.
    """

    origin: int
    newest: int | None
    missed: Missed


@dataclass(frozen=True, slots=True)
class Decision:
    """What the controller does in one sync. `scheduled` is the tick that it decided about, if it found one.

    Only "start" starts a Job, and only then does the last schedule time become `scheduled`.
    """

    outcome: Outcome
    scheduled: int | None = None
    replaces_active: bool = False
    too_many_missed: bool = False


def backlog(
    reading: Reading, zone: Zone, *, created: int, now: int, last: int | None = None, deadline: int | None = None
) -> Backlog:
    """The newest tick that is due at `now`, as the controller estimates it. Times are UTC seconds.

    `last` is the last schedule time, `deadline` is startingDeadlineSeconds. Irregular schedules can have a due tick
    that is not found. Raises `CronError` where the controller calls the schedule invalid or hangs.
    """
    origin = created if last is None else last
    if deadline is not None:
        origin = max(origin, now - deadline)
    first = next_v3(reading, zone, origin)
    if first is None:
        if reading.delay is None and never(reading.calendar):
            raise CronError(_LESS_THAN_A_SECOND)
        raise CronError(_HANGS)
    second = next_v3(reading, zone, first)
    if now < first:
        return Backlog(origin, None, "none")
    if second is not None and now < second:
        return Backlog(origin, first, "none")
    if second is None or second <= first:
        raise CronError(_LESS_THAN_A_SECOND)
    spacing = second - first
    count = (now - first) // spacing + 1
    newest = None
    tick = next_v3(reading, zone, first + (count - 2) * spacing)
    while tick is None or tick <= now:
        if tick is None or (newest is not None and tick <= newest):
            raise CronError(_HANGS)
        newest = tick
        tick = next_v3(reading, zone, tick)
    return Backlog(origin, newest, "many" if count > TOO_MANY_MISSED else "few")


def next_sync(reading: Reading, zone: Zone, *, created: int, now: int, last: int | None = None) -> int | None:
    """The tick that the controller waits for after a sync at `now` (it wakes 100 ms after); None: it never wakes."""
    try:
        found = backlog(reading, zone, created=created, now=now, last=last)
    except CronError as error:
        if str(error) == _HANGS:
            raise
        return next_v3(reading, zone, now)
    if found.newest is not None:
        return next_v3(reading, zone, found.newest)
    return next_v3(reading, zone, found.origin if found.missed == "none" else now)


def missed_run(
    reading: Reading,
    zone: Zone,
    *,
    created: int,
    now: int,
    last: int | None = None,
    deadline: int | None = None,
    policy: Policy = "Allow",
    active: int = 0,
) -> Decision:
    """What one sync at `now` does, with `active` Jobs of this CronJob still running. Times are UTC seconds.

    A tick in the second of creation is not run. A `deadline` of 0 never starts anything.
    """
    try:
        found = backlog(reading, zone, created=created, now=now, last=last, deadline=deadline)
    except CronError as error:
        if str(error) == _HANGS:
            raise
        return Decision("invalid schedule")
    scheduled = found.newest
    if scheduled is None or scheduled > now:
        return Decision("nothing due")
    many = found.missed == "many"
    if deadline is not None and scheduled + deadline < now:
        return Decision("too late", scheduled, too_many_missed=many)
    if scheduled == last:
        return Decision("already started", scheduled, too_many_missed=many)
    if policy == "Forbid" and active:
        return Decision("still active", scheduled, too_many_missed=many)
    return Decision("start", scheduled, replaces_active=policy == "Replace" and active > 0, too_many_missed=many)


def job_name(cronjob: str, scheduled: int) -> str:
    """The name of the Job for a tick: its minute, so that there is at most one Job a minute."""
    return f"{cronjob}-{scheduled // 60}"


ENGINES = (
    Engine(
        name="kubernetes",
        title="Kubernetes CronJob controller v2 (robfig/cron v3.0.1)",
        read=read,
        next=next_v3,
    ),
)
