"""What the reader of cron text says of mistakes: each with the smallest stretch, the fact and the remedy."""

from __future__ import annotations

import re
import time

import pytest
from schedc.frontend.cron_expression import read_cron
from schedc.frontend.cron_mistakes import Kind
from schedc.frontend.cron_suspicions import suspicions

# (text, stretch, message, help)
CASES: list[tuple[str, str, str, str | None]] = [
    ("60 * * * *", "60", "60 is outside 0-59, the minutes that there are", None),
    ("0 24 * * *", "24", "24 is outside 0-23, the hours that there are", "write `0` for midnight"),
    ("0 0 0 * *", "0", "0 is outside 1-31, the days that a month can have", None),
    ("0 0 * July *", "July", "`July` is not the name of a month", "write `JUL`"),
    ("0 0 * * monday", "monday", "`monday` is not the name of a weekday", "write `MON`"),
    ("0 0 * mon *", "mon", "`mon` is a weekday, and this is the month field", None),
    ("0 0 jan * *", "jan", "`jan` is a month, and this is the day of month field", None),
    ("0 0 * * foo", "foo", "`foo` is not the name of a weekday", "the names are SUN, MON, TUE, WED, THU, FRI, SAT"),
    ("x 0 * * *", "x", "`x` is not a number, and the minute field has no names", None),
    ("22-2 0 * * *", "22-2", "the range `22-2` runs backwards", "write `22-59,0-2`"),
    ("0 22-2 * * *", "22-2", "the range `22-2` runs backwards", "write `22-23,0-2`"),
    ("0 23-0 * * *", "23-0", "the range `23-0` runs backwards", "write `23,0`"),
    ("0 22-2/2 * * *", "22-2", "the range `22-2` runs backwards", None),
    ("0 0 * nov-feb *", "nov-feb", "the range `nov-feb` runs backwards", "write `NOV-DEC,JAN-FEB`"),
    ("0 0 * * FRI-SUN", "FRI-SUN", "the range `FRI-SUN` runs backwards", "write `FRI-7`"),
    ("0 0 * * SAT-MON", "SAT-MON", "the range `SAT-MON` runs backwards", "write `SAT,SUN-MON`"),
    ("0 0 * * 7-1", "7-1", "the range `7-1` runs backwards", "write `0-1`"),
    (
        "0/15 * * * *",
        "0/15",
        "a step after the single value `0` is read in two ways by cron engines",
        "write `0-59/15`, which is `*/15`, to go on from there, or just `0`",
    ),
    (
        "0 0 1/2 * *",
        "1/2",
        "a step after the single value `1` is read in two ways by cron engines",
        "write `1-31/2` to go on from there, or just `1`",
    ),
    (
        "59/2 * * * *",
        "59/2",
        "a step after the single value `59` is read in two ways by cron engines",
        "write just `59`",
    ),
    ("*/0 * * * *", "0", "a step of 0 never moves on", "write `*` for every value, or a step of at least 1"),
    ("*/ * * * *", "/", "a step has no number", "write `*`, or a number after `/`"),
    ("*/x * * * *", "x", "the step `x` is not a number", None),
    ("*/2/3 * * * *", "2/3", "the step `2/3` is not a number", None),
    ("/5 * * * *", "/", "nothing stands before the step", None),
    ("1-2-3 * * * *", "1-2-3", "`1-2-3` is not a range from one value to another", None),
    ("** * * * *", "**", "`**` is neither a star nor a value nor a range", None),
    ("5- * * * *", "5-", "the range `5-` lacks its end", "write both ends, such as `5-59`"),
    ("-5 * * * *", "-5", "the range `-5` lacks its beginning", "write both ends, such as `0-5`"),
    ("1,,2 * * * *", ",", "the list of the minute field has an empty item", "write `1,2`"),
    ("1.5 * * * *", ".", "`.` has no meaning in a cron expression", None),
    ("٣ * * * *", "٣", "`٣` has no meaning in a cron expression", "write the digits 0 to 9"),
    ("1\u20135 * * * *", "\u2013", "`\u2013` has no meaning in a cron expression", "write `1-5`, with a plain hyphen"),
    ("5 0 % * *", "%", "`%` has no meaning in a cron expression; in a crontab it belongs to the command", None),
    (
        "H * * * *",
        "H",
        "`H` asks for Jenkins' hash, and a schedule here leaves nothing to chance",
        "write the minute that you want, such as `17`",
    ),
    (
        "H(0-29)/5 * * * *",
        "H(0-29)",
        "`H(0-29)` asks for Jenkins' hash, and a schedule here leaves nothing to chance",
        "write the minute that you want, such as `17`",
    ),
    (
        "0 1~5 * * *",
        "1~5",
        "`1~5` asks for a random value, and a schedule here leaves nothing to chance",
        "write the hour that you want, such as `17`",
    ),
    ("", "", "the cron expression is empty", "write one, such as `0 6 * * *`"),
    ("5\n0 * * *", "\n", "U+000A is not a space or a tab", "write a space between fields"),
    (
        "0 6 *",
        "0 6 *",
        "3 fields: a cron expression has five, six with seconds first, or seven with a year last too",
        "the order is minute hour day month weekday: add the month and the weekday",
    ),
    (
        "TZ=Asia/Tokyo 0 6 * * *",
        "TZ=Asia/Tokyo",
        "a cron expression here holds no time zone",
        "take it out, and set `timezone: Asia/Tokyo`",
    ),
    (
        "rate(5 minutes)",
        "rate(5 minutes)",
        "`rate(...)` is the form of AWS, not cron text",
        "set `interval_second` and `start_time` instead of `cron_expression`",
    ),
]


