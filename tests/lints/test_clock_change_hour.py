"""A time that its zone skips or repeats is told of, with the next of either kind, unless it is declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from compiling import CONTAINER, compile_files, document

_ON = "[lints]\nclock-change-hour = true\n"
_LATE = "2027-10-31 02:30 happens twice"

# the schedule's fields, the end of the message, and the help
TOLD: list[tuple[dict[str, Any], str, str]] = [
    (
        {"cron_expression": "30 2 * * *", "timezone": "Europe/Amsterdam"},
        "Europe/Amsterdam skip or repeat: 2026-03-29 02:30 does not exist, 2026-10-25 02:30 happens twice",
        "move it to 03:30, which no change of the clock touches, or declare dst_gap and dst_fold",
    ),
    (
        {"cron_expression": "30 2 * * *", "timezone": "Europe/Amsterdam", "dst_gap": "skip"},
        "Europe/Amsterdam skip or repeat: 2026-10-25 02:30 happens twice",
        "move it to 03:30, which no change of the clock touches, or declare dst_fold",
    ),
    (  # the start, or the promise, is where the search begins
        {"cron_expression": "30 2 * * *", "timezone": "Europe/Amsterdam", "start_time": "2026-04-01T00:00:00"},
        "2026-10-25 02:30 happens twice, 2027-03-28 02:30 does not exist",
        "move it to 03:30, which no change of the clock touches, or declare dst_gap and dst_fold",
    ),
    (  # Cuba keeps its summer time through the winter of 2026
        {"cron_expression": "0 0 * * *", "timezone": "America/Havana"},
        "America/Havana skip or repeat: 2026-03-08 00:00 does not exist, 2027-11-07 00:00 happens twice",
        "move it to 01:00, which no change of the clock touches, or declare dst_gap and dst_fold",
    ),
    (  # clocks go by half an hour there
        {"cron_expression": "45 1 * * *", "timezone": "Australia/Lord_Howe"},
        "skip or repeat: 2026-04-05 01:45 happens twice",
        "move it to 02:45, which no change of the clock touches, or declare dst_gap and dst_fold",
    ),
    (  # only a last Sunday of October can be the 31st, and of March too
        {"cron_expression": "30 2 31 10 *", "timezone": "Europe/Amsterdam"},
        f"skip or repeat: {_LATE}",
        "move it to 03:30, which no change of the clock touches, or declare dst_gap and dst_fold",
    ),
    (
        {"cron_expression": "0 2,14 * * *", "timezone": "Europe/Amsterdam"},
        "2026-03-29 02:00 does not exist, 2026-10-25 02:00 happens twice",
        "use timezone: UTC, or declare dst_gap and dst_fold",
    ),
]

QUIET: list[dict[str, Any]] = [
    {"cron_expression": "30 2 * * *", "timezone": "Europe/Amsterdam", "dst_gap": "shift", "dst_fold": "second"},
    {"cron_expression": "30 3 * * *", "timezone": "Europe/Amsterdam"},
    {"cron_expression": "30 2 * * *"},
    {"cron_expression": "30 2 * * *", "timezone": "Asia/Tokyo"},
    {"cron_expression": "30 * * * *", "timezone": "Europe/Amsterdam"},
    {"cron_expression": "30 2 * 6 *", "timezone": "Europe/Amsterdam"},
    {"cron_expression": "30 2 * * 1", "timezone": "Europe/Amsterdam"},
    {"cron_expression": "30 2 * * *", "timezone": "Europe/Amsterdam", "end_time": "2026-03-01T00:00:00"},
    {"interval_second": "1h", "start_time": "2026-03-29T00:00:00Z", "timezone": "Europe/Amsterdam"},
    {"run_once_start_time": "2026-10-25T02:30:00+01:00", "timezone": "Europe/Amsterdam"},
]


def _found(fields: dict[str, Any], folder: Path) -> list[tuple[str, str | None]]:
    one = {**fields, "run": {"container": CONTAINER}, "deploy_to": ["kubernetes"]}
    result = compile_files(folder, {"one.yaml": document({"one": one}), "schedc.toml": _ON}, lint=True)
    return [(d.message, d.help) for d in result.found if d.rule.code == "SC223"]


@pytest.mark.parametrize(("fields", "end", "help"), TOLD)
def test_told(fields: dict[str, Any], end: str, help: str, tmp_path: Path) -> None:
    [(message, said)] = _found(fields, tmp_path)
    assert message.endswith(end)
    assert said == help


@pytest.mark.parametrize("fields", QUIET)
def test_quiet(fields: dict[str, Any], tmp_path: Path) -> None:
    assert _found(fields, tmp_path) == []


def test_the_promise_is_where_the_search_begins(tmp_path: Path) -> None:
    toml = "applied_after = 2026-04-01T00:00:00Z\n" + _ON
    one = {"cron_expression": "30 2 * * *", "timezone": "Europe/Amsterdam", "run": {"container": CONTAINER}}
    result = compile_files(tmp_path, {"one.yaml": document({"one": one}), "schedc.toml": toml}, ["local"], lint=True)
    [message] = [d.message for d in result.found if d.rule.code == "SC223"]
    assert message.endswith("2026-10-25 02:30 happens twice, 2027-03-28 02:30 does not exist")
