"""A stepped list is uneven where it starts over: by hand for texts, and by the distances of real occurrences."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from compiling import CONTAINER, compile_files, document
from hypothesis import given
from hypothesis import strategies as st
from schedc.frontend.cron_expression import read_cron
from schedc.frontend.cron_fields import DAY, HOUR, MINUTE, SECOND, Field
from schedc.ir.calendar import Calendar, mask
from schedc.ir.occurrences import occurrences
from schedc.ir.triggers import Cron
from schedc.lints.wraps import wrap

# expression, the field, whether its text has a step, the step, the distance where it starts over
UNEVEN = [
    ("*/7 * * * *", MINUTE, True, 7, 4),  # :56, and :00 four minutes later
    ("0,7,14,21,28,35,42,49,56 * * * *", MINUTE, False, 7, 4),
    ("0-59/7 * * * *", MINUTE, True, 7, 4),
    ("5-59/9 * * * *", MINUTE, True, 9, 6),  # :05 ... :59, and :05
    ("*/45 * * * *", MINUTE, True, 45, 15),
    ("0,25,50 * * * *", MINUTE, False, 25, 10),
    ("*/7 9-10 * * *", MINUTE, True, 7, 4),  # 09:56, and 10:00
    ("*/7 23,0 * * *", MINUTE, True, 7, 4),  # 23:56, and 00:00 of the next day
    ("0 */5 * * *", HOUR, True, 5, 4),  # 20:00, and 00:00
    ("0 1,10,19 * * *", HOUR, False, 9, 6),  # 19:00, and 01:00
    ("0 */5 * * 1-5", HOUR, True, 5, 4),
    ("0 */5 1,31 * *", HOUR, True, 5, 4),  # 31 January, and 1 February
    ("0 */5 31,1 12,1 *", HOUR, True, 5, 4),  # 31 December, and 1 January
    ("*/50 * * * * *", SECOND, True, 50, 10),
    ("*/50 0,59 0,23 * * *", SECOND, True, 50, 10),  # 23:59:50, and 00:00:00
    ("0 0 */2 * *", DAY, True, 2, 1),  # 31 January, and 1 February
    ("0 0 2-31/2 * *", DAY, True, 2, 3),  # 30 January, and 2 February
    ("0 0 */9 * *", DAY, True, 9, 4),  # 28 January, and 1 February
    ("0 0 */10 5,6 *", DAY, True, 10, 1),  # 31 May, and 1 June
]

EVEN = [
    *(("*/15 * * * *", MINUTE, True), ("10-59/15 * * * *", MINUTE, True), ("10,40 * * * *", MINUTE, False)),
    ("* * * * *", MINUTE, False),
    ("5 * * * *", MINUTE, False),
    ("0,45 * * * *", MINUTE, False),  # two numbers promise nothing
    ("0,5,30 * * * *", MINUTE, False),
    ("0-30/7 * * * *", MINUTE, True),  # there is room for :35, so that the end is meant
    ("*/7 9 * * *", MINUTE, True),  # one hour a day: nothing starts over
    ("*/7 9,11 * * *", MINUTE, True),
    ("*/7 23,0 * * 1", MINUTE, True),  # Monday 23:00 is not followed by Monday 00:00
    *(("0 9-17/2 * * *", HOUR, True), ("0 */6 * * *", HOUR, True), ("0 8,20 * * *", HOUR, False)),
    ("0 */5 * * 1", HOUR, True),
    ("0 */5 1,30 2,3 *", HOUR, True),
    *(("*/20 * * * * *", SECOND, True), ("*/50 7 * * * *", SECOND, True)),
    ("0 0 1-15/2 * *", DAY, True),
    ("0 0 1,8,15,22 * *", DAY, False),
    ("0 0 */2 6 *", DAY, True),  # one month a year
    ("0 0 * * *", DAY, False),
    ("0 0 1-31/2 * 1", DAY, True),  # days of either kind are no list
]


def _calendar(text: str) -> Calendar:
    calendar, mistakes = read_cron(text)
    assert calendar is not None, mistakes
    return calendar


@pytest.mark.parametrize(("text", "field", "stepped", "step", "gap"), UNEVEN)
def test_uneven(text: str, field: Field, stepped: bool, step: int, gap: int) -> None:
    found = wrap(_calendar(text), field, stepped)
    assert found is not None
    assert (found.step, found.gap) == (step, gap)


@pytest.mark.parametrize(("text", "field", "stepped"), EVEN)
def test_even_or_meant(text: str, field: Field, stepped: bool) -> None:
    assert wrap(_calendar(text), field, stepped) is None


WORDS = [
    (
        "*/7 * * * *",
        "`*/7` is not even: after :56 comes :00 of the next hour, 4 minutes later and not 7",
        "write `*/6` or `*/10`, or set interval_second: 7m and a start_time",
    ),
    (
        "5-59/9 * * * *",
        "`5-59/9` is not even: after :59 comes :05 of the next hour, 6 minutes later and not 9",
        "write `5-59/6` or `5-59/10`, or set interval_second: 9m and a start_time",
    ),
    (
        "30 */5 * * *",
        "`*/5` is not even: after the hour 20 comes the hour 00 of the next day, 4 hours later and not 5",
        "write `*/4` or `*/6`, or set interval_second: 5h and a start_time",
    ),
    (
        "0 0 */2 * *",
        "`*/2` is not even: after 31 January comes 1 February, 1 day later and not 2",
        "set interval_second: 48h and a start_time",
    ),
]


@pytest.mark.parametrize(("text", "message", "help"), WORDS)
def test_it_is_said_once_and_in_words(text: str, message: str, help: str, tmp_path: Path) -> None:
    one = {"cron_expression": text, "run": {"container": CONTAINER}, "deploy_to": ["kubernetes"]}
    files = {"one.yaml": document({"one": one}), "schedc.toml": "[lints]\nuneven-step = true\n"}
    found = compile_files(tmp_path, files, lint=True).found
    assert [(d.rule.code, d.message, d.help) for d in found] == [("SC220", message, help)]
    suspected = [d.rule.code for d in compile_files(tmp_path, files).found]
    assert suspected == ([] if text.startswith("5-") else ["SC114"])


def test_what_is_suspected_of_other_items_stays(tmp_path: Path) -> None:
    one = {"cron_expression": "*/7 2-3,*/5 * * *", "run": {"container": CONTAINER}, "deploy_to": ["kubernetes"]}
    files = {"one.yaml": document({"one": one}), "schedc.toml": "[lints]\nuneven-step = true\n"}
    found = compile_files(tmp_path, files, lint=True).found
    assert [(d.rule.code, d.message.split(" ")[0]) for d in found] == [("SC114", "`*/5`"), ("SC220", "`*/7`")]


_FINER: dict[str, dict[str, Any]] = {
    SECOND.name: {},
    MINUTE.name: {"seconds": 1},
    HOUR.name: {"seconds": 1, "minutes": 1},
    DAY.name: {"seconds": 1, "minutes": 1, "hours": 1},
}
_NAMES = {SECOND.name: "seconds", MINUTE.name: "minutes", HOUR.name: "hours", DAY.name: "days"}
_WINDOW = {SECOND.name: 7200, MINUTE.name: 2 * 86_400, HOUR.name: 10 * 86_400, DAY.name: 60 * 86_400}


@given(st.sampled_from([SECOND, MINUTE, HOUR, DAY]), st.data())
def test_it_agrees_with_the_distances_of_occurrences(field: Field, data: st.DataObject) -> None:
    """Of a list that fills its field, in UTC: uneven is what has more than one distance."""
    step = data.draw(st.integers(2, field.high - field.low))
    first = field.low + data.draw(st.integers(0, step - 1))
    values = range(first, field.high + 1, step)
    if len(values) < 2:
        return
    calendar = Calendar(**{**_FINER[field.name], _NAMES[field.name]: mask(values)})
    begin = 1_767_225_600  # 2026-01-01: January and February
    fired = list(occurrences(Cron(calendar, "UTC"), begin, begin + _WINDOW[field.name]))
    distances = {b - a for a, b in pairwise(fired)}
    found = wrap(calendar, field, stepped=True)
    assert (found is not None) is (len(distances) > 1)
    if found is not None:
        unit = {SECOND.name: 1, MINUTE.name: 60, HOUR.name: 3600, DAY.name: 86_400}[field.name]
        assert {found.step * unit, found.gap * unit} <= distances
