"""Where a stepped list of a field starts over, and how far that is from its last value."""

from __future__ import annotations

from itertools import pairwise

from schedc.frontend.cron_fields import DAY, HOUR, MINUTE, SECOND, Field
from schedc.ir.calendar import ALL_DAYS, ALL_WEEKDAYS, Calendar, bits
from schedc.lints.days import days_in_a_row
from schedc.records import dataclass

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Wrap:
    """A list that steps by `step`, and by `gap` where it starts over; `words` say so, `help` offers even ones."""

    step: int
    gap: int
    words: str
    help: str


def wrap(calendar: Calendar, field: Field, stepped: bool) -> Wrap | None:
    """The uneven end of a field that looks even, or None. `stepped` is whether its text has a step.

    It looks even where all its values have one distance and no more of them would fit, as in `*/7` and `5-59/9`; two
    values look so only if they were written as a step. It matters only where what starts over follows at once: not
    for minutes of one single hour.
    """
    values = tuple(bits(_values(calendar, field)))
    if len(values) < 2 or (len(values) == 2 and not stepped):
        return None
    step = values[1] - values[0]
    even = all(second - first == step for first, second in pairwise(values))
    if not even or step == 1 or values[0] - step >= field.low or values[-1] + step <= field.high:
        return None
    if field == DAY:
        return _days(calendar, values, step)
    size = field.high - field.low + 1
    gap = size - values[-1] + values[0]
    if gap == step or not _goes_on(calendar, field):
        return None
    last, first, then, unit = _SHOWN[field.name]
    words = f"after {last.format(values[-1])} comes {first.format(values[0])} of the next {then}, {gap} {unit}"
    words += f"{'s' if gap > 1 else ''} later and not {step}"
    return Wrap(step, gap, words, _help(values[0], step, size, f"{step}{unit[0]}"))


_SHOWN = {
    "second": ("second {:02}", "second {:02}", "minute", "second"),
    "minute": (":{:02}", ":{:02}", "hour", "minute"),
    "hour": ("the hour {:02}", "the hour {:02}", "day", "hour"),
}


def _values(calendar: Calendar, field: Field) -> int:
    if field == DAY:
        alone = calendar.weekdays == ALL_WEEKDAYS and not (calendar.last_day or calendar.nearest_weekdays)
        return calendar.days if alone and calendar.days != ALL_DAYS else 0
    return {SECOND.name: calendar.seconds, MINUTE.name: calendar.minutes, HOUR.name: calendar.hours}.get(field.name, 0)


def _goes_on(calendar: Calendar, field: Field) -> bool:
    """Whether some round of a field is followed at once by the next one."""
    if field == HOUR:
        return days_in_a_row(calendar)
    if field == MINUTE:
        hours = calendar.hours
        return bool(hours & hours >> 1) or (bool(hours & 1 and hours >> 23) and days_in_a_row(calendar))
    minutes = calendar.minutes
    return bool(minutes & minutes >> 1) or (bool(minutes & 1 and minutes >> 59) and _goes_on(calendar, MINUTE))


def _days(calendar: Calendar, values: tuple[int, ...], step: int) -> Wrap | None:
    """No step divides every month; the first month is named whose end is uneven."""
    for month, length in enumerate(_LENGTHS, 1):
        last = max(value for value in values if value <= length)
        gap = length - last + values[0]
        if calendar.months >> month & 1 and calendar.months >> month % 12 + 1 & 1 and gap != step:
            following = _MONTHS[month % 12]
            words = (
                f"after {last} {_MONTHS[month - 1]} comes {values[0]} {following}, {gap} day{'s' if gap > 1 else ''}"
            )
            return Wrap(step, gap, f"{words} later and not {step}", _interval(f"{step * 24}h"))
    return None


def _help(first: int, step: int, size: int, every: str) -> str:
    """The even lists next to it, below and above, that begin in the same way."""
    near = [n for n in range(step, 1, -1) if size % n == 0][:1] + [n for n in range(step, size) if size % n == 0][:1]
    texts = [f"`*/{n}`" if first % n == 0 else f"`{first % n}-{size - 1}/{n}`" for n in near]
    return f"write {' or '.join(texts)}, or {_interval(every)}" if texts else _interval(every)


def _interval(every: str) -> str:
    return f"set interval_second: {every} and a start_time"
