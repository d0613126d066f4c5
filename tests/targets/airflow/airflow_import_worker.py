"""Runs inside an environment with Airflow: imports a folder of DAG files, serializes them, renders their tasks.

Prints one JSON object: the version, import errors, warnings, and by DAG id what the task would be given.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib import import_module
from importlib.metadata import version
from typing import Any


def _bag(folder: str) -> Any:
    try:
        module = import_module("airflow.dag_processing.dagbag")
    except ImportError:
        module = import_module("airflow.models.dagbag")
    return module.DagBag(dag_folder=folder)


def _serialized(dag: Any) -> Any:
    serialized_objects = import_module("airflow.serialization.serialized_objects")
    serializer = getattr(serialized_objects, "DagSerialization", None) or serialized_objects.SerializedDAG
    return serializer.from_dict(json.loads(json.dumps(serializer.to_dict(dag))))


def _given(task: Any) -> dict[str, Any]:
    task.resolve_template_files()
    task.render_template_fields({})
    found: dict[str, Any] = {"operator": type(task).__name__}
    names = ("image", "cmds", "arguments", "command", "entrypoint", "environment", "bash_command", "env")
    for name in (*names, "service_account_name", "namespace", "docker_url", "kubernetes_conn_id"):
        if hasattr(task, name):
            found[name] = getattr(task, name)
    if hasattr(task, "env_vars"):
        found["env_vars"] = [_plain(one.to_dict()) for one in task.env_vars]
        resources = task.container_resources
        found["resources"] = _plain(resources.to_dict()) if resources else None
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one is not None}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def main(folder: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")  # Airflow keeps what it catches while it imports a file
        bag = _bag(folder)
    dags = {}
    for dag_id, dag in bag.dags.items():
        timetable = _serialized(dag).timetable
        (task,) = dag.tasks
        dags[dag_id] = {
            **_given(task),
            "timetable": timetable.serialize(),
            "doc_md": dag.doc_md,
            "description": dag.description,
            "owner": task.owner,
            "retries": task.retries,
            "tags": sorted(dag.tags),
            "catchup": dag.catchup,
            "max_active_runs": dag.max_active_runs,
            "start": dag.start_date.timestamp(),
            "end": dag.end_date.timestamp() if dag.end_date else None,
        }
    ours = [line for path in sorted(bag.captured_warnings) for line in bag.captured_warnings[path]]
    report = {"version": version("apache-airflow"), "errors": bag.import_errors, "warnings": ours, "dags": dags}
    print("\n" + json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1])
