"""Runs in an environment with Airflow: what it makes of the DAG files of other tools on stdin.

A file is base64 text: a zip archive that holds `dag.py`, or Python itself. The answer is the DAG's timetable, or the
error with which the file stops.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import runpy
import sys
import tempfile
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any


def loaded(name: str, text: str) -> dict[str, Any]:
    content = base64.b64decode(text)
    with tempfile.TemporaryDirectory() as folder:
        try:
            if content[:2] == b"PK":
                path = Path(folder) / f"{name}.zip"
                path.write_bytes(content)
                sys.path.insert(0, str(path))
                sys.modules.pop("dag", None)
                dag = import_module("dag").dag
                sys.path.remove(str(path))
            else:
                path = Path(folder) / "dag.py"
                path.write_bytes(content)
                dag = runpy.run_path(str(path))["dag"]
        except Exception as error:
            return {"raised": f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]}
    zone = getattr(dag.timetable, "timezone", None) or getattr(dag.timetable, "_timezone", None)
    return {
        "timetable": type(dag.timetable).__name__,
        "timezone": str(getattr(zone, "name", zone)),
        "catchup": dag.catchup,
    }


def main() -> None:
    files = json.load(sys.stdin)
    with contextlib.redirect_stdout(io.StringIO()):
        found = {name: loaded(name, text) for name, text in sorted(files.items())}
    versions = {"version": version("apache-airflow"), "provider": version("apache-airflow-providers-cncf-kubernetes")}
    print(json.dumps({**versions, "dags": found}))


if __name__ == "__main__":
    main()
