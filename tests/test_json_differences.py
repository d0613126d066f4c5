"""The comparison sees every kind of difference, or a test that uses it could not fail."""

from __future__ import annotations

from typing import Any

import pytest
from json_differences import differences, fields

WHOLE: dict[str, Any] = {"a": {"b": [1, "x", None]}, "c": True, "d": {}}


@pytest.mark.parametrize(
    ("other", "line"),
    [
        ({**WHOLE, "c": 1}, "$.c is 1, not True"),
        ({**WHOLE, "c": "true"}, "$.c is 'true', not True"),
        ({**WHOLE, "e": None}, "$.e is added"),
        ({"a": WHOLE["a"], "c": True}, "$.d is missing"),
        ({**WHOLE, "d": []}, "$.d is [], not {}"),
        ({**WHOLE, "a": {"b": [2, "x", None]}}, "$.a.b[0] is 2, not 1"),
        ({**WHOLE, "a": {"b": ["1", "x", None]}}, "$.a.b[0] is '1', not 1"),
        ({**WHOLE, "a": {"b": [1, "x", 0]}}, "$.a.b[2] is 0, not None"),
        ({**WHOLE, "a": {"b": [1, "x"]}}, "$.a.b is [1, 'x'], not [1, 'x', None]"),
    ],
)
def test_a_difference_is_told(other: Any, line: str) -> None:
    assert differences(other, WHOLE) == [line]


def test_what_is_the_same_is_not() -> None:
    assert differences({**WHOLE, "a": {"b": [1.0, "x", None]}}, WHOLE) == []
    assert fields(WHOLE) == 5
