"""Vertex AI: a schedule of pipeline jobs, as the body that creates it or as a Terraform resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schedc.plain_text import json_text
from schedc.shapes import Anything, Choice, Field, Text
from schedc.target import Artifact, Job, Target
from schedc.targets.vertex.body import STARTING_AT_ONCE, body
from schedc.targets.vertex.capabilities import CAPABILITIES, CHOICES
from schedc.targets.vertex.limits import limits
from schedc.targets.vertex.read import read
from schedc.targets.vertex.terraform import terraform

BODY, RESOURCE = "schedule.json", ".tf.json"


def emit(job: Job) -> Iterator[tuple[Artifact, ...]]:
    name = job.schedule.name
    if job.options.get("format") == "terraform":
        yield (Artifact(f"{name}{RESOURCE}", json_text(terraform(body(job), job.options))),)
    else:
        yield (Artifact(f"{name}/{BODY}", json_text(body(job))),)


def paths(names: Iterable[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """A folder, or a Terraform file, for each schedule."""
    for path in sorted(names):
        folder, _, name = path.rpartition("/")
        if folder and "/" not in folder and name == BODY:
            yield folder, (path,)
        elif not folder and name.endswith(RESOURCE):
            yield name.removesuffix(RESOURCE), (path,)


def backfills_from(job: Job) -> int | None:
    return job.schedule.start


def at_deploy(job: Job) -> str | None:
    if backfills_from(job) is None:
        return None
    return "where the start has passed by then, every run that was due since starts at once"


OPTIONS = (
    Field(
        "project", Text(r"[a-z0-9][a-z0-9.:-]*", "a project's id or number"), "The Google Cloud project.", required=True
    ),
    Field("location", Text(r"[a-z]+-[a-z]+[0-9]+", "a region such as europe-west4"), "The region.", required=True),
    Field(
        "gcs_output_directory",
        Text(r"gs://[^/\s]+(?:/\S*)?", "a path that begins with gs://"),
        "Where the runs keep their outputs.",
        required=True,
    ),
    Field(
        "format",
        Choice(("json", "terraform")),
        "json: the body that creates the schedule; terraform: a google_vertex_ai_schedule.",
        default="json",
    ),
    Field(
        "service_account",
        Text(r"[^@\s]+@[^@\s]+", "an e-mail address"),
        "Whom runs act as whose workload names no one.",
    ),
    Field("network", Text(empty=False), "The full name of the Compute Engine network that jobs are peered with."),
    Field("encryption_key", Text(empty=False), "The Cloud KMS key that jobs are encrypted with."),
    Field("failure_policy", Choice(("fail_slow", "fail_fast")), "What becomes of the other tasks when one fails."),
    Field(
        "patch",
        Anything("a mapping"),
        "A JSON merge patch (RFC 7396) on the body, for fields that schedc has no word for.",
    ),
)

_CARRIED = ("project", "location", "gcs_output_directory", "network", "encryption_key", "failure_policy", "patch")
"""The options that stand in a body as they are."""

TARGET = Target(
    name="vertex",
    title="Vertex AI",
    capabilities=CAPABILITIES,
    options=OPTIONS,
    identity=lambda options: {
        **{name: options.get(name) for name in _CARRIED},
        "maxConcurrentRunCount": STARTING_AT_ONCE,
    },
    limits=limits,
    emit=emit,
    read=read,
    paths=paths,
    choices=CHOICES,
    at_deploy=at_deploy,
    backfills_from=backfills_from,
)
