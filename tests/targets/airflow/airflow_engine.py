"""Runs workers in the environment with Airflow that SCHEDC_AIRFLOW_PYTHON names, or skips the test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest


def python() -> str:
    """The Python of that environment."""
    found = os.environ.get("SCHEDC_AIRFLOW_PYTHON")
    if found:
        return found
    reason = (
        "SCHEDC_AIRFLOW_PYTHON names no Python with apache-airflow and its cncf-kubernetes, docker and standard "
        "providers: uv venv af && uv pip install --python af/bin/python apache-airflow "
        "apache-airflow-providers-cncf-kubernetes apache-airflow-providers-docker apache-airflow-providers-standard"
    )
    if os.environ.get("SCHEDC_REQUIRE_ENGINES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def run(*arguments: str, home: Path, **more: str) -> str:
    """The last line that a Python process there prints."""
    ours = {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "PYTHONWARNINGS": "default", **more}
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "PYTHON"))}
    done = subprocess.run(
        [python(), *arguments], env={**kept, **ours}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done.stdout.splitlines()[-1]
