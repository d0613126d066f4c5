"""OCPS 1.4: `+` asks for both day fields, `?` is a star."""

from __future__ import annotations

import pytest
from schedc.frontend.cron_expression import read_cron
from schedc.frontend.cron_mistakes import Kind
from schedc.ir.calendar import Calendar, mask


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 12 1 * +MON", Calendar(minutes=1, hours=1 << 12, days=2, weekdays=2)),
        ("0 12 1 * +1,FRI", Calendar(minutes=1, hours=1 << 12, days=2, weekdays=mask([1, 5]))),
        ("0 12 */2 * +1", Calendar(minutes=1, hours=1 << 12, days=mask(range(1, 32, 2)), weekdays=2)),
        ("0 12 1 * +*/2", Calendar(minutes=1, hours=1 << 12, days=2, weekdays=mask([0, 2, 4, 6]))),
        ("0 12 1 * +*", Calendar(minutes=1, hours=1 << 12, days=2)),
        ("0 12 * * +1", Calendar(minutes=1, hours=1 << 12, weekdays=2)),
        ("0 12 1 * +0-7", Calendar(minutes=1, hours=1 << 12, days=2)),
        ("0 12 1-31 * +1", Calendar(minutes=1, hours=1 << 12, weekdays=2)),
        ("0 12 L * +FRI#L", Calendar(minutes=1, hours=1 << 12, days=0, last_day=True, weekdays=0, last_weekdays=32)),
        ("0 0 12 1 * +MON", Calendar(minutes=1, hours=1 << 12, days=2, weekdays=2)),
        ("0 12 ? * 1", Calendar(minutes=1, hours=1 << 12, weekdays=2)),
        ("0 12 1 * ?", Calendar(minutes=1, hours=1 << 12, days=2)),
        ("0 12 ? * ?", Calendar(minutes=1, hours=1 << 12)),
        ("0 12 ? * +1", Calendar(minutes=1, hours=1 << 12, weekdays=2)),
    ],
)
def test_plus_and_question_mark(text: str, expected: Calendar) -> None:
    assert read_cron(text) == (expected, ())


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("+0 12 1 * 1", [Kind.PLUS]),
        ("0 +12 1 * 1", [Kind.PLUS]),
        ("0 12 +1 * 1", [Kind.PLUS]),
        ("0 12 1 +1 1", [Kind.PLUS]),
        ("0 12 1 * 1+", [Kind.PLUS]),
        ("0 12 1 * 1,+2", [Kind.PLUS]),
        ("0 12 1 * ++2", [Kind.PLUS]),
        ("0 12 1 * +", [Kind.EMPTY_ITEM]),
        ("? 12 1 * 1", [Kind.QUESTION_MARK]),
        ("0 ? 1 * 1", [Kind.QUESTION_MARK]),
        ("0 12 1 ? 1", [Kind.QUESTION_MARK]),
        ("? 0 12 1 * 1", [Kind.QUESTION_MARK]),
        ("0 0 12 1 * 1 ?", [Kind.QUESTION_MARK]),
        ("0 12 ?/2 * 1", [Kind.QUESTION_MARK]),
        ("0 12 1,? * 1", [Kind.QUESTION_MARK]),
        ("0 12 1 * +?", [Kind.QUESTION_MARK]),
        ("0 12 ?? * 1", [Kind.QUESTION_MARK, Kind.QUESTION_MARK]),
    ],
)
def test_mistakes(text: str, kinds: list[Kind]) -> None:
    calendar, mistakes = read_cron(text)
    assert calendar is None
    assert [mistake.kind for mistake in mistakes] == kinds
    assert all(text[mistake.start : mistake.end] in ("+", "?") for mistake in mistakes)
