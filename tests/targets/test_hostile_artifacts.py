"""Files that are too deep or too long for a reader: unreadable, told as such, and nothing worse."""

from __future__ import annotations

import pytest
from schedc.target import LONGEST_ARTIFACT, UnreadableArtifact
from schedc.targets import target

DEEP = 100_000
FLOW = "[" * DEEP
BLOCK = "- " * DEEP + "a"
KEYS = "{a: " * DEEP
JSON = '{"a":' * DEEP
PATCH = '{"a":' * 2_000 + "1" + "}" * 2_000
FILES = {
    "a flow of lists": ("kubernetes", {"a.yaml": FLOW}),
    "a flow of mappings": ("kubernetes", {"a.yaml": KEYS}),
    "a block of lists": ("kubernetes", {"a.yaml": BLOCK}),
    "a closed flow": ("kubernetes", {"a.yaml": FLOW + "]" * DEEP}),
    "a deep patch": ("kubernetes", {"a.yaml": "metadata: {annotations: {schedc/patch: '" + PATCH + "'}}"}),
    "a package": ("kubeflow", {"a/pipeline.yaml": FLOW, "a/recurringrun.json": '{"trigger": {}, "pipeline_spec": {}}'}),
    "a body": ("kubeflow", {"a/pipeline.yaml": "{}", "a/recurringrun.json": JSON}),
    "a Vertex body": ("vertex", {"a.json": JSON}),
    "a Vertex body of lists": ("vertex", {"a.json": FLOW + "]" * DEEP}),
    "a DAG of lists": ("airflow", {"a.py": "x = " + FLOW}),
    "a DAG of signs": ("airflow", {"a.py": "SCHEDULE = " + "-" * DEEP + "1"}),
    "a DAG of attributes": ("airflow", {"a.py": "SCHEDULE = a" + ".b" * DEEP}),
    "a DAG of sums": ("airflow", {"a.py": "SCHEDULE = 1" + "+1" * DEEP}),
    "a DAG of calls": ("airflow", {"a.py": "SCHEDULE = f" + "()" * DEEP}),
    "a DAG of blocks": ("airflow", {"a.py": "".join(" " * i + "if 1:\n" for i in range(200))}),
}


@pytest.mark.parametrize("what", FILES)
def test_what_is_too_deep_is_unreadable(what: str) -> None:
    name, files = FILES[what]
    with pytest.raises(UnreadableArtifact):
        target(name).read(files)


@pytest.mark.parametrize("name", ["airflow", "kubernetes", "kubeflow", "vertex"])
def test_what_is_too_long_is_unreadable(name: str) -> None:
    with pytest.raises(UnreadableArtifact, match="characters"):
        target(name).read({"a": " " * (LONGEST_ARTIFACT + 1)})
