"""The sentence that says when a schedule fires."""

from __future__ import annotations

from itertools import product

import pytest
from schedc.frontend.cron_expression import read_cron
from schedc.ir.calendar import Calendar, same
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Once
from schedc.ir.words import calendar_words, clock_change_words, words

CASES = [
    ("* * * * *", "every minute"),
    ("*/15 * * * *", "every 15 minutes"),
    ("0 * * * *", "every hour at :00"),
    ("5 * * * *", "every hour at :05"),
    ("5,35 * * * *", "at :05 and :35 past every hour"),
    ("5,35 8-18 * * 1-5", "at :05 and :35 past every hour from 08:00 to 18:59 on weekdays"),
    ("*/15 9-17 * * *", "every 15 minutes from 09:00 to 17:45 every day"),
    ("* 3 * * *", "every minute from 03:00 to 03:59 every day"),
    ("*/7 * * * *", "at :00, :07, :14, :21, :28, :35, :42, :49 and :56 past every hour"),
    ("0-10 * * * *", "at :00 to :10 past every hour"),
    ("0 */2 * * *", "every 2 hours from 00:00 to 22:00 every day"),
    ("0 9-17 * * MON-FRI", "every hour from 09:00 to 17:00 on weekdays"),
    ("30 */5 * * *", "at 00:30, 05:30, 10:30, 15:30 and 20:30 every day"),
    ("0,30 0,6,12,18 * * *", "at :00 and :30 past the hours 00, 06, 12 and 18 every day"),
    ("5 14 * * 3", "at 14:05 on Wednesdays"),
    ("@daily", "at 00:00 every day"),
    ("@yearly", "at 00:00 on the 1st of January"),
    ("0 0 * 1 *", "at 00:00 every day in January"),
    ("*/5 * * 1-3 *", "every 5 minutes in January to March"),
    ("0 0 L * *", "at 00:00 on the last day of the month"),
    ("0 0 L 2,3 *", "at 00:00 on the last day of each of February and March"),
    ("0 0 15W * *", "at 00:00 on the Monday-to-Friday day nearest to the 15th of the month"),
    ("0 0 1,15 * *", "at 00:00 on the 1st and 15th of the month"),
    ("0 0 1-7,22 * *", "at 00:00 on the 1st to 7th and 22nd of the month"),
    ("0 0 */2 * *", "at 00:00 on every 2nd day from the 1st to the 31st of the month"),
    ("0 9 1 * 1", "at 09:00 on the 1st of the month or on Mondays"),
    ("0 9 1 6 1", "at 09:00 on the 1st of June or on Mondays in June"),
    ("0 9 1-7 * +1", "at 09:00 on Mondays that are the 1st to 7th of the month"),
    ("0 9 1,15 * +1,2", "at 09:00 on Mondays and Tuesdays that are the 1st or 15th of the month"),
    ("0 0 L * +5", "at 00:00 on the last day of the month if that is a Friday"),
    ("0 0 1 * +5,MON#1", "at 00:00 on the 1st of the month if that is a Friday or the 1st Monday of the month"),
    ("0 0 * * MON#1,MON#3", "at 00:00 on the 1st and 3rd Monday of the month"),
    ("0 0 * * 2,FRI#L", "at 00:00 on Tuesdays and the last Friday of the month"),
    ("0 0 * 6,7 MON#1", "at 00:00 on the 1st Monday of each of June and July"),
    ("0 6 * * 6,0", "at 06:00 on Saturdays and Sundays"),
    ("0 6 * * 4-7", "at 06:00 on Thursdays to Sundays"),
    ("*/10 * * * * *", "every 10 seconds"),
    ("* * * * * *", "every second"),
    ("*/20 * 9-17 * * *", "every 20 seconds from 09:00:00 to 17:59:40 every day"),
    ("30 5 14 * * 3", "at 14:05:30 on Wednesdays"),
    ("30 * * * * *", "at second 30 of every minute"),
    ("1,2 */10 * * * *", "at seconds 01 and 02 of the minutes :00, :10, :20, :30, :40 and :50 past every hour"),
    ("* 5 14 * * *", "every second of the minute 14:05 every day"),
    ("0 0 0 1 1 * 2027-2029", "at 00:00 on the 1st of January, from 2027 to 2029"),
    ("0 0 0 1 1 * 2027", "at 00:00 on the 1st of January, in 2027"),
    ("0 0 30 2 *", "never"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_cron(text: str, expected: str) -> None:
    calendar, mistakes = read_cron(text)
    assert calendar is not None, mistakes
    assert calendar_words(calendar) == expected
    assert words(Cron(calendar, "Europe/Amsterdam"), zone=True) == f"{expected}, Europe/Amsterdam"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1800, "every 30 minutes from 2026-12-01T00:00:00Z"),
        (1, "every second from 2026-12-01T00:00:00Z"),
        (60, "every minute from 2026-12-01T00:00:00Z"),
        (3600, "every hour from 2026-12-01T00:00:00Z"),
        (86_400, "every 24 hours from 2026-12-01T00:00:00Z"),
        (5400, "every 90 minutes from 2026-12-01T00:00:00Z"),
        (61, "every 61 seconds from 2026-12-01T00:00:00Z"),
    ],
)
def test_interval(seconds: int, expected: str) -> None:
    assert words(Interval(1_796_083_200, seconds)) == expected


def test_once() -> None:
    assert words(Once(1_796_083_205)) == "once, at 2026-12-01T00:00:05Z"


@pytest.mark.parametrize(
    ("gap", "fold", "expected"),
    [
        (None, None, ""),
        (Gap.SKIP, None, "a time that a clock change skips does not fire"),
        (None, Fold.FIRST, "a time that a clock change repeats fires the first time"),
        (
            Gap.RUN_AFTER,
            Fold.BOTH,
            "a time that a clock change skips fires right after the change; "
            "a time that a clock change repeats fires both times",
        ),
    ],
)
def test_clock_changes(gap: Gap | None, fold: Fold | None, expected: str) -> None:
    assert clock_change_words(gap, fold) == expected


def test_two_calendars_that_differ_have_different_words() -> None:
    fields = (
        ["", "0 ", "30 ", "*/20 ", "0,1,7 ", "* "],
        ["*", "0", "5", "*/15", "5,35", "0-9", "*/25"],
        ["*", "0", "14", "*/6", "*/3", "9-17", "0,12,13", "1-23/2"],
        ["*", "1", "1,15", "1-7", "L", "15W", "1-31/2", "2-31/2"],
        ["*", "1", "1-3", "2,4"],
        ["*", "1", "1-5", "MON#1", "FRI#L,2", "6,0", "+1", "+MON#1"],
    )
    said: dict[str, Calendar] = {}
    for number, parts in enumerate(product(*fields)):
        if number % 7:
            continue
        calendar, mistakes = read_cron("{}{} {} {} {} {}".format(*parts))
        assert calendar is not None, mistakes
        sentence = calendar_words(calendar)
        assert same(said.setdefault(sentence, calendar), calendar), sentence
        assert not {"{", "}", "\n"} & set(sentence)
