"""What robfig/cron reads in a text: v3.0.1 `ParseStandard` (CronJob) and v1.2.0 `Parse` (Kubeflow).

The two differ in the number of fields, in the wording of their errors, in the `TZ=` prefix (v3 only), and in one rule
of consequence: a stepped star such as `*/2` counts as a star for the day rule in v1 and not in v3.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from schedc.engines import robfig_go as go
from schedc.engines.model import CronError
from schedc.ir import zones
from schedc.ir.calendar import ALL_DAYS, ALL_HOURS, ALL_MONTHS, ALL_WEEKDAYS, Calendar
from schedc.records import dataclass

_SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What robfig/cron keeps of a text.

    The day-of-month and weekday masks of `calendar` are the engine's own; `day_star` and `weekday_star` are its star
    bits, and `calendar.either` is their consequence (neither is set). For `@every`, `delay` is its length in seconds
    and `calendar` is one that never matches; `delay` is None otherwise. `location` is the zone that a `TZ=` prefix
    names (v3 only; "" is UTC) and that the clock then goes by.
    """

    calendar: Calendar
    day_star: bool = False
    weekday_star: bool = False
    delay: int | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class _Bounds:
    low: int
    high: int
    names: tuple[str, ...] = ()


_SIXTY = _Bounds(0, 59)
_HOURS = _Bounds(0, 23)
_DAYS = _Bounds(1, 31)
_MONTHS = _Bounds(1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))
_WEEKDAYS = _Bounds(0, 6, ("sun", "mon", "tue", "wed", "thu", "fri", "sat"))

_NEVER = Calendar(seconds=0)
_YEARLY = Reading(calendar=Calendar(minutes=1, hours=1, days=2, months=2), weekday_star=True)
_MONTHLY = Reading(calendar=Calendar(minutes=1, hours=1, days=2), weekday_star=True)
_WEEKLY = Reading(calendar=Calendar(minutes=1, hours=1, weekdays=1), day_star=True)
_DAILY = Reading(calendar=Calendar(minutes=1, hours=1), day_star=True, weekday_star=True)
_HOURLY = Reading(calendar=Calendar(minutes=1), day_star=True, weekday_star=True)
_DESCRIPTORS = {
    "@yearly": _YEARLY,
    "@annually": _YEARLY,
    "@monthly": _MONTHLY,
    "@weekly": _WEEKLY,
    "@daily": _DAILY,
    "@midnight": _DAILY,
    "@hourly": _HOURLY,
}

_Say = Callable[[str], str]


def _as_is(text: str) -> str:
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=4096)
def read_v3(text: str) -> Reading:
    """Read as `cron.ParseStandard` of v3.0.1 does. Raises `CronError` with its words, or saying that it panics."""
    if not text:
        raise CronError("empty spec string")
    location = None
    if text.startswith(("TZ=", "CRON_TZ=")):
        blank = text.find(" ")
        if blank < 0:
            raise CronError("panics: runtime error: slice bounds out of range [:-1]")
        location = _location(text[text.index("=") + 1 : blank])
        text = go.trim(text[blank:])
    if text.startswith("@"):
        found = _descriptor(text, _as_is)
    else:
        parts = go.fields(text)
        if len(parts) != 5:
            raise CronError(f"expected exactly 5 fields, found {len(parts)}: [{' '.join(parts)}]")
        found = _fields(["0", *parts], _as_is, stepped_star=False)
    if location is None:
        return found
    return Reading(
        calendar=found.calendar,
        day_star=found.day_star,
        weekday_star=found.weekday_star,
        delay=found.delay,
        location=location,
    )


@lru_cache(maxsize=4096)
def read_v1(text: str) -> Reading:
    """Read as `cron.Parse` of v1.2.0 does: seconds come first, and of five fields the weekday is the missing one.

    Raises `CronError` with the engine's words.
    """
    if not text:
        raise CronError("Empty spec string")
    if text.startswith("@"):
        return _descriptor(text, _capital)
    parts = go.fields(text)
    if not 5 <= len(parts) <= 6:
        raise CronError(f"Expected 5 to 6 fields, found {len(parts)}: {text}")
    return _fields([*parts, "*"][:6], _capital, stepped_star=True)


