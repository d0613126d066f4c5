"""Every golden Vertex AI schedule is a `Schedule` message of the API, and its pipeline is one that kfp reads."""

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

BODIES = golden("vertex", "schedule.json")
_WORKER = Path(__file__).parents[1] / "targets" / "vertex" / "vertex_sdk_worker.py"


def test_there_are_schedules() -> None:
    assert len(BODIES) >= 20


@lru_cache(maxsize=1)
def _answers() -> dict[Path, Any]:
    asked = [{"body": path.read_text("utf-8"), "sdk": None} for path in BODIES]
    done = subprocess.run(
        [engine_python("SCHEDC_SDK_PYTHON"), "-W", "ignore", str(_WORKER)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": "", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(zip(BODIES, json.loads(done.stdout), strict=True))


@pytest.mark.engines
@pytest.mark.parametrize("path", BODIES, ids=shown)
def test_a_body_survives_the_journey_through_the_message(path: Path) -> None:
    body, found = json.loads(path.read_text("utf-8")), _answers()[path]
    assert found["message"] == body
    spec = body["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"]
    assert found["spec"]["pipelineInfo"] == spec["pipelineInfo"]


@pytest.mark.parametrize("path", golden("vertex", ".tf.json"), ids=shown)
def test_terraform_is_one_resource(path: Path) -> None:
    body = json.loads(path.read_text("utf-8"))
    (schedule,) = body["resource"]["google_vertex_ai_schedule"].values()
    assert {"cron", "display_name", "location", "project"} <= schedule.keys()
