"""What an engine was told, with the model of that engine: one clock that can be asked for the next instant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from schedc.engines import airflow, kubeflow, kubernetes, robfig
from schedc.engines.model import CronError
from schedc.ir import zones
from schedc.ir.calendar import Calendar
from schedc.ir.zones import Zone
from schedc.target import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One engine with the texts that it was given.

    `calendars` are what it reads; it fires at their union. `next` gives its first instant after another (None: no
    more), or None itself where the engine is closed. `plain(i)` says that no search across the transition into
    segment `i` differs from matching the wall clock, none in a gap and both passes of a fold. `local` says that a
    search depends on the clock change only where a wall time in a gap or fold matches. `steps` says that the answer
    can depend on any hour or day at which the search began, and not only on the matches around it.
    """

    title: str
    zone: Zone
    calendars: tuple[Calendar, ...]
    next: Callable[[int], int | None] | None
    previous: Callable[[int], int] | None = None
    plain: Callable[[int], bool]
    local: bool
    steps: bool
    years_ahead: int | None = None


def clocks(told: Told, families: Sequence[str] = ()) -> list[Clock]:
    """The clocks of every version of the engine that may run this. Raises `CronError` with the engine's reason."""
    zone = zones.zone(told.timezone)
    if told.engine == "vertex":
        return [_closed(told, zone)]
    if told.engine == "kubernetes":
        return [_robfig(told, zone, "Kubernetes", kubernetes.read, robfig.next_v3)]
    if told.engine == "kubeflow":
        return [_robfig(told, zone, "Kubeflow", robfig.read_v1, kubeflow.next_fire)]
    if told.engine.startswith("airflow"):
        return [_airflow(told, zone, family) for family in families or ("7",)]
    raise LookupError(f"no proof knows the engine {told.engine}")


def _robfig(told: Told, zone: Zone, title: str, read: Callable[[str], Any], step: Callable[..., int | None]) -> Clock:
    readings = [read(text) for text in told.crons]
    if any(reading.delay is not None for reading in readings):
        raise CronError("`@every` counts from whenever the engine was started")
    return Clock(
        title=title,
        zone=zone,
        calendars=tuple(r.calendar for r in readings),
        next=partial(_first, [partial(step, reading, zone) for reading in readings]),
        plain=partial(robfig.clean_transition, zone),
        local=False,
        steps=True,
        years_ahead=5,
    )


def _airflow(told: Told, zone: Zone, family: str) -> Clock:
    readings = [airflow.read(text, family) for text in told.crons]
    if not all(r.exact for r in readings):
        raise CronError("croniter reads this text as no calendar can say")
    return Clock(
        title=f"Airflow with croniter {family}",
        zone=zone,
        calendars=tuple(r.calendar for r in readings),
        next=partial(_first, [partial(airflow.get_next, reading, zone) for reading in readings]),
        previous=partial(_latest, [partial(airflow.align_to_prev, reading, zone) for reading in readings]),
        plain=lambda i: False,
        local=not any(r.every_hour for r in readings),
        steps=False,
    )


def _closed(told: Told, zone: Zone) -> Clock:
    from schedc.engines.vertex import read

    return Clock(
        title="Vertex AI",
        zone=zone,
        calendars=tuple(read(text).calendar for text in told.crons),
        next=None,
        plain=lambda i: False,
        local=True,
        steps=False,
    )


def _first(steps: list[Callable[[int], int | None]], after: int) -> int | None:
    found = [instant for step in steps if (instant := step(after)) is not None]
    return min(found, default=None)


def _latest(steps: list[Callable[[int], int]], now: int) -> int:
    return max(step(now) for step in steps)
