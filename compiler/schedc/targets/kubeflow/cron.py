"""Writes a calendar in the dialect of robfig/cron v1.2.0: six fields, seconds first, and a day rule in star bits.

With both day fields restricted a day matches by either of them, unless a list item of one begins with a star: then
both must match. Such an item always picks the first value of its field, so that *both* can only be said of sets that
hold the 1st of the month or Sunday.
"""

from __future__ import annotations

from schedc.cron_text import DAYS, WEEKDAYS, cron_fields, field_text
from schedc.ir.calendar import ALL_DAYS, ALL_WEEKDAYS, Calendar, bits, mask
from schedc.records import replace


def cron_text(calendar: Calendar) -> str | None:
    """The text that picks the calendar's seconds, or None where the dialect has none."""
    plain = _plain_days(calendar)
    if plain is None or plain.years is not None:
        return None
    days = _day_fields(plain)
    if days is None:
        return None
    text = cron_fields(plain)
    return f"{text.seconds} {text.minutes} {text.hours} {days[0]} {text.months} {days[1]}"


def _plain_days(calendar: Calendar) -> Calendar | None:
    """The same days by day of month and weekday alone, where there are such."""
    if calendar.last_day or calendar.nearest_weekdays or calendar.last_weekdays:
        return None
    if calendar.either and (calendar.full_days or calendar.full_weekdays):
        return replace(calendar, days=ALL_DAYS, weekdays=ALL_WEEKDAYS, nth_weekdays=0, either=False)
    if not calendar.nth_weekdays:
        return calendar
    if calendar.either or calendar.weekdays:
        return None
    weeks = {bit // 7 for bit in bits(calendar.nth_weekdays)}
    weekdays = {bit % 7 for bit in bits(calendar.nth_weekdays)}
    if len(weeks) * len(weekdays) != calendar.nth_weekdays.bit_count():
        return None
    days = mask(day for week in weeks for day in range(7 * week + 1, min(7 * week + 7, 31) + 1))
    days &= calendar.days
    if not days:
        return None
    return replace(calendar, days=days, weekdays=mask(weekdays), nth_weekdays=0)


def _day_fields(calendar: Calendar) -> tuple[str, str] | None:
    days, weekdays = field_text(calendar.days, *DAYS), field_text(calendar.weekdays, *WEEKDAYS)
    if calendar.either or calendar.full_days or calendar.full_weekdays:
        return days, weekdays
    if calendar.days >> DAYS[0] & 1:
        return _starred(calendar.days, *DAYS), weekdays
    if calendar.weekdays >> WEEKDAYS[0] & 1:
        return days, _starred(calendar.weekdays, *WEEKDAYS)
    return None


def _starred(values: int, low: int, high: int) -> str:
    """The set, which holds `low`, as a list with an item that begins with a star."""
    text = field_text(values, low, high, stepped_star=True)
    if text.startswith("*"):
        return text
    first = f"*/{high - low + 1}"
    rest = values & ~(1 << low)
    if not rest:
        return first
    return f"{first},{text if text.startswith(f'{low}-') else field_text(rest, low, high)}"
