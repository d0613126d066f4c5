"""What is depended on: bounds on both sides, a lock that is up to date and names no host, licences that fit."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from licences import FITS, LOCK, locked, page
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _users() -> Iterator[str]:
    """What an install of schedc may bring."""
    yield from PROJECT["project"]["dependencies"]
    for name, extra in PROJECT["project"]["optional-dependencies"].items():
        yield from () if name == "all" else extra


def _developers() -> Iterator[str]:
    for group in PROJECT["dependency-groups"].values():
        yield from (one for one in group if isinstance(one, str))


@pytest.mark.parametrize("text", list(_users()))
def test_a_dependency_has_a_bound_on_both_sides(text: str) -> None:
    operators = {one.operator for one in Requirement(text).specifier}
    assert operators in ({"=="}, {">=", "<"})


def test_the_lock_holds_what_is_asked_for() -> None:
    lines = [Requirement(line) for line in LOCK.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    pinned = {one.name: next(iter(one.specifier)).version for one in lines}
    assert len(pinned) > 40
    assert all([one.operator for one in line.specifier] == ["=="] for line in lines)
    for text in (*PROJECT["project"]["dependencies"], *_developers()):
        wanted = Requirement(text)
        name = re.sub(r"[-_.]+", "-", wanted.name.lower())
        assert name in pinned, f"{text}: run make lock"
        assert pinned[name] in wanted.specifier, f"{text}: run make lock"


def test_the_lock_names_no_host() -> None:
    assert "://" not in LOCK.read_text("utf-8")
    assert "--" not in LOCK.read_text("utf-8")


def test_every_licence_fits_and_is_listed() -> None:
    text, bad = page()
    assert bad == []
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| Package")]
    assert len(rows) == len(list(locked()))
    assert all(set(re.split(r" (?:AND|OR) ", row.split(" | ")[1].strip(" |"))) <= FITS.keys() for row in rows)
    assert (ROOT / "docs" / "licences.md").read_text("utf-8") == text, "run make lock"
