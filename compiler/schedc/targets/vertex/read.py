"""Reads a Vertex AI schedule back: what the service will do with it, as far as that is documented."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schedc.ir.workload import Container, EnvValue, Pipeline, Resources, ScheduledTime, Steps, Workload
from schedc.patterns import pattern
from schedc.pipeline_reading import (
    Accelerator,
    Provenance,
    exactly,
    is_cached,
    patch_of,
    read_provenance,
    without_patch,
    workload_of,
)
from schedc.records import replace
from schedc.target import Behaviour, Deployed, Told, UnreadableArtifact

_SCHEDULE = {"displayName", "cron", "maxConcurrentRunCount", "createPipelineJobRequest"}
_SCHEDULE_MAY = frozenset({"startTime", "endTime", "maxRunCount", "maxConcurrentActiveRunCount", "allowQueueing"})
_JOB_MAY = frozenset({"labels", "serviceAccount", "network", "encryptionSpec"})
_TIME = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_PARENT = pattern(r"projects/([^/]+)/locations/([^/]+)")


def read(files: Mapping[str, str]) -> Deployed:
    """What the file of one schedule means. Raises `UnreadableArtifact`."""
    try:
        return _read(files)
    except UnreadableArtifact:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise UnreadableArtifact(f"a value is of another kind than it should be: {error}") from None


def _read(files: Mapping[str, str]) -> Deployed:
    if len(files) != 1:
        raise UnreadableArtifact(f"a schedule is one file, and here are {len(files)}")
    path, text = next(iter(files.items()))
    data = _json(text)
    kind = "terraform" if path.endswith(".tf.json") else "json"
    body = _from_terraform(data) if kind == "terraform" else data
    told_by, patch = _told_by(body)
    body = without_patch(body, patch)
    exactly(body, _SCHEDULE, "the schedule", _SCHEDULE_MAY)
    request = exactly(body["createPipelineJobRequest"], {"parent", "pipelineJob"}, "createPipelineJobRequest")
    where = _PARENT.fullmatch(str(request["parent"]))
    if where is None:
        raise UnreadableArtifact("the parent is not projects/PROJECT/locations/LOCATION")
    job = exactly(request["pipelineJob"], {"pipelineSpec", "runtimeConfig"}, "pipelineJob", _JOB_MAY)
    runtime = exactly(
        job["runtimeConfig"],
        {"gcsOutputDirectory"},
        "runtimeConfig",
        frozenset({"parameterValues", "failurePolicy"}),
    )
    if not isinstance(job["pipelineSpec"], dict):
        raise UnreadableArtifact("pipelineSpec is not a mapping")
    account = job.get("serviceAccount")
    by_default = account is not None and told_by.facts.get("default service account") == account
    workload = _workload(body["displayName"], job, runtime.get("parameterValues", {}), told_by, by_default)
    identity = {
        "project": where[1],
        "location": where[2],
        "gcs_output_directory": runtime["gcsOutputDirectory"],
        "format": kind,
        "service_account": account if by_default else None,
        "network": job.get("network"),
        "encryption_key": exactly(job.get("encryptionSpec", {"kmsKeyName": None}), {"kmsKeyName"}, "encryptionSpec")[
            "kmsKeyName"
        ],
        "failure_policy": _policy(runtime.get("failurePolicy")),
        "source": told_by.facts.get("source"),
        "applied_after": told_by.facts.get("applied after"),
        "maxConcurrentRunCount": _number(body["maxConcurrentRunCount"]),
        "patch": patch or None,
    }
    return Deployed(
        name=body["displayName"],
        digest=told_by.facts.get("digest"),
        told=_told(body),
        behaviour=_behaviour(body),
        workload=workload,
        description=told_by.description,
        owner=told_by.facts.get("owner"),
        labels=job.get("labels", {}),
        cache=is_cached(job["pipelineSpec"]),
        identity={key: value for key, value in identity.items() if value is not None},
    )


def _told_by(body: Any) -> tuple[Provenance, dict[str, Any]]:
    """What the pipeline's description says, and the patch that it names."""
    info = body["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"]["pipelineInfo"]
    told_by = read_provenance(str(info.get("description", "")))
    return told_by, patch_of(told_by)


