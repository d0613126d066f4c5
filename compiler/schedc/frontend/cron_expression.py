"""The one reader of cron text as people write it: the Open Cron Pattern Specification, versions 1.0 to 1.4.

Stricter than the specification in one place: a star with more beside it (`*/2`, `*,1`) in one day field is a mistake
while the other is restricted too. Some engines take such days if either field matches, others only if both do.
"""

from __future__ import annotations

import re
from functools import lru_cache

from schedc.frontend.cron_fields import DAY, HOUR, MINUTE, MONTH, SECOND, WEEKDAY, YEAR, Field, Picked, read_field
from schedc.frontend.cron_mistakes import CronMistake, Kind
from schedc.ir.calendar import ALL_DAYS, ALL_WEEKDAYS, Calendar, bits
from schedc.ir.zones import FIRST_YEAR, LAST_YEAR
from schedc.patterns import pattern

__all__ = ["CronMistake", "Kind", "fields_of", "read_cron"]

LONGEST = 1000

_LAYOUTS: dict[int, tuple[Field, ...]] = {
    5: (MINUTE, HOUR, DAY, MONTH, WEEKDAY),
    6: (SECOND, MINUTE, HOUR, DAY, MONTH, WEEKDAY),
    7: (SECOND, MINUTE, HOUR, DAY, MONTH, WEEKDAY, YEAR),
}
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_EVERY_YEAR = (1 << LAST_YEAR + 1) - (1 << FIRST_YEAR)
_WORD = pattern(r"[^\s]+")
_OTHER_BLANK = pattern(r"[^\S \t]")
_ZONE = pattern(r"(?:CRON_)?TZ=(\S*)")
_WRAPPED = pattern(r"(cron|rate|at)\((.*?)\)?", re.IGNORECASE)

Reading = tuple[Calendar | None, tuple[CronMistake, ...]]


@lru_cache(maxsize=4096)
def _read(text: str) -> Reading:
    blanks = tuple(
        CronMistake(
            Kind.BLANK,
            at.start(),
            at.end(),
            f"U+{ord(at[0]):04X} is not a space or a tab",
            "write a space between fields",
            better=" ",
            safe=True,
        )
        for at in _OTHER_BLANK.finditer(text)
    )
    words = [(found.start(), found[0]) for found in _WORD.finditer(text)]
    if not words:
        return None, (
            CronMistake(Kind.EMPTY, 0, len(text), "the cron expression is empty", "write one, such as `0 6 * * *`"),
        )
    start, first = words[0]
    if first.startswith("@"):
        calendar, mistakes = _nickname(words, text)
    elif found := _ZONE.match(first):
        named = found[1] or "Europe/Amsterdam"
        reason = "a cron expression here holds no time zone"
        calendar = None
        mistakes = (
            CronMistake(Kind.ZONE, start, start + len(first), reason, f"take it out, and set `timezone: {named}`"),
        )
    elif found := _WRAPPED.fullmatch(text.strip()):
        calendar, mistakes = None, (_wrapper(found[1].lower(), start, text),)
    elif len(words) not in _LAYOUTS:
        calendar, mistakes = None, (_field_count(words),)
    else:
        calendar, mistakes = _fields(words)
    if blanks or mistakes:
        return None, tuple(sorted(blanks + mistakes, key=lambda mistake: (mistake.start, mistake.end)))
    return calendar, ()


def read_cron(text: str) -> Reading:
    """The calendar of a cron expression, or None and all its mistakes in the order of the text."""
    if len(text) > LONGEST:
        reason = f"the cron expression has {len(text)} characters, and no more than {LONGEST} are read"
        return None, (CronMistake(Kind.TOO_LONG, LONGEST, len(text), reason),)
    return _read(text)


def fields_of(text: str) -> tuple[tuple[Field, int, str], ...]:
    """The fields of an expression in their order, each with its place and its text; none for a nickname."""
    words = [(found.start(), found[0]) for found in _WORD.finditer(text)]
    layout = _LAYOUTS.get(len(words), ())
    return tuple((field, at, word) for field, (at, word) in zip(layout, words, strict=False))


def _nickname(words: list[tuple[int, str]], text: str) -> Reading:
    start, written = words[0]
    end = start + len(written)
    name = written.lower()
    if name == "@every":
        last = words[-1][0] + len(words[-1][1])
        return None, (
            CronMistake(
                Kind.EVERY,
                start,
                last,
                "`@every` counts from whenever an engine was started, so its times are nobody's choice",
                "set `interval_second` and `start_time` instead of `cron_expression`",
            ),
        )
    if name == "@reboot":
        reason = "`@reboot` is no time: it fires when a machine starts, and no target has such a thing"
        return None, (CronMistake(Kind.REBOOT, start, end, reason),)
    if name not in _NICKNAMES:
        from difflib import get_close_matches

        near = get_close_matches(name, _NICKNAMES, 1)
        remedy = f"write `{near[0]}`" if near else f"the nicknames are {', '.join(_NICKNAMES)}"
        better = near[0] if near else None
        return None, (CronMistake(Kind.UNKNOWN_NICKNAME, start, end, f"`{written}` is not a nickname", remedy, better),)
    if len(words) > 1:
        at, last = words[1][0], words[-1][0] + len(words[-1][1])
        reason = f"`{written}` is a whole cron expression, and more follows it"
        return None, (CronMistake(Kind.FIELD_COUNT, at, last, reason, f"write `{written}`"),)
    return read_cron(_NICKNAMES[name])


