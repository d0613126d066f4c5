"""Compares the runs that a scheduler made of a DAG with the schedule that the DAG was compiled from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from airflow_database import Planned, Run
from schedc.ir.occurrences import last_before, next_after, occurrences
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.stamps import stamp

LATE = 15
"""Seconds by which a busy scheduler may be late."""


def differences(schedule: Schedule, dag: Planned, began: float, read: float, state: str = "success") -> list[str]:
    """What the scheduler did otherwise than the schedule says; it was started and asked at two UTC seconds.

    `state` is what is to become of each run.
    """
    return [
        *_instants(schedule, dag, int(began), int(read)),
        *_plan(schedule, dag),
        *_order(dag.runs),
        *_limit(schedule, dag.runs),
        *(f"{stamp(run.at)} came to {run.state}, and not to {state}" for run in dag.runs if run.state != state),
    ]


def _instants(schedule: Schedule, dag: Planned, began: int, read: int) -> Iterator[str]:
    if dag.paused != schedule.paused:
        yield "it is paused" if dag.paused else "it is not paused"
    if schedule.paused:
        yield from (f"{stamp(run.at)} was run while it is paused" for run in dag.runs)
        return
    everything = schedule.catchup is Catchup.ALL
    end = read if schedule.end is None else min(schedule.end, read)
    inside = set(occurrences(schedule.trigger, _first(schedule, dag, began), end))
    latest = last_before(schedule.trigger, began + 1)
    for run in dag.runs:
        if run.kind != "scheduled" or run.due != run.at:
            yield f"{stamp(run.at)} is a {run.kind} run, due at {stamp(run.due)}"
        if run.at not in inside:
            yield f"{stamp(run.at)} is no instant of it"
        elif not everything and latest is not None and run.at < latest:
            yield f"{stamp(run.at)} was missed, and is not the latest"
    runs = [run.at for run in dag.runs]
    yield from (f"{stamp(at)} was run twice" for at in sorted(inside) if runs.count(at) > 1)
    for at in sorted(inside - set(runs)):
        if at <= read - LATE and (everything or _was_awake(dag.runs, at, began)):
            yield f"no run at {stamp(at)}"


def _was_awake(runs: tuple[Run, ...], at: int, began: int) -> bool:
    """Whether a scheduler was there for an instant: not before its first run, nor while it was late with another."""
    first = runs[0].at if runs else began
    return at > first and not any(run.at < at <= run.made for run in runs)


def _first(schedule: Schedule, dag: Planned, began: int) -> int | None:
    """From where on instants are looked for: the start, or else the first run or the latest that was missed."""
    if schedule.catchup is Catchup.ALL:
        return schedule.start
    latest = last_before(schedule.trigger, began + 1)
    first = min([began if latest is None else latest, *(run.at for run in dag.runs)])
    return first if schedule.start is None else max(first, schedule.start)


def _plan(schedule: Schedule, dag: Planned) -> Iterator[str]:
    """A scheduler that is idle knows the run that comes next, or that there is none."""
    if not dag.runs:
        return
    after = next_after(schedule.trigger, max(run.at for run in dag.runs))
    wanted = after if after is None or schedule.end is None or after <= schedule.end else None
    if dag.next != wanted:
        yield f"{_or_none(dag.next)} comes next, and not {_or_none(wanted)}"


def _or_none(instant: int | None) -> str:
    return "nothing" if instant is None else stamp(instant)


def _order(runs: tuple[Run, ...]) -> Iterator[str]:
    for one, other in pairwise(runs):
        if other.at < one.at:
            yield f"{stamp(other.at)} was run after {stamp(one.at)}"


def most_active(runs: tuple[Run, ...]) -> int:
    """How many runs were active at a time; one that begins when another ends is active after it."""
    events = [(run.began, 1) for run in runs if run.began is not None]
    events += [(run.ended, -1) for run in runs if run.ended is not None]
    active = most = 0
    for _, change in sorted(events):
        active += change
        most = max(most, active)
    return most


def _limit(schedule: Schedule, runs: tuple[Run, ...]) -> Iterator[str]:
    if schedule.max_active_runs is not None and most_active(runs) > schedule.max_active_runs:
        yield f"{most_active(runs)} runs active at a time, and not {schedule.max_active_runs}"
