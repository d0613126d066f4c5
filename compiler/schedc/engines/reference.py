"""The Open Cron Pattern Specification itself as an engine: a second reader of it, and the reference instants.

It shares nothing with the reader of the front end, on purpose: where the two differ, one of them is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from schedc.engines.model import CronError, Engine
from schedc.ir.calendar import Calendar, mask
from schedc.ir.occurrences import LAST_INSTANT, instants
from schedc.ir.zones import Zone
from schedc.patterns import pattern
from schedc.records import dataclass

_BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7), (1970, 2199))
_WORDS: tuple[dict[str, str], ...] = (
    {},
    {},
    {},
    {},
    dict(zip(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), map(str, range(1, 13)), strict=True)),
    dict(zip(re.findall("...", "sunmontuewedthufrisat"), map(str, range(7)), strict=True)),
    {},
)
_ALIASES = dict(
    re.findall(
        r"(\w+)=(.*)",
        "yearly=0 0 1 1 *\nannually=0 0 1 1 *\nmonthly=0 0 1 * *\nweekly=0 0 * * 0\n"
        "daily=0 0 * * *\nmidnight=0 0 * * *\nhourly=0 * * * *",
    )
)
_RANGE = pattern(r"(?:(?P<star>\*)|(?P<low>\d+)(?:-(?P<high>\d+))?)(?:/(?P<step>\d+))?", re.ASCII)
_NTH = pattern(r"([0-7])(?:#([1-5l])|l)")
_NEAREST = pattern(r"0*([1-9]|[12]\d|3[01])w", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """The calendar of an expression: the specification has no other flags."""

    calendar: Calendar


def read(text: str) -> Reading:
    """The calendar of an OCPS 1.4 expression, or `CronError`."""
    if len(text) > 1000:
        raise CronError("longer than 1000 characters")
    words = [word for word in re.split(r"[ \t]+", text) if word]
    if len(words) == 1 and words[0].startswith("@"):
        alias = _ALIASES.get(words[0][1:].lower())
        if alias is None:
            raise CronError(f"no nickname {words[0]}")
        words = alias.split()
    if not 5 <= len(words) <= 7:
        raise CronError(f"{len(words)} fields")
    whole = (["0"] if len(words) == 5 else []) + words + (["*"] if len(words) < 7 else [])
    if not all(re.fullmatch(r"[!-~]+", word) for word in whole):
        raise CronError("a character outside the specification")
    seconds, minutes, hours, dom, months, dow, years = (word.lower() for word in whole)
    both = dow.startswith("+")
    dow = dow.removeprefix("+")
    free_day = dom in ("*", "?")
    free_weekday = dow == "*" or (dow == "?" and not both)
    if not (both or free_day or free_weekday) and "*" in dom + dow:
        raise CronError("a star with more beside it next to a restricted day field is read in two ways")
    days, last_day, nearest = ({*range(1, 32)}, False, set()) if free_day else _days(dom)
    weekdays, nth, last = ({*range(7)}, set(), set()) if free_weekday else _weekdays(dow)
    either = not (both or free_day or free_weekday)
    all_days, all_weekdays = len(days) == 31, len(weekdays) == 7
    if either and (all_days or all_weekdays):
        all_days = all_weekdays = True
        either = False
    if all_days:
        days, last_day = {*range(1, 32)}, False
        nearest = set()
    if all_weekdays:
        weekdays, nth, last = {*range(7)}, set(), set()
    picked_years = _values(6, years)
    return Reading(
        Calendar(
            seconds=mask(_values(0, seconds)),
            minutes=mask(_values(1, minutes)),
            hours=mask(_values(2, hours)),
            days=mask(days),
            last_day=last_day,
            nearest_weekdays=mask(nearest),
            months=mask(_values(4, months)),
            weekdays=mask(weekdays),
            nth_weekdays=mask(7 * (n - 1) + day for n, day in nth if day not in weekdays),
            last_weekdays=mask(last - weekdays),
            either=either,
            years=None if len(picked_years) == 230 else tuple(sorted(picked_years)),
        )
    )


def _days(field: str) -> tuple[set[int], bool, set[int]]:
    if found := _NEAREST.fullmatch(field):
        return set(), False, {int(found[1])}
    items = field.split(",")
    plain = [item for item in items if item != "l"]
    return (_values(3, ",".join(plain)) if plain else set()), len(plain) < len(items), set()


def _weekdays(field: str) -> tuple[set[int], set[tuple[int, int]], set[int]]:
    plain, nth, last = [], set(), set()
    for item in field.split(","):
        number = re.sub(r"^(0*)(?=[0-7](#|l))", "", re.sub(r"^[a-z]{3}(?=#|l)", _word(5), item))
        number = re.sub(r"#0+(?=[1-5]$)", "#", number)
        if found := _NTH.fullmatch(number):
            day = int(found[1]) % 7
            if found[2] in (None, "l"):
                last.add(day)
            else:
                nth.add((int(found[2]), day))
        else:
            plain.append(item)
    values = _values(5, ",".join(plain)) if plain else set()
    return {value % 7 for value in values}, nth, last


def _values(position: int, field: str) -> set[int]:
    """The numbers of a field of stars, numbers, ranges and steps."""
    low, high = _BOUNDS[position]
    top = 6 if position == 5 else high
    found: set[int] = set()
    for item in field.split(","):
        parts = _RANGE.fullmatch(re.sub(r"(?<![a-z\d])[a-z]+(?![a-z\d])", _word(position), item))
        if parts is None:
            raise CronError(f"{item!r} is no value, range or step")
        step = int(parts["step"] or 1)
        single = not parts["star"] and parts["high"] is None
        if not step or (single and parts["step"]):
            raise CronError(f"{item!r} has a step of 0, or one after a number")
        first, last = (low, top) if parts["star"] else (int(parts["low"]), int(parts["high"] or parts["low"]))
        if not all(a <= b for a, b in pairwise((low, first, last, high))):
            raise CronError(f"{item!r} is out of range or runs backwards")
        found.update(range(first, last + 1, step))
    return found


def _word(position: int) -> Callable[[re.Match[str]], str]:
    return lambda found: _WORDS[position].get(found[0], found[0])


def _next(reading: Reading, zone: Zone, instant: int) -> int | None:
    return next(instants(reading.calendar, zone, instant + 1, LAST_INSTANT), None)


ENGINES = (Engine(name="reference", title="the reference semantics of schedc", read=read, next=_next),)
