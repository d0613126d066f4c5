"""A schedule has an owner: its own, or one for each target that it is deployed to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from compiling import CONTAINER, compile_files, document

AIRFLOW_OWNER = {"targets": {"airflow": {"owner": "ml"}}}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, True),
        ({"owner": "ml"}, False),
        ({"owner": " "}, True),
        ({**AIRFLOW_OWNER, "deploy_to": ["airflow"]}, False),
        ({**AIRFLOW_OWNER, "deploy_to": ["airflow", "kubernetes"]}, True),
        (AIRFLOW_OWNER, True),
        ({"enabled": False}, False),
    ],
)
def test_owner(fields: dict[str, Any], told: bool, tmp_path: Path) -> None:
    one = {"cron_expression": "5 14 * * 3", "run": {"container": CONTAINER}, **fields}
    files = {"one.yaml": document({"weekly": one}), "schedc.toml": "[lints]\nno-owner = true\n"}
    found = [d for d in compile_files(tmp_path, files, ["kubernetes"], lint=True).found if d.rule.code == "SC224"]
    assert [d.message for d in found] == (["the schedule weekly has no owner"] if told else [])


def test_a_default_of_the_repository_is_an_owner(tmp_path: Path) -> None:
    one = {"cron_expression": "5 14 * * 3", "run": {"container": CONTAINER}}
    toml = '[lints]\nno-owner = true\n[defaults]\nowner = "ml"\n'
    assert compile_files(tmp_path, {"one.yaml": document({"weekly": one}), "schedc.toml": toml}, lint=True).codes == {
        "SC302"  # what Vertex AI needs
    }
