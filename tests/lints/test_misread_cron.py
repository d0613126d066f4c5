"""What people misread, and what they do not: a false alarm is a defect."""

from __future__ import annotations

from pathlib import Path

import pytest
from compiling import CONTAINER, compile_files, document

# expression, the marked text, the message and the help
MISREAD = [
    (
        "0 9 13 * 5",
        "13 * 5",
        "`13` and `5` pick days that match either of them: at 09:00 on the 13th of the month or on Fridays",
        "write `+5` for days that match both, or two schedules for the two rules",
    ),
    (
        "0 9 1-7 * MON",
        "1-7 * MON",
        "`1-7` and `MON` pick days that match either of them: at 09:00 on the 1st to 7th of the month or on Mondays",
        "write `+MON` for days that match both, or two schedules for the two rules",
    ),
    (
        "0 9 1-31 * 1",
        "1-31 * 1",
        "`1-31` and `1` pick days that match either of them: every day",
        "write `+1` for days that match both, or two schedules for the two rules",
    ),
    (
        "* */2 * * *",
        "*",
        "`*` in the minute field runs 60 times in each hour that `*/2` picks",
        "write `0` for once, or `0-59` to say that it is meant",
    ),
    (
        "* 8,20 * * *",
        "*",
        "`*` in the minute field runs 60 times in each hour that `8,20` picks",
        "write `0` for once, or `0-59` to say that it is meant",
    ),
    (
        "*/30 */2 * * *",
        "*/30 */2",
        "`*/30 */2` runs every 30 minutes within every second hour, and not in the others",
        "write `0 */2` for every 2 hours, or `*/30 *` for every 30 minutes",
    ),
    (
        "0 0 31 * *",
        "31",
        "day 31 does not fire in February, April, June, September, November",
        "write `L` for the last day of each month, or a day up to 28",
    ),
    (
        "0 0 30 * *",
        "30",
        "day 30 does not fire in February",
        "write `L` for the last day of each month, or a day up to 28",
    ),
    (
        "0 0 29 * *",
        "29",
        "day 29 does not fire in February of most years",
        "write `L` for the last day of each month, or a day up to 28",
    ),
    (
        "0 0 31 */3 *",
        "31",
        "day 31 does not fire in April",
        "write `L` for the last day of each month, or a day up to 28",
    ),
    (
        "0 9 * * 2-6",
        "2-6",
        "`2-6` is Tuesday to Saturday here; it is Monday to Friday in Quartz and AWS, where Sunday is 1",
        "write `TUE-SAT` to say so, or `MON-FRI`",
    ),
    (
        "0 9 * * 0-4",
        "0-4",
        "`0-4` is Sunday to Thursday here; it is Monday to Friday in Python, where Monday is 0",
        "write `SUN-THU` to say so, or `MON-FRI`",
    ),
]

CLEAR = [
    *("5 0 * * *", "0 5 * * *", "5 14 * * 3", "*/5 * * * *", "0 */2 * * *", "*/15 9-17 * * 1-5", "@daily", "@weekly"),
    *("0 9 13 * +5", "0 9 * * MON#1", "0 0 * * 0-6", "0 0 1 * *", "0 0 * * 5L", "0 0 L * *", "0 0 1-31 * 0-6"),
    *("* 9-17 * * *", "* * * * *", "0-59 */2 * * *", "*/30 * * * *", "0,30 */2 * * *", "*/30 */1 * * *"),
    *("0 0 28 * *", "0 0 28-31 * *", "0 0 31 1 *", "0 0 31 1,3,5,7,8,10,12 *", "0 0 29 2 *", "0 0 30 4,6 *"),
    *("0 9 * * 1-5", "0 9 * * TUE-SAT", "0 9 * * SUN-THU", "0 9 * * 1,3,5", "0 0 15 */3 *", "0 0 29 3 *"),
    *("30 0 */5 * * *", "0 0 0 1 1 * 2027"),
]

# always suspected (SC114), and not told again
SUSPECTED = ["* 5 * * *", "0 0 9 ? * 2-6", "*/7 * * * *"]


def _found(text: str, folder: Path, code: str = "SC225") -> list[tuple[str, str, str | None]]:
    one = {"cron_expression": text, "run": {"container": CONTAINER}}
    files = {"one.yaml": document({"one": one}), "schedc.toml": "[lints]\nmisread-cron = true\n"}
    found = compile_files(folder, files, ["local"], lint=True).found
    assert not [d for d in found if d.is_error and d.rule.code[2] == "1"]
    return [
        (d.span.file.text[d.span.start : d.span.end], d.message, d.help)
        for d in found
        if d.rule.code == code and d.span is not None
    ]


@pytest.mark.parametrize(("text", "marked", "message", "help"), MISREAD)
def test_misread(text: str, marked: str, message: str, help: str, tmp_path: Path) -> None:
    assert _found(text, tmp_path) == [(marked, message, help)]


@pytest.mark.parametrize("text", CLEAR)
def test_no_false_alarm(text: str, tmp_path: Path) -> None:
    assert _found(text, tmp_path) == []


@pytest.mark.parametrize("text", SUSPECTED)
def test_what_is_suspected_anyway_is_told_once(text: str, tmp_path: Path) -> None:
    assert _found(text, tmp_path) == []
    assert len(_found(text, tmp_path, "SC114")) == 1
