"""Reads a recurring run and its pipeline back: what Kubeflow will do with them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schedc.bounded_yaml import check_bounds
from schedc.ir.workload import Container, Pipeline, Steps, Workload
from schedc.patterns import pattern
from schedc.pipeline_reading import (
    exactly,
    is_cached,
    patch_of,
    read_provenance,
    same_data,
    without_patch,
    workload_of,
)
from schedc.records import replace
from schedc.target import Behaviour, Deployed, Told, UnreadableArtifact
from schedc.targets.kubeflow.pod_read import read_platform, read_resources

_KEYS = {
    "display_name",
    "description",
    "mode",
    "max_concurrency",
    "no_catchup",
    "trigger",
    "pipeline_spec",
    "experiment_id",
    "service_account",
    "runtime_config",
}
_TIME = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read(files: Mapping[str, str]) -> Deployed:
    """What the two files of one schedule mean. Raises `UnreadableArtifact`."""
    try:
        return _read(files)
    except UnreadableArtifact:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise UnreadableArtifact(f"a value is of another kind than it should be: {error}") from None


def _read(files: Mapping[str, str]) -> Deployed:
    body = _body(_one(files, "recurringrun.json"))
    spec, platform = _pipeline(body["pipeline_spec"])
    _same_package(_one(files, "pipeline.yaml"), spec, platform)
    told_by = read_provenance(_text(body, "description"))
    patch = patch_of(told_by)
    inner = exactly(patch.get("pipeline_spec", {}), set(), "the patch", frozenset({"pipeline_spec", "platform_spec"}))
    body = without_patch(body, {key: value for key, value in patch.items() if key != "pipeline_spec"})
    _known(body, _KEYS, "the recurring run")
    spec = without_patch(spec, inner.get("pipeline_spec", {}))
    if "platform_spec" in inner:
        platform = without_patch(platform, inner["platform_spec"]) or None
    cluster_timezone = told_by.facts.get("cluster timezone")
    if cluster_timezone is None:
        raise UnreadableArtifact("the description does not say the cluster's time zone")
    catchup = not _of(body, "no_catchup", bool)
    runtime = body.get("runtime_config", {})
    _known(runtime, {"parameters", "pipeline_root"}, "runtime_config")
    name = _text(body, "display_name")
    account = body.get("service_account")
    is_default = account is not None and told_by.facts.get("default service account") == account
    own_account = None if is_default else account
    workload, retries, attempt_timeout, timeout = _workload(
        name, spec, platform, runtime.get("parameters", {}), own_account
    )
    identity = {
        "experiment_id": body.get("experiment_id"),
        "service_account": account if is_default else None,
        "pipeline_root": runtime.get("pipeline_root"),
        "source": told_by.facts.get("source"),
        "applied_after": told_by.facts.get("applied after"),
        "cluster_timezone": cluster_timezone,
        "patch": patch or None,
    }
    return Deployed(
        name=name,
        digest=told_by.facts.get("digest"),
        told=_told(body["trigger"], cluster_timezone, catchup),
        behaviour=Behaviour(
            missed="all" if catchup else "latest",
            busy="wait_all" if catchup else "wait_latest",
            limit=_number(body.get("max_concurrency"), "max_concurrency"),
            paused=_paused(body.get("mode")),
            retries=retries,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
        ),
        workload=workload,
        description=told_by.description,
        owner=told_by.facts.get("owner"),
        labels=told_by.labels,
        cache=is_cached(spec),
        identity={key: value for key, value in identity.items() if value is not None},
    )


def _one(files: Mapping[str, str], name: str) -> str:
    found = [text for path, text in files.items() if path.rpartition("/")[2] == name]
    if len(found) != 1:
        raise UnreadableArtifact(f"there are {len(found)} files {name}, and one is needed")
    return found[0]


def _body(text: str) -> dict[str, Any]:
    def no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) != len(keys):
            raise UnreadableArtifact("a key stands twice in one object")
        return dict(pairs)

    try:
        body = json.loads(text, object_pairs_hook=no_twins)
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnreadableArtifact):
            raise
        raise UnreadableArtifact(f"recurringrun.json is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise UnreadableArtifact("the recurring run is not an object")
    for key in ("trigger", "pipeline_spec"):
        if not isinstance(body.get(key), dict):
            raise UnreadableArtifact(f"the recurring run has no {key}")
    return dict(body)


def _known(value: Any, keys: set[str], what: str) -> None:
    if not isinstance(value, dict):
        raise UnreadableArtifact(f"{what} is not an object")
    unknown = sorted(set(value) - keys)
    if unknown:
        raise UnreadableArtifact(f"{what} has the unknown field {unknown[0]}")


def _of(body: Mapping[str, Any], key: str, kind: type) -> Any:
    if not isinstance(body.get(key), kind):
        raise UnreadableArtifact(f"{key} is missing or of another type")
    return body[key]


def _text(body: Mapping[str, Any], key: str) -> str:
    return str(_of(body, key, str))


def _number(value: Any, what: str) -> int:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value, re.ASCII):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise UnreadableArtifact(f"{what} is not a whole number")


def _paused(mode: Any) -> bool:
    if mode not in ("ENABLE", "DISABLE"):
        raise UnreadableArtifact(f"the mode {mode!r} is neither ENABLE nor DISABLE")
    return bool(mode == "DISABLE")


def _pipeline(inline: Any) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The IR stands alone, or beside a platform spec."""
    if "root" in inline:
        return inline, None
    _known(inline, {"pipeline_spec", "platform_spec"}, "pipeline_spec")
    spec, platform = inline.get("pipeline_spec"), inline.get("platform_spec")
    if not isinstance(spec, dict) or not isinstance(platform, dict):
        raise UnreadableArtifact("pipeline_spec holds no pipeline")
    return spec, platform


