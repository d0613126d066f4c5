"""What other tools made of the schedules of tests/engines/peers: recorded there, and asked anew where they are.

`SCHEDC_ZENML_PYTHON` and `SCHEDC_METAFLOW_PYTHON` name the interpreters of their environments. What they write for
Airflow is loaded by Airflow itself where `SCHEDC_AIRFLOW_PYTHON` or `SCHEDC_AIRFLOW2_PYTHON` names one.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

PEERS = Path(__file__).resolve().parents[1] / "tests" / "engines" / "peers"
ANSWERS = PEERS / "answers"
ZENML_TARGETS = ("airflow", "kubernetes", "kubeflow", "vertex")
METAFLOW_TARGETS = ("argo", "airflow")
FORMS = ("metaflow", "plain")
"""The two ways to write a schedule for Metaflow: as it documents cron, and in five fields."""
_LOADED = ("weekly", "half-hourly")
"""The schedules whose DAG is loaded by Airflow."""
_AIRFLOWS = {"3": "SCHEDC_AIRFLOW_PYTHON", "2": "SCHEDC_AIRFLOW2_PYTHON"}

Jobs = dict[str, tuple[Mapping[str, Any], tuple[str, ...]]]


def schedules() -> list[dict[str, Any]]:
    """What every tool is given, in the order of the page."""
    found = yaml.safe_load((PEERS / "schedules.yaml").read_text("utf-8"))
    assert isinstance(found, list)
    return found


def recorded(tool: str, folder: Path = ANSWERS) -> dict[str, Any]:
    """`versions`, `answers` by schedule and target, and `loads` by Airflow's release."""
    found = json.loads((folder / f"{tool}.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def record(folder: Path) -> None:
    """Ask both tools at once, and write their answers into a folder. Raises `KeyError` where no interpreter is set."""
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as pool:
        found = pool.map(_fresh, ("zenml", "metaflow"), (_zenml_jobs(), _metaflow_jobs()))
        for tool, answers in zip(("zenml", "metaflow"), found, strict=True):
            text = json.dumps(answers, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
            (folder / f"{tool}.json").write_text(text, "utf-8")


def _fresh(tool: str, jobs: Jobs) -> dict[str, Any]:
    python = os.environ[f"SCHEDC_{tool.upper()}_PYTHON"]
    found = _asked(python, f"{tool}_worker.py", {"jobs": jobs, "dags": [name for name in _LOADED if name in jobs]})
    found["loads"] = _loads(found.pop("dags"), tool)
    return found


def _zenml_jobs() -> Jobs:
    jobs: Jobs = {}
    for one in schedules():
        jobs[one["name"]] = (one["schedule"], ZENML_TARGETS)
        for target, fields in one.get("by_hand", {}).items():
            jobs[f"{one['name']}/{target}"] = (fields, (target,))
    return jobs


def _metaflow_jobs() -> Jobs:
    jobs: Jobs = {}
    for one in schedules():
        for form in FORMS:
            if "none" not in one[form]:
                jobs[one["name"] if form == "metaflow" else f"{one['name']}/{form}"] = (one[form], METAFLOW_TARGETS)
    return jobs


def _loads(dags: Mapping[str, str], tool: str) -> dict[str, Any]:
    """What each Airflow that is here makes of the DAGs; what is recorded of one that is not."""
    known = recorded(tool).get("loads", {}) if (ANSWERS / f"{tool}.json").exists() else {}
    return {
        release: _asked(os.environ[variable], "airflow_load_worker.py", dags)
        if os.environ.get(variable)
        else known.get(release, {})
        for release, variable in _AIRFLOWS.items()
    }


def _asked(python: str, worker: str, question: Any) -> dict[str, Any]:
    """Run a worker in a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        env = {
            **{key: os.environ[key] for key in ("PATH", "LANG", "TMPDIR") if key in os.environ},
            "HOME": home,
            "TZ": "UTC",
            "PYTHONWARNINGS": "ignore",
            "ZENML_CONFIG_PATH": f"{home}/zenml",
            "ZENML_ANALYTICS_OPT_IN": "false",
            "AIRFLOW_HOME": f"{home}/airflow",
        }
        done = subprocess.run(
            [python, str(PEERS / worker)],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            env=env,
            check=False,
            timeout=550,
        )
    if done.returncode:
        raise RuntimeError(f"{worker} failed: {done.stderr[-2000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found
