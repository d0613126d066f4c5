"""A `@kfp.dsl.pipeline` function in a Python source is compiled by the real kfp, checked and proved like a package."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from engine_python import engine_python

pytestmark = pytest.mark.engines

_COMPILER = Path(__file__).resolve().parents[2] / "compiler"
_SOURCE = """
from kfp import dsl

from schedc import Pipeline, Schedule


@dsl.container_component
def train(days: int):
    return dsl.ContainerSpec(image="ghcr.io/acme/churn:1.4.0", command=["churn", "train"], args=[days])


@dsl.pipeline(name="churn")
def churn(days: int = 28):
    train(days=days)


weekly_churn = Schedule("5 14 * * 3", run=Pipeline(churn, parameters={"days": %s}), deploy_to=["kubeflow"])
"""


def _schedc(folder: Path, value: str) -> subprocess.CompletedProcess[str]:
    (folder / "churn.py").write_text(_SOURCE % value, "utf-8")
    return subprocess.run(
        [
            engine_python("SCHEDC_SDK_PYTHON"),
            "-m",
            "schedc",
            "compile",
            "churn.py",
            "--target",
            "kubeflow",
            "--out",
            "o",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_COMPILER), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_pipeline_function_becomes_a_recurring_run(tmp_path: Path) -> None:
    done = _schedc(tmp_path, "14")
    assert done.returncode == 0, done.stderr
    body = json.loads((tmp_path / "o/kubeflow/weekly-churn/recurringrun.json").read_text("utf-8"))
    assert body["trigger"] == {"cron_schedule": {"cron": "0 5 14 * * 3"}}
    assert body["runtime_config"] == {"parameters": {"days": 14}}
    assert "ghcr.io/acme/churn:1.4.0" in json.dumps(body["pipeline_spec"])


def test_its_parameters_are_checked(tmp_path: Path) -> None:
    done = _schedc(tmp_path, '"fourteen"')
    assert done.returncode == 1
    assert "SC503" in done.stderr
    assert "churn.py:17:79" in done.stderr
