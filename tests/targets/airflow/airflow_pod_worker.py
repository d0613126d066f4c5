"""Runs inside an environment with Airflow: builds the pods of a folder of DAG files, without a cluster.

Prints one JSON object: by DAG id and task id the pod as KubernetesPodOperator would send it.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from types import SimpleNamespace
from typing import Any

CONTEXT = {"run_id": "scheduled__2027-01-01", "dag": SimpleNamespace()}


def main(folder: str) -> None:
    try:
        module = import_module("airflow.dag_processing.dagbag")
    except ImportError:
        module = import_module("airflow.models.dagbag")
    pendulum = import_module("pendulum")
    client = import_module("kubernetes.client").ApiClient()
    bag = module.DagBag(dag_folder=folder)
    assert not bag.import_errors, bag.import_errors
    pods: dict[str, Any] = {}
    for dag_id, dag in bag.dags.items():
        for task in dag.tasks:
            ti = SimpleNamespace(dag_id=dag_id, task_id=task.task_id, map_index=-1, try_number=1)
            when = pendulum.datetime(2027, 3, 27, 23, 30, tz="UTC")
            task.render_template_fields({"logical_date": when})
            pod = task.build_pod_request_obj({**CONTEXT, "ti": ti}, dry_run=True)
            pods.setdefault(dag_id, {})[task.task_id] = client.sanitize_for_serialization(pod)
    print("\n" + json.dumps(pods))


if __name__ == "__main__":
    main(sys.argv[1])
