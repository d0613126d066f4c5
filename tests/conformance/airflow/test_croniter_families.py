"""The answers of five releases of croniter, compared with the model of each family.

A line of `croniter.jsonl.gz` is an expression, the naive wall times it was asked from, for each release the index of
its answer, and the answers: null for a refusal, else whether the hour field is a bare `*` and, for each wall time, the
distances to the next and to the previous match (null where croniter gave up).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from schedc.engines import croniter
from schedc.engines.model import CronError

_RELEASES = (("3.0.4", "3"), ("5.0.1", "5"), ("6.0.0", "6.0"), ("6.2.4", "6.2"), ("7.0.0", "7"))
_FEBRUARY_10 = 1_770_681_600
_MARCH_1 = _FEBRUARY_10 + 19 * 86_400


@cache
def _cases() -> tuple[Any, ...]:
    with gzip.open(Path(__file__).with_name("croniter.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


def _answer(text: str, walls: list[int], family: str) -> Any:
    try:
        reading = croniter.read(text, family)
    except CronError:
        return None
    found: list[int | None] = []
    for wall in walls:
        for search in (croniter.next_wall, croniter.previous_wall):
            try:
                found.append(search(reading, wall) - wall)
            except CronError:
                found.append(None)
    return [int(reading.every_hour), found]


@pytest.mark.parametrize(("place", "family"), [(i, family) for i, (_, family) in enumerate(_RELEASES)])
def test_a_family_answers_as_its_release_did(place: int, family: str, tell: Callable[[str], None]) -> None:
    wrong = []
    for text, walls, which, answers in _cases():
        answer = _answer(text, walls, family)
        if answer != answers[which[place]]:
            wrong.append(f"{text!r}: {answer}, croniter {_RELEASES[place][0]} {answers[which[place]]}")
    tell(f"croniter {_RELEASES[place][0]}: {len(_cases())} cases, {len(wrong)} mismatches")
    assert not wrong, "\n".join(wrong[:10])
    assert len(_cases()) == 540


@pytest.mark.parametrize("text", ["0 0 1,31 * *", "0 0 */5 * *", "0 0 1,30 * *"])
@pytest.mark.parametrize(
    ("family", "loses_march_1"), [("3", True), ("5", True), ("6.0", True), ("6.2", False), ("7", False)]
)
def test_older_families_step_over_a_day_after_a_short_month(text: str, family: str, loses_march_1: bool) -> None:
    reading = croniter.read(text, family)
    fired = set()
    wall = _FEBRUARY_10
    while wall < _MARCH_1 + 10 * 86_400:
        wall = croniter.next_wall(reading, wall)
        fired.add(wall)
    assert (_MARCH_1 not in fired) is loses_march_1


@pytest.mark.parametrize("text", ["r * * * *", "R(0-29) 3 * * *", "0 R/2 * * *"])
def test_a_random_field_is_refused(text: str) -> None:
    with pytest.raises(CronError, match="at random"):
        croniter.read(text)


@pytest.mark.parametrize(
    ("text", "exact"), [("0 0 28W * *", True), ("0 0 31W 1 *", True), ("0 0 31W 4 *", True), ("0 0 31W * *", False)]
)
def test_a_nearest_weekday_past_the_end_of_a_month_is_no_calendar(text: str, exact: bool) -> None:
    assert croniter.read(text).exact is exact
