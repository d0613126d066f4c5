"""OCPS 1.2: a leading seconds field, and a trailing year field."""

from __future__ import annotations

import pytest
from schedc.frontend.cron_expression import read_cron
from schedc.frontend.cron_mistakes import Kind
from schedc.ir.calendar import ALL_SECONDS, Calendar, mask


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 14 * * 3", Calendar(minutes=1, hours=1 << 14, weekdays=1 << 3)),
        ("0 0 14 * * 3", Calendar(minutes=1, hours=1 << 14, weekdays=1 << 3)),
        ("* * * * * *", Calendar(seconds=ALL_SECONDS)),
        ("*/20 * * * * *", Calendar(seconds=mask([0, 20, 40]))),
        ("30 5 14 * * 3", Calendar(seconds=1 << 30, minutes=1 << 5, hours=1 << 14, weekdays=1 << 3)),
        ("0 0 0 1 1 * *", Calendar(minutes=1, hours=1, days=2, months=2)),
        ("0 0 0 1 1 * 2027", Calendar(minutes=1, hours=1, days=2, months=2, years=(2027,))),
        ("0 0 0 1 1 * 2030,2027-2028", Calendar(minutes=1, hours=1, days=2, months=2, years=(2027, 2028, 2030))),
        ("0 0 0 1 1 * 2190-2199/4", Calendar(minutes=1, hours=1, days=2, months=2, years=(2190, 2194, 2198))),
        ("0 0 0 1 1 * */100", Calendar(minutes=1, hours=1, days=2, months=2, years=(1970, 2070, 2170))),
        ("0 0 0 1 1 * 1970-2199", Calendar(minutes=1, hours=1, days=2, months=2)),
    ],
)
def test_seconds_and_years(text: str, expected: Calendar) -> None:
    assert read_cron(text) == (expected, ())


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("60 * * * * *", "60"),
        ("0 0 0 1 1 * 1969", "1969"),
        ("0 0 0 1 1 * 2200", "2200"),
        ("0 0 0 1 1 * 27", "27"),
        ("0 0 0 1 1 * 2027-2200", "2200"),
    ],
)
def test_out_of_range(text: str, stretch: str) -> None:
    (mistake,) = read_cron(text)[1]
    assert (mistake.kind, text[mistake.start : mistake.end]) == (Kind.OUT_OF_RANGE, stretch)


def test_a_year_in_six_fields_is_told_to_lead_with_seconds() -> None:
    (mistake,) = read_cron("0 12 * * 1 2027")[1]
    assert mistake.kind is Kind.OUT_OF_RANGE
    assert mistake.help == "put the seconds first: `0 0 12 * * 1 2027`"
    assert read_cron("0 0 12 * * 1 2027")[1] == ()
