"""Every golden recurring run is what the API defines, and what kfp and the API's client take it for."""

from __future__ import annotations

import json
import os
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from engine_python import engine_python
from golden_files import golden, shown
from test_kubeflow_api import wrong

BODIES = golden("kubeflow", "recurringrun.json")
_WORKER = Path(__file__).parents[1] / "targets" / "kubeflow" / "kubeflow_sdk_worker.py"


def _body(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def test_there_are_recurring_runs() -> None:
    assert len(BODIES) >= 20
    assert len(golden("kubeflow", "pipeline.yaml")) == len(BODIES)


@pytest.mark.parametrize("path", BODIES, ids=shown)
def test_a_body_is_what_the_api_defines(path: Path) -> None:
    assert wrong(_body(path), {"$ref": "#/definitions/v2beta1RecurringRun"}) == []


@lru_cache(maxsize=1)
def _answers() -> dict[Path, Any]:
    files = [
        {f"{path.parent.name}/{one.name}": one.read_text("utf-8") for one in (path, path.with_name("pipeline.yaml"))}
        for path in BODIES
    ]
    done = subprocess.run(
        [engine_python("SCHEDC_SDK_PYTHON"), "-W", "ignore", str(_WORKER)],
        input=json.dumps(files),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": "", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(zip(BODIES, json.loads(done.stdout), strict=True))


def _settled(value: Any) -> Any:
    """Without what a message leaves out because it is the default: false, and empty maps and lists."""
    if isinstance(value, dict):
        inner = {key: _settled(item) for key, item in value.items()}
        return {key: item for key, item in inner.items() if item is not False and item not in ({}, [])}
    return [_settled(item) for item in value] if isinstance(value, list) else value


@pytest.mark.engines
@pytest.mark.parametrize("path", BODIES, ids=shown)
def test_kfp_loads_the_pipeline_and_the_client_sends_the_body(path: Path) -> None:
    body, found = _body(path), _answers()[path]
    spec = body["pipeline_spec"].get("pipeline_spec", body["pipeline_spec"])
    assert _settled(found["spec"]) == _settled(spec)
    assert found["loaded"] == found["spec"]
    assert found["name"] == spec["pipelineInfo"]["name"]
    assert found["body"] == body
