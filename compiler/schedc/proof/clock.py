"""What an engine was told, with the model of that engine: one clock that can be asked for the next instant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from schedc.engines import airflow, croniter, engine, kubeflow, kubernetes, robfig
from schedc.engines.model import CronError
from schedc.ir import zones
from schedc.ir.calendar import Calendar
from schedc.ir.zones import Zone
from schedc.records import dataclass, replace
from schedc.target import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One engine with the texts that it was given.

    `calendars` are what it reads; it fires at their union. `next` gives its first instant after another (None: no
    more), or None itself where the engine is `closed`. `first` gives the first instant of an engine that was told of
    a start, from what it was told; `previous` the instant that an engine finds that looks back from a moment.

    How a change of the clock can matter: with `steps` the answer can depend on any month, day or hour at which a
    search began; with `elapsed` an instant is reckoned by the time that has passed since the one before; else only a
    match whose wall time lies in a gap or a fold.
    """

    title: str
    zone: Zone
    calendars: tuple[Calendar, ...]
    next: Callable[[int], int | None] | None
    first: Callable[[int], int | None] | None = None
    previous: Callable[[int], int] | None = None
    steps: bool = False
    elapsed: bool = False
    years_ahead: int | None = None
    jumping: tuple[croniter.Reading, ...] = ()
    """Readings whose search for a day can pass over one; nothing but the search itself shows it."""

    @property
    def closed(self) -> bool:
        return self.next is None


def clocks(told: Told, families: Sequence[str] = ()) -> list[Clock]:
    """The clocks of every version of the engine that may run this. Raises `CronError` with the engine's reason."""
    zone = zones.zone(told.timezone)
    if not told.crons:
        raise CronError("nothing says when it fires")
    if told.engine == "vertex":
        return [_closed(told, zone)]
    if told.engine == "kubernetes":
        return [_robfig(told, zone, "Kubernetes", kubernetes.read, robfig.next_v3)]
    if told.engine == "kubeflow":
        return [_robfig(told, zone, "Kubeflow", robfig.read_v1, kubeflow.next_fire)]
    if told.engine.startswith("airflow"):
        return _airflow(told, zone, families or ("7",))
    return [_memoryless(told, zone)]


def _memoryless(told: Told, zone: Zone) -> Clock:
    """An engine whose next instant depends on nothing but the one before it, such as a crontab's."""
    model = engine(told.engine)
    readings = [model.read(text) for text in told.crons]
    return Clock(
        title=model.title,
        zone=zone,
        calendars=tuple(r.calendar for r in readings),
        next=partial(_first, [partial(model.next, reading, zone) for reading in readings]),
    )


def _robfig(told: Told, zone: Zone, title: str, read: Callable[[str], Any], step: Callable[..., int | None]) -> Clock:
    readings = [read(text) for text in told.crons]
    if any(reading.delay is not None for reading in readings):
        raise CronError("`@every` counts from whenever the engine was started")
    after = partial(_first, [partial(step, reading, zone) for reading in readings])
    return Clock(
        title=title,
        zone=zone,
        calendars=tuple(r.calendar for r in readings),
        next=after,
        first=after,
        steps=True,
        years_ahead=5,
    )


def _airflow(told: Told, zone: Zone, families: Sequence[str]) -> list[Clock]:
    """One clock for all families of croniter that read the texts alike."""
    found: list[tuple[tuple[croniter.Reading, ...], Clock]] = []
    for family in families:
        readings = tuple(airflow.read(text, family) for text in told.crons)
        if not all(r.exact for r in readings):
            raise CronError(f"croniter {family} reads this text as no calendar can say")
        if any(all(map(croniter.alike, readings, others)) for others, _ in found):
            continue
        clock = Clock(
            title=f"Airflow with croniter {family}",
            zone=zone,
            calendars=tuple(r.calendar for r in readings),
            next=partial(_first, [partial(airflow.get_next, reading, zone) for reading in readings]),
            first=partial(_first, [partial(airflow.align_to_next, reading, zone) for reading in readings]),
            previous=partial(_latest, [partial(airflow.align_to_prev, reading, zone) for reading in readings]),
            elapsed=any(r.every_hour for r in readings),
            jumping=tuple(r for r in readings if any(s.literal is not None for s in (*r.forward, *r.backward))),
        )
        found.append((readings, clock))
    return [clock for _, clock in found]


def _closed(told: Told, zone: Zone) -> Clock:
    from schedc.engines.vertex import read

    return Clock(title="Vertex AI", zone=zone, calendars=tuple(read(text).calendar for text in told.crons), next=None)


def as_robfig(told: Told) -> Clock:
    """The clock of what a closed engine was told, if it is robfig/cron v3 inside, as many services are."""
    texts = tuple(text.partition(" ")[2] if text.startswith("TZ=") else text for text in told.crons)
    return clocks(replace(told, engine="kubernetes", crons=texts))[0]


def _first(steps: list[Callable[[int], int | None]], after: int) -> int | None:
    found = [instant for step in steps if (instant := step(after)) is not None]
    return min(found, default=None)


def _latest(steps: list[Callable[[int], int]], now: int) -> int:
    return max(step(now) for step in steps)
