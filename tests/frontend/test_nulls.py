"""Null removes what a weaker layer says; in a value of its own, such as a parameter, it is a value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from schedc.cli import run
from schedc.diagnostics.sink import Sink
from schedc.frontend.yaml_file import read_yaml
from schedc.node import Node, merge_all
from schedc.source import SourceFile


def _node(text: str) -> Node:
    node = read_yaml(SourceFile("a.yaml", text), Sink())
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (["{a: 1, b: 2}", "{a: null}"], {"b": 2}),
        (["{a: {x: 1, y: 2}}", "{a: {x: null}}"], {"a": {"y": 2}}),
        (["{a: null}"], {}),
        (["{a: {x: null}}"], {"a": {}}),
        (["{a: 1}", "{a: null}", "{a: 3}"], {"a": 3}),
        (["{data: {x: null, y: {z: null}}}"], {"data": {"x": None, "y": {"z": None}}}),
        (["{data: {x: null}}", "{data: {y: 1}}"], {"data": {"x": None, "y": 1}}),
        (["{data: {x: 1}}", "{data: {x: null}}"], {"data": {}}),
        (["{data: {x: null}}", "{data: {x: 2}}"], {"data": {"x": 2}}),
        (["{data: {x: 1}}", "{data: null}"], {}),
        (["{data: [1, null]}"], {"data": [1, None]}),
        (["{a: 1}", "{a: {x: null, y: 2}}"], {"a": {"y": 2}}),
    ],
)
def test_layers(layers: list[str], expected: dict[str, Any]) -> None:
    merged = merge_all([_node(one) for one in layers], lambda path: path[:1] == ("data",))
    assert merged is not None
    assert merged.plainly() == expected


AIRFLOW = "operator: {import: x.y.Z, kwargs: {one: null, two: {three: null}}}, dag_kwargs: {doc: null}"


def test_what_is_passed_on_keeps_its_nulls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:

    source = tmp_path / "a.yaml"
    source.write_text(
        "schedules: {a: {cron_expression: '0 4 * * *', deploy_to: [airflow],"
        f" targets: {{airflow: {{{AIRFLOW}}}}}}}}}",
        "utf-8",
    )
    assert run(["compile", str(source), "--out", "-"]) == 0
    said = capsys.readouterr().out
    assert "one=None" in said
    assert '{"three": None}' in said
    assert "doc=None" in said


def test_a_null_in_a_patch_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:

    source = tmp_path / "a.yaml"
    patch = "{spec: {jobTemplate: {spec: {template: {spec: {hostNetwork: null}}}}}}"
    source.write_text(
        "schedules: {a: {cron_expression: '0 4 * * *', run: {container: {image: 'a/b:1'}},"
        f" targets: {{kubernetes: {{patch: {patch}}}}}}}}}",
        "utf-8",
    )
    assert run(["check", str(source), "--target", "kubernetes"]) == 1
    assert "hostNetwork sets nothing" in capsys.readouterr().err
