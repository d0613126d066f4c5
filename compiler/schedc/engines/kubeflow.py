"""Kubeflow Pipelines: the ScheduledWorkflow controller (the same code from 2.0 to 2.17) over robfig/cron v1.2.0.

The controller asks one question over and over: when is the next run, given when the last one was. `next_run` is that
question and `cron_times` and `periodic_times` are the chains of its answers. The zone is the controller's own, one for
a whole cluster, UTC unless the cluster says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from schedc.engines.model import CronError, Engine
from schedc.engines.robfig import Reading, next_v1, read_v1
from schedc.ir.zones import UTC, Zone
from schedc.records import dataclass

FIRES_FOREVER = (
    "fires for ever: the engine finds no match before the end of the fifth year, and the controller takes its zero "
    "time for a run that is due at once, again and again"
)
HANGS = (
    "hangs: the engine finds no match before the end of the fifth year, and without catch-up the controller then looks "
    "for the last missed run from the year 1 on, again and again"
)


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron trigger in the zone of the controller."""

    reading: Reading
    zone: Zone = UTC


@dataclass(frozen=True, slots=True)
class Periodic:
    """A periodic trigger; the API server refuses an interval (seconds) below 1."""

    interval: int

    def __post_init__(self) -> None:
        if self.interval < 1:
            raise CronError(
                f"Found invalid period schedule interval {self.interval}. Set at interval to least 1 second"
            )


def next_fire(reading: Reading, zone: Zone, t: int) -> int:
    """The first instant after `t` as the engine has it. Raises `CronError` where it hangs or would fire for ever."""
    found = next_v1(reading, zone, t)
    if found is None:
        raise CronError(FIRES_FOREVER)
    return found


def next_run(
    trigger: Cron | Periodic,
    created: int,
    *,
    start: int | None = None,
    end: int | None = None,
    last: int | None = None,
    no_catchup: bool = False,
    now: int = 0,
) -> int | None:
    """When the next run is due (it starts as soon as that is not after `now`); None where no more is to come.

    All times are UTC seconds. `created` is when the recurring run was made, `last` the due time of its last run, `now`
    the controller's clock, which counts only with `no_catchup`. `start` is exclusive for a cron trigger, and a
    periodic one runs first at `start` + interval; `end` is inclusive for both. Raises `CronError` where the controller
    would fire for ever or hang.
    """
    base = last if last is not None else start if start is not None else created
    if isinstance(trigger, Periodic):
        return _next_periodic(trigger.interval, base, start, end, no_catchup, now)
    if start is not None and start > base:
        base = start
    due = next_v1(trigger.reading, trigger.zone, base)
    if due is None:
        # The zero time is before any end, so that an end does not stop it.
        raise CronError(HANGS if no_catchup else FIRES_FOREVER)
    if end is not None and end < due:
        return None
    if not no_catchup:
        return due
    backwards: set[int] = set()
    while True:
        following = next_v1(trigger.reading, trigger.zone, due)
        if following is None:
            # From the year 1 it comes back to this instant if it is past, and else answers with an older one for ever.
            raise CronError(HANGS)
        if following > now or (end is not None and following > end):
            return due
        if following <= due:
            if following in backwards:
                raise CronError("hangs: the engine answers with an instant that is not after the one it was given")
            backwards.add(following)
        due = following


def _next_periodic(
    interval: int, base: int, start: int | None, end: int | None, no_catchup: bool, now: int
) -> int | None:
    if start is not None and start > base:
        # Only where the last run lies before the start; the end is not looked at.
        due = start
    else:
        due = base + interval
        if end is not None and end < due:
            return None
    if no_catchup and now >= due + interval:
        return min(now, end) if end is not None else now
    return due


def cron_times(
    reading: Reading,
    zone: Zone,
    created: int,
    *,
    start: int | None = None,
    end: int | None = None,
    last: int | None = None,
    no_catchup: bool = False,
    now: int = 0,
) -> Iterator[int]:
    """The due times of a cron trigger, each fed back as the last one; raises `CronError` as `next_run` does."""
    return _times(Cron(reading, zone), created, start, end, last, no_catchup, now)


def periodic_times(
    interval: int,
    created: int,
    *,
    start: int | None = None,
    end: int | None = None,
    last: int | None = None,
    no_catchup: bool = False,
    now: int = 0,
) -> Iterator[int]:
    """The due times of a periodic trigger, each fed back as the last one."""
    return _times(Periodic(interval), created, start, end, last, no_catchup, now)


def _times(
    trigger: Cron | Periodic,
    created: int,
    start: int | None,
    end: int | None,
    last: int | None,
    no_catchup: bool,
    now: int,
) -> Iterator[int]:
    while True:
        last = next_run(trigger, created, start=start, end=end, last=last, no_catchup=no_catchup, now=now)
        if last is None:
            return
        yield last


ENGINES = (
    Engine(
        name="kubeflow",
        title="Kubeflow Pipelines 2.0 to 2.17, ScheduledWorkflow controller (robfig/cron v1.2.0)",
        read=read_v1,
        next=next_fire,
    ),
)
