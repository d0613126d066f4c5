"""Builds jobs for the tests of the Kubernetes target, with no front end in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedc.diagnostics import Diagnostic
from schedc.diagnostics.sink import Sink
from schedc.ir.calendar import Calendar, mask
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container
from schedc.node import Entry, Node
from schedc.source import SourceFile, Span
from schedc.target import Deployed, Job
from schedc.targets.kubernetes import TARGET

DIGEST = "0123456789abcdef"
DAILY = Calendar(minutes=mask([5]), hours=mask([14]))


def node(path: tuple[str | int, ...] = ()) -> Node:
    """A tree that has a value at one path, at its own place: characters 10 to 20."""
    file = SourceFile("schedules/nightly.yaml", "x" * 80)
    inner = Node("x", Span(file, 10, 20))
    for step in reversed(path):
        outer = Span(file, 0, 80)
        inner = (
            Node([*[Node("", outer)] * step, inner], outer)
            if isinstance(step, int)
            else Node({step: Entry(Span(file, 30, 40), inner)}, outer)
        )
    return inner


def schedule(calendar: Calendar = DAILY, zone: str = "UTC", at: tuple[str | int, ...] = (), **fields: Any) -> Schedule:
    given = {"name": "nightly", "run": Container(image="ghcr.io/acme/train:1"), **fields}
    return Schedule(trigger=Cron(calendar, zone), timezone=zone, node=node(at), **given)


def job(one: Schedule, options: Mapping[str, Any] | None = None, words: str = "every day at 14:05 UTC") -> Job:
    return Job(schedule=one, options=options or {}, digest=DIGEST, words=words, origin="nightly.yaml")


def emitted(one: Schedule, options: Mapping[str, Any] | None = None) -> str:
    (artifact,) = next(iter(TARGET.emit(job(one, options))))
    assert artifact.path == f"{one.name}.yaml"
    return artifact.text


def read_back(one: Schedule, options: Mapping[str, Any] | None = None) -> Deployed:
    return TARGET.read({f"{one.name}.yaml": emitted(one, options)})


def findings(one: Schedule, options: Mapping[str, Any] | None = None) -> list[Diagnostic]:
    sink = Sink()
    TARGET.limits(job(one, options), sink)
    return sink.found
