"""Times and durations as people write them: ISO 8601 text, seconds, `30m`; from Python also datetime and timedelta."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir import zones
from schedc.ir.stamps import local_stamp, stamp, wall_stamp
from schedc.node import Node, kind
from schedc.patterns import pattern
from schedc.records import dataclass
from schedc.shapes import INVALID, JsonSchema
from schedc.source import Span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)
_SECOND = timedelta(seconds=1)

_TIME = pattern(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s?(Z|z|[-+]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_SHORT = pattern(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.IGNORECASE | re.ASCII)
_ISO = pattern(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)
_UNITS = (604_800, 86_400, 3_600, 60, 1)
_SCHEMA_PATTERN = (
    r"^(\d{1,11}|P(?=T?\d)(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?"
    r"|(?=\d)(\d+[wW])?(\d+[dD])?(\d+[hH])?(\d+[mM])?(\d+[sS])?)$"
)
"""The two forms and plain seconds, as one expression for editors."""


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """A time before its zone is known: `seconds` are UTC where `has_offset`, else wall seconds in the schedule zone."""

    seconds: int
    has_offset: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ClockWindow:
    """When a Python source ran, to recognise a naive time that it read from the machine's clock."""

    began: datetime
    ended: datetime

    def instant(self, value: datetime) -> datetime | None:
        """The instant of a naive local (or UTC) reading taken inside the window; None for any other time."""
        try:
            readings = (value.astimezone(UTC), value.replace(tzinfo=UTC))
        except (OverflowError, ValueError, OSError):  # the first and the last day that a datetime can hold
            return None
        return next((one for one in readings if self.began <= one <= self.ended), None)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A datetime from a Python source, and the window in which that source ran."""

    value: datetime
    window: ClockWindow


@dataclass(frozen=True, slots=True)
class Time:
    """ISO 8601 with or without an offset, whole seconds, years 1970 to 2199."""

    def read(self, node: Node, sink: Sink) -> Any:
        value = node.value
        if isinstance(value, ClockReading):
            return _from_python(value, node, sink)
        if isinstance(value, datetime):
            return _from_datetime(value, node, sink)
        if isinstance(value, date):
            day = datetime(value.year, value.month, value.day)
            return _in_range(WrittenTime((day - _NAIVE_EPOCH) // _SECOND, False, node.span), sink)
        if not isinstance(value, str):
            sink.add(rules.WRONG_TYPE, f"expected a time, found {kind(value)}", node.span, help=_EXAMPLE)
            return INVALID
        return _from_text(value, node, sink)

    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d)?\s?(Z|z|[-+]\d\d(:?\d\d)?)?)?$"}


_EXAMPLE = "write it as 2026-12-01T06:30:00, or with an offset as 2026-12-01T06:30:00+01:00"


def _from_text(text: str, node: Node, sink: Sink) -> Any:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        sink.add(rules.INVALID_TIME, f"{text[:60]!r} is not a time", node.span, help=_EXAMPLE)
        return INVALID
    year, month, day, hour, minute, second = (int(g or 0) for g in found.groups()[:6])
    if found[7] is not None:
        sink.add(
            rules.INVALID_TIME,
            "a time has whole seconds, and this one has a fraction",
            node.span,
            help="leave the fraction out",
        )
        return INVALID
    try:
        wall = datetime(year, month, day, hour, minute, second)
    except ValueError as error:
        sink.add(rules.INVALID_TIME, f"{text[:60]!r} is not a time: {error}", node.span, help=_EXAMPLE)
        return INVALID
    seconds = (wall - _NAIVE_EPOCH) // _SECOND
    offset = found[8]
    if offset is None:
        return _in_range(WrittenTime(seconds, False, node.span), sink)
    if offset in "Zz":
        return _in_range(WrittenTime(seconds, True, node.span), sink)
    digits = offset[1:].replace(":", "").ljust(4, "0")
    if int(digits[:2]) > 15 or int(digits[2:]) > 59:
        sink.add(rules.INVALID_TIME, f"{offset} is not an offset from UTC", node.span, help=_EXAMPLE)
        return INVALID
    shift = (int(digits[:2]) * 60 + int(digits[2:])) * 60
    return _in_range(WrittenTime(seconds - (shift if offset[0] == "+" else -shift), True, node.span), sink)


def _in_range(time: WrittenTime, sink: Sink) -> Any:
    if not 0 <= time.seconds < _END:
        try:
            year = (_NAIVE_EPOCH + timedelta(seconds=time.seconds)).year
        except OverflowError:
            year = 0 if time.seconds < 0 else 10_000
        sink.add(
            rules.INVALID_TIME, f"the year {year} is not between {zones.FIRST_YEAR} and {zones.LAST_YEAR}", time.span
        )
        return INVALID
    return time


_END = (datetime(zones.LAST_YEAR + 1, 1, 1) - _NAIVE_EPOCH) // _SECOND


def _from_datetime(value: datetime, node: Node, sink: Sink) -> Any:
    wall = datetime(value.year, value.month, value.day, value.hour, value.minute, value.second)
    seconds = (wall - _NAIVE_EPOCH) // _SECOND
    if value.tzinfo is not None:
        offset = _offset(value, node, sink)
        if offset is INVALID:
            return INVALID
        seconds -= offset
    time = _in_range(WrittenTime(seconds, value.tzinfo is not None, node.span), sink)
    if time is not INVALID and value.microsecond:
        taken = stamp(seconds) if time.has_offset else f"{wall_stamp(seconds)} on the schedule's clock"
        message = f"the time has a fraction of a second, and is taken as {taken}"
        sink.add(rules.FRACTIONAL_SECOND, message, node.span, help="add .replace(microsecond=0)")
    return time


def _offset(value: datetime, node: Node, sink: Sink) -> Any:
    """The seconds that a datetime's clock is ahead of UTC; its tzinfo may be anything."""
    try:
        offset = value.utcoffset()
    except Exception as error:
        message = f"the zone of the time raised {type(error).__name__}"
        sink.add(rules.INVALID_TIME, message, node.span, help=_ZONES)
        return INVALID
    if offset is None:
        sink.add(rules.INVALID_TIME, "the zone of the time gives no offset from UTC", node.span, help=_ZONES)
        return INVALID
    if offset % timedelta(minutes=1):
        message = f"the offset {offset} from UTC is not one of whole minutes"
        sink.add(rules.INVALID_TIME, message, node.span, help=_ZONES)
        return INVALID
    return offset // _SECOND


