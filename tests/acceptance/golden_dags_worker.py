"""Runs inside an environment with Airflow: imports folders of golden DAG files, and follows their timetables.

Reads {"folders": [...], "origins": {folder: {dag id: [UTC seconds]}}, "count": n} from standard input; writes
{"version", "folders": {folder: {"errors", "warnings", "dags": {dag id: [{"origin", "runs", "done"}]}}}}.
`runs` are the run-after instants, in UTC seconds, of the first `count` runs of a scheduler whose clock stands at the
origin when it first sees the DAG, and at the instant of each run afterwards.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("AIRFLOW__LOGGING__LOGGING_LEVEL", "ERROR")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def bag(folder: str) -> Any:
    try:
        module = import_module("airflow.dag_processing.dagbag")
    except ImportError:
        module = import_module("airflow.models.dagbag")
    return module.DagBag(dag_folder=folder)


def serialized(dag: Any) -> Any:
    """The DAG as the scheduler has it: from the database, without the file."""
    objects = import_module("airflow.serialization.serialized_objects")
    serializer = getattr(objects, "DagSerialization", None) or objects.SerializedDAG
    return serializer.from_dict(json.loads(json.dumps(serializer.to_dict(dag))))


def moment(seconds: int) -> Any:
    return import_module("pendulum").instance(EPOCH + timedelta(seconds=seconds))


def follow(dag: Any, origin: int, count: int) -> dict[str, Any]:
    base: Any = import_module("airflow.timetables.base")
    trigger: Any = import_module("airflow.timetables.trigger")
    clock = origin
    trigger.utcnow = lambda: moment(clock)
    trigger.time = SimpleNamespace(time=lambda: float(clock))
    restriction = base.TimeRestriction(dag.start_date, dag.end_date, dag.catchup)
    runs: list[int] = []
    last = None
    while len(runs) < count:
        info = dag.timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction)
        if info is None:
            return {"origin": origin, "runs": runs, "done": True}
        runs.append(round(info.run_after.timestamp()))
        last = info.data_interval
        clock = max(clock, runs[-1])
    return {"origin": origin, "runs": runs, "done": False}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # Airflow prints to standard output while it is imported.
    asked = json.load(sys.stdin)
    found: dict[str, Any] = {}
    for folder in asked["folders"]:
        with warnings.catch_warnings():
            warnings.simplefilter("always")  # Airflow keeps what it catches while it imports a file, and no more
            sys.path.insert(0, folder)  # as Airflow does with its folder of DAGs
            read = bag(folder)
            sys.path.remove(folder)
        origins = asked["origins"][folder]
        found[folder] = {
            "errors": read.import_errors,
            "warnings": [line for path in sorted(read.captured_warnings) for line in read.captured_warnings[path]],
            "dags": {
                dag_id: [follow(serialized(dag), origin, asked["count"]) for origin in origins[dag_id]]
                for dag_id, dag in read.dags.items()
            },
        }
    print(json.dumps({"version": version("apache-airflow"), "folders": found}), file=answers, flush=True)


if __name__ == "__main__":
    main()
