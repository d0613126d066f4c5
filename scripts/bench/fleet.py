"""A made-up fleet of schedules such as a large company has: most at round times, some in zones that trouble engines."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from schedc.engines.reference import read
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container
from schedc.node import Entry, Node
from schedc.source import SourceFile, Span

ZONES = (
    ("UTC", 50),
    ("Europe/Amsterdam", 8),
    ("America/New_York", 8),
    ("Europe/London", 5),
    ("America/Los_Angeles", 5),
    ("Asia/Kolkata", 4),
    ("Asia/Tokyo", 3),
    ("Europe/Berlin", 3),
    ("America/Chicago", 3),
    ("Australia/Sydney", 2),
    ("America/Sao_Paulo", 2),
    ("Asia/Singapore", 2),
    *(
        (name, 1)
        for name in [
            "Africa/Cairo",
            "Africa/Casablanca",
            "Africa/Johannesburg",
            "Africa/Lagos",
            "America/Bogota",
            "America/Denver",
            "America/Havana",
            "America/Mexico_City",
            "America/Phoenix",
            "America/Santiago",
            "America/St_Johns",
            "America/Toronto",
            "Antarctica/Troll",
            "Asia/Beirut",
            "Asia/Dubai",
            "Asia/Hong_Kong",
            "Asia/Kathmandu",
            "Asia/Seoul",
            "Asia/Shanghai",
            "Asia/Tehran",
            "Atlantic/Azores",
            "Australia/Lord_Howe",
            "Europe/Dublin",
            "Europe/Istanbul",
            "Europe/Madrid",
            "Europe/Paris",
            "Pacific/Auckland",
            "Pacific/Chatham",
        ]
    ),
)
"""The forty zones of the fleet, and how often each is picked."""

_DAYS = (
    ("* * *", 50),
    ("* * 1-5", 20),
    ("* * 1", 5),
    ("* * 0", 3),
    ("* * 6,0", 2),
    ("1 * *", 8),
    ("15 * *", 3),
    ("1,15 * *", 3),
    ("1 */3 *", 2),
    ("1 1 *", 1),
)
_HOURS = (("{}", 60), ("*", 10), ("*/2", 3), ("*/4", 4), ("*/6", 6), ("8-18", 6), ("0,12", 4), ("{},{}", 7))
_MINUTES = (("0", 30), ("30", 10), ("15", 5), ("45", 4), ("*/5", 3), ("*/10", 3), ("*/15", 5), ("0,30", 5), ("{}", 35))
_SPAN = Span(SourceFile("fleet.yaml", "schedules:\n"), 0, 9)


def pairs(count: int, seed: int = 1) -> list[tuple[str, str]]:
    """So many different pairs of an expression and a zone."""
    pick = Random(seed)
    found: dict[tuple[str, str], None] = {}
    while len(found) < count:
        minute = _one(pick, _MINUTES).format(pick.randrange(60))
        hours = sorted((min(pick.randrange(24), pick.randrange(24)), pick.randrange(24)))
        hour = _one(pick, _HOURS).format(*hours)
        found[f"{minute} {hour} {_one(pick, _DAYS)}", _one(pick, ZONES)] = None
    return list(found)


def fleet(distinct: int, count: int, seed: int = 1) -> list[Schedule]:
    """So many schedules, over so many distinct pairs of an expression and a zone."""
    of = pairs(distinct, seed)
    pick = Random(seed)
    every = of + [pick.choice(of) for _ in range(count - distinct)]
    return [schedule(text, zone, f"job-{number:06}") for number, (text, zone) in enumerate(every)]


def schedule(text: str, zone: str, name: str, **fields: Any) -> Schedule:
    """A schedule of a small container; what was written is all at one place."""
    return Schedule(
        name=name,
        trigger=Cron(read(text).calendar, zone),
        timezone=zone,
        run=Container(image="ghcr.io/acme/job:1.0.0", command=("job",)),
        node=_node({}),
        options={
            "kubeflow": _node({"cluster_timezone": zone}),
            "vertex": _node({"project": "acme-ml", "location": "europe-west4", "gcs_output_directory": "gs://acme/x"}),
        },
        source="fleet.yaml",
        **fields,
    )


def _one(pick: Random, choices: tuple[tuple[str, int], ...]) -> str:
    return pick.choices([text for text, _ in choices], [weight for _, weight in choices])[0]


def _node(data: Any) -> Node:
    if isinstance(data, Mapping):
        return Node({key: Entry(_SPAN, _node(value)) for key, value in data.items()}, _SPAN)
    return Node(data, _SPAN, str(data))
