"""Kubeflow Pipelines: a recurring run, as the body that creates it, and the pipeline that it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schedc.capabilities import Answer, Feature
from schedc.ir.schedule import Catchup
from schedc.plain_text import json_text
from schedc.shapes import Anything, Field, Integer, Text
from schedc.target import Artifact, Job, Target
from schedc.targets.kubeflow.body import body, package
from schedc.targets.kubeflow.capabilities import CAPABILITIES, CHOICES, by_version
from schedc.targets.kubeflow.limits import LARGEST_CONCURRENCY, limits, max_concurrency
from schedc.targets.kubeflow.read import read
from schedc.yaml_writer import comment, dump

BODY, PACKAGE = "recurringrun.json", "pipeline.yaml"


def emit(job: Job) -> Iterator[tuple[Artifact, ...]]:
    name = job.schedule.name
    spec, platform = package(job)
    text = f"# {comment(f'schedc: {job.origin}, {name}, {job.digest}')}\n{dump(_sorted(spec))}"
    if platform is not None:
        text += "---\n" + dump(_sorted(platform))
    yield (Artifact(f"{name}/{BODY}", json_text(body(job))), Artifact(f"{name}/{PACKAGE}", text))


def _sorted(value: Any) -> Any:
    """Plain data with the keys of every mapping in order."""
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list | tuple) else value


def paths(names: Iterable[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """One folder for each schedule."""
    found: dict[str, list[str]] = {}
    for path in sorted(names):
        folder, _, name = path.rpartition("/")
        if folder and "/" not in folder and name in (BODY, PACKAGE):
            found.setdefault(folder, []).append(path)
    return [(folder, tuple(inside)) for folder, inside in found.items()]


def backfills_from(job: Job) -> int | None:
    schedule = job.schedule
    return schedule.start if schedule.catchup is Catchup.ALL and not schedule.paused else None


def at_deploy(job: Job) -> str | None:
    schedule = job.schedule
    if schedule.paused:
        return None
    if schedule.catchup is Catchup.ALL:
        count = max_concurrency(job)
        many = "one at a time" if count == 1 else f"{count} at a time"
        return f"every run since the start that is due by then starts, {many}, and again after each redeployment"
    if schedule.start is not None:
        return "where the start has passed by then, the latest run that was due since starts at once"
    return None


OPTIONS = (
    Field(
        "version",
        Text(r"2\.[0-9]+", "a version of Kubeflow Pipelines such as 2.14"),
        "The oldest version of Kubeflow Pipelines that the artifact is for.",
        default="2.14",
    ),
    Field(
        "cluster_timezone",
        Text(empty=False),
        "The CRON_SCHEDULE_TIMEZONE of the cluster's controller; cron schedules in another zone are refused.",
        default="UTC",
    ),
    Field("experiment_id", Text(empty=False), "The id of the experiment; a multi-user installation needs one."),
    Field("service_account", Text(empty=False), "The service account of runs whose workload names none."),
    Field("pipeline_root", Text(empty=False), "Where outputs are kept, such as s3://bucket/root."),
    Field(
        "max_concurrency",
        Integer(1, LARGEST_CONCURRENCY),
        "How many runs may be active where the schedule leaves it open.",
        default=LARGEST_CONCURRENCY,
    ),
    Field(
        "patch",
        Anything("a mapping"),
        "A JSON merge patch (RFC 7396) on the body, for fields that schedc has no word for.",
    ),
)


def changes(options: Mapping[str, Any]) -> Mapping[Feature, Answer]:
    return by_version(options.get("version") or "2.14", options.get("cluster_timezone") or "UTC")


_CARRIED = ("experiment_id", "pipeline_root", "cluster_timezone", "patch")
"""The options that stand in a body, or in its description, as they are."""

TARGET = Target(
    name="kubeflow",
    title="Kubeflow Pipelines",
    capabilities=CAPABILITIES,
    options=OPTIONS,
    identity=lambda options: {name: options.get(name) for name in _CARRIED},
    by_version=changes,
    limits=limits,
    emit=emit,
    read=read,
    paths=paths,
    choices=CHOICES,
    at_deploy=at_deploy,
    backfills_from=backfills_from,
)
