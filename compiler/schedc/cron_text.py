"""Writes sets of numbers as cron fields that people read easily and that every engine's dialect reads as the same set.

`1-5` and `*/5` are such texts; `5/15`, `3-3`, names, `7` and wrapping ranges are not, and are never written.
"""

from __future__ import annotations

from schedc.ir.calendar import Calendar, bits
from schedc.records import dataclass

MINUTES = SECONDS = (0, 59)
HOURS = (0, 23)
DAYS = (1, 31)
MONTHS = (1, 12)
WEEKDAYS = (0, 6)


@dataclass(frozen=True, slots=True)
class CronFields:
    """The plain fields of a calendar as text; `L`, `W` and `#` are for the target that has them."""

    seconds: str
    minutes: str
    hours: str
    days: str
    months: str
    weekdays: str

    @property
    def five(self) -> str:
        return f"{self.minutes} {self.hours} {self.days} {self.months} {self.weekdays}"


def cron_fields(calendar: Calendar) -> CronFields:
    """Readable text for each field. A day field never holds a stepped star, which engines read in two ways."""
    return CronFields(
        seconds=field_text(calendar.seconds, *SECONDS, stepped_star=True),
        minutes=field_text(calendar.minutes, *MINUTES, stepped_star=True),
        hours=field_text(calendar.hours, *HOURS, stepped_star=True),
        days=field_text(calendar.days, *DAYS),
        months=field_text(calendar.months, *MONTHS, stepped_star=True),
        weekdays=field_text(calendar.weekdays, *WEEKDAYS),
    )


def numbers_only(calendar: Calendar) -> CronFields:
    """Each field as `*` where it is full, else as a list of numbers: for an engine whose dialect is not known."""

    def text(mask: int, bounds: tuple[int, int]) -> str:
        return "*" if is_full(mask, *bounds) else _list(list(bits(mask)))

    return CronFields(
        seconds=text(calendar.seconds, SECONDS),
        minutes=text(calendar.minutes, MINUTES),
        hours=text(calendar.hours, HOURS),
        days=text(calendar.days, DAYS),
        months=text(calendar.months, MONTHS),
        weekdays=text(calendar.weekdays, WEEKDAYS),
    )


def is_full(mask: int, low: int, high: int) -> bool:
    return mask == (1 << (high + 1)) - (1 << low)


def field_text(mask: int, low: int, high: int, *, stepped_star: bool = False) -> str:
    """The shortest readable text of a non-empty set of numbers from `low` to `high`."""
    if is_full(mask, low, high):
        return "*"
    values = list(bits(mask))
    step = _step(values)
    if step and stepped_star and values[0] == low and values[-1] + step > high:
        return f"*/{step}"
    plain = _runs(values)
    if step and len(values) > 4:
        stepped = f"{values[0]}-{values[-1]}/{step}"
        return stepped if len(stepped) < len(plain) else plain
    return plain


def _step(values: list[int]) -> int | None:
    """The common difference of two or more numbers, where it is more than one."""
    if len(values) < 2 or values[1] - values[0] < 2:
        return None
    step = values[1] - values[0]
    return step if values == list(range(values[0], values[-1] + 1, step)) else None


def _list(values: list[int]) -> str:
    return ",".join(map(str, values))


def _runs(values: list[int]) -> str:
    """A list in which three or more neighbours are written as a range."""
    parts: list[str] = []
    start = 0
    for i in range(1, len(values) + 1):
        if i < len(values) and values[i] == values[i - 1] + 1:
            continue
        run = values[start:i]
        parts.append(f"{run[0]}-{run[-1]}" if len(run) > 2 else _list(run))
        start = i
    return ",".join(parts)