def _same_package(text: str, spec: Any, platform: Any) -> None:
    from schedc.pyyaml import yaml

    try:
        check_bounds(text)
        documents = list(yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableArtifact(f"pipeline.yaml is not YAML: {' '.join(str(error).split())}") from None
    if not same_data(documents, [spec] if platform is None else [spec, platform]):
        raise UnreadableArtifact("pipeline.yaml is not the pipeline of recurringrun.json")


def _told(trigger: dict[str, Any], timezone: str, catchup: bool) -> Told:
    _known(trigger, {"cron_schedule", "periodic_schedule"}, "trigger")
    if len(trigger) != 1:
        raise UnreadableArtifact("the trigger is not one schedule")
    kind, schedule = next(iter(trigger.items()))
    own = "cron" if kind == "cron_schedule" else "interval_second"
    _known(schedule, {"start_time", "end_time", own}, kind)
    cron = _text(schedule, "cron") if own == "cron" else None
    period = None if cron is not None else _number(schedule.get(own), own)
    return Told(
        engine="kubeflow",
        crons=() if cron is None else (cron,),
        timezone=timezone,
        period=period,
        start=_instant(schedule.get("start_time")),
        end=_instant(schedule.get("end_time")),
        catchup=catchup,
    )


def _instant(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise UnreadableArtifact(f"the time {value!r} is not whole seconds in UTC")
    try:
        return int(datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp())
    except ValueError as error:
        raise UnreadableArtifact(f"the time {value!r} does not exist: {error}") from None


def _workload(
    name: str, spec: dict[str, Any], platform: Any, parameters: Any, account: Any
) -> tuple[Workload, int, int | None, int | None]:
    """What runs, the retries of its tasks, and the seconds that a try and that a run may take."""
    if spec.get("sdkVersion") != "schedc":
        if account is not None:
            raise UnreadableArtifact("the description does not name the service account of the pipeline's runs")
        return Pipeline(spec=spec, platform=platform, parameters=parameters), 0, None, None
    if parameters:
        raise UnreadableArtifact("containers take no parameters")
    extras, config = ({}, {}) if platform is None else read_platform(platform)
    run, retries, attempt_timeout = workload_of(name, spec, extras, unescape=_literal, resources=read_resources)
    own: dict[str, Any] = {}
    if "resourceTtlOnCompletion" in config:
        own["ttl_second_after_finished"] = config["resourceTtlOnCompletion"]
    timeout = config.get("activeDeadlineSeconds")

    def complete(container: Container) -> Container:
        return replace(container, service_account=account, pod={**container.pod, **own})

    if isinstance(run, Steps):
        steps = tuple(replace(step, container=complete(step.container)) for step in run.steps)
        return Steps(steps=steps), retries, attempt_timeout, timeout
    return complete(run), retries, attempt_timeout, timeout


def _literal(text: str) -> str:
    """What the kubelet makes of a text: `$$` is a dollar sign, and $(NAME) would be a variable."""
    return re.sub(r"\$\$|\$\(", lambda match: "$" if match[0] == "$$" else _refuse(text), text)


def _refuse(text: str) -> str:
    raise UnreadableArtifact(f"the text {text!r} refers to a variable")
