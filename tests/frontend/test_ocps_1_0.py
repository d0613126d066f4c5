"""OCPS 1.0: five fields, lists, ranges, steps, names, Sunday twice, either of the day fields."""

from __future__ import annotations

import pytest
from schedc.frontend.cron_expression import read_cron
from schedc.frontend.cron_mistakes import Kind
from schedc.ir.calendar import ALL_DAYS, ALL_HOURS, ALL_MINUTES, ALL_MONTHS, ALL_WEEKDAYS, Calendar, mask, never


def read(text: str) -> Calendar:
    calendar, mistakes = read_cron(text)
    assert calendar is not None, mistakes
    return calendar


def kinds(text: str) -> list[Kind]:
    calendar, mistakes = read_cron(text)
    assert (calendar is None) == bool(mistakes)
    return [mistake.kind for mistake in mistakes]


def test_every_minute() -> None:
    assert read("* * * * *") == Calendar()


@pytest.mark.parametrize("text", ["5 14 * * 3", " 5 14 * * 3 ", "\t5\t14\t* \t * \t 3", "05 014 * * 03"])
def test_blanks_are_spaces_and_tabs(text: str) -> None:
    assert read(text) == Calendar(minutes=1 << 5, hours=1 << 14, weekdays=1 << 3)


@pytest.mark.parametrize("blank", ["\n", "\r", "\u00a0", "\u2003", "\x0b", "\x0c", "\u2028"])
def test_no_other_blank(blank: str) -> None:
    assert kinds(f"5{blank}14 * * 3") == [Kind.BLANK]
    assert kinds(f"5 14 * * 3{blank}") == [Kind.BLANK]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("*", range(60)),
        ("0", [0]),
        ("59", [59]),
        ("0,15,30,45", [0, 15, 30, 45]),
        ("45,0,45", [0, 45]),
        ("9-17", range(9, 18)),
        ("9-9", [9]),
        ("*/15", [0, 15, 30, 45]),
        ("5-59/15", [5, 20, 35, 50]),
        ("5-6/15", [5]),
        ("*/60", [0]),
        ("*/99999999999999999999", [0]),
        ("*/1", range(60)),
        ("0-4,8-12/2,50", [0, 1, 2, 3, 4, 8, 10, 12, 50]),
        ("*,5", range(60)),
    ],
)
def test_lists_ranges_and_steps(field: str, values: list[int]) -> None:
    assert read(f"{field} * * * *").minutes == mask(values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* 0-23 * * *", Calendar(hours=ALL_HOURS)),
        ("0-59 * * * *", Calendar(minutes=ALL_MINUTES)),
        ("* * 1-31 * *", Calendar(days=ALL_DAYS)),
        ("* * * 1-12 *", Calendar(months=ALL_MONTHS)),
        ("* * * * 0-7", Calendar(weekdays=ALL_WEEKDAYS)),
        ("* * * * 0-6", Calendar(weekdays=ALL_WEEKDAYS)),
        ("* * * * sun-SAT", Calendar(weekdays=ALL_WEEKDAYS)),
        ("* * * * MON-fri", Calendar(weekdays=mask(range(1, 6)))),
        ("* * * * mon,Wed,FRI", Calendar(weekdays=mask([1, 3, 5]))),
        ("* * * * Mon-Fri/2", Calendar(weekdays=mask([1, 3, 5]))),
        ("* * * jan-MAR,Dec *", Calendar(months=mask([1, 2, 3, 12]))),
        ("* * * JAN-6/2 *", Calendar(months=mask([1, 3, 5]))),
        ("* * * */5 *", Calendar(months=mask([1, 6, 11]))),
        ("* * */10 * *", Calendar(days=mask([1, 11, 21, 31]))),
    ],
)
def test_whole_fields_and_names(text: str, expected: Calendar) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("0", [0]),
        ("7", [0]),
        ("07", [0]),
        ("7-7", [0]),
        ("5-7", [5, 6, 0]),
        ("FRI-7", [5, 6, 0]),
        ("1-7/2", [1, 3, 5, 0]),
        ("0-7/7", [0]),
        ("0,7", [0]),
        ("*/2", [0, 2, 4, 6]),
        ("*/7", [0]),
    ],
)
def test_sunday_is_0_and_7(field: str, days: list[int]) -> None:
    assert read(f"0 0 * * {field}").weekdays == mask(days)


