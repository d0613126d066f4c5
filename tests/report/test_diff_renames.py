"""A schedule that only got another name is told as that, and what is a guess is told as a guess."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from diffing import DAILY, compared, container, data, diff, merged, write
from schedc.cli import run

NIGHTLY = merged(DAILY, {"cron_expression": "0 1 * * *", **container(image="ghcr.io/acme/other:1")})

Case = tuple[dict[str, Any], dict[str, Any], dict[str, tuple[str, str | None, bool]]]
CASES: dict[str, Case] = {
    "nothing but the name": ({"a": DAILY}, {"b": DAILY}, {"b": ("renamed", "a", True)}),
    "its trigger and workload, and another owner": (
        {"a": DAILY},
        {"b": merged(DAILY, {"owner": "x"})},
        {"b": ("renamed", "a", False)},
    ),
    "another image": (
        {"a": DAILY},
        {"b": merged(DAILY, container(image="ghcr.io/acme/churn:2"))},
        {"a": ("removed", None, True), "b": ("added", None, True)},
    ),
    "another trigger": (
        {"a": DAILY},
        {"b": merged(DAILY, {"cron_expression": "0 7 * * *"})},
        {"a": ("removed", None, True), "b": ("added", None, True)},
    ),
    "two of them, each told by what it is": (
        {"a": DAILY, "b": NIGHTLY},
        {"c": NIGHTLY, "d": DAILY},
        {"c": ("renamed", "b", True), "d": ("renamed", "a", True)},
    ),
    "two that are alike": (
        {"a": DAILY, "b": DAILY},
        {"c": DAILY},
        {"b": ("removed", None, True), "c": ("renamed", "a", False)},
    ),
    "the one that has more in common": (
        {"a": merged(DAILY, {"retries": 1}), "b": merged(DAILY, {"retries": 1, "owner": "x", "description": "d"})},
        {"c": merged(DAILY, {"retries": 2, "owner": "x", "description": "d"}), "a": merged(DAILY, {"retries": 1})},
        {"c": ("renamed", "b", False)},
    ),
    "one that is still there": ({"a": DAILY}, {"a": DAILY, "b": DAILY}, {"b": ("added", None, True)}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_renamed(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, expected = CASES[case]
    found = data(tmp_path, capsys, old, new)
    assert {one["name"]: (one["status"], one["renamed_from"], one["certain"]) for one in found["schedules"]} == expected


def test_a_rename_is_another_object_on_the_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = compared(tmp_path, capsys, {"a": DAILY}, {"b": DAILY})
    assert said.blocks["b"] == [
        'b  fires     renamed from a "at 06:00 every day", UTC',
        "note: another name is another object: the old one fires on until it is deleted",
    ]
    said = compared(tmp_path, capsys, {"a": DAILY}, {"b": merged(DAILY, {"owner": "x"})})
    assert said.blocks["b"] == [
        'b  fires     probably renamed from a "at 06:00 every day", UTC',
        "owner: added x",
        "note: another name is another object: the old one fires on until it is deleted",
    ]


def test_artifacts_are_renamed_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are no sources, what was read back tells it."""
    every = merged(DAILY, {"deploy_to": ["airflow", "kubernetes", "kubeflow"], "labels": {"team": "a"}})
    for folder, name in (("old", "a"), ("new", "b")):
        monkeypatch.chdir(write(tmp_path / folder, {name: every}))
        assert run(["compile", "--out", str(tmp_path / f"{folder}-out")]) == 0
    said = diff(capsys, str(tmp_path / "old-out"), str(tmp_path / "new-out"), "--from", "2027-01-01")
    assert said.blocks["b"] == [
        'b  fires     renamed from a "at 06:00 every day", UTC',
        "note: another name is another object: the old one fires on until it is deleted",
    ], said
