"""The generated parts of docs/ are current, and every field and option has a sentence in them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from schedc.compile import compile_schedules
from schedc.diagnostics.sink import Sink
from schedc.frontend.fields import CONTAINER, PIPELINE, SCHEDULE, STEP
from schedc.load import Selection, load
from schedc.project import read_project
from schedc.shapes import Either, ListOf, MapOf, Record, Shape
from schedc.targets import names, targets

ROOT = Path(__file__).resolve().parents[1]


def test_generated_pages_are_current() -> None:
    """`make docs` renews them."""
    command = [sys.executable, str(ROOT / "scripts/write_docs.py"), "--check"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "compiler")}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _records(shape: Shape) -> list[Record]:
    if isinstance(shape, Record):
        return [shape, *(inner for field in shape.fields for inner in _records(field.shape))]
    if isinstance(shape, ListOf | MapOf):
        return _records(shape.item)
    return _records(shape.mapping) if isinstance(shape, Either) else []


def test_every_field_is_explained() -> None:
    every = [one for record in (SCHEDULE, STEP, CONTAINER, PIPELINE) for one in _records(record)]
    assert [f"{one.what}: {f.name}" for one in every for f in one.fields if not f.about] == []


def test_mappings_of_the_pod_block_have_names_of_their_own() -> None:
    """Each has a heading in docs/language.md, and links lead there."""
    by_name: dict[str, Record] = {}
    for one in _records(CONTAINER):
        assert by_name.setdefault(one.what, one) is one


_GENERATED = re.compile(r"^<!-- generated: .*?^<!-- end -->$", re.MULTILINE | re.DOTALL)
"""What examples/ holds is compiled by other tests, with its refusals."""
_FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXAMPLES = [
    text
    for page in sorted((ROOT / "docs").rglob("*.md"))
    for text in _FENCE.findall(_GENERATED.sub("", page.read_text("utf-8")))
    if re.search(r"^schedules:", text, re.MULTILINE)
]


@pytest.mark.parametrize("text", _EXAMPLES, ids=lambda text: re.findall(r"^  ([a-z-]+):$", text, re.MULTILINE)[-1])
def test_examples_of_the_pages_compile(tmp_path: Path, text: str) -> None:
    """With nothing left to say, or with an environment that the example itself has."""
    vertex = '{project = "acme-ml", location = "europe-west4", gcs_output_directory = "gs://acme-ml/schedules"}'
    (tmp_path / "schedc.toml").write_text(f"[targets]\nvertex = {vertex}\n", "utf-8")
    (tmp_path / "schedule.yaml").write_text(text, "utf-8")
    environments = re.findall(r"^      (dev|prod):$", text, re.MULTILINE) or [None]
    for environment in environments:
        sink = Sink()
        selection = Selection(paths=("schedule.yaml",), cwd=tmp_path, environment=environment)
        schedules = load(read_project(tmp_path / "schedc.toml", sink), selection, sink)
        compiled = compile_schedules(schedules, names(), sink)
        assert [d.message for d in sink.found] == []
        assert compiled.outputs


@pytest.mark.parametrize("name", names())
def test_every_option_of_a_target_is_explained(name: str) -> None:
    assert [f.name for f in targets()[name].options if not f.about] == []


@pytest.mark.parametrize("name", names())
def test_a_target_says_what_it_does_with_every_field_that_can_be_open(name: str) -> None:
    every = {field for one in names() for field in targets()[one].choices}
    assert targets()[name].choices.keys() == every
    assert every <= {f.name for f in SCHEDULE.fields}


@pytest.mark.parametrize("name", names())
def test_a_target_has_a_page_with_every_part(name: str) -> None:
    page = (ROOT / "docs/targets" / f"{name}.md").read_text("utf-8")
    titles = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert titles == [
        "What is written",
        "Policies",
        "Clock changes",
        "Versions",
        "How to deploy",
        "Known limits",
        "Options",
        "What is left open",
        "What it can do",
    ]
    parts = set(re.findall(r"^<!-- generated: ([a-z ]+) -->$", page, re.MULTILINE))
    assert parts >= {f"{part} {name}" for part in ("artifact", "options", "choices", "answers")}
    assert any(option.name == "version" for option in targets()[name].options) == (f"versions {name}" in parts)
