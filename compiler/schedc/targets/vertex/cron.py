"""Writes a calendar in what all cron dialects have in common: a zone, and five fields of `*` or numbers."""

from __future__ import annotations

from collections.abc import Iterator

from schedc.cron_text import numbers_only
from schedc.ir.calendar import ALL_DAYS, ALL_WEEKDAYS, Calendar, same
from schedc.records import replace


def cron_text(calendar: Calendar, timezone: str) -> str | None:
    """The text that picks the calendar's minutes, or None where the common dialect has none."""
    if calendar.seconds != 1 or calendar.years is not None:
        return None
    for plain in _candidates(calendar):
        if plain.days and plain.weekdays and same(plain, calendar):
            return f"TZ={timezone} {numbers_only(plain).five}"
    return None


def _candidates(calendar: Calendar) -> Iterator[Calendar]:
    """Calendars with at most one restricted day field; two of them are read in two ways."""
    bare = replace(calendar, last_day=False, nearest_weekdays=0, nth_weekdays=0, last_weekdays=0, either=False)
    if bare.full_days or bare.full_weekdays:
        yield bare
    yield replace(bare, weekdays=ALL_WEEKDAYS)
    yield replace(bare, days=ALL_DAYS)
    yield replace(bare, days=ALL_DAYS, weekdays=ALL_WEEKDAYS)
