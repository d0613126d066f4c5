from __future__ import annotations

from itertools import islice

from schedc.ir.occurrences import occurrences
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron
from schedc.records import replace

_MOST = 100_000


def max_runs_to_end(schedule: Schedule) -> Schedule | None:
    """A number of runs as an end bound, where no run can be missed, skipped or given up: each instant is one run."""
    surely_all = (
        schedule.catchup is Catchup.ALL
        and schedule.start is not None
        and schedule.start_deadline is None
        and schedule.overlap in (None, Overlap.ALLOW, Overlap.QUEUE)
    )
    if schedule.max_runs is None or schedule.max_runs > _MOST or not surely_all:
        return None
    if isinstance(schedule.trigger, Cron) and _leaves_open(schedule):
        return None
    counted = list(islice(occurrences(schedule.trigger, schedule.start, schedule.end), schedule.max_runs))
    end = counted[-1] if len(counted) == schedule.max_runs else schedule.end
    return replace(schedule, max_runs=None, end=end)


def _leaves_open(schedule: Schedule) -> bool:
    """Whether the count depends on what a target does at a clock change."""
    from schedc.ir.occurrences import irregular
    from schedc.ir.zones import zone

    trigger = schedule.trigger
    assert isinstance(trigger, Cron)
    assert schedule.max_runs is not None
    assert schedule.start is not None
    if trigger.calendar.every_hour or (trigger.gap is not None and trigger.fold is not None):
        return False
    counted = list(islice(occurrences(trigger, schedule.start, schedule.end), schedule.max_runs))
    last = counted[-1] if counted else schedule.start
    return next(iter(irregular(trigger.calendar, zone(trigger.timezone), schedule.start, last)), None) is not None
