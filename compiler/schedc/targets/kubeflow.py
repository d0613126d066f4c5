"""Kubeflow Pipelines: a recurring run, as the body that creates it, and the pipeline that it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from schedc.capabilities import Answer, Feature
from schedc.ir.schedule import Cache, Catchup, Schedule
from schedc.ir.triggers import Cron, Interval
from schedc.ir.workload import Container, Pipeline, Steps, Text
from schedc.pipeline_spec import without_cache
from schedc.pipeline_writing import service_account, steps_of, workload_spec
from schedc.plain_text import json_text
from schedc.provenance import provenance
from schedc.shapes import Field, Integer
from schedc.shapes import Text as TextShape
from schedc.target import Artifact, Job, Target
from schedc.targets.kubeflow_capabilities import CAPABILITIES, CHOICES, by_version
from schedc.targets.kubeflow_cron import cron_text
from schedc.targets.kubeflow_limits import LARGEST_CONCURRENCY, first_instant, limits, max_concurrency, utc_text
from schedc.targets.kubeflow_pod import platform_spec, resources
from schedc.targets.kubeflow_read import read
from schedc.yaml_writer import comment, dump

BODY, PACKAGE = "recurringrun.json", "pipeline.yaml"


def emit(job: Job) -> Iterator[tuple[Artifact, ...]]:
    schedule = job.schedule
    spec, platform = _pipeline(schedule)
    inline = spec if platform is None else {"pipeline_spec": spec, "platform_spec": platform}
    body: dict[str, Any] = {
        "display_name": schedule.name,
        "description": _description(job),
        "mode": "DISABLE" if schedule.paused else "ENABLE",
        "max_concurrency": str(max_concurrency(job)),
        "no_catchup": schedule.catchup is not Catchup.ALL,
        "trigger": _trigger(schedule),
        "pipeline_spec": inline,
    }
    runtime: dict[str, Any] = {}
    if isinstance(schedule.run, Pipeline) and schedule.run.parameters:
        runtime["parameters"] = _plain(schedule.run.parameters)
    if job.options.get("pipeline_root"):
        runtime["pipeline_root"] = job.options["pipeline_root"]
    optional = {
        "experiment_id": job.options.get("experiment_id"),
        "service_account": service_account(schedule.run) or job.options.get("service_account"),
        "runtime_config": runtime or None,
    }
    body.update({key: value for key, value in optional.items() if value is not None})
    package = f"# {comment(f'schedc: {job.origin}, {schedule.name}, {job.digest}')}\n{dump(_sorted(spec))}"
    if platform is not None:
        package += "---\n" + dump(_sorted(platform))
    yield (Artifact(f"{schedule.name}/{BODY}", json_text(body)), Artifact(f"{schedule.name}/{PACKAGE}", package))


def _sorted(value: Any) -> Any:
    """Plain data with the keys of every mapping in order."""
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list | tuple) else value


def _pipeline(schedule: Schedule) -> tuple[dict[str, Any], dict[str, Any] | None]:
    run, caching = schedule.run, schedule.cache is Cache.AS_COMPILED
    if isinstance(run, Pipeline):
        spec = _plain(run.spec) if caching else without_cache(run.spec)
        return spec, None if run.platform is None else _plain(run.platform)
    if isinstance(run, Steps):
        run = Steps(steps=tuple(replace(step, container=escaped(step.container)) for step in run.steps))
    else:
        run = escaped(run)
    spec = workload_spec(schedule.name, run, caching=caching, resources=resources, retries=schedule.retries)
    return spec, platform_spec(steps_of(schedule.name, run), schedule.attempt_timeout)


def escaped(run: Container) -> Container:
    """The container as its pod needs it: the kubelet expands $(NAME) in a command, arguments and variables."""
    return replace(
        run,
        command=None if run.command is None else tuple(map(_word, run.command)),
        args=None if run.args is None else tuple(map(_word, run.args)),
        env={key: _dollars(value) if isinstance(value, str) else value for key, value in run.env.items()},
    )


def _word(word: Text) -> Text:
    return _dollars(word) if isinstance(word, str) else word


def _dollars(text: str) -> str:
    """Two dollar signs stand for one; a single one is itself unless a parenthesis or another one follows."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        if text[at] != "$":
            end = text.find("$", at)
            end = len(text) if end < 0 else end
            parts.append(text[at:end])
        else:
            end = at
            while end < len(text) and text[end] == "$":
                end += 1
            alone = end - at == 1 and text[end : end + 1] != "("
            parts.append(text[at:end] if alone else text[at:end] * 2)
        at = end
    return "".join(parts)


