"""ZenML and Metaflow convert the schedules of docs/comparison.md anew, and answer as is recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from compare_peers import verdicts
from engine_python import engine_python
from peer_answers import ANSWERS, record, recorded

pytestmark = pytest.mark.engines
_TOOLS = ("zenml", "metaflow")
_HOW = "read what changed; scripts/compare_peers.py --record tests/engines/peers/answers and make docs renew the page"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the answers of today."""
    for tool in _TOOLS:
        engine_python(f"SCHEDC_{tool.upper()}_PYTHON")
    folder = tmp_path_factory.mktemp("answers")
    record(folder)
    return folder


def _differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [
        f"{name}: was {old.get(name)}, is {new.get(name)}"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


@pytest.mark.parametrize("tool", _TOOLS)
def test_the_same_release_answers_as_recorded(fresh: Path, tool: str) -> None:
    """Another release may word an error otherwise: of that one only the verdicts are compared, below."""
    old, new = recorded(tool), recorded(tool, fresh)
    assert old["answers"].keys() == new["answers"].keys()
    if old["versions"] == new["versions"]:
        assert _differences(old["answers"], new["answers"]) == [], _HOW


def test_the_verdicts_are_those_of_the_page(fresh: Path, tell: Callable[[str], None]) -> None:
    """Whatever the releases: what became of each schedule is what docs/comparison.md says."""
    found = verdicts(fresh)
    assert _differences(verdicts(), found) == [], _HOW
    releases = ", ".join(f"{tool} {recorded(tool, fresh)['versions'][tool]}" for tool in _TOOLS)
    tell(f"peers: {len(found)} conversions by {releases} end as docs/comparison.md says")


@pytest.mark.parametrize("release", ["3", "2"])
@pytest.mark.parametrize("tool", _TOOLS)
def test_airflow_loads_what_it_loaded(fresh: Path, tool: str, release: str) -> None:
    """And refuses what it refused, whatever its patch release."""
    engine_python({"3": "SCHEDC_AIRFLOW_PYTHON", "2": "SCHEDC_AIRFLOW2_PYTHON"}[release])
    old, new = (json.loads((folder / f"{tool}.json").read_text("utf-8")) for folder in (ANSWERS, fresh))
    assert new["loads"][release]["dags"] == old["loads"][release]["dags"], _HOW
