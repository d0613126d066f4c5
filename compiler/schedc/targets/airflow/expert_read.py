"""Reads back what an expert passes on to Airflow, and refuses arguments that would change what schedc promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedc.targets.airflow.source import Made, Reference, unreadable

_NEVER_OF_DAG = frozenset(
    {
        "schedule_interval",
        "timetable",
        "concurrency",
        "auto_register",
        "render_template_as_native_obj",
        "jinja_environment_kwargs",
        "template_undefined",
        "user_defined_macros",
        "depends_on_past",
    }
)
_NEVER_OF_TASKS = frozenset(
    {
        "start_date",
        "end_date",
        "depends_on_past",
        "wait_for_downstream",
        "max_active_tis_per_dag",
        "task_concurrency",
        "trigger_rule",
        "dag",
        "task_id",
        "name",
        "doc",
        "image",
        "cmds",
        "entrypoint",
        "bash_command",
        "arguments",
        "command",
        "env_vars",
        "environment",
        "env",
        "append_env",
        "private_environment",
        "env_file",
        "secrets",
        "env_from",
        "configmaps",
        "container_resources",
        "volumes",
        "volume_mounts",
        "mounts",
        "working_dir",
        "cwd",
        "image_pull_policy",
        "image_pull_secrets",
        "service_account_name",
        "node_selector",
        "tolerations",
        "affinity",
        "security_context",
        "container_security_context",
        "priority_class_name",
        "labels",
        "annotations",
        "init_containers",
        "termination_grace_period",
        "full_pod_spec",
        "pod_template_file",
        "pod_template_dict",
        "do_xcom_push",
        "base_container_name",
        "skip_on_exit_code",
        "mount_tmp_dir",
        "auto_remove",
        "active_deadline_seconds",
    }
)


def of_dag(keywords: Mapping[str, Any], known: frozenset[str], line: int) -> dict[str, Any]:
    """The arguments of a DAG that schedc has no word for, as plain data."""
    for name in keywords:
        if name in _NEVER_OF_DAG:
            raise unreadable(f"the argument {name} of DAG", line)
    return {name: plain(value, line) for name, value in keywords.items() if name not in known}


def of_tasks(given: Mapping[str, Any], known: frozenset[str], line: int) -> dict[str, Any]:
    """The same of `default_args`."""
    for name in given:
        if name in _NEVER_OF_TASKS:
            raise unreadable(f"{name} in default_args", line)
    return {name: plain(value, line) for name, value in given.items() if name not in known}


def own_operator(task: Made) -> dict[str, Any]:
    """The class of an operator from elsewhere, and its arguments."""
    if task.arguments or task.keywords.get("task_id") != "run":
        raise unreadable("an operator of an expert without the task_id run", task.line)
    kwargs = {name: plain(value, task.line) for name, value in task.keywords.items() if name != "task_id"}
    return {"operator": task.name, "kwargs": kwargs}


def plain(value: Any, line: int) -> Any:
    """Plain data, in which references are `{"ref": path}`."""
    if isinstance(value, Reference):
        return {"ref": value.path}
    if isinstance(value, dict):
        if value.keys() == {"ref"}:
            raise unreadable("a mapping that looks like a reference", line)
        return {key: plain(one, line) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one, line) for one in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise unreadable("an argument that is no plain value", line)