def _trigger(schedule: Schedule) -> dict[str, Any]:
    times: dict[str, Any] = {}
    trigger = schedule.trigger
    if isinstance(trigger, Interval):
        # The controller runs first one interval after the start.
        times["start_time"] = utc_text(first_instant(schedule, trigger) - trigger.seconds)
    elif schedule.start is not None:
        # The controller's start is exclusive.
        times["start_time"] = utc_text(schedule.start - 1)
    if schedule.end is not None:
        times["end_time"] = utc_text(schedule.end)
    if isinstance(trigger, Interval):
        return {"periodic_schedule": {**times, "interval_second": str(trigger.seconds)}}
    assert isinstance(trigger, Cron)
    text = cron_text(trigger.calendar)
    assert text is not None, "limits refuses what the dialect cannot say"
    return {"cron_schedule": {**times, "cron": text}}


def _description(job: Job) -> str:
    schedule = job.schedule
    facts = {
        "source": job.origin,
        "schedule": schedule.name,
        "digest": job.digest,
        "fires": job.words,
        "cluster timezone": job.options.get("cluster_timezone") or "UTC",
        "applied after": None if schedule.applied_after is None else utc_text(schedule.applied_after),
        "default service account": None if service_account(schedule.run) else job.options.get("service_account"),
        "owner": schedule.owner,
    }
    return provenance(schedule.description, facts, schedule.labels)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def paths(names: Iterable[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """One folder for each schedule."""
    found: dict[str, list[str]] = {}
    for path in sorted(names):
        folder, _, name = path.rpartition("/")
        if folder and "/" not in folder and name in (BODY, PACKAGE):
            found.setdefault(folder, []).append(path)
    return [(folder, tuple(inside)) for folder, inside in found.items()]


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
        TextShape(r"2\.[0-9]+", "a version of Kubeflow Pipelines such as 2.14"),
        "The oldest version of Kubeflow Pipelines that the artifact is for.",
        default="2.14",
    ),
    Field(
        "cluster_timezone",
        TextShape(empty=False),
        "The CRON_SCHEDULE_TIMEZONE of the cluster's controller; cron schedules in another zone are refused.",
        default="UTC",
    ),
    Field("experiment_id", TextShape(empty=False), "The id of the experiment; a multi-user installation needs one."),
    Field("service_account", TextShape(empty=False), "The service account of runs whose workload names none."),
    Field("pipeline_root", TextShape(empty=False), "Where outputs are kept, such as s3://bucket/root."),
    Field(
        "max_concurrency",
        Integer(1, LARGEST_CONCURRENCY),
        "How many runs may be active where the schedule leaves it open.",
        default=LARGEST_CONCURRENCY,
    ),
)


def changes(options: Mapping[str, Any]) -> Mapping[Feature, Answer]:
    return by_version(options.get("version") or "2.14", options.get("cluster_timezone") or "UTC")


TARGET = Target(
    name="kubeflow",
    title="Kubeflow Pipelines",
    capabilities=CAPABILITIES,
    options=OPTIONS,
    by_version=changes,
    limits=limits,
    emit=emit,
    read=read,
    paths=paths,
    choices=CHOICES,
    at_deploy=at_deploy,
)
