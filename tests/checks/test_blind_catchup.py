"""Catch-up of all runs is warned of unless something tells each run which instant it stands for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from compiling import compile_files, document

_TIME = {"scheduled_time": "%Y-%m-%d"}
_ONE = {"image": "ghcr.io/acme/score:5.1.0", "command": ["score"]}


@pytest.mark.parametrize(
    ("run", "is_blind"),
    [
        ({"container": _ONE}, True),
        ({"container": {**_ONE, "env": {"DAY": _TIME}}}, False),
        ({"container": {**_ONE, "args": ["--day", _TIME]}}, False),
        ({"container": {**_ONE, "command": ["score", _TIME]}}, False),
        ({"steps": {"a": _ONE, "b": {**_ONE, "after": ["a"]}}}, True),
        ({"steps": {"a": _ONE, "b": {**_ONE, "after": ["a"], "args": [_TIME]}}}, False),
    ],
)
def test_catchup_of_all_runs(run: dict[str, Any], is_blind: bool, tmp_path: Path) -> None:
    one = {"cron_expression": "0 4 * * *", "start_time": "2026-12-01T00:00:00Z", "catchup": "all", "run": run}
    result = compile_files(tmp_path, {"a.yaml": document({"score": {**one, "deploy_to": ["airflow"]}})})
    assert [d.message for d in result.found if d.is_error] == []
    assert ("SC210" in {d.rule.code for d in result.found}) is is_blind