_ZONES = 'use datetime.UTC or zoneinfo.ZoneInfo("Europe/Amsterdam")'


def _from_python(reading: ClockReading, node: Node, sink: Sink) -> Any:
    value = reading.value
    instant = reading.window.instant(value) if value.tzinfo is None else None
    if instant is None:
        return _from_datetime(value, node, sink)
    seconds = (instant - _EPOCH) // _SECOND
    fraction = ", its fraction of a second cut off" if value.microsecond else ""
    sink.add(
        rules.CLOCK_READ,
        f"the time was read from this machine's clock without a zone, and is taken as the instant {stamp(seconds)}"
        + fraction,
        node.span,
        notes=("each compile of this source gives another schedule",),
        help="write a fixed time, or datetime.now(tz) with a zone",
    )
    return _in_range(WrittenTime(seconds, True, node.span), sink)


def resolve(time: WrittenTime, zone: zones.Zone, sink: Sink) -> Any:
    """The instant of a written time on a clock in `zone`; one that does not exist or exists twice is an error."""
    if time.has_offset:
        return time.seconds
    found = zone.instants(time.seconds)
    if len(found) == 1:
        return found[0]
    shown = wall_stamp(time.seconds)
    if found:
        choices = " or ".join(local_stamp(i, zone) for i in found)
        sink.add(rules.TIME_IN_FOLD, f"{shown} exists twice in {zone.name}", time.span, help=f"write {choices}")
    else:
        i = next(k for k in range(1, len(zone.starts)) if zone.starts[k] + zone.offsets[k] > time.seconds)
        before = wall_stamp(zone.starts[i] + zone.offsets[i - 1])
        after = local_stamp(zone.starts[i], zone)
        sink.add(
            rules.TIME_IN_GAP,
            f"{shown} does not exist in {zone.name}",
            time.span,
            notes=(f"clocks there are put forward at {before}",),
            help=f"write {after}, the first second after the gap",
        )
    return INVALID