def _json(text: str) -> dict[str, Any]:
    def no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise UnreadableArtifact("a key stands twice in one object")
        return dict(pairs)

    try:
        data = json.loads(text, object_pairs_hook=no_twins)
    except UnreadableArtifact:
        raise
    except (ValueError, RecursionError) as error:
        raise UnreadableArtifact(f"it is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise UnreadableArtifact("it is not an object")
    return data


def _number(value: Any) -> int:
    """A 64-bit number, which JSON of this API writes as text."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,19}", value, re.ASCII):
        raise UnreadableArtifact(f"{value!r} is not a whole number as text")
    return int(value)


def _policy(value: Any) -> str | None:
    words = {"PIPELINE_FAILURE_POLICY_FAIL_SLOW": "fail_slow", "PIPELINE_FAILURE_POLICY_FAIL_FAST": "fail_fast"}
    if value is not None and value not in words:
        raise UnreadableArtifact(f"the failure policy {value!r} is unknown")
    return None if value is None else words[value]


def _instant(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise UnreadableArtifact(f"the time {value!r} is not whole seconds in UTC")
    try:
        return int(datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp())
    except ValueError as error:
        raise UnreadableArtifact(f"the time {value!r} does not exist: {error}") from None


def _told(body: dict[str, Any]) -> Told:
    cron = str(body["cron"])
    prefix, _, _ = cron.partition(" ")
    if not prefix.startswith("TZ="):
        raise UnreadableArtifact("the cron names no zone, and the default one is not documented")
    return Told(
        engine="vertex",
        crons=(cron,),
        timezone=prefix[3:],
        start=_instant(body.get("startTime")),
        end=_instant(body.get("endTime")),
        max_runs=_number(body["maxRunCount"]) if "maxRunCount" in body else None,
    )


def _behaviour(body: dict[str, Any]) -> Behaviour:
    queued = body.get("allowQueueing", False)
    if not isinstance(queued, bool):
        raise UnreadableArtifact("allowQueueing is neither true nor false")
    if "maxConcurrentActiveRunCount" not in body:
        if queued:
            raise UnreadableArtifact("allowQueueing stands without maxConcurrentActiveRunCount")
        return Behaviour(missed="none", busy="start")
    limit = _number(body["maxConcurrentActiveRunCount"])
    return Behaviour(missed="none", busy="wait_all" if queued else "skip", limit=limit)


def _workload(name: str, job: dict[str, Any], parameters: Any, told_by: Provenance, by_default: bool) -> Workload:
    spec, account = job["pipelineSpec"], job.get("serviceAccount")
    if spec.get("sdkVersion") != "schedc":
        if account is not None and not by_default:
            raise UnreadableArtifact("the description does not name the service account of the pipeline's runs")
        info = {key: value for key, value in spec.get("pipelineInfo", {}).items() if key != "description"}
        if "pipeline" in told_by.facts:
            info["description"] = told_by.facts["pipeline"]
        return Pipeline(spec={**spec, "pipelineInfo": info}, parameters=_parameters(parameters))
    if parameters:
        raise UnreadableArtifact("containers take no parameters")
    run, retries, _ = workload_of(name, spec, {}, unescape=str, resources=_resources)
    if retries:
        raise UnreadableArtifact("the tasks have retries")
    own = None if by_default else account
    if isinstance(run, Steps):
        return Steps(steps=tuple(replace(step, container=_literal(step.container, own)) for step in run.steps))
    return _literal(run, own)


def _parameters(values: Any) -> Any:
    """A parameter that is the placeholder as a whole is the time that the run is scheduled for."""
    time = ScheduledTime("%Y-%m-%dT%H:%M:%SZ", "UTC")
    return {name: time if value == "{{$.pipeline_job_schedule_time_utc}}" else value for name, value in values.items()}


def _literal(container: Container, account: str | None) -> Container:
    """What the documentation says of $ in variables: `$$(` is `$(`, a bare `$(NAME)` refers to a variable."""
    env: dict[str, EnvValue] = {}
    for name, value in container.env.items():
        text = str(value)
        if re.search(r"(?<!\$)\$\(|\$\$(?!\()|\$\$\$", text):
            raise UnreadableArtifact(f"the variable {name} refers to another one")
        env[name] = text.replace("$$(", "$(")
    return replace(container, env=env, service_account=account)


def _resources(value: Any) -> tuple[Resources, Accelerator | None]:
    """Each amount stands twice, as a number and as text; the two must say the same."""
    numbers = {"resourceCpuLimit": "cpuLimit", "resourceMemoryLimit": "memoryLimit"}
    exactly(value, set(), "resources", frozenset({*numbers, *numbers.values(), "accelerator"}))
    limits: dict[str, str] = {}
    for text, number in numbers.items():
        if (text in value) != (number in value):
            raise UnreadableArtifact(f"{text} and {number} do not stand together")
        if text not in value:
            continue
        scale = 1 if text == "resourceCpuLimit" else 10**9
        if abs(_amount(value[text]) / scale - value[number]) > 1e-9 * value[number]:
            raise UnreadableArtifact(f"{text} and {number} say different amounts")
        limits["cpu" if scale == 1 else "memory"] = value[text]
    accelerator = None
    if "accelerator" in value:
        one = exactly(value["accelerator"], {"type", "count", "resourceType", "resourceCount"}, "the accelerator")
        if (one["type"], one["count"]) != (one["resourceType"], one["resourceCount"]):
            raise UnreadableArtifact("the accelerator is named in two ways")
        accelerator = {"type": one["type"], "count": int(one["count"])}
    return Resources(limits=limits), accelerator


_UNITS = {"": 1.0, "m": 1e-3} | {
    f"{letter}{i}": float((1024 if i else 1000) ** power)
    for power, letter in enumerate("KMGTPE", start=1)
    for i in ("", "i")
}


def _amount(text: str) -> float:
    found = re.fullmatch(r"([0-9.]+)([A-Za-z]{0,2})", text)
    if found is None or found[2] not in _UNITS:
        raise UnreadableArtifact(f"{text!r} is not an amount")
    return float(found[1]) * _UNITS[found[2]]


_TERRAFORM = {
    "display_name": "displayName",
    "cron": "cron",
    "start_time": "startTime",
    "end_time": "endTime",
    "max_run_count": "maxRunCount",
    "max_concurrent_run_count": "maxConcurrentRunCount",
    "max_concurrent_active_run_count": "maxConcurrentActiveRunCount",
    "allow_queueing": "allowQueueing",
}


def _from_terraform(data: dict[str, Any]) -> dict[str, Any]:
    """The body of the API that a resource stands for."""
    resources = exactly(data, {"resource"}, "the file")["resource"]
    found = exactly(resources, {"google_vertex_ai_schedule"}, "resource")["google_vertex_ai_schedule"]
    if not isinstance(found, dict) or len(found) != 1:
        raise UnreadableArtifact("there is not one resource")
    resource = _without_templates(next(iter(found.values())))
    exactly(
        resource,
        {"project", "location", "display_name", "cron", "max_concurrent_run_count", "create_pipeline_job_request"},
        "the resource",
        frozenset(_TERRAFORM),
    )
    body = {_TERRAFORM[key]: value for key, value in resource.items() if key in _TERRAFORM}
    request = exactly(resource["create_pipeline_job_request"], {"parent", "pipeline_job"}, "the request")
    if request["parent"] != f"projects/{resource['project']}/locations/{resource['location']}":
        raise UnreadableArtifact("the parent is another project or location than the resource's")
    job = exactly(
        request["pipeline_job"],
        {"pipeline_spec", "runtime_config"},
        "pipeline_job",
        frozenset({"labels", "service_account", "network", "encryption_spec"}),
    )
    names = {"labels": "labels", "service_account": "serviceAccount", "network": "network"}
    made: dict[str, Any] = {names[key]: value for key, value in job.items() if key in names}
    made["pipelineSpec"] = _json(str(job["pipeline_spec"]))
    words = {
        "gcs_output_directory": "gcsOutputDirectory",
        "parameter_values": "parameterValues",
        "failure_policy": "failurePolicy",
    }
    runtime = exactly(job["runtime_config"], set(), "runtime_config", frozenset(words))
    made["runtimeConfig"] = {words[key]: value for key, value in runtime.items()}
    if "encryption_spec" in job:
        made["encryptionSpec"] = {
            "kmsKeyName": exactly(job["encryption_spec"], {"kms_key_name"}, "encryption_spec")["kms_key_name"]
        }
    body["createPipelineJobRequest"] = {"parent": request["parent"], "pipelineJob": made}
    return body


def _without_templates(value: Any) -> Any:
    if isinstance(value, dict):
        return {_without_templates(key): _without_templates(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_templates(inner) for inner in value]
    if not isinstance(value, str):
        return value

    def sign(match: re.Match[str]) -> str:
        if len(match[0]) == 2:
            raise UnreadableArtifact(f"a text holds the Terraform template {match[0]}")
        return match[0][1:]

    return re.sub(r"\$\$\{|%%\{|\$\{|%\{", sign, value)
