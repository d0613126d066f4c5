"""What is right as it stands but often not what was meant: material for warnings."""

from __future__ import annotations

from schedc.frontend.cron_expression import fields_of, read_cron
from schedc.frontend.cron_fields import DAY, HOUR, MINUTE, MONTH, SECOND, WEEKDAY, Field
from schedc.frontend.cron_mistakes import CronMistake, Kind
from schedc.ir.calendar import Calendar

_UNIT = {SECOND: "minute", MINUTE: "hour", HOUR: "day", DAY: "month", MONTH: "year"}


def suspicions(text: str, calendar: Calendar) -> tuple[CronMistake, ...]:
    """The suspicious places of an expression that reads as `calendar`, in the order of the text."""
    fields = fields_of(text)
    found: list[CronMistake] = []
    by_name = {field: (at, word) for field, at, word in fields}
    quartz = "?" in (by_name.get(DAY, (0, ""))[1], by_name.get(WEEKDAY, (0, ""))[1])
    if quartz and (len(fields) > 5 or "7" in by_name[WEEKDAY][1]):
        found += _quartz_weekdays(*by_name[WEEKDAY])
    if len(fields) == 6:
        found += _six_fields(fields, calendar)
    if MINUTE in by_name:
        found += _every_minute(by_name, len(fields))
    for field, at, word in fields:
        found += _steps(field, at, word)
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _quartz_weekdays(at: int, word: str) -> list[CronMistake]:
    """`?` is the mark of Quartz and AWS, and their Sunday is 1."""
    parts = word.replace("#", "-#").replace("/", "-/").replace(",", "-").replace("+", "").split("-")
    numbers = [part.rstrip("Ll") for part in parts]
    if not any(number.isdigit() for number in numbers):
        return []
    return [
        CronMistake(
            Kind.QUARTZ_WEEKDAYS,
            at,
            at + len(word),
            f"the weekday `{word}` counts from 0 for Sunday here, and `?` is from Quartz or AWS, where Sunday is 1",
            "write the weekday by its name, such as `MON`",
        )
    ]


def _six_fields(fields: tuple[tuple[Field, int, str], ...], calendar: Calendar) -> list[CronMistake]:
    """Six fields are read with seconds last by some engines, and with a year last by others."""
    words = [word for _, _, word in fields]
    last = read_cron(" ".join([words[5], *words[:5]]))[0]
    if last is None or last == calendar:
        return []
    _, start, word = fields[0]
    return [
        CronMistake(
            Kind.SIX_FIELDS,
            start,
            start + len(word),
            f"the first of six fields, `{word}`, is the second; some engines take the last one for it",
            f"write five fields: `{' '.join(words[1:])}`" if words[0].strip("0") == "" else None,
        )
    ]


def _every_minute(by_name: dict[Field, tuple[int, str]], count: int) -> list[CronMistake]:
    """A star left in the smallest field beside one single value of the next."""
    small, large = (MINUTE, HOUR) if count == 5 else (SECOND, MINUTE)
    at, word = by_name[small]
    beside = by_name[large][1]
    if word != "*" or not beside.isdigit():
        return []
    reason = f"`*` in the {small.name} field runs 60 times in the {large.name} {beside}"
    help_ = "write `0` for once, or `0-59` to say that it is meant"
    return [CronMistake(Kind.EVERY_MINUTE, at, at + 1, reason, help_)]


def _steps(field: Field, at: int, word: str) -> list[CronMistake]:
    """Steps that do not come out even, or that never take effect."""
    found = []
    for item in word.split(","):
        body, _, step_text = item.partition("/")
        end = at + len(item)
        bounds = f"{field.low}-{field.top}"
        if body in ("*", bounds) and step_text.isdigit() and field in _UNIT:
            step, size = int(step_text), field.top - field.low + 1
            last = field.low + (size - 1) // step * step
            if step >= size:
                reason = f"the step {step} is as long as the whole {_UNIT[field]}: only {field.low} is left of it"
                found.append(CronMistake(Kind.IDLE_STEP, at, end, reason, f"write `{field.low}`", str(field.low)))
            elif size % step or (field is DAY and step > 1):
                rest = f"from {last} to {field.low} of the next {_UNIT[field]} it is {field.top + 1 - last}, not {step}"
                if field is DAY:
                    rest = "the distance to the first of the next month depends on the month"
                reason = f"`{item}` starts over each {_UNIT[field]}: {rest}"
                remedy = "use `interval_second` for an even spacing" if field is not MONTH else None
                found.append(CronMistake(Kind.UNEVEN_STEP, at, end, reason, remedy))
        at = end + 1
    return found