@pytest.mark.parametrize(("text", "stretch", "message", "remedy"), CASES)
def test_a_mistake(text: str, stretch: str, message: str, remedy: str | None) -> None:
    calendar, (mistake,) = read_cron(text)
    assert calendar is None
    assert (text[mistake.start : mistake.end], mistake.message, mistake.help) == (stretch, message, remedy)


def test_all_mistakes_at_once() -> None:
    text = "60 0/15 0,L-2 FOO 8#9"
    found = [(mistake.kind, text[mistake.start : mistake.end]) for mistake in read_cron(text)[1]]
    assert found == [
        (Kind.OUT_OF_RANGE, "60"),
        (Kind.STEP_AFTER_NUMBER, "0/15"),
        (Kind.OUT_OF_RANGE, "0"),
        (Kind.LAST_OFFSET, "L-2"),
        (Kind.UNKNOWN_NAME, "FOO"),
        (Kind.OUT_OF_RANGE, "8"),
        (Kind.NTH_WEEKDAY, "9"),
    ]


@pytest.mark.parametrize("text", [case[0] for case in CASES if case[3] and re.match(r"write `[^`]+`($|,|\b)", case[3])])
def test_the_text_that_a_help_gives_is_right(text: str) -> None:
    """The first text that the help of a field's mistake offers, put in its place, is read."""
    (mistake,) = read_cron(text)[1]
    if mistake.kind is Kind.BLANK:
        return
    offer = (mistake.help or "").split("`")[1]
    end = mistake.end
    if mistake.kind in (Kind.UNKNOWN_CHARACTER, Kind.EMPTY_ITEM, Kind.STEP_ZERO, Kind.INCOMPLETE_STEP):
        fields = [offer if word[0] <= mistake.start < word[1] else text[slice(*word)] for word in _words(text)]
        assert read_cron(" ".join(fields))[1] == ()
    else:
        assert read_cron(text[: mistake.start] + offer + text[end:])[1] == ()


def _words(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"\S+", text)]


@pytest.mark.parametrize(
    "text",
    [
        "1," * 500_000,
        "*" * 1_000_000,
        " " * 1_000_000,
        "@every " + "9" * 1_000_000,
        "," * 990 + " * * * *",
        "9" * 990 + " * * * *",
        "*/" + "9" * 990 + " * * * *",
        "0 0 * * MON#" + "1" * 980,
        "H(" * 490,
        "1-" * 490 + " * * * *",
        "?" * 990 + " 1 1 1 1",
        "cron(" * 190,
    ],
)
def test_hostile_text_is_refused_quickly(text: str) -> None:
    started = time.process_time()
    calendar, mistakes = read_cron(text)
    assert time.process_time() - started < 0.5
    assert (calendar is None) == bool(mistakes)
    if len(text) > 1000:
        assert [mistake.kind for mistake in mistakes] == [Kind.TOO_LONG]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 14 * * 3", []),
        ("5 0 * * *", []),
        ("*/15 */6 * */3 *", []),
        ("0 12 ? * 2", []),
        ("0 0 12 ? * MON", []),
        ("@daily", []),
        ("0 12 ? * 7", [(Kind.QUARTZ_WEEKDAYS, "7")]),
        ("0 0 12 ? * 2", [(Kind.QUARTZ_WEEKDAYS, "2")]),
        ("0 0 12 ? * 2-6 2027", [(Kind.QUARTZ_WEEKDAYS, "2-6")]),
        ("0 0 12 ? * 6L 2027", [(Kind.QUARTZ_WEEKDAYS, "6L")]),
        ("0 0 12 ? * 2#1 2027", [(Kind.QUARTZ_WEEKDAYS, "2#1")]),
        ("0 0 * * * *", [(Kind.SIX_FIELDS, "0")]),
        ("30 5 * * * 3", [(Kind.SIX_FIELDS, "30")]),
        ("30 5 14 * * MON", []),
        ("* 3 * * *", [(Kind.EVERY_MINUTE, "*")]),
        ("0-59 3 * * *", []),
        ("*/7 * * * *", [(Kind.UNEVEN_STEP, "*/7")]),
        ("0-59/7 * * * *", [(Kind.UNEVEN_STEP, "0-59/7")]),
        ("1,*/25 */5 * * *", [(Kind.UNEVEN_STEP, "*/25"), (Kind.UNEVEN_STEP, "*/5")]),
        ("0 0 */2 * *", [(Kind.UNEVEN_STEP, "*/2")]),
        ("*/60 * * * *", [(Kind.IDLE_STEP, "*/60")]),
        ("*/90 * * * *", [(Kind.IDLE_STEP, "*/90")]),
        ("5-50/7 * * * *", []),
    ],
)
def test_suspicions(text: str, expected: list[tuple[Kind, str]]) -> None:
    calendar, mistakes = read_cron(text)
    assert calendar is not None, mistakes
    assert [(one.kind, text[one.start : one.end]) for one in suspicions(text, calendar)] == expected
