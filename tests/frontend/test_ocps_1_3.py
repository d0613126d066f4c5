"""OCPS 1.3: `L`, `#` and `W`."""

from __future__ import annotations

from datetime import date

import pytest
from schedc.frontend.cron_expression import read_cron
from schedc.frontend.cron_mistakes import Kind
from schedc.ir.calendar import Calendar, bits, days_of_year, mask


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0 L * *", Calendar(minutes=1, hours=1, days=0, last_day=True)),
        ("0 0 l * *", Calendar(minutes=1, hours=1, days=0, last_day=True)),
        ("0 0 L,15 * *", Calendar(minutes=1, hours=1, days=1 << 15, last_day=True)),
        ("0 0 15W * *", Calendar(minutes=1, hours=1, days=0, nearest_weekdays=1 << 15)),
        ("0 0 31w * *", Calendar(minutes=1, hours=1, days=0, nearest_weekdays=1 << 31)),
        ("0 0 * * 5L", Calendar(minutes=1, hours=1, weekdays=0, last_weekdays=1 << 5)),
        ("0 0 * * FRIL", Calendar(minutes=1, hours=1, weekdays=0, last_weekdays=1 << 5)),
        ("0 0 * * FRI#L", Calendar(minutes=1, hours=1, weekdays=0, last_weekdays=1 << 5)),
        ("0 0 * * 5#l", Calendar(minutes=1, hours=1, weekdays=0, last_weekdays=1 << 5)),
        ("0 0 * * 7L", Calendar(minutes=1, hours=1, weekdays=0, last_weekdays=1)),
        ("0 0 * * 2#3", Calendar(minutes=1, hours=1, weekdays=0, nth_weekdays=1 << 14 + 2)),
        ("0 0 * * mon#1", Calendar(minutes=1, hours=1, weekdays=0, nth_weekdays=1 << 1)),
        ("0 0 * * 7#5", Calendar(minutes=1, hours=1, weekdays=0, nth_weekdays=1 << 28)),
        ("0 0 * * MON#1,MON#3", Calendar(minutes=1, hours=1, weekdays=0, nth_weekdays=mask([1, 15]))),
        ("0 0 * * 2,MON#1,FRI#L", Calendar(minutes=1, hours=1, weekdays=4, nth_weekdays=2, last_weekdays=32)),
        ("0 0 * * MON,MON#1,MONL", Calendar(minutes=1, hours=1, weekdays=2)),
        (
            "0 0 L * FRI#1",
            Calendar(minutes=1, hours=1, days=0, last_day=True, weekdays=0, nth_weekdays=32, either=True),
        ),
        ("0 0 * * WED#1", Calendar(minutes=1, hours=1, weekdays=0, nth_weekdays=1 << 3)),
    ],
)
def test_modifiers(text: str, expected: Calendar) -> None:
    assert read_cron(text) == (expected, ())


def days(text: str, year: int, month: int) -> list[int]:
    calendar = read_cron(text)[0]
    assert calendar is not None
    first = date(year, 1, 1).toordinal()
    found = [date.fromordinal(first + day) for day in bits(days_of_year(calendar, year))]
    return [day.day for day in found if day.month == month]


@pytest.mark.parametrize(
    ("text", "year", "month", "expected"),
    [
        ("0 0 L * *", 2026, 2, [28]),
        ("0 0 L * *", 2028, 2, [29]),
        ("0 0 L * *", 2100, 2, [28]),
        ("0 0 15W * *", 2026, 4, [15]),  # a Wednesday
        ("0 0 15W * *", 2026, 8, [14]),  # a Saturday
        ("0 0 15W * *", 2026, 11, [16]),  # a Sunday
        ("0 0 1W * *", 2026, 8, [3]),  # Saturday the 1st: not 31 July
        ("0 0 31W * *", 2026, 5, [29]),  # Sunday the 31st: not 1 June
        ("0 0 31W * *", 2026, 6, []),
        ("0 0 * * FRI#L", 2026, 5, [29]),
        ("0 0 * * 1#1", 2026, 6, [1]),
        ("0 0 * * 1#5", 2026, 6, [29]),
        ("0 0 * * 1#5", 2026, 7, []),
        ("0 0 1 * 1#1", 2026, 7, [1, 6]),
        ("0 0 1-7 * +1", 2026, 7, [6]),
        ("0 0 L * +2", 2026, 6, [30]),
        ("0 0 L * +2", 2026, 7, []),
    ],
)
def test_the_days_they_pick(text: str, year: int, month: int, expected: list[int]) -> None:
    assert days(text, year, month) == expected


@pytest.mark.parametrize(
    ("text", "kind", "stretch"),
    [
        ("0 0 * * L", Kind.LAST, "L"),
        ("0 0 * * 1,L", Kind.LAST, "L"),
        ("0 0 5L * *", Kind.LAST, "5L"),
        ("0 0 1-L * *", Kind.LAST, "1-L"),
        ("0 0 L/2 * *", Kind.LAST, "L/2"),
        ("L 0 * * *", Kind.LAST, "L"),
        ("0 L * * *", Kind.LAST, "L"),
        ("0 0 * L *", Kind.LAST, "L"),
        ("0 0 * * MON-FRIL", Kind.LAST, "MON-FRIL"),
        ("0 0 L-3 * *", Kind.LAST_OFFSET, "L-3"),
        ("0 0 LW * *", Kind.NEAREST_WEEKDAY, "LW"),
        ("0 0 1-15W * *", Kind.NEAREST_WEEKDAY, "1-15W"),
        ("0 0 1,15W * *", Kind.NEAREST_WEEKDAY, "15W"),
        ("0 0 15W,L * *", Kind.NEAREST_WEEKDAY, "15W"),
        ("0 0 15W/2 * *", Kind.NEAREST_WEEKDAY, "15W/2"),
        ("0 0 W * *", Kind.NEAREST_WEEKDAY, "W"),
        ("0 0 * * 5W", Kind.NEAREST_WEEKDAY, "5W"),
        ("0 0 0W * *", Kind.OUT_OF_RANGE, "0"),
        ("0 0 32W * *", Kind.OUT_OF_RANGE, "32"),
        ("0 0 * * MON#0", Kind.NTH_WEEKDAY, "0"),
        ("0 0 * * MON#6", Kind.NTH_WEEKDAY, "6"),
        ("0 0 * * MON#", Kind.NTH_WEEKDAY, "#"),
        ("0 0 * * #1", Kind.NTH_WEEKDAY, "#1"),
        ("0 0 * * 1-5#1", Kind.NTH_WEEKDAY, "1-5#1"),
        ("0 0 * * 1#1/2", Kind.NTH_WEEKDAY, "1#1/2"),
        ("0 0 1#1 * *", Kind.NTH_WEEKDAY, "1#1"),
        ("0 0 * * 8#1", Kind.OUT_OF_RANGE, "8"),
        ("0 0 * * 8L", Kind.OUT_OF_RANGE, "8"),
        ("0 0 * * FOO#1", Kind.UNKNOWN_NAME, "FOO"),
    ],
)
def test_mistakes(text: str, kind: Kind, stretch: str) -> None:
    calendar, (mistake,) = read_cron(text)
    assert calendar is None
    assert (mistake.kind, text[mistake.start : mistake.end]) == (kind, stretch)
