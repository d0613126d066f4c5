"""The resource `google_vertex_ai_schedule` as Terraform's JSON syntax, from the body of the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def terraform(body: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """A file with one resource, named as the schedule with underscores. Every text is literal to Terraform."""
    request = body["createPipelineJobRequest"]
    job = request["pipelineJob"]
    runtime = job["runtimeConfig"]
    made: dict[str, Any] = {
        "pipeline_spec": json.dumps(job["pipelineSpec"], sort_keys=True, separators=(",", ":")),
        "runtime_config": {
            "gcs_output_directory": runtime["gcsOutputDirectory"],
            "parameter_values": runtime.get("parameterValues"),
            "failure_policy": runtime.get("failurePolicy"),
        },
        "labels": job.get("labels"),
        "service_account": job.get("serviceAccount"),
        "network": job.get("network"),
        "encryption_spec": {"kms_key_name": job["encryptionSpec"]["kmsKeyName"]} if "encryptionSpec" in job else None,
    }
    resource: dict[str, Any] = {
        "project": options["project"],
        "location": options["location"],
        "display_name": body["displayName"],
        "cron": body["cron"],
        "start_time": body.get("startTime"),
        "end_time": body.get("endTime"),
        "max_run_count": body.get("maxRunCount"),
        "max_concurrent_run_count": body["maxConcurrentRunCount"],
        "max_concurrent_active_run_count": body.get("maxConcurrentActiveRunCount"),
        "allow_queueing": body.get("allowQueueing"),
        "create_pipeline_job_request": {"parent": request["parent"], "pipeline_job": made},
    }
    name = body["displayName"].replace("-", "_")
    name = name if name[0].isalpha() else f"_{name}"
    return {"resource": {"google_vertex_ai_schedule": {name: _literal(_given(resource))}}}


def _given(value: Any) -> Any:
    """Without what nobody set."""
    if isinstance(value, Mapping):
        return {key: _given(inner) for key, inner in value.items() if inner is not None}
    return value


def _literal(value: Any) -> Any:
    """Terraform reads `${` and `%{` in a text as a template; doubled signs are the signs themselves."""
    if isinstance(value, Mapping):
        return {_literal(key): _literal(inner) for key, inner in value.items()}
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    return value
