"""The least that asks for each feature: fields of a schedule, and the path of the one that asks.

A row stands for every target; `ON` holds other fields for a target whose answer is a yes with a limit, chosen to lie
inside of what its note says. A new feature without a row fails the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schedc.capabilities import Feature

Path = tuple[str | int, ...]

CONTAINER = {"image": "ghcr.io/acme/churn:1.4.0", "command": ["python", "-m", "churn.train"]}
TRAIN: dict[str, Any] = {"package": "train.yaml"}
PLATFORM: dict[str, Any] = {"package": "train_with_platform.yaml"}
PLAIN: dict[str, Any] = {"cron_expression": "5 14 * * 3"}
BASE: dict[str, Any] = {**PLAIN, "run": {"container": CONTAINER}}


@dataclass(frozen=True, slots=True)
class Row:
    """Fields over `BASE`, and where a refusal has to point."""

    fields: dict[str, Any]
    at: Path
    interval: bool = False

    def schedule(self) -> dict[str, Any]:
        base = {k: v for k, v in BASE.items() if not self.interval or k != "cron_expression"}
        return {**base, **self.fields}


def _cron(expression: str, **fields: Any) -> Row:
    return Row({"cron_expression": expression, **fields}, ("cron_expression",))


def _field(name: str, value: Any, **fields: Any) -> Row:
    return Row({name: value, **fields}, (name,))


def _container(*path: str, value: Any, at: Path | None = None) -> Row:
    inner: Any = value
    for step in reversed(path):
        inner = {step: inner}
    return Row({"run": {"container": {**CONTAINER, **inner}}}, at or ("run", "container", *path))


def _zoned(name: str, value: str) -> Row:
    """A policy for clock changes beside a time that none of them touches."""
    return Row({"timezone": "Europe/Amsterdam", name: value}, (name,))


_START = "2027-01-01T00:00:00Z"

ROWS: dict[Feature, Row] = {
    Feature.CRON: _cron("5 14 * * 3"),
    Feature.CRON_SECONDS: _cron("30 5 14 * * 3"),
    Feature.CRON_YEARS: _cron("0 5 14 * * 3 2027,2030"),
    Feature.DAY_EITHER: _cron("0 9 13 * 5"),
    Feature.DAY_BOTH: _cron("0 9 1-7 * +1"),
    Feature.LAST_DAY: _cron("0 22 L * *"),
    Feature.NEAREST_WEEKDAY: _cron("0 7 25W * *"),
    Feature.NTH_WEEKDAY: _cron("0 6 * * 1#1,2#2"),
    Feature.LAST_WEEKDAY: _cron("0 16 * * 5#L"),
    Feature.INTERVAL: Row({"interval_second": 5400, "start_time": _START}, ("interval_second",), interval=True),
    Feature.ONE_OFF: Row({"run_once_start_time": _START}, ("run_once_start_time",), interval=True),
    Feature.TIMEZONE: _field("timezone", "Europe/Amsterdam"),
    Feature.START_BOUND: _field("start_time", _START),
    Feature.END_BOUND: _field("end_time", "2027-12-31T00:00:00Z"),
    Feature.MAX_RUNS: _field("max_runs", 10),
    Feature.GAP_SKIP: _zoned("dst_gap", "skip"),
    Feature.GAP_SHIFT: _zoned("dst_gap", "shift"),
    Feature.GAP_RUN_AFTER: _zoned("dst_gap", "run_after"),
    Feature.FOLD_FIRST: _zoned("dst_fold", "first"),
    Feature.FOLD_SECOND: _zoned("dst_fold", "second"),
    Feature.FOLD_BOTH: _zoned("dst_fold", "both"),
    Feature.CATCHUP_NONE: _field("catchup", "none"),
    Feature.CATCHUP_FALSE: _field("catchup", False),
    Feature.CATCHUP_LATEST: _field("catchup", "latest"),
    Feature.CATCHUP_ALL: _field("catchup", True, start_time=_START),
    Feature.OVERLAP_ALLOW: _field("overlap", "allow"),
    Feature.OVERLAP_SKIP: _field("overlap", "skip"),
    Feature.OVERLAP_QUEUE: _field("overlap", "queue"),
    Feature.OVERLAP_REPLACE: _field("overlap", "replace"),
    Feature.MAX_ACTIVE_RUNS: _field("max_active_runs", 1),
    Feature.START_DEADLINE: _field("start_deadline_second", 300),
    Feature.PAUSED: _field("paused", True),
    Feature.RETRIES: _field("retries", 2),
    Feature.TIMEOUT: _field("timeout_second", 3600),
    Feature.ATTEMPT_TIMEOUT: _field("attempt_timeout_second", 600),
    Feature.DESCRIPTION: _field("description", "Retrain the churn model"),
    Feature.OWNER: _field("owner", "churn-team"),
    Feature.LABELS: _field("labels", {"team": "churn"}),
    Feature.CACHE_AS_COMPILED: _field("cache", "as_compiled", run={"pipeline": TRAIN}),
    Feature.CONTAINER: Row({}, ("run", "container")),
    Feature.ENV: _container("env", "STAGE", value="prod"),
    Feature.ENV_SECRET: _container("env", "PASSWORD", value={"secret": "churn-db", "key": "password"}),
    Feature.ENV_CONFIG_MAP: _container("env", "BUCKET", value={"config_map": "churn", "key": "bucket"}),
    Feature.ENV_POD_FIELD: _container("env", "POD", value={"field": "metadata.name"}),
    Feature.ENV_FROM: _container("env_from", value=[{"secret": "churn-extra"}]),
    Feature.SCHEDULED_TIME: _container("env", "DAY", value={"scheduled_time": "%Y-%m-%d"}),
    Feature.WORKING_DIR: _container("working_dir", value="/srv/churn"),
    Feature.IMAGE_PULL_POLICY: _container("image_pull_policy", value="Always"),
    Feature.IMAGE_PULL_SECRETS: _container("image_pull_secrets", value=["ghcr"]),
    Feature.VOLUMES: Row(
        {
            "run": {
                "container": {
                    **CONTAINER,
                    "volumes": [{"name": "models", "persistent_volume_claim": {"claim_name": "models"}}],
                    "volume_mounts": [{"name": "models", "mount_path": "/models"}],
                }
            }
        },
        ("run", "container", "volumes"),
    ),
    Feature.NODE_SELECTOR: _container("node_selector", value={"acme.example/pool": "batch"}),
    Feature.TOLERATIONS: _container("tolerations", value=[{"key": "dedicated", "operator": "Exists"}]),
    Feature.AFFINITY: _container(
        "affinity",
        value={
            "node_affinity": {
                "required_during_scheduling_ignored_during_execution": {
                    "node_selector_terms": [{"match_expressions": [{"key": "gpu", "operator": "Exists"}]}]
                }
            }
        },
    ),
    Feature.SECURITY_CONTEXT: _container(
        "security_context", value={"run_as_user": 10001, "capabilities": {"drop": ["ALL"]}}
    ),
    Feature.PRIORITY_CLASS: _container("priority_class", value="batch"),
    Feature.POD_LABELS: _container("pod_labels", value={"team": "churn"}),
    Feature.POD_ANNOTATIONS: _container("pod_annotations", value={"acme.example/note": "nightly"}),
    Feature.INIT_CONTAINERS: _container("init_containers", value=[{"name": "migrate", **CONTAINER}]),
    Feature.TERMINATION_GRACE: _container("termination_grace_period_second", value=60),
    Feature.TTL_AFTER_FINISHED: _container("ttl_second_after_finished", value=3600),
    Feature.RESOURCES: _container("resources", value={"requests": {"cpu": "500m", "memory": "1Gi"}}),
    Feature.ACCELERATOR: _container("resources", "accelerator", value={"type": "nvidia.com/gpu", "count": 1}),
    Feature.SERVICE_ACCOUNT: _container("service_account", value="churn-runner"),
    Feature.STEPS: Row(
        {"run": {"steps": {"first": CONTAINER, "second": {**CONTAINER, "after": ["first"]}}}},
        ("run", "steps"),
    ),
    Feature.PIPELINE: Row({"run": {"pipeline": TRAIN}}, ("run", "pipeline")),
    Feature.PIPELINE_PLATFORM: Row({"run": {"pipeline": PLATFORM}}, ("run", "pipeline", "package")),
    Feature.PIPELINE_PARAMETERS: Row(
        {"run": {"pipeline": {**TRAIN, "parameters": {"window_days": 14}}}}, ("run", "pipeline", "parameters")
    ),
}

_CAUGHT_UP = {"catchup": True, "start_time": _START}
_IN_UTC = {"timezone": "Asia/Kolkata"}

ON: dict[tuple[str, Feature], Row] = {
    ("airflow", Feature.INTERVAL): Row({"interval_second": 5400, **_CAUGHT_UP}, ("interval_second",), interval=True),
    ("airflow", Feature.OVERLAP_QUEUE): _field("overlap", "queue", **_CAUGHT_UP),
    ("airflow", Feature.NEAREST_WEEKDAY): _cron("0 7 25W * *", targets={"airflow": {"croniter": ">=6.2.2"}}),
    ("kubeflow", Feature.INTERVAL): Row({"interval_second": 5400, **_CAUGHT_UP}, ("interval_second",), interval=True),
    ("kubeflow", Feature.OVERLAP_QUEUE): _field("overlap", "queue", **_CAUGHT_UP),
    ("kubeflow", Feature.NTH_WEEKDAY): _cron("0 6 * * 1#1"),
    **{
        ("kubeflow", feature): Row({**ROWS[feature].fields, **_IN_UTC}, ROWS[feature].at)
        for feature in Feature
        if feature.name.startswith(("GAP_", "FOLD_"))
    },
    ("vertex", Feature.DAY_EITHER): _cron("0 9 1-29 2 5"),
    ("vertex", Feature.DAY_BOTH): _cron("0 9 1-29 2 +5"),
    ("vertex", Feature.SCHEDULED_TIME): Row(
        {"run": {"container": {**CONTAINER, "args": ["--at", {"scheduled_time": "%Y-%m-%dT%H:%M:%SZ"}]}}},
        ("run", "container", "args", 1),
    ),
    ("vertex", Feature.RESOURCES): _container("resources", value={"limits": {"cpu": "8", "memory": "32Gi"}}),
    ("vertex", Feature.ACCELERATOR): _container("resources", "accelerator", value={"type": "NVIDIA_L4", "count": 1}),
    ("vertex", Feature.SERVICE_ACCOUNT): _container("service_account", value="churn@acme.iam.gserviceaccount.com"),
}
"""Fields inside the limits that a target's note names."""


def row(target: str, feature: Feature) -> Row:
    return ON.get((target, feature), ROWS[feature])
