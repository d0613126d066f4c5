"""Runs inside an environment with Airflow: runs the DAGs of a folder in this process, at given logical dates.

Arguments: the folder, and JSON with logical dates by DAG id (null for a run by hand without one). Prints one JSON
object: by DAG id the states of its runs, and each task's state and number of tries.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timezone
from importlib import import_module
from importlib.metadata import version
from typing import Any

FIRST = int(version("apache-airflow").split(".")[0])


def _run(dag: Any, at: int | None) -> dict[str, Any]:
    when = None if at is None else datetime.fromtimestamp(at, timezone.utc)  # noqa: UP017
    found = dag.test(logical_date=when) if FIRST >= 3 else dag.test(execution_date=when)
    tasks = {ti.task_id: [str(ti.state), ti.try_number] for ti in found.get_task_instances()}
    return {"state": str(found.state), "tasks": tasks}


def main(folder: str, wanted: str) -> None:
    os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = folder
    import_module("airflow.utils.db").initdb()
    module = import_module("airflow.dag_processing.dagbag" if FIRST >= 3 else "airflow.models.dagbag")
    bag = module.DagBag(dag_folder=folder)
    assert not bag.import_errors, bag.import_errors
    runs = {dag_id: [_run(bag.dags[dag_id], at) for at in dates] for dag_id, dates in json.loads(wanted).items()}
    print("\n" + json.dumps(runs))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
