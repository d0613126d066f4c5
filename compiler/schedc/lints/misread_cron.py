from __future__ import annotations

from collections.abc import Iterator

from schedc.counted import some
from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.cron_expression import fields_of, read_cron
from schedc.frontend.cron_fields import DAY, HOUR, MINUTE, SECOND, WEEKDAY
from schedc.frontend.cron_mistakes import CronMistake, Kind
from schedc.frontend.schedule_reader import cron_span
from schedc.ir.calendar import Calendar, bits
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.ir.words import calendar_words
from schedc.lints.lint import Lint, Settings

Word = tuple[int, str]
Misreading = tuple[int, int, str, str]
"""From where to where in the text, what it means, and what to write."""

_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_FROM_ELSEWHERE = {
    "2-6": ("Tuesday to Saturday", "TUE-SAT", "MON-FRI", "Quartz and AWS, where Sunday is 1"),
    "0-4": ("Sunday to Thursday", "SUN-THU", "MON-FRI", "Python, where Monday is 0"),
}


def misread_cron(schedule: Schedule, settings: Settings, sink: Sink) -> None:
    """No expression is one of the few that reviewers are known to take for another one.

    What is always suspected (SC114) is not told again here.
    """
    node = schedule.node.get("cron_expression")
    if not isinstance(schedule.trigger, Cron) or node is None or not isinstance(node.value, str):
        return
    words = {field.name: (at, word) for field, at, word in fields_of(node.value)}
    if not words:
        return
    for start, end, message, help in _misreadings(words, schedule.trigger.calendar):
        mistake = CronMistake(Kind.MALFORMED, start, end, message)
        sink.add(rules.MISREAD_CRON, message, cron_span(node, mistake), help=help)


def _misreadings(words: dict[str, Word], calendar: Calendar) -> Iterator[Misreading]:
    yield from _either_day(words, calendar)
    yield from _every_smallest(words)
    yield from _two_steps(words)
    yield from _short_months(words, calendar)
    yield from _weekday_numbers(words)


def _either_day(words: dict[str, Word], calendar: Calendar) -> Iterator[Misreading]:
    """Two restricted day fields are read as if both must match."""
    (start, day), (at, weekday) = words[DAY.name], words[WEEKDAY.name]
    if not calendar.either and not _fills_up(day, weekday):
        return
    means = calendar_words(calendar) if calendar.either else "every day"
    help = f"write `+{weekday}` for days that match both, or two schedules for the two rules"
    yield start, at + len(weekday), f"`{day}` and `{weekday}` pick days that match either of them: {means}", help


def _fills_up(day: str, weekday: str) -> bool:
    """Whether one of two restricted day fields picks every day, so that the other one has no effect."""
    if {day, weekday} & {"*", "?"} or "+" in weekday:
        return False
    alone = [read_cron(text)[0] for text in (f"0 0 {day} * *", f"0 0 * * {weekday}")]
    return [one == read_cron("0 0 * * *")[0] for one in alone] in ([True, False], [False, True])


def _every_smallest(words: dict[str, Word]) -> Iterator[Misreading]:
    """A star before a list or a step: sixty runs in each of the picked hours (or minutes, where there are seconds)."""
    small, large = (SECOND, MINUTE) if SECOND.name in words else (MINUTE, HOUR)
    (at, word), (_, beside) = words[small.name], words[large.name]
    if word == "*" and (_step(beside) > 1 or ("," in beside and beside.replace(",", "").isdigit())):
        message = f"`*` in the {small.name} field runs 60 times in each {large.name} that `{beside}` picks"
        yield at, at + 1, message, "write `0` for once, or `0-59` to say that it is meant"


def _two_steps(words: dict[str, Word]) -> Iterator[Misreading]:
    """Steps of minutes and of hours do not add up to one longer step."""
    (start, minute), (at, hour) = words[MINUTE.name], words[HOUR.name]
    minutes, hours = _step(minute), _step(hour)
    if 1 < minutes < 60 and 1 < hours < 24:
        message = (
            f"`{minute} {hour}` runs every {minutes} minutes within every {_nth(hours)} hour, and not in the others"
        )
        help = f"write `0 {hour}` for every {hours} hours, or `{minute} *` for every {minutes} minutes"
        yield start, at + len(hour), message, help


def _short_months(words: dict[str, Word], calendar: Calendar) -> Iterator[Misreading]:
    """The 29th, 30th and 31st are taken for the end of each month."""
    start, word = words[DAY.name]
    picked = tuple(bits(calendar.months))
    if calendar.either or not word.isdigit() or int(word) < 29 or len(picked) == 1:
        return
    without = [_MONTHS[month - 1] for month in picked if _LENGTHS[month - 1] < int(word)]
    if int(word) == 29 and 2 in picked:
        without = ["February of most years"]
    if without:
        message = f"day {word} does not fire in {some(without)}"
        yield start, start + len(word), message, "write `L` for the last day of each month, or a day up to 28"


def _weekday_numbers(words: dict[str, Word]) -> Iterator[Misreading]:
    """Ranges that are Monday to Friday where the week is counted in another way."""
    start, word = words[WEEKDAY.name]
    if word in _FROM_ELSEWHERE and words[DAY.name][1] != "?":
        means, named, other, where = _FROM_ELSEWHERE[word]
        message = f"`{word}` is {means} here; it is Monday to Friday in {where}"
        yield start, start + len(word), message, f"write `{named}` to say so, or `{other}`"


def _step(word: str) -> int:
    """The step of a stepped star, else 0."""
    step = word.removeprefix("*/")
    return int(step) if word.startswith("*/") and step.isdigit() else 0


def _nth(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")


LINT = Lint(of_schedule=misread_cron)