def test_both_day_fields_restricted_ask_for_either() -> None:
    assert read("0 12 1 * MON") == Calendar(minutes=1, hours=1 << 12, days=1 << 1, weekdays=1 << 1, either=True)


@pytest.mark.parametrize("text", ["0 12 1 * *", "0 12 * * MON", "0 12 * * *"])
def test_one_day_field_alone_restricts(text: str) -> None:
    assert not read(text).either


@pytest.mark.parametrize("text", ["0 0 1 * 0-7", "0 0 1 * 0-6", "0 0 1-31 * 1", "0 0 1-31 * MON#1", "0 0 L,1-31 * 1"])
def test_either_with_a_full_field_is_every_day(text: str) -> None:
    assert read(text) == Calendar(minutes=1, hours=1)


@pytest.mark.parametrize(
    ("text", "either", "both"),
    [
        ("0 0 */2 * 1", "0 0 1-31/2 * 1", "0 0 */2 * +1"),
        ("0 0 1 * */2", "0 0 1 * 0-6/2", "0 0 1 * +*/2"),
        ("0 0 */1 * 1", "0 0 1-31/1 * 1", "0 0 */1 * +1"),
        ("0 0 1,*/10 * FRI", "0 0 1,1-31/10 * FRI", "0 0 1,*/10 * +FRI"),
        ("0 0 */2 * */3", "0 0 1-31/2 * 0-6/3", "0 0 */2 * +*/3"),
        ("0 0 *,1 * 1", "0 0 1-31,1 * 1", "0 0 *,1 * +1"),
        ("0 0 0 */2 * 1", "0 0 0 1-31/2 * 1", "0 0 0 */2 * +1"),
        ("0 0 0 */2 * 1 2027", "0 0 0 1-31/2 * 1 2027", "0 0 0 */2 * +1 2027"),
    ],
)
def test_a_stepped_star_beside_a_restricted_day_field_is_ambiguous(text: str, either: str, both: str) -> None:
    (mistake,) = read_cron(text)[1]
    assert mistake.kind is Kind.AMBIGUOUS_DAY_FIELDS
    assert "*" in text[mistake.start : mistake.end]
    assert mistake.help == f"write `{either}` for either, `{both}` for both"
    assert read(either) != read(both)
    assert not read(both).either


@pytest.mark.parametrize(
    "text", ["0 0 */2 * *", "0 0 * * */2", "0 0 */2 * ?", "0 0 ? * */2", "0 0 */2 * +1", "0 0 */2 * +*"]
)
def test_a_stepped_star_alone_is_clear(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize("text", ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *"])
def test_impossible_dates_are_read(text: str) -> None:
    assert never(read(text))


@pytest.mark.parametrize(
    "text", ["60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 0 *", "* * * 13 *", "* * * * 8"]
)
def test_out_of_range(text: str) -> None:
    assert kinds(text) == [Kind.OUT_OF_RANGE]


@pytest.mark.parametrize("text", ["5-1 * * * *", "* 22-2 * * *", "* * * DEC-FEB *", "* * * * FRI-SUN", "* * * * 7-1"])
def test_descending_ranges(text: str) -> None:
    assert kinds(text) == [Kind.DESCENDING_RANGE]


@pytest.mark.parametrize("text", ["*/0 * * * *", "* 1-5/0 * * *", "* * * * MON-FRI/00"])
def test_step_zero(text: str) -> None:
    assert kinds(text) == [Kind.STEP_ZERO]


@pytest.mark.parametrize(
    "text", ["0/15 * * * *", "* 5/2 * * *", "* * 1/1 * *", "* * * JAN/3 *", "* * * * MON/2", "5,0/15 * * * *"]
)
def test_a_step_after_a_number(text: str) -> None:
    assert kinds(text) == [Kind.STEP_AFTER_NUMBER]


@pytest.mark.parametrize("text", ["1 2 3 4", "*", "1 2 3 4 5 6 7 8"])
def test_field_count(text: str) -> None:
    assert kinds(text) == [Kind.FIELD_COUNT]
