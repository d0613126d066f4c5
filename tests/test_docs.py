"""The generated parts of docs/ are current, and every field and option has a sentence in them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from schedc.frontend.fields import SCHEDULE
from schedc.targets import names, targets

ROOT = Path(__file__).resolve().parents[1]


def test_generated_pages_are_current() -> None:
    """`make docs` renews them."""
    command = [sys.executable, str(ROOT / "scripts/write_docs.py"), "--check"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "compiler")}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_field_is_explained() -> None:
    assert [f.name for f in SCHEDULE.fields if not f.about] == []


@pytest.mark.parametrize("name", names())
def test_every_option_of_a_target_is_explained(name: str) -> None:
    assert [f.name for f in targets()[name].options if not f.about] == []


@pytest.mark.parametrize("name", names())
def test_a_target_says_what_it_does_with_every_field_that_can_be_open(name: str) -> None:
    every = {field for one in names() for field in targets()[one].choices}
    assert targets()[name].choices.keys() == every
    assert every <= {f.name for f in SCHEDULE.fields}
