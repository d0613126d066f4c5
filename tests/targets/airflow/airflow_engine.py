"""Runs workers in the environments with Airflow that SCHEDC_AIRFLOW_PYTHON and SCHEDC_AIRFLOW2_PYTHON name."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from engine_python import engine_python

VARIABLES = {"airflow3": "SCHEDC_AIRFLOW_PYTHON", "airflow2": "SCHEDC_AIRFLOW2_PYTHON"}
"""What names the Python of each Airflow that is asked."""


@dataclass(frozen=True, slots=True)
class Engine:
    """An environment with Airflow, and its exact release."""

    python: str
    release: str

    @property
    def version(self) -> str:
        """What schedc compiles for, such as 3.1."""
        return ".".join(self.release.split(".")[:2])

    def run(self, *arguments: str, home: Path, **more: str) -> str:
        """The last line that a Python process there prints."""
        return _run(self.python, *arguments, home=home, **more)


def engine(name: str, home: Path) -> Engine:
    """One of `VARIABLES`; without it the test is skipped, or fails where engines are required."""
    python = engine_python(VARIABLES[name])
    asked = "from importlib.metadata import version; print(version('apache-airflow'))"
    return Engine(python, _run(python, "-c", asked, home=home))


def _run(python: str, *arguments: str, home: Path, **more: str) -> str:
    ours = {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "PYTHONWARNINGS": "default", **more}
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "PYTHON"))}
    done = subprocess.run(
        [python, *arguments], env={**kept, **ours}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done.stdout.splitlines()[-1]
