"""When engines fire that are given what another tool sends, by the models of these engines.

What was sent is the tool's own data, as the workers of tests/engines/peers noted it. An engine is followed from a
moment of deployment. A zone that nobody sends is UTC, as on a cluster or a service that nobody changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from typing import Any

from schedc.engines import airflow, kubeflow, kubernetes, robfig, vertex
from schedc.engines.model import CronError
from schedc.ir import zones
from schedc.ir.occurrences import occurrences
from schedc.ir.triggers import Cron

Sent = Mapping[str, Any]
_WEEK = 7 * 86_400
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_CLOSED = "not documented; robfig/cron v3 and croniter, which stand for it here, "


@dataclass(frozen=True, slots=True, kw_only=True)
class Fires:
    """The instants that an engine runs up to a limit, and which of the schedule's fields it was told of.

    `counted_from` is the first instant that counts: what an engine makes up for when it is deployed is not compared.
    """

    instants: list[int]
    counted_from: int
    has_start: bool = False
    has_end: bool = False
    catches_up: bool = False
    timezone: str = "UTC"
    guessed: bool = False
    """The engine is closed, and two others answered for it, with the same answer."""


def instant(text: str) -> int:
    """UTC seconds of an ISO time; one without an offset is in UTC."""
    found = datetime.fromisoformat(text)
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def fires(target: str, sent: Sent, deployed: int, until: int) -> Fires:
    """What comes of it up to `until`. Raises `CronError` where the engine refuses the text, hangs or runs for ever."""
    return _TARGETS[target](sent, deployed, until)


def _kubernetes(
    sent: Sent, deployed: int, until: int, read: Callable[[str], robfig.Reading] = kubernetes.read
) -> Fires:
    name = sent.get("timeZone") or sent.get("timezone") or "UTC"
    reading = read(sent["schedule"])
    return Fires(
        instants=list(_chain(lambda t: robfig.next_v3(reading, zones.zone(name), t), deployed, until)),
        counted_from=deployed + 1,
        timezone=name,
    )


def _chain(step: Callable[[int], int | None], at: int, until: int) -> Iterator[int]:
    while (following := step(at)) is not None and at < following <= until:
        yield following
        at = following


def _kubeflow(sent: Sent, deployed: int, until: int) -> Fires:
    kind, told = next(iter(sent["trigger"].items()))
    trigger: kubeflow.Cron | kubeflow.Periodic
    if kind == "periodic_schedule":
        trigger = kubeflow.Periodic(told["interval_second"])
    else:
        trigger = kubeflow.Cron(robfig.read_v1(told["cron"]))
    start = instant(told["start_time"]) if "start_time" in told else None
    end = instant(told["end_time"]) if "end_time" in told else None
    late = sent["no_catchup"]
    found: list[int] = []
    now = deployed
    while True:
        last = found[-1] if found else None
        due = kubeflow.next_run(trigger, deployed, start=start, end=end, last=last, no_catchup=late, now=now)
        if due is None or due > until:
            break
        if last is not None and due <= last:
            raise CronError("runs the same instant again and again")
        found.append(due)
        now = max(now, due)
    return Fires(
        instants=found,
        counted_from=deployed + 1,
        has_start=start is not None,
        has_end=end is not None,
        catches_up=not late,
    )


def _airflow(sent: Sent, deployed: int, until: int) -> Fires:
    """Airflow 3, whose timetables of a text or a duration run at each match; a time without an offset is in UTC."""
    text = sent["schedule"]
    matched = _DURATION.fullmatch(text)
    timetable: airflow.Timetable
    if matched:
        days, hours, minutes, seconds = (int(part or 0) for part in matched.groups())
        timetable = airflow.DeltaTrigger(days * 86_400 + hours * 3600 + minutes * 60 + seconds)
    else:
        timetable = airflow.CronTrigger(airflow.read(text))
    given = sent.get("start_date")
    start = instant(given) if given else deployed - sent["start_date_seconds_ago"]
    end = instant(sent["end_date"]) if sent.get("end_date") else None
    runs = _runs(timetable, start, end, sent["catchup"], deployed, until, 3)
    return Fires(
        instants=runs,
        counted_from=deployed - _WEEK if sent["catchup"] and not given else deployed + 1,
        has_start=bool(given),
        has_end=end is not None,
        catches_up=sent["catchup"],
    )


def _airflow2(sent: Sent, deployed: int, until: int) -> Fires:
    """Airflow 2, whose timetable of a text runs at the end of each interval, and so not at the first match."""
    timetable = airflow.CronDataInterval(airflow.read(sent["schedule_interval"]))
    runs = _runs(timetable, deployed, None, True, deployed, until, 2)
    first = runs[0] if runs else deployed
    return Fires(instants=runs, counted_from=first, catches_up=True)


def _runs(
    timetable: airflow.Timetable, start: int, end: int | None, catchup: bool, deployed: int, until: int, major: int
) -> list[int]:
    found: list[int] = []
    last: airflow.Run | None = None
    now = deployed
    utc = zones.zone("UTC")
    while True:
        run = airflow.next_dagrun(
            timetable, utc, start=start, end=end, catchup=catchup, last=last, now=now, major=major
        )
        if run is None or run[1] > until:
            return found
        if last is not None and run[1] <= last[1]:
            raise CronError("runs the same instant again and again")
        found.append(run[1])
        last, now = run, max(now, run[1])


def _vertex(sent: Sent, deployed: int, until: int) -> Fires:
    """What a text means that is in what all dialects share; else what two engines make of it, if that is one thing."""
    start = instant(sent["startTime"]) if "startTime" in sent else None
    end = instant(sent["endTime"]) if "endTime" in sent else None
    low, high = deployed + 1 if start is None else start, until if end is None else min(until, end)
    name, text = "UTC", sent["cron"]
    if text.startswith("TZ="):
        name, _, text = text.removeprefix("TZ=").partition(" ")
    try:
        reading = vertex.read_without_zone(text)
    except CronError:
        found, guessed = _by_others(text, name, low, high), True
    else:
        found, guessed = list(occurrences(Cron(reading.calendar, name), low, high)), False
    return Fires(
        instants=found,
        counted_from=low,
        has_start=start is not None,
        has_end=end is not None,
        timezone=name,
        guessed=guessed,
    )


def _by_others(text: str, name: str, low: int, high: int) -> list[int]:
    zone = zones.zone(name)
    answers: list[list[int]] = []
    refusals: list[str] = []
    for who, read, step in (
        ("robfig/cron v3", robfig.read_v3, robfig.next_v3),
        ("croniter", airflow.read, airflow.get_next),
    ):
        try:
            reading: Any = read(text)
            chain = _chain(lambda t, r=reading, s=step: s(r, zone, t), low - 1, high)  # type: ignore[misc]
            answers.append(list(chain))
        except CronError:
            refusals.append(who)
    if refusals:
        both = len(refusals) == 2
        raise CronError(_CLOSED + ("both refuse it" if both else f"differ: {refusals[0]} refuses it"))
    if answers[0] != answers[1]:
        raise CronError(_CLOSED + "differ in when it fires")
    return list(takewhile(lambda at: at <= high, answers[0]))


_TARGETS: dict[str, Callable[[Sent, int, int], Fires]] = {
    "airflow": _airflow,
    "airflow 2": _airflow2,
    "kubernetes": _kubernetes,
    "argo": partial(_kubernetes, read=robfig.read_v3),
    "kubeflow": _kubeflow,
    "vertex": _vertex,
}
