"""The edges of each cron field, and remedies that name them: mistakes planted in the reader showed them untested."""

from __future__ import annotations

import pytest
from schedc.frontend.cron_expression import read_cron

# The place of the field among seven, its lowest and highest value, and the last one that a step may reach.
FIELDS = {
    "second": (0, 0, 59, 59),
    "minute": (1, 0, 59, 59),
    "hour": (2, 0, 23, 23),
    "day of month": (3, 1, 31, 31),
    "month": (4, 1, 12, 12),
    "weekday": (5, 0, 7, 6),
    "year": (6, 1970, 2199, 2199),
}


def _with(at: int, text: str) -> str:
    words = ["0", "0", "0", "*", "*", "*", "*"]
    return " ".join([*words[:at], text, *words[at + 1 :]])


def _only_help(expression: str) -> str:
    calendar, mistakes = read_cron(expression)
    assert calendar is None
    (one,) = mistakes
    assert one.help is not None
    return one.help


@pytest.mark.parametrize("field", FIELDS)
def test_the_lowest_and_the_highest_value_and_none_beyond(field: str) -> None:
    at, low, high, _ = FIELDS[field]
    for value in (low, high):
        assert read_cron(_with(at, str(value)))[0] is not None, value
    for value in (low - 1, high + 1):
        assert value < 0 or read_cron(_with(at, str(value)))[0] is None, value


@pytest.mark.parametrize("field", FIELDS)
def test_a_remedy_for_a_step_after_a_number_goes_to_the_end_of_the_field(field: str) -> None:
    at, low, _, top = FIELDS[field]
    second = _only_help(_with(at, f"{low + 1}/2"))
    assert second == f"write `{low + 1}-{top}/2` to go on from there, or just `{low + 1}`"
    whole = ", which is `*/2`," if field in ("second", "minute", "hour", "month") else ""
    assert _only_help(_with(at, f"{low}/2")) == f"write `{low}-{top}/2`{whole} to go on from there, or just `{low}`"
    assert _only_help(_with(at, f"{top}/2")) == f"write just `{top}`"


def test_fields_that_say_nothing() -> None:
    assert _only_help("0 0 * * +") == "write `+*` or a weekday"
    assert _only_help("0 0 * * L").startswith("write `SAT` for Saturdays, or a weekday before it, such as `FRI#L`")
