"""A schedule in one short English sentence that is exactly what the sets say, however its text was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from schedc.ir.calendar import ALL_HOURS, ALL_MINUTES, ALL_MONTHS, ALL_SECONDS, Calendar, bits, never
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Once, Trigger

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONDAY_FIRST = (1, 2, 3, 4, 5, 6, 0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LISTED = 6
"""So many times of day are listed one by one."""


def words(trigger: Trigger, *, zone: bool = False) -> str:
    """The sentence, without a full stop; with `zone` the zone of a cron trigger ends it."""
    match trigger:
        case Once(at):
            return f"once, at {_instant(at)}"
        case Interval(start, seconds):
            return f"every {_duration(seconds)} from {_instant(start)}"
        case Cron(calendar, name):
            return f"{calendar_words(calendar)}, {name}" if zone else calendar_words(calendar)


def clock_change_words(gap: Gap | None, fold: Fold | None) -> str:
    """What was declared for wall times that a clock change skips or repeats; empty where both are open."""
    parts = []
    if gap is not None:
        does = {
            Gap.SKIP: "does not fire",
            Gap.SHIFT: "fires later by as much",
            Gap.RUN_AFTER: "fires right after the change",
        }
        parts.append(f"a time that a clock change skips {does[gap]}")
    if fold is not None:
        does_twice = {Fold.FIRST: "the first time", Fold.SECOND: "the second time", Fold.BOTH: "both times"}
        parts.append(f"a time that a clock change repeats fires {does_twice[fold]}")
    return "; ".join(parts)


def calendar_words(calendar: Calendar) -> str:
    """When a calendar fires, in wall time."""
    if never(calendar):
        return "never"
    time, frequent = _time(calendar)
    days = _days(calendar)
    if not days and not frequent:
        days = "every day"
    months = "" if calendar.months == ALL_MONTHS else _join(_runs(tuple(bits(calendar.months)), _month))
    sentence = f"{time} {days}".rstrip()
    if months and "{month}" not in sentence and "{each}" not in sentence:
        sentence += f" in {months}"
    named = [_month(month) for month in bits(calendar.months)]
    each = "the month" if not months else months if len(named) == 1 else f"each of {_join(named)}"
    sentence = sentence.replace("{month}", months or "the month").replace("{each}", each)
    if calendar.years is not None:
        runs = _runs(calendar.years, str)
        sentence += f", {'from' if len(runs) == 1 and len(calendar.years) > 1 else 'in'} {_join(runs)}"
    return sentence


# -- the time of day -------------------------------------------------------------------------------------------------


def _time(calendar: Calendar) -> tuple[str, bool]:
    """The times of a day, and whether they go on all day, so that no day need be named."""
    hours, minutes, seconds = (tuple(bits(m)) for m in (calendar.hours, calendar.minutes, calendar.seconds))
    all_day = calendar.hours == ALL_HOURS
    if calendar.seconds != 1:
        return _with_seconds(calendar, hours, minutes, seconds), all_day
    if len(hours) * len(minutes) <= _LISTED and not all_day:
        return f"at {_join([f'{h:02}:{m:02}' for h in hours for m in minutes])}", False
    even = _even(minutes, 60)
    if len(minutes) == 1:
        minute = f"{minutes[0]:02}"
        if all_day:
            return f"every hour at :{minute}", True
        step = _progression(hours)
        if step:
            every = "every hour" if step == 1 else f"every {step} hours"
            return f"{every} from {hours[0]:02}:{minute} to {hours[-1]:02}:{minute}", False
    elif even and (all_day or _contiguous(hours)):
        every = "every minute" if even == 1 else f"every {even} minutes"
        if all_day:
            return every, True
        return f"{every} from {hours[0]:02}:00 to {hours[-1]:02}:{minutes[-1]:02}", False
    past = "every minute" if calendar.minutes == ALL_MINUTES else f"at {_clock(minutes)}"
    return f"{past} past {_hours(hours)}", all_day


def _with_seconds(calendar: Calendar, hours: Sequence[int], minutes: Sequence[int], seconds: Sequence[int]) -> str:
    every_minute = calendar.minutes == ALL_MINUTES
    if len(hours) * len(minutes) * len(seconds) <= _LISTED:
        return f"at {_join([f'{h:02}:{m:02}:{s:02}' for h in hours for m in minutes for s in seconds])}"
    even = _even(seconds, 60)
    if even and len(seconds) > 1:
        phrase = "every second" if calendar.seconds == ALL_SECONDS else f"every {even} seconds"
        if every_minute and calendar.hours == ALL_HOURS:
            return phrase
        if every_minute and _contiguous(hours):
            return f"{phrase} from {hours[0]:02}:00:00 to {hours[-1]:02}:59:{seconds[-1]:02}"
    else:
        phrase = f"at second{'s' if len(seconds) > 1 else ''} {_join(_runs(seconds, '{:02}'.format))}"
    if every_minute:
        return f"{phrase} of every minute" + ("" if calendar.hours == ALL_HOURS else f" of {_hours(hours)}")
    if len(hours) * len(minutes) <= _LISTED:
        named = _join([f"{h:02}:{m:02}" for h in hours for m in minutes])
        return f"{phrase} of the minute{'s' if len(hours) * len(minutes) > 1 else ''} {named}"
    return f"{phrase} of the minute{'s' if len(minutes) > 1 else ''} {_clock(minutes)} past {_hours(hours)}"


def _hours(hours: Sequence[int]) -> str:
    if len(hours) == 24:
        return "every hour"
    if len(hours) == 1:
        return f"the hour {hours[0]:02}"
    if _contiguous(hours):
        return f"every hour from {hours[0]:02}:00 to {hours[-1]:02}:59"
    return f"the hours {_join(_runs(hours, '{:02}'.format))}"


def _clock(minutes: Sequence[int]) -> str:
    return _join(_runs(minutes, ":{:02}".format))


def _even(values: Sequence[int], whole: int) -> int:
    """The step of values that divide a whole evenly from 0 on, else 0."""
    step = whole // len(values)
    return step if tuple(range(0, whole, step)) == tuple(values) else 0


def _progression(values: Sequence[int]) -> int:
    """The one distance between neighbours, 0 where they differ or are too few to show one."""
    if len(values) < 3:
        return 0
    step = values[1] - values[0]
    return step if all(b - a == step for a, b in pairwise(values)) else 0


def _contiguous(values: Sequence[int]) -> bool:
    return values[-1] - values[0] + 1 == len(values)


# -- the days --------------------------------------------------------------------------------------------------------


def _days(calendar: Calendar) -> str:
    """The day rule, with `{month}` and `{each}` for the months in it; empty where every day matches."""
    by_day, by_weekday = not calendar.full_days, not calendar.full_weekdays
    if by_day and by_weekday:
        if calendar.either:
            return f"on {_of_month(calendar)} or on {_of_week(calendar)}"
        special = calendar.nth_weekdays or calendar.last_weekdays or calendar.last_day or calendar.nearest_weekdays
        if not special:
            return f"on {_join(_plain_weekdays(calendar))} that are {_of_month(calendar, 'or')}"
        return f"on {_of_month(calendar)} if that is {_one_of_week(calendar)}"
    if by_day:
        return f"on {_of_month(calendar)}"
    return f"on {_of_week(calendar)}" if by_weekday else ""


def _of_month(calendar: Calendar, word: str = "and") -> str:
    days = tuple(bits(calendar.days))
    step = _progression(days)
    parts: list[str] = []
    if len(days) > _LISTED and step > 1 and word == "and":
        first, last = _ordinal(days[0]), _ordinal(days[-1])
        parts.append(f"every {_ordinal(step)} day from the {first} to the {last} of {{each}}")
    elif days:
        parts.append(f"the {_join(_runs(days, _ordinal), word)} of {{month}}")
    nearest = bits(calendar.nearest_weekdays)
    parts += [f"the Monday-to-Friday day nearest to the {_ordinal(day)} of {{each}}" for day in nearest]
    if calendar.last_day:
        parts.append("the last day of {each}")
    return _join(parts, word)


def _of_week(calendar: Calendar) -> str:
    plain = _join(_plain_weekdays(calendar))
    if plain and calendar.months != ALL_MONTHS:
        plain += " in {month}"
    return _join([plain, *_special_weekdays(calendar)] if plain else _special_weekdays(calendar))


def _plain_weekdays(calendar: Calendar) -> list[str]:
    """The whole weekdays, as plurals."""
    picked = [day for day in _MONDAY_FIRST if calendar.weekdays >> day & 1]
    if picked == [1, 2, 3, 4, 5]:
        return ["weekdays"]
    return _runs([(day - 1) % 7 for day in picked], lambda position: f"{_WEEKDAYS[(position + 1) % 7]}s")


def _one_of_week(calendar: Calendar) -> str:
    picked = [f"a {_WEEKDAYS[day]}" for day in _MONDAY_FIRST if calendar.weekdays >> day & 1]
    return _join(picked + _special_weekdays(calendar), "or")


def _special_weekdays(calendar: Calendar) -> list[str]:
    parts = []
    for day in _MONDAY_FIRST:
        which = [_ordinal(bit // 7 + 1) for bit in bits(calendar.nth_weekdays) if bit % 7 == day]
        if which:
            parts.append(f"the {_join(which)} {_WEEKDAYS[day]} of {{each}}")
        if calendar.last_weekdays >> day & 1:
            parts.append(f"the last {_WEEKDAYS[day]} of {{each}}")
    return parts


def _month(number: int) -> str:
    return _MONTHS[number - 1]


# -- small words -----------------------------------------------------------------------------------------------------


def _runs(values: Iterable[int], name: Callable[[int], str]) -> list[str]:
    """The names of ascending values, three and more in a row as `first to last`."""
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    parts: list[str] = []
    for run in runs:
        parts += [f"{name(run[0])} to {name(run[-1])}"] if len(run) > 2 else [name(value) for value in run]
    return parts


def _join(parts: Sequence[str], word: str = "and") -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _duration(seconds: int) -> str:
    for unit, length in (("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds % length == 0:
            return unit if seconds == length else f"{seconds // length} {unit}s"
    raise AssertionError(seconds)


def _instant(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
