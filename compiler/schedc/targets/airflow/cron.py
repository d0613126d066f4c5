"""Writes calendars as cron texts for Airflow's croniter: five fields, or six with the seconds last.

Only texts that every supported croniter reads alike are written. One calendar may need several texts, fired as a
union, which Airflow 3 can do.
"""

from __future__ import annotations

from collections.abc import Iterator

from schedc import cron_text
from schedc.ir import zones
from schedc.ir.calendar import ALL_WEEKDAYS, Calendar, bits, mask
from schedc.ir.triggers import Cron

_BLOCKS = (0x000000FE, 0x00007F00, 0x003F8000, 0x1FC00000, 0xE0000000)
"""The days of the month on which the first, second, ... fifth of any weekday can lie."""

_LONGEST = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LATE = 0xE0000000
"""The days that not every month has."""
_MONTHS_ENDS = 0xF0000000
"""The days on which a month can end."""
_NEVER = "has no text for days that never match"
_SINCE, _UNTIL = 946_684_800, 4_102_444_799


class NoText(ValueError):
    """No cron text, and no union of texts, that croniter reads as the calendar; the text completes "croniter ..."."""


def cron_candidates(trigger: Cron, several: bool) -> Iterator[tuple[str, ...]]:
    """Texts that mean the calendar, best first; they differ in what Airflow does at a change of the clock.

    `several` allows more than one text in a candidate. Raises `NoText`.
    """
    calendar = trigger.calendar
    days = day_fields(calendar)
    if len(days) > 1 and not several:
        raise NoText(
            "needs several expressions for these days, which only Airflow 3 takes (MultipleCronTriggerTimetable)"
        )
    fields = cron_text.cron_fields(calendar)
    for form in (days, *([_apart(calendar)] if several and _jumped_over(calendar) else [])):
        for hours in _hour_fields(trigger, fields.hours, several):
            yield tuple(_text(fields, hour, day, months, weekday) for day, months, weekday in form for hour in hours)


def _jumped_over(calendar: Calendar) -> bool:
    """Whether croniter up to 6.0 may pass over a day: where late days of the month stand beside early ones."""
    plain = calendar.full_weekdays and not calendar.last_day and not calendar.nearest_weekdays
    return plain and not calendar.full_days and bool(calendar.days & _LATE and calendar.days & ~_LATE)


def _apart(calendar: Calendar) -> list[tuple[str, int, str]]:
    """Late and early days of the month in expressions of their own."""
    parts = (calendar.days & ~_LATE, calendar.days & _LATE)
    return [(cron_text.field_text(part, *cron_text.DAYS), calendar.months, "*") for part in parts]


def _text(fields: cron_text.CronFields, hours: str, days: str, months: int, weekdays: str) -> str:
    month = cron_text.field_text(months, *cron_text.MONTHS, stepped_star=True)
    five = f"{fields.minutes} {hours} {days} {month} {weekdays}"
    return five if fields.seconds == "0" else f"{five} {fields.seconds}"


def _hour_fields(trigger: Cron, hours: str, several: bool) -> Iterator[tuple[str, ...]]:
    """A bare star is counted in elapsed time, every other field by the clock: neither is right on all days."""
    yield (hours,)
    if hours != "*" or zones.zone(trigger.timezone).fixed_offset(_SINCE, _UNTIL) is not None:
        return
    yield ("*,0",)
    if several:
        yield ("0-11", "12-23")


def day_fields(calendar: Calendar) -> list[tuple[str, int, str]]:
    """Day-of-month fields, sets of months and weekday fields whose union is the calendar's days. Raises `NoText`."""
    has_days = bool(calendar.days or calendar.last_day or calendar.nearest_weekdays)
    has_weekdays = bool(calendar.weekdays or calendar.nth_weekdays or calendar.last_weekdays)
    if calendar.full_weekdays or (calendar.either and not has_weekdays):
        return [(day, months, "*") for day, months in _days(calendar)]
    if not has_weekdays:
        raise NoText(_NEVER)
    if calendar.full_days or (calendar.either and not has_days):
        return [("*", calendar.months, _weekdays(calendar))]
    if not calendar.either:
        return [("*", calendar.months, _both(calendar))]
    if calendar.nth_weekdays or calendar.last_weekdays or calendar.nearest_weekdays:
        by_day = [(day, months, "*") for day, months in _days(calendar)]
        return [*by_day, ("*", calendar.months, _weekdays(calendar))]
    return [(day, months, _weekdays(calendar)) for day, months in _days(calendar)]


def _days(calendar: Calendar) -> list[tuple[str, int]]:
    """Day-of-month fields and their months; `W` is no list item, so each nearest weekday is a field of its own."""
    if calendar.full_days:
        return [("*", calendar.months)]
    plain = [cron_text.field_text(calendar.days, *cron_text.DAYS)] if calendar.days else []
    if calendar.last_day and calendar.days & _MONTHS_ENDS != _MONTHS_ENDS:
        plain.append("L")
    # croniter takes a day field of 31 items for a star, and L is one of them.
    fields = plain if calendar.days.bit_count() == 30 else [",".join(plain)] if plain else []
    found = [(field, calendar.months) for field in fields]
    for day in bits(calendar.nearest_weekdays):
        if day == 29 and calendar.months >> 2 & 1:
            raise NoText("takes 29W in a February of 28 days for the weekday nearest to the 28th")
        months = mask(month for month in bits(calendar.months) if _LONGEST[month] >= day)
        if months:
            found.append((f"{day}W", months))
    if not found:
        raise NoText(_NEVER)
    return found


def _weekdays(calendar: Calendar) -> str:
    """A weekday field; a plain weekday beside `#` or `L` is written as its first to its fifth."""
    if not (calendar.nth_weekdays or calendar.last_weekdays):
        return cron_text.field_text(calendar.weekdays, *cron_text.WEEKDAYS)
    nth = calendar.nth_weekdays
    for weekday in bits(calendar.weekdays):
        nth |= sum(1 << (7 * block + weekday) for block in range(5))
    return _nth(nth, calendar.last_weekdays)


def _nth(nth: int, last: int = 0) -> str:
    items = [f"{weekday}#{block + 1}" for weekday in range(7) for block in range(5) if nth >> (7 * block + weekday) & 1]
    return ",".join(items + [f"L{weekday}" for weekday in bits(last)])


def _both(calendar: Calendar) -> str:
    """Days that match a day of month and a weekday, as n-th weekdays, where they are whole weeks of the month."""
    if calendar.last_day or calendar.nearest_weekdays or calendar.last_weekdays:
        raise NoText("cannot ask for a weekday and for the last day, nearest or last weekday of the month at once")
    longest = max(_LONGEST[month] for month in bits(calendar.months))
    nth = 0
    for block, whole in enumerate(_BLOCKS):
        reachable = whole & ((1 << (longest + 1)) - 1)
        picked = calendar.days & reachable
        asked = calendar.weekdays | (calendar.nth_weekdays >> (7 * block) & ALL_WEEKDAYS)
        if picked == reachable:
            nth |= asked << (7 * block)
        elif picked and asked:
            raise NoText(
                "reads a day of month beside a weekday as either of them; it has # for days 1-7, 8-14, ... only"
            )
    if not nth:
        raise NoText(_NEVER)
    return _nth(nth)
