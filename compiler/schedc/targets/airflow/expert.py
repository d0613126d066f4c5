"""The expert's way out: arguments of Airflow's own that schedc has no word for, and which of them it does have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schedc.targets.airflow.text import Source, literal

REFERENCE = r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+"
"""A name in a module: `acme.alerts.notify`."""

_TEXT_IS_TEXT = "literal text would not stay literal"

DAG_WORDS: Mapping[str, str] = {
    "dag_id": "use targets.airflow.dag_id",
    "schedule": "use cron_expression or interval_second",
    "schedule_interval": "use cron_expression or interval_second",
    "timetable": "use cron_expression or interval_second",
    "start_date": "use start_time",
    "end_date": "use end_time",
    "catchup": "use catchup",
    "max_active_runs": "use max_active_runs",
    "max_active_tasks": "use max_active_runs",
    "concurrency": "use max_active_runs",
    "dagrun_timeout": "use timeout_second",
    "is_paused_upon_creation": "use paused",
    "default_args": "use targets.airflow.default_args",
    "description": "use description",
    "doc_md": "use description: the DAG's documentation says where it came from",
    "tags": "use targets.airflow.tags or labels",
    "auto_register": "use enabled",
    "render_template_as_native_obj": _TEXT_IS_TEXT,
    "jinja_environment_kwargs": _TEXT_IS_TEXT,
    "template_undefined": "a run without a scheduled time would not fail",
    "user_defined_macros": _TEXT_IS_TEXT,
}
"""Arguments of DAG that carry instants, policy or ownership, and what to do instead."""

_CONTAINER_WORDS = (
    ("image", "image"),
    ("cmds", "command"),
    ("entrypoint", "command"),
    ("bash_command", "command"),
    ("arguments", "args"),
    ("command", "args"),
    ("env_vars", "env"),
    ("environment", "env"),
    ("env", "env"),
    ("append_env", "env"),
    ("private_environment", "env"),
    ("env_file", "env"),
    ("secrets", "env"),
    ("env_from", "env_from"),
    ("configmaps", "env_from"),
    ("container_resources", "resources"),
    ("volumes", "volumes"),
    ("volume_mounts", "volume_mounts"),
    ("mounts", "volume_mounts"),
    ("working_dir", "working_dir"),
    ("cwd", "working_dir"),
    ("image_pull_policy", "image_pull_policy"),
    ("image_pull_secrets", "image_pull_secrets"),
    ("service_account_name", "service_account"),
    ("node_selector", "node_selector"),
    ("tolerations", "tolerations"),
    ("affinity", "affinity"),
    ("security_context", "pod_security_context"),
    ("container_security_context", "security_context"),
    ("priority_class_name", "priority_class"),
    ("labels", "pod_labels"),
    ("annotations", "pod_annotations"),
    ("init_containers", "init_containers"),
    ("termination_grace_period", "termination_grace_period_second"),
)
_WHOLE_POD = "use the fields of run.container, or operator: {import: ...} for an operator of your own"

TASK_WORDS: Mapping[str, str] = {
    "owner": "use owner",
    "retries": "use retries",
    "execution_timeout": "use attempt_timeout_second",
    "start_date": "use start_time",
    "end_date": "use end_time",
    "depends_on_past": "use max_active_runs: a run that failed must not keep the next from starting",
    "wait_for_downstream": "use max_active_runs: a run that failed must not keep the next from starting",
    "max_active_tis_per_dag": "use max_active_runs",
    "task_concurrency": "use max_active_runs",
    "trigger_rule": "use run.steps with after",
    "dag": "use targets.airflow.dag_id",
    "task_id": "use run.steps",
    "name": "the pod is named after the schedule",
    "doc": "use description",
    **{argument: f"use run.container.{field}" for argument, field in _CONTAINER_WORDS},
    **dict.fromkeys(("full_pod_spec", "pod_template_file", "pod_template_dict"), _WHOLE_POD),
    **dict.fromkeys(("do_xcom_push", "base_container_name", "skip_on_exit_code"), _WHOLE_POD),
    **dict.fromkeys(("mount_tmp_dir", "auto_remove", "active_deadline_seconds"), _WHOLE_POD),
}
"""Arguments of operators that carry instants, policy, ownership or the workload, and what to do instead."""


def references(data: Any) -> Iterator[str]:
    """Every `{ref: pkg.mod.name}` in plain data."""
    if is_reference(data):
        yield data["ref"]
        return
    inside = data.values() if isinstance(data, Mapping) else data if isinstance(data, list | tuple) else ()
    for one in inside:
        yield from references(one)


def is_reference(data: Any) -> bool:
    return isinstance(data, Mapping) and set(data) == {"ref"}


def local_names(paths: Iterable[str], taken: frozenset[str]) -> dict[str, str]:
    """What each path is called in the file: its last part, or all of it where that is taken."""
    found: dict[str, str] = {}
    for path in sorted(set(paths)):
        short = path.rpartition(".")[2]
        free = short not in taken and short not in found.values()
        found[path] = short if free else path.replace(".", "_")
    return found


def source(data: Any, names: Mapping[str, str]) -> Any:
    """Plain data as Python, references as names."""
    if is_reference(data):
        return Source(names[data["ref"]])
    if isinstance(data, Mapping):
        return {key: source(one, names) for key, one in sorted(data.items())}
    return [source(one, names) for one in data] if isinstance(data, list | tuple) else literal(data)


def is_writable(data: Any) -> bool:
    """Whether plain data has a literal in Python."""
    if isinstance(data, Mapping):
        return all(isinstance(key, str) and is_writable(one) for key, one in data.items())
    if isinstance(data, list | tuple):
        return all(is_writable(one) for one in data)
    return data is None or isinstance(data, str | bool | int) or (isinstance(data, float) and math.isfinite(data))
