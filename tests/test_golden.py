"""The artifacts, refusals and instants of every example are, byte for byte, those in golden/.

`pytest tests/test_golden.py --update-golden` writes them anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from golden_cases import EXAMPLES, Case, cases, compiled
from golden_expected import expected
from schedc import output
from schedc.frontend.fields import CONTAINER, SCHEDULE
from schedc.targets import targets

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
_OURS = {"README.md"}
"""What stands in golden/ and is compiled from nothing."""


def _on_disk() -> dict[str, bytes]:
    return {path: data for path, data in output.existing(GOLDEN).items() if path not in _OURS}


@pytest.fixture(scope="module")
def wanted(request: pytest.FixtureRequest) -> dict[str, str]:
    files = expected()
    if request.config.getoption("--update-golden"):
        if os.environ.get("CI"):
            pytest.fail("golden files are not renewed where nobody reads them: run --update-golden without CI")
        for path in _on_disk().keys() - files.keys():
            (GOLDEN / path).unlink()
        output.write(GOLDEN, files)
    return files


def test_every_golden_file_is_what_is_compiled(wanted: dict[str, str]) -> None:
    on_disk = _on_disk()
    stale = [path for path, text in wanted.items() if path in on_disk and on_disk[path] != text.encode()]
    for path in stale[:1]:
        assert on_disk[path].decode() == wanted[path], path
    assert stale == []


def test_nothing_is_missing_and_nothing_is_left_over(wanted: dict[str, str]) -> None:
    on_disk = _on_disk()
    assert sorted(wanted.keys() - on_disk.keys()) == []
    assert sorted(on_disk.keys() - wanted.keys()) == []


def test_there_are_enough_examples() -> None:
    assert len(cases()) >= 18


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_example_is_compiled_or_refused_on_every_target(case: Case, wanted: dict[str, str]) -> None:
    """An example that says nothing about a target is not in golden/ for that target, and only then."""
    made = compiled(case)
    for target, one in targets().items():
        listed = [
            s for s in made.schedules if s.enabled and (target in s.deploy_to if s.deploy_to else not one.unschedulable)
        ]
        here = {path for path in wanted if path.startswith(f"{target}/{case.name}/")}
        compiled_names = {o.schedule.name for o in made.compilation.outputs if o.target == target}
        refused_names = {d.schedule for d in made.compilation.diagnostics if d.target == target and d.is_error}
        assert {s.name for s in listed} == compiled_names | refused_names, target
        assert not compiled_names & refused_names, target
        assert bool(here) == bool(listed), target


def test_the_examples_show_every_field() -> None:
    """By its name: whoever looks for a field finds it in use."""
    text = "\n".join(path.read_text("utf-8") for path in EXAMPLES.glob("*.*"))
    fields = [*SCHEDULE.fields, *CONTAINER.fields, *(option for one in targets().values() for option in one.options)]
    assert [f.name for f in fields if not re.search(rf"\b{f.name}\b *[:=]", text)] == []
