"""Nothing is dropped: a field that is set stands in the artifact, or it is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from compiling import CONTAINER, VERTEX, WEEKLY, Result, compile_one
from schedc.frontend.fields import CONTAINER as CONTAINER_FIELDS
from schedc.frontend.fields import SCHEDULE as SCHEDULE_FIELDS
from schedc.targets import names, targets

START = "2026-12-01T00:00:00Z"

SET: dict[str, dict[str, Any]] = {
    "cron_expression": {"cron_expression": "6 14 * * 3"},
    "interval_second": {"cron_expression": None, "interval_second": 1800, "start_time": START},
    "run_once_start_time": {"cron_expression": None, "run_once_start_time": START},
    "timezone": {"timezone": "Asia/Kolkata"},
    "start_time": {"start_time": START},
    "end_time": {"end_time": "2030-01-01T00:00:00Z"},
    "catchup": {"catchup": "all", "start_time": START},
    "overlap": {"overlap": "replace"},
    "max_active_runs": {"max_active_runs": 1},
    "max_runs": {"max_runs": 3},
    "start_deadline_second": {"start_deadline_second": 90},
    "dst_gap": {"cron_expression": "30 2 * * *", "timezone": "Europe/Amsterdam", "dst_gap": "run_after"},
    "dst_fold": {"cron_expression": "30 2 * * *", "timezone": "Europe/Amsterdam", "dst_fold": "first"},
    "paused": {"paused": True},
    "retries": {"retries": 3},
    "timeout_second": {"timeout_second": 777},
    "attempt_timeout_second": {"attempt_timeout_second": 777},
    "description": {"description": "Retrain the churn model"},
    "owner": {"owner": "churn-team"},
    "labels": {"labels": {"team": "churn"}},
    "run": {"run": {"container": {**CONTAINER, "image": "ghcr.io/acme/other:1"}}},
    "targets": {
        "targets": {
            "vertex": {**VERTEX, "project": "other"},
            "airflow": {"dag_id": "other"},
            "kubernetes": {"namespace": "other"},
            "kubeflow": {"pipeline_root": "s3://other"},
        }
    },
}
ELSEWHERE = {
    "enabled": "test_compile, a disabled schedule emits nothing",
    "deploy_to": "test_compile, a schedule is compiled for what it lists",
    "environments": "test_compile, the strongest layer wins",
    "cache": "test_matrix, cache as_compiled; a container has no cache",
}
"""Fields that say nothing to a single target, and where they are tested."""

IN_CONTAINER: dict[str, Any] = {
    "image": "ghcr.io/acme/other:1",
    "command": ["other"],
    "args": ["--all"],
    "env": {"STAGE": "prod"},
    "resources": {"limits": {"cpu": "3"}},
    "service_account": "runner@acme.iam.gserviceaccount.com",
    "image_pull_policy": "Always",
    "working_dir": "/srv",
    "env_from": [{"secret": "churn"}],
    "image_pull_secrets": ["registry"],
    "volumes": [{"name": "data", "empty_dir": {}}],
    "volume_mounts": [{"name": "data", "mount_path": "/data"}],
    "init_containers": [{"name": "migrate", "image": "ghcr.io/acme/churn:1", "command": ["migrate"]}],
    "pod_security_context": {"fs_group": 10001},
    "termination_grace_period_second": 77,
    "ttl_second_after_finished": 777,
    "node_selector": {"disk": "ssd"},
    "tolerations": [{"key": "gpu", "operator": "Exists"}],
    "affinity": {
        "node_affinity": {
            "required_during_scheduling_ignored_during_execution": {
                "node_selector_terms": [{"match_expressions": [{"key": "gpu", "operator": "Exists"}]}]
            }
        }
    },
    "security_context": {"run_as_user": 10001, "capabilities": {"drop": ["ALL"]}},
    "priority_class": "batch",
    "pod_labels": {"team": "churn"},
    "pod_annotations": {"note": "churn"},
}


def _meaning(result: Result, target: str) -> dict[str, str]:
    """The artifacts without their digest, and without the rule in words that stands in a comment."""
    texts = {o.target: "\n".join(a.text for a in o.artifacts) for o in result.compilation.outputs}
    return {target: re.sub(r"\b[0-9a-f]{16}\b", "", texts[target])} if target in texts else {}


def _refused(result: Result, target: str) -> bool:
    return any(d.is_error and d.target in (target, None) for d in result.found)


def _check(field: str, base: dict[str, Any], changed: dict[str, Any], target: str, folder: Path) -> None:
    before = compile_one(folder, base, (target,))
    after = compile_one(folder, changed, (target,))
    if _refused(after, target):
        assert _meaning(after, target) == {}
        return
    assert _meaning(after, target), after.found
    assert before.errors == []
    assert _meaning(after, target) != _meaning(before, target), field


def test_every_field_of_a_schedule_is_set_here() -> None:
    assert {f.name for f in SCHEDULE_FIELDS.fields} == SET.keys() | ELSEWHERE.keys()


def test_every_field_of_a_container_is_set_here() -> None:
    assert {f.name for f in CONTAINER_FIELDS.fields} == IN_CONTAINER.keys()


@pytest.mark.parametrize("target", names())
@pytest.mark.parametrize("field", SET)
def test_a_field_of_a_schedule_is_kept_or_refused(field: str, target: str, tmp_path: Path) -> None:
    changed = {key: value for key, value in {**WEEKLY, **SET[field]}.items() if value is not None}
    base = {k: v for k, v in changed.items() if k != field or field in ("run", "targets")}
    base = {**base, **{k: WEEKLY[k] for k in (field,) if k in WEEKLY}}
    if field in ("interval_second", "run_once_start_time"):
        base = {k: v for k, v in base.items() if k != "start_time"} | {"cron_expression": WEEKLY["cron_expression"]}
    if field == "catchup":
        del base["start_time"], changed["start_time"]
        base["start_time"] = changed["start_time"] = START
        if target == "kubernetes":
            del base["start_time"]
    _check(field, base, changed, target, tmp_path)


@pytest.mark.parametrize("target", names())
@pytest.mark.parametrize("field", IN_CONTAINER)
def test_a_field_of_a_container_is_kept_or_refused(field: str, target: str, tmp_path: Path) -> None:
    beside = {"volumes": IN_CONTAINER["volumes"]} if field == "volume_mounts" else {}
    changed = {**WEEKLY, "run": {"container": {**CONTAINER, **beside, field: IN_CONTAINER[field]}}}
    assert not [d.message for d in compile_one(tmp_path, changed, (target,)).found if d.is_error and d.target is None]
    _check(field, WEEKLY, changed, target, tmp_path)


@pytest.mark.parametrize("target", names())
def test_every_option_of_a_target_is_kept_or_refused(target: str, tmp_path: Path) -> None:
    """An option that changes no byte would be one that nobody reads."""
    for field in targets()[target].options:
        value = OPTIONS[target][field.name]
        required = VERTEX if target == "vertex" else {}
        changed = {**WEEKLY, "targets": {"vertex": VERTEX, target: {**required, **value}}}
        after = compile_one(tmp_path, changed, (target,))
        before = compile_one(tmp_path, WEEKLY, (target,))
        if not _refused(after, target) and field.name not in PROMISES[target]:
            assert _meaning(after, target) != _meaning(before, target), field.name


PROMISES: dict[str, set[str]] = {
    "airflow": {"croniter"},
    "kubernetes": {"version"},
    "kubeflow": {"version"},
    "vertex": set(),
}
"""Options that say what the engine is, and so decide what is refused and not what is written."""

OPTIONS: dict[str, dict[str, dict[str, Any]]] = {
    "airflow": {
        "version": {"version": "2.11"},
        "croniter": {"croniter": ">=6.2.2"},
        "dag_id": {"dag_id": "other"},
        "owner": {"owner": "churn-team"},
        "tags": {"tags": ["ml"]},
        "operator": {"operator": "docker"},
        "namespace": {"namespace": "ml"},
        "kubernetes_conn_id": {"kubernetes_conn_id": "cluster"},
        "in_cluster": {"in_cluster": True},
        "cluster_context": {"cluster_context": "prod"},
        "config_file": {"config_file": "/etc/kube"},
        "startup_timeout_seconds": {"startup_timeout_seconds": 77},
        "on_finish_action": {"on_finish_action": "keep_pod"},
        "deferrable": {"deferrable": True},
        "docker_url": {"operator": "docker", "docker_url": "tcp://docker:2375"},
        "docker_conn_id": {"operator": "docker", "docker_conn_id": "registry"},
        "network_mode": {"operator": "docker", "network_mode": "host"},
        "emit": {"emit": "schedule"},
        "dag_kwargs": {"dag_kwargs": {"max_consecutive_failed_dag_runs": 3}},
        "default_args": {"default_args": {"retry_delay": 60}},
    },
    "kubernetes": {
        "version": {"version": "1.30"},
        "namespace": {"namespace": "ml"},
        "successful_jobs_history_limit": {"successful_jobs_history_limit": 7},
        "failed_jobs_history_limit": {"failed_jobs_history_limit": 7},
        "scheduled_time": {"scheduled_time": "job_name"},
        "patch": {"patch": {"spec": {"jobTemplate": {"spec": {"template": {"spec": {"dnsPolicy": "Default"}}}}}}},
    },
    "kubeflow": {
        "version": {"version": "2.15"},
        "cluster_timezone": {"cluster_timezone": "Asia/Kolkata"},
        "experiment_id": {"experiment_id": "e"},
        "service_account": {"service_account": "runner"},
        "pipeline_root": {"pipeline_root": "s3://bucket/root"},
        "max_concurrency": {"max_concurrency": 3},
        "patch": {"patch": {"namespace": "ml"}},
    },
    "vertex": {
        "project": {"project": "other"},
        "location": {"location": "us-central1"},
        "gcs_output_directory": {"gcs_output_directory": "gs://other/x"},
        "format": {"format": "terraform"},
        "service_account": {"service_account": "runner@acme.iam.gserviceaccount.com"},
        "network": {"network": "projects/1/global/networks/n"},
        "encryption_key": {"encryption_key": "projects/p/locations/l/keyRings/r/cryptoKeys/k"},
        "failure_policy": {"failure_policy": "fail_fast"},
        "patch": {"patch": {"createPipelineJobRequest": {"pipelineJob": {"preflightValidations": True}}}},
    },
}
