"""Schedules for the tests of the proof: built without a front end, compiled for real, and random ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from schedc.capabilities import requirements
from schedc.checks import check
from schedc.compile import compile_schedule
from schedc.diagnostics import Diagnostic
from schedc.diagnostics.sink import Sink
from schedc.frontend.cron_expression import read_cron
from schedc.ir.calendar import Calendar
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Once, Trigger
from schedc.ir.workload import Container
from schedc.node import Entry, Node
from schedc.source import SourceFile, Span
from schedc.target import Deployed
from schedc.targets import target

TARGETS = ("airflow", "kubernetes", "kubeflow", "vertex")
START, END = 1_767_225_600, 4_102_444_799
CONTAINER = Container(image="ghcr.io/acme/churn:1.4.0", command=("python", "-m", "churn.train"))
VERTEX = {"project": "acme-ml", "location": "europe-west4", "gcs_output_directory": "gs://acme-runs/churn"}
ODD_ZONES = (
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "America/Havana",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "Atlantic/Azores",
    "Antarctica/Troll",
    "Africa/Casablanca",
)
EVEN_ZONES = ("Europe/Amsterdam", "America/New_York", "Europe/Dublin", "Australia/Sydney", "America/St_Johns")
FIXED_ZONES = ("UTC", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Kiritimati")
_SPAN = Span(SourceFile("churn.yaml", "schedules:\n"), 0, 9)


def calendar(text: str) -> Calendar:
    found, mistakes = read_cron(text)
    assert found is not None, mistakes
    return found


def node(data: Any) -> Node:
    """Plain data as what was written, all of it at one place."""
    if isinstance(data, Mapping):
        return Node({key: Entry(_SPAN, node(value)) for key, value in data.items()}, _SPAN)
    if isinstance(data, list | tuple):
        return Node([node(value) for value in data], _SPAN)
    return Node(data, _SPAN, str(data))


def cron(text: str, zone: str = "UTC", **fields: Any) -> Schedule:
    trigger = Cron(calendar(text), zone, fields.pop("gap", None), fields.pop("fold", None))
    return schedule(trigger, timezone=zone, **fields)


def schedule(trigger: Trigger, **fields: Any) -> Schedule:
    options = {"vertex": VERTEX, **fields.pop("options", {})}
    given: dict[str, Any] = {"name": "weekly-churn", "run": CONTAINER, "source": "churn.yaml", **fields}
    if isinstance(trigger, Interval):
        given.setdefault("start", trigger.start)
    options_nodes = {name: node(values) for name, values in options.items()}
    return Schedule(trigger=trigger, node=node({}), options=options_nodes, **given)


@dataclass(frozen=True)
class Compiled:
    """What a target made of a schedule; `deployed` is None where it was refused."""

    schedule: Schedule
    target: str
    found: list[Diagnostic]
    deployed: Deployed | None
    files: Mapping[str, str]
    lowerings: tuple[str, ...] = ()

    @property
    def codes(self) -> set[str]:
        return {one.rule.code for one in self.found if one.is_error}

    @property
    def warnings(self) -> set[str]:
        return {one.rule.code for one in self.found if not one.is_error}


def compiled(one: Schedule, name: str) -> Compiled:
    sink = Sink()
    output = compile_schedule(one, target(name), sink)
    if output is None:
        assert sink.errors, "refused without a reason"
        return Compiled(one, name, sink.found, None, {})
    assert not sink.errors, [d.message for d in sink.found]
    files = {a.path: a.text for a in output.artifacts}
    return Compiled(one, name, sink.found, target(name).read(files), files, output.lowerings)


def is_sound(one: Schedule) -> bool:
    """Whether the checks of the language find no mistake in it."""
    sink = Sink()
    check(one, sink)
    list(requirements(one))
    return not sink.errors


_MINUTES = ("0", "30", "15", "59", "*/15", "*/30", "0,45", "*", "7")
_HOURS = ("0", "1", "2", "3", "12", "23", "9", "*", "*", "0,12", "*/6", "1,2", "0-3")
_DAYS = (
    ("*", "*"),
    ("*", "*"),
    ("*", "1"),
    ("*", "0"),
    ("*", "6"),
    ("*", "1-5"),
    ("*", "0,1"),
    ("1", "*"),
    ("15", "*"),
    ("29", "*"),
    ("31", "*"),
    ("1,31", "*"),
    ("1,15", "1"),
    ("L", "*"),
    ("*", "1#1"),
    ("*", "0#2"),
    ("*", "5L"),
    ("1-7", "+1"),
    ("15W", "*"),
    ("25-31", "0"),
)
_MONTHS = ("*", "*", "*", "*", "1", "3,4", "10", "4", "*/2", "9,10")


def random_cron(pick: Random) -> str:
    day, weekday = pick.choice(_DAYS)
    text = f"{pick.choice(_MINUTES)} {pick.choice(_HOURS)} {day} {pick.choice(_MONTHS)} {weekday}"
    kind = pick.random()
    if kind < 0.04:
        return f"30 {text}"
    return f"0 {text} 2027-2031" if kind < 0.1 else text


def random_instant(pick: Random, zone: str) -> int:
    """A start or an end: often a round wall time, sometimes on a change of the clock, sometimes far away."""
    from schedc.ir import zones

    where = zones.zone(zone)
    changes = [where.starts[i] for i in where.transitions(START, START + 6 * 31_557_600)]
    kind = pick.random()
    if kind < 0.35 and changes:
        return pick.choice(changes) + pick.choice([0, -3600, 3600, -1800, 1800, -1, 1, 900, -86_400, 86_400, -82_800])
    if kind < 0.4:
        return pick.choice([100_000_000, 1_000_000_000, 5_000_000_000, 4_090_000_000])
    moment = START + pick.randrange(6 * 365) * 86_400
    if kind < 0.8:
        return moment + pick.choice([0, 3600, 7200, 9000, 43_200]) - where.offset_at(moment)
    return moment + pick.randrange(86_400)


def random_schedule(pick: Random) -> tuple[Schedule, str]:
    name = pick.choice(TARGETS)
    zone = pick.choice(ODD_ZONES * 2 + EVEN_ZONES * 2 + FIXED_ZONES)
    fields: dict[str, Any] = {"timezone": zone}
    if pick.random() < (0.1 if name == "kubernetes" else 0.5):
        fields["start"] = random_instant(pick, zone)
    if name != "kubernetes" and pick.random() < 0.25:
        fields["end"] = random_instant(pick, zone)
    if fields.get("start") is not None and pick.random() < 0.3:
        fields["applied_after"] = fields["start"] + pick.choice([-10, 0, 1, 86_400, 9_000_000])
    catchups: list[Catchup | None] = [None, None, Catchup.FALSE, Catchup.LATEST]
    if "start" in fields:
        catchups += [Catchup.ALL] * 3
    fields["catchup"] = pick.choice(catchups)
    options: dict[str, Any] = {}
    if name == "kubeflow":
        options["kubeflow"] = {"cluster_timezone": zone if pick.random() < 0.8 else "UTC"}
    if name == "airflow" and pick.random() < 0.3:
        options["airflow"] = {"version": pick.choice(["2.11", "3.0", "3.3"])}
    kind = pick.random()
    if kind < 0.08:
        return schedule(Once(random_instant(pick, zone)), options=options, timezone=zone), name
    if kind < 0.18:
        start = random_instant(pick, zone)
        seconds = pick.choice([60, 900, 1800, 3600, 5400, 7200, 43_200, 86_400, 129_600, 604_800, 45, 1_209_600])
        fields["start"] = start
        return schedule(Interval(start, seconds), options=options, **fields), name
    declared = pick.random() < 0.45
    text = random_cron(pick)
    every_hour = calendar(text).every_hour
    gap = pick.choice([None, *Gap]) if declared and not every_hour else None
    fold = pick.choice([None, *Fold]) if declared and not every_hour else None
    if pick.random() < 0.06 and "start" in fields and name == "vertex":
        fields["max_runs"] = pick.choice([1, 7])
    if pick.random() < 0.06 and fields["catchup"] is Catchup.ALL:
        fields["max_runs"] = pick.choice([1, 7, 100])
    trigger = Cron(calendar(text), zone, gap, fold)
    return schedule(trigger, options=options, written=text, **fields), name