@dataclass(frozen=True, slots=True)
class Duration:
    """Whole seconds from 1 up: a number, `90`, `30m`, `1h30m`, `PT30M`, or a timedelta."""

    def read(self, node: Node, sink: Sink) -> Any:
        value = node.value
        seconds: int | None = None
        if isinstance(value, bool):
            seconds = None
        elif isinstance(value, int):
            seconds = value
        elif isinstance(value, timedelta):
            if value % _SECOND:
                message = f"the interval {value} has a fraction of a second"
                sink.add(rules.INVALID_VALUE, message, node.span, help="use whole seconds")
                return INVALID
            seconds = value // _SECOND
        elif isinstance(value, str):
            seconds = _duration(value)
            if seconds is None:
                sink.add(rules.INVALID_VALUE, f"{value[:60]!r} is not a duration", node.span, help=_DURATIONS)
                return INVALID
        if seconds is None:
            fraction = isinstance(value, float)
            message = f"expected whole seconds or a duration, found {kind(value)}"
            sink.add(rules.WRONG_TYPE, message, node.span, help="use whole seconds" if fraction else _DURATIONS)
            return INVALID
        if not 1 <= seconds <= _LONGEST:
            message = f"{seconds} seconds is out of range: it must be from 1 to {_LONGEST}"
            sink.add(rules.INVALID_VALUE, message, node.span)
            return INVALID
        return seconds

    def schema(self) -> JsonSchema:
        return {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": _LONGEST},
                {"type": "string", "pattern": _SCHEMA_PATTERN},
            ]
        }


_DURATIONS = "write seconds as 1800, or 30m, 1h30m or PT30M"
_LONGEST = 100 * 366 * 86_400


def _duration(text: str) -> int | None:
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 12:
        return int(text)
    for form in (_ISO, _SHORT):
        found = form.fullmatch(text)
        if found and any(found.groups()) and all(len(g or "") < 12 for g in found.groups()):
            return sum(int(g or 0) * unit for g, unit in zip(found.groups(), _UNITS, strict=True))
    return None


_OFFSET = pattern(r"(?:UTC|GMT|Z)?\s?([-+])(\d{1,2})(?::?(\d\d))?", re.ASCII)
_ABBREVIATIONS = {
    name: zone
    for names, zone in (
        ("CEST", "Europe/Berlin or Europe/Paris"),
        ("BST", "Europe/London"),
        ("WEST", "Europe/Lisbon"),
        ("EEST", "Europe/Helsinki or Europe/Athens"),
        ("MSK", "Europe/Moscow"),
        ("PST PDT PT", "America/Los_Angeles"),
        ("MDT MT", "America/Denver"),
        ("CST CDT CT", "America/Chicago"),
        ("EDT ET", "America/New_York"),
        ("BRT", "America/Sao_Paulo"),
        ("IST", "Asia/Kolkata"),
        ("SGT", "Asia/Singapore"),
        ("JST", "Asia/Tokyo"),
        ("KST", "Asia/Seoul"),
        ("AEST AEDT", "Australia/Sydney"),
        ("NZST NZDT", "Pacific/Auckland"),
    )
    for name in names.split()
}


def zone_help(name: str) -> str:
    """How to write a zone that the IANA database does not have."""
    if name in _ABBREVIATIONS:
        return f"an abbreviation is no zone: name a place, for {name} such as {_ABBREVIATIONS[name]}"
    found = _OFFSET.fullmatch(name)
    if found:
        hours, minutes = int(found[2]), int(found[3] or 0)
        fixed = ""
        if not minutes and 0 < hours <= (14 if found[1] == "+" else 12):
            fixed = f"; Etc/GMT{'-' if found[1] == '+' else '+'}{hours} is {hours} hours"
            fixed += " ahead of UTC all year" if found[1] == "+" else " behind UTC all year"
        return f"an offset is no zone: name a place, such as Europe/Amsterdam{fixed}"
    near = zone_hint(name)
    return f"did you mean {near}?" if near else "write a name such as Europe/Amsterdam, or UTC"


def zone_hint(name: str) -> str | None:
    """What a person may have meant by a zone name that does not exist."""
    from difflib import get_close_matches

    by_case = {n.lower(): n for n in zones.names()}
    if name.lower() in by_case:
        return by_case[name.lower()]
    cities = {n.rsplit("/", 1)[-1].lower(): n for n in sorted(zones.names(), reverse=True)}
    city = name.lower().replace(" ", "_")
    if city in cities:
        return cities[city]
    if name in _ABBREVIATIONS or _OFFSET.fullmatch(name):
        return None
    near = get_close_matches(name, sorted(zones.names()), n=1, cutoff=0.75)
    return near[0] if near else None


def aware_now(tz: tzinfo = UTC) -> datetime:
    """The present instant, for a clock window."""
    return datetime.now(tz)