def _location(name: str) -> str:
    if ".." in name or name.startswith(("/", "\\")):
        raise CronError(f"provided bad location {name}: time: invalid location name")
    if name not in ("", "UTC") and name not in zones.names():
        raise CronError(f"provided bad location {name}: unknown time zone {name}")
    return name


def _descriptor(text: str, say: _Say) -> Reading:
    known = _DESCRIPTORS.get(text)
    if known is not None:
        return known
    if not text.startswith("@every "):
        raise CronError(say(f"unrecognized descriptor: {text}"))
    try:
        nanoseconds = go.duration(text[len("@every ") :])
    except CronError as error:
        raise CronError(say(f"failed to parse duration {text}: {error}")) from None
    return Reading(calendar=_NEVER, delay=max(nanoseconds // _SECOND_NS, 1))


def _fields(parts: list[str], say: _Say, *, stepped_star: bool) -> Reading:
    seconds, _ = _field(parts[0], _SIXTY, say, stepped_star)
    minutes, _ = _field(parts[1], _SIXTY, say, stepped_star)
    hours, _ = _field(parts[2], _HOURS, say, stepped_star)
    days, day_star = _field(parts[3], _DAYS, say, stepped_star)
    months, _ = _field(parts[4], _MONTHS, say, stepped_star)
    weekdays, weekday_star = _field(parts[5], _WEEKDAYS, say, stepped_star)
    calendar = Calendar(
        seconds=seconds,
        minutes=minutes,
        hours=hours & ALL_HOURS,
        days=days & ALL_DAYS,
        months=months & ALL_MONTHS,
        weekdays=weekdays & ALL_WEEKDAYS,
        either=not (day_star or weekday_star),
    )
    return Reading(calendar=calendar, day_star=day_star, weekday_star=weekday_star)


@lru_cache(maxsize=4096)
def _field(text: str, bounds: _Bounds, say: _Say, stepped_star: bool) -> tuple[int, bool]:
    """The values of a field, and whether it carries the star bit. Empty items of a list are ignored."""
    values, star = 0, False
    for item in text.split(","):
        if item:
            more, one_star = _item(item, bounds, say, stepped_star)
            values |= more
            star = star or one_star
    return values, star


def _item(item: str, bounds: _Bounds, say: _Say, stepped_star: bool) -> tuple[int, bool]:
    span, *steps = item.split("/")
    low, *highs = span.split("-")
    star = low in ("*", "?")
    if star:
        # What follows a hyphen after the star is never looked at.
        start, end = bounds.low, bounds.high
    else:
        start = _value(low, bounds, say)
        if len(highs) > 1:
            raise CronError(say(f"too many hyphens: {item}"))
        end = _value(highs[0], bounds, say) if highs else start
    step = 1
    if len(steps) > 1:
        raise CronError(say(f"too many slashes: {item}"))
    if steps:
        step = _number(steps[0], say)
        if not highs:
            end = bounds.high
        if step > 1 and not stepped_star:
            star = False
    if start < bounds.low:
        raise CronError(say(f"beginning of range ({start}) below minimum ({bounds.low}): {item}"))
    if end > bounds.high:
        raise CronError(say(f"end of range ({end}) above maximum ({bounds.high}): {item}"))
    if start > end:
        raise CronError(say(f"beginning of range ({start}) beyond end of range ({end}): {item}"))
    if step == 0:
        raise CronError(say(f"step of range should be a positive number: {item}"))
    return sum(1 << value for value in range(start, end + 1, step)), star


def _value(text: str, bounds: _Bounds, say: _Say) -> int:
    name = go.lower(text)
    return bounds.names.index(name) + bounds.low if name in bounds.names else _number(text, say)


def _number(text: str, say: _Say) -> int:
    try:
        number = go.integer(text)
    except CronError as error:
        raise CronError(say(f"failed to parse int from {text}: {error}")) from None
    if number < 0:
        raise CronError(say(f"negative number ({number}) not allowed: {text}"))
    return number
