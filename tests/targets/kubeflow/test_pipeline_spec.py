"""Compiled packages are read as data, and values for their parameters are checked as the engines would need them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from schedc.pipeline_spec import check_parameters, read_package, tasks, uses_cache, without_cache

EXAMPLE = Path(__file__).parents[3] / "examples" / "train_pipeline" / "train.yaml"
HEAD = "pipelineInfo: {name: p}\nschemaVersion: 2.1.0\nroot: {dag: {tasks: {}}}\n"


def test_a_real_package() -> None:
    spec, platform = read_package(EXAMPLE.read_text("utf-8"))
    assert platform is None
    assert spec["pipelineInfo"]["name"] == "train-churn"
    assert check_parameters(spec, {"window_days": 14, "learning_rate": 1, "features": ["x"], "register": False}) == []
    assert uses_cache(spec)
    off = without_cache(spec)
    assert not uses_cache(off)
    assert [t["cachingOptions"] for t in tasks(off)] == [{"enableCache": False}] * 4


def test_two_documents() -> None:
    spec, platform = read_package(f"{HEAD}---\nplatforms: {{kubernetes: {{}}}}\n")
    assert spec["schemaVersion"] == "2.1.0"
    assert platform == {"platforms": {"kubernetes": {}}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("a: [", "not YAML"),
        ("[1]", "not a mapping"),
        ("apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n", "kfp 1"),
        ("apiVersion: pipelines.kubeflow.org/v2beta1\n", "manifest"),
        ("apiVersion: 1\n", "no pipelineInfo"),
        ("pipelineSpec: {}\n", "pipeline job"),
        ("pipelineInfo: {name: p}\nroot: {dag: {}}\n", "no schemaVersion"),
        (HEAD.replace("2.1.0", "2.0.0"), "schemaVersion"),
        (HEAD.replace("{name: p}", "{}"), "no name"),
        (HEAD.replace("{dag: {tasks: {}}}", "{}"), "not a graph"),
        (f"{HEAD}---\na: 1\n", "no platforms"),
        (f"{HEAD}---\na: 1\n---\nb: 1\n", "3 documents"),
        (f"{HEAD}x: 2026-01-01\n", "date"),
        (f"{HEAD}x: .nan\n", "nan"),
        (f"{HEAD}1: x\n", "not text"),
        ("a: !!python/object:os.system {}\n", "not YAML"),
    ],
)
def test_what_is_no_package(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_package(text)


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("STRING", "x", None),
        ("STRING", 1, "it takes text, not 1"),
        ("NUMBER_INTEGER", 2**53, None),
        ("NUMBER_INTEGER", 2**53 + 1, "not exactly a double"),
        ("NUMBER_INTEGER", 2**60, "not exactly a double"),
        ("NUMBER_INTEGER", -(10**400), "not exactly a double"),
        ("NUMBER_INTEGER", 1.5, "a whole number"),
        ("NUMBER_INTEGER", True, "a whole number, not true"),
        ("NUMBER_DOUBLE", 1, None),
        ("NUMBER_DOUBLE", 0.1, None),
        ("NUMBER_DOUBLE", float("inf"), "not a number that JSON has"),
        ("NUMBER_DOUBLE", "0.1", "it takes a number"),
        ("BOOLEAN", False, None),
        ("BOOLEAN", 0, "true or false"),
        ("LIST", [1, [2**53 + 1]], "not exactly a double"),
        ("LIST", {}, "a list"),
        ("STRUCT", {"a": {"b": 1}}, None),
        ("STRUCT", {"a": 2**53 + 1}, "not exactly a double"),
        ("STRUCT", [], "a mapping"),
        ("STRING", None, "it takes text, not null"),
        ("TASK_FINAL_STATUS", "x", "takes no value from outside"),
    ],
)
def test_values(kind: str, value: Any, reason: str | None) -> None:
    spec = {"root": {"inputDefinitions": {"parameters": {"p": {"parameterType": kind}}}}}
    found = check_parameters(spec, {"p": value})
    assert (found == []) if reason is None else (found[0][0] == "p" and reason in found[0][1])


@pytest.mark.parametrize(
    ("declared", "given", "found"),
    [
        ({"p": {"parameterType": "STRING"}}, {}, ["p"]),
        ({"p": {"parameterType": "STRING", "defaultValue": "x"}}, {}, []),
        ({"p": {"parameterType": "STRING", "isOptional": True}}, {"p": None}, []),
        ({}, {"q": 1}, ["q"]),
    ],
)
def test_unknown_and_missing(declared: dict[str, Any], given: dict[str, Any], found: list[str]) -> None:
    spec = {"root": {"inputDefinitions": {"parameters": declared}}}
    assert [name for name, _ in check_parameters(spec, given)] == found
