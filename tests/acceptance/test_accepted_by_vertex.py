"""Every golden Vertex AI schedule is a `Schedule` message of the API, and its pipeline is one that kfp reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from engine_worker import asked
from golden_files import golden, shown
from json_differences import differences, fields

BODIES = golden("vertex", "schedule.json")
_WORKER = Path(__file__).parents[1] / "targets" / "vertex" / "vertex_sdk_worker.py"


def _body(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def test_there_are_schedules() -> None:
    assert len(BODIES) >= 20


@lru_cache(maxsize=1)
def _answers() -> dict[str, Any]:
    return dict(asked(_WORKER, [path.read_text("utf-8") for path in BODIES]))


@pytest.mark.engines
def test_a_body_survives_the_journey_through_the_message(tell: Callable[[str], None]) -> None:
    versions, found, count = _answers()["versions"], {}, 0
    for path, answer in zip(BODIES, _answers()["answers"], strict=True):
        body = _body(path)
        spec = body["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"]
        assert answer["spec"]["pipelineInfo"] == spec["pipelineInfo"]
        found[shown(path)] = differences(answer["message"], body)
        count += fields(body)
    wrong = sum(map(len, found.values()))
    packages = ", ".join(f"{name} {release}" for name, release in versions.items())
    tell(f"{packages}: {len(found)} schedules parsed as messages, {count} fields compared, {wrong} mismatches")
    assert not wrong, {place: lines for place, lines in found.items() if lines}
