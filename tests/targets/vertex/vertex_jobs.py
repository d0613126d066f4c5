"""Jobs for the Vertex AI target, built without a front end."""

from __future__ import annotations

from typing import Any

from schedc.diagnostics import Diagnostic
from schedc.diagnostics.sink import Sink
from schedc.ir.calendar import Calendar, mask
from schedc.ir.canonical import digest
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container
from schedc.node import Node
from schedc.records import replace
from schedc.source import SourceFile, Span
from schedc.target import Deployed, Job
from schedc.targets.vertex import TARGET

NODE = Node({}, Span(SourceFile("churn.yaml", "schedules:\n"), 0, 9))
WEDNESDAY = Calendar(minutes=mask([5]), hours=mask([14]), weekdays=mask([3]))
OPTIONS = {"project": "acme-ml", "location": "europe-west4", "gcs_output_directory": "gs://acme-runs/churn"}
CONTAINER = Container(image="ghcr.io/acme/churn:1.4.0", command=("python", "-m", "churn.train"))


def schedule(**fields: Any) -> Schedule:
    given: dict[str, Any] = {"name": "weekly-churn", "trigger": Cron(WEDNESDAY, "UTC"), "run": CONTAINER, "node": NODE}
    return Schedule(**{**given, **fields})


def job(one: Schedule | None = None, /, **fields: Any) -> Job:
    options = {**OPTIONS, **fields.pop("options", {})}
    made = replace(one, **fields) if one else schedule(**fields)
    words = "every Wednesday at 14:05, UTC"
    return Job(schedule=made, options=options, digest=digest(made, options), words=words, origin="churn.yaml")


def files(one: Job) -> dict[str, str]:
    artifacts = next(iter(TARGET.emit(one)))
    return {artifact.path: artifact.text for artifact in artifacts}


def read_back(one: Job) -> Deployed:
    return TARGET.read(files(one))


def found(one: Job) -> list[Diagnostic]:
    sink = Sink()
    TARGET.limits(one, sink)
    return sink.found
