"""What an editor offers beside names and words: what is meant where a field is left out, and examples of its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEFAULTS: Mapping[str, Any] = {"timezone": "UTC", "paused": False, "enabled": True, "retries": 0, "cache": False}
"""Fields of a schedule that mean the same when they are left out, on every target."""

_CONTAINER = {"image": "ghcr.io/acme/churn:1.4.0", "command": ["python", "-m", "churn.train"]}

SCHEDULE: Mapping[str, list[Any]] = {
    "cron_expression": ["5 14 * * 3", "*/15 * * * *", "0 6 * * MON-FRI", "0 9 * * MON#1", "@daily"],
    "interval_second": [1800, "30m", "1h30m", "PT30M"],
    "run_once_start_time": ["2027-03-01T06:30:00Z"],
    "start_time": ["2027-01-01T00:00:00", "2027-01-01T00:00:00+01:00"],
    "end_time": ["2027-12-31T23:59:59", "2027-12-31T23:59:59Z"],
    "max_active_runs": [1],
    "max_runs": [10],
    "start_deadline_second": [60, "10m"],
    "deploy_to": [["airflow"], ["kubernetes"]],
    "timeout_second": ["2h"],
    "attempt_timeout_second": ["30m"],
    "description": ["Retrain the churn model"],
    "owner": ["churn-team"],
    "labels": [{"team": "churn"}],
    "run": [{"container": _CONTAINER}],
    "environments": [{"dev": {"paused": True}}],
}
"""Values of the fields of a schedule."""

CONTAINER: Mapping[str, list[Any]] = {
    "image": ["ghcr.io/acme/churn:1.4.0", "${values.registry}/churn:${values.tag}"],
    "command": [["python", "-m", "churn.train"]],
    "args": [["--window", "28d"]],
    "env": [{"STAGE": "prod", "DB_PASSWORD": {"secret": "churn-db", "key": "password"}}],
    "resources": [{"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "2Gi"}}],
    "service_account": ["churn"],
    "node_selector": [{"pool": "cpu"}],
}
"""Values of the fields of a container."""

PROJECT: Mapping[str, list[Any]] = {
    "sources": [["schedules"]],
    "output": ["compiled"],
    "applied_after": ["2027-01-01T00:00:00Z"],
    "values": [{"registry": "ghcr.io/acme", "tag": "main"}],
}
"""Values of what `schedc.toml` holds."""


def hinted(
    schema: dict[str, Any], examples: Mapping[str, list[Any]], defaults: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A schema of a mapping, with examples and defaults at its properties."""
    properties = dict(schema["properties"])
    for name, values in examples.items():
        properties[name] = {**properties[name], "examples": values}
    for name, value in (defaults or {}).items():
        properties[name] = {**properties[name], "default": value}
    return {**schema, "properties": properties}