def _wrapper(name: str, start: int, text: str) -> CronMistake:
    remedy = {
        "cron": "write the fields alone; AWS has minute to year there, its weekdays count from 1 for Sunday",
        "rate": "set `interval_second` and `start_time` instead of `cron_expression`",
        "at": "set `run_once_start_time` instead of `cron_expression`",
    }[name]
    return CronMistake(
        Kind.WRAPPED, start, len(text.rstrip()), f"`{name}(...)` is the form of AWS, not cron text", remedy
    )


def _field_count(words: list[tuple[int, str]]) -> CronMistake:
    count = len(words)
    start, end = words[0][0], words[-1][0] + len(words[-1][1])
    if count > 7:
        start = words[7][0]
    found = f"{count} field{'s' if count > 1 else ''}"
    reason = f"{found}: a cron expression has five, six with seconds first, or seven with a year last too"
    missing = ("minute", "hour", "day of month", "month", "weekday")[count:]
    remedy = f"the order is minute hour day month weekday: add the {' and the '.join(missing)}" if missing else None
    return CronMistake(Kind.FIELD_COUNT, start, end, reason, remedy)


def _fields(words: list[tuple[int, str]]) -> Reading:
    picked: dict[str, Picked] = {}
    mistakes: list[CronMistake] = []
    for field, (at, word) in zip(_LAYOUTS[len(words)], words, strict=True):
        picked[field.name], found = read_field(field, word)
        mistakes += [mistake.moved(at) for mistake in found]
    if len(words) == 6 and mistakes:
        mistakes = [_year_not_weekday(mistake, words) for mistake in mistakes]
    days, weekdays = picked[DAY.name], picked[WEEKDAY.name]
    if (
        not mistakes
        and not (days.unrestricted or weekdays.unrestricted or weekdays.both)
        and (days.star or weekdays.star)
    ):
        mistakes.append(_ambiguous(days, weekdays, words))
    if mistakes:
        return None, tuple(mistakes)
    either = not (days.unrestricted or weekdays.unrestricted or weekdays.both)
    whole_month, whole_week = days.values == ALL_DAYS, weekdays.values == ALL_WEEKDAYS
    if either and (whole_month or whole_week):
        days = weekdays = Picked()
        whole_month, whole_week, either = True, True, False
    years = picked[YEAR.name].values if len(words) == 7 else _EVERY_YEAR
    return Calendar(
        seconds=picked[SECOND.name].values if len(words) > 5 else 1,
        minutes=picked[MINUTE.name].values,
        hours=picked[HOUR.name].values,
        days=ALL_DAYS if whole_month else days.values,
        last_day=days.last_day and not whole_month,
        nearest_weekdays=days.nearest_weekdays,
        months=picked[MONTH.name].values,
        weekdays=ALL_WEEKDAYS if whole_week else weekdays.values,
        nth_weekdays=0 if whole_week else _without(weekdays.nth_weekdays, weekdays.values),
        last_weekdays=0 if whole_week else weekdays.last_weekdays & ~weekdays.values,
        either=either,
        years=None if years == _EVERY_YEAR else tuple(bits(years)),
    ), ()


def _without(nth_weekdays: int, weekdays: int) -> int:
    """The nth weekdays of those weekdays that are not picked anyway."""
    return nth_weekdays & ~sum(weekdays << 7 * week for week in range(5))


def _year_not_weekday(mistake: CronMistake, words: list[tuple[int, str]]) -> CronMistake:
    """Says of a year in the weekday field that six fields begin with seconds."""
    at, last = words[-1]
    if mistake.kind is not Kind.OUT_OF_RANGE or mistake.start < at or not re.match(r"(19|20|21)[0-9][0-9]", last):
        return mistake
    reason = f"`{last}` is a year, and the last of six fields is the weekday"
    remedy = f"put the seconds first: `0 {' '.join(word for _, word in words)}`"
    return CronMistake(mistake.kind, mistake.start, mistake.end, reason, remedy)


def _ambiguous(days: Picked, weekdays: Picked, words: list[tuple[int, str]]) -> CronMistake:
    either, both = [word for _, word in words], [word for _, word in words]
    field, place, beside = (2, days.star, "weekday") if days.star else (4, weekdays.star, "day of month")
    shift = len(words) > 5
    either[2 + shift], either[4 + shift] = days.unstarred, weekdays.unstarred
    both[4 + shift] = "+" + both[4 + shift]
    assert place is not None
    at = words[field + shift][0]
    return CronMistake(
        Kind.AMBIGUOUS_DAY_FIELDS,
        at + place[0],
        at + place[1],
        f"`{words[field + shift][1]}` beside a restricted {beside}: some engines ask for either, others for both",
        f"write `{' '.join(either)}` for either, `{' '.join(both)}` for both",
    )
