"""The text of a calendar as a person would write it."""

from __future__ import annotations

from schedc.cron_text import DAYS, HOURS, MINUTES, MONTHS, SECONDS, WEEKDAYS, field_text, is_full
from schedc.frontend.cron_expression import read_cron
from schedc.ir.calendar import ALL_DAYS, ALL_WEEKDAYS, Calendar, bits, same
from schedc.records import replace

YEARS = (1970, 2199)


def expression(text: str, calendar: Calendar) -> str | None:
    """The source's own text where it means the calendar here, too, else another one; None where there is none."""
    kept = " ".join(text.split())
    return kept if _means(kept, calendar) else words(calendar)


def words(calendar: Calendar) -> str | None:
    """A text that means a calendar; None where a cron expression cannot say it."""
    if calendar.either and not (calendar.weekdays or calendar.nth_weekdays or calendar.last_weekdays):
        calendar = replace(calendar, weekdays=ALL_WEEKDAYS, either=False)
    elif calendar.either and not (calendar.days or calendar.last_day or calendar.nearest_weekdays):
        calendar = replace(calendar, days=ALL_DAYS, either=False)
    # A stepped star in a day field reads well, and is ambiguous beside a weekday that is not marked as `+`.
    return _words(calendar, stepped_days=True) or _words(calendar, stepped_days=False)


def _words(calendar: Calendar, stepped_days: bool) -> str | None:
    days, weekdays = _days(calendar, stepped_days), _weekdays(calendar)
    if days is None or weekdays is None:
        return None
    if not calendar.either and days != "*" and weekdays != "*":
        weekdays = f"+{weekdays}"
    if calendar.either and "*" in (days, weekdays):
        days = weekdays = "*"
    fields = [
        field_text(calendar.minutes, *MINUTES, stepped_star=True),
        field_text(calendar.hours, *HOURS, stepped_star=True),
        days,
        field_text(calendar.months, *MONTHS, stepped_star=True),
        weekdays,
    ]
    if calendar.seconds != 1 or calendar.years is not None:
        fields.insert(0, field_text(calendar.seconds, *SECONDS, stepped_star=True))
    if calendar.years is not None:
        fields.append(field_text(sum(1 << year for year in calendar.years), *YEARS))
    text = " ".join(fields)
    return text if _means(text, calendar) else None


def _means(text: str, calendar: Calendar) -> bool:
    read, mistakes = read_cron(text)
    return read is not None and not mistakes and same(read, calendar)


def _days(calendar: Calendar, stepped: bool) -> str | None:
    if is_full(calendar.days, *DAYS) and not calendar.nearest_weekdays:
        return "*"
    nearest = list(bits(calendar.nearest_weekdays))
    if nearest:
        return f"{nearest[0]}W" if len(nearest) == 1 and not calendar.days and not calendar.last_day else None
    plain = field_text(calendar.days, *DAYS, stepped_star=stepped) if calendar.days else ""
    return ",".join(filter(None, (plain, "L" if calendar.last_day else ""))) or None


def _weekdays(calendar: Calendar) -> str | None:
    if is_full(calendar.weekdays, *WEEKDAYS):
        return "*"
    plain = field_text(calendar.weekdays, *WEEKDAYS) if calendar.weekdays else ""
    nth = [f"{bit % 7}#{bit // 7 + 1}" for bit in bits(calendar.nth_weekdays)]
    last = [f"{day}L" for day in bits(calendar.last_weekdays)]
    return ",".join(filter(None, (plain, *nth, *last))) or None
