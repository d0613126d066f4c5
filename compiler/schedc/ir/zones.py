"""Time zones as lists of constant offsets, read from the pinned `tzdata` package and never from the machine.

A zone is a list of segments. Segment `i` holds from `starts[i]` (inclusive, UTC seconds since 1970) to `starts[i + 1]`
(exclusive) and has the offset `offsets[i]` (seconds, wall = UTC + offset). A *wall* value is the seconds since
1970-01-01 00:00 that a clock on the wall shows. Between two segments lies a *gap* (the offset grows: wall times that
do not exist) or a *fold* (it shrinks: wall times that exist twice).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from schedc.records import dataclass, field

BEGINNING = -(1 << 62)
FIRST_YEAR = 1970
LAST_YEAR = 2199
_DAY = 86_400


class UnknownZone(LookupError):
    """No zone of that name exists in the pinned tzdata."""


@dataclass(frozen=True, slots=True)
class Zone:
    """An IANA zone, complete to the end of the year 2200."""

    name: str
    starts: tuple[int, ...] = field(repr=False)
    offsets: tuple[int, ...] = field(repr=False)

    def offset_at(self, instant: int) -> int:
        return self.offsets[bisect_right(self.starts, instant) - 1]

    def segment_at(self, instant: int) -> int:
        """The index of the segment that holds at an instant."""
        return bisect_right(self.starts, instant) - 1

    def wall(self, instant: int) -> int:
        return instant + self.offsets[bisect_right(self.starts, instant) - 1]

    def instants(self, wall: int) -> tuple[int, ...]:
        """The instants at which the clock shows `wall`: none in a gap, two (rarely more) in a fold, in order."""
        first = max(bisect_right(self.starts, wall - 2 * _DAY) - 1, 0)
        last = bisect_right(self.starts, wall + 2 * _DAY)
        found = []
        for i in range(first, last):
            instant = wall - self.offsets[i]
            end = self.starts[i + 1] if i + 1 < len(self.starts) else None
            if self.starts[i] <= instant and (end is None or instant < end):
                found.append(instant)
        return tuple(found)

    def transitions(self, start: int, end: int) -> Iterator[int]:
        """Indexes `i` of the segments that begin in [start, end] with a change of offset."""
        for i in range(max(bisect_right(self.starts, start - 1), 1), len(self.starts)):
            if self.starts[i] > end:
                return
            yield i

    def fixed_offset(self, start: int, end: int) -> int | None:
        """The one offset of the stretch from `start` to `end`, or None where it changes."""
        first, last = self.segment_at(start), self.segment_at(end)
        return self.offsets[first] if first == last else None


@cache
def zone(name: str) -> Zone:
    """The zone of an IANA name, exactly spelled. Raises `UnknownZone`."""
    parts = name.split("/")
    if not all(p and p.isascii() and p.replace("-", "").replace("_", "").replace("+", "").isalnum() for p in parts):
        raise UnknownZone(name)
    try:
        data = _folder().joinpath("zoneinfo", *parts).read_bytes()
    except (OSError, ValueError) as error:
        raise UnknownZone(name) from error
    if data[:4] != b"TZif" or name not in names():
        raise UnknownZone(name)
    return read_tzif(name, data)


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every zone name of the pinned tzdata that is some place's clock, or UTC's."""
    listed = _folder().joinpath("zones").read_text("ascii").split()
    return frozenset(listed) - {"Factory", "localtime", "posixrules"}


def _folder() -> Path:
    import tzdata

    return Path(tzdata.__file__).parent


@lru_cache(maxsize=1)
def tzdata_version() -> str:
    """The IANA release of the pinned tzdata, such as `2026f`."""
    import tzdata

    return str(tzdata.IANA_VERSION)


UTC = Zone("UTC", (BEGINNING,), (0,))


def read_tzif(name: str, data: bytes) -> Zone:
    """Read a TZif file (RFC 8536), versions 2 to 4, its footer rule followed to the end of 2200."""
    counts = struct.unpack(">6l", data[20:44])
    body = 44 + counts[3] * 5 + counts[4] * 6 + counts[5] + counts[2] * 8 + counts[1] + counts[0]
    isut, isstd, leap, time_count, type_count, char_count = struct.unpack(">6l", data[body + 20 : body + 44])
    at = body + 44
    times = struct.unpack(f">{time_count}q", data[at : at + time_count * 8])
    at += time_count * 8
    kinds = data[at : at + time_count]
    at += time_count
    offsets = [struct.unpack(">l", data[at + 6 * i : at + 6 * i + 4])[0] for i in range(type_count)]
    at += type_count * 6 + char_count + leap * 12 + isstd + isut
    footer = data[at:].decode("ascii").strip("\n")

    starts, values = [BEGINNING], [offsets[0]]
    for when, kind in zip(times, kinds, strict=True):
        if when > BEGINNING and offsets[kind] != values[-1]:
            starts.append(when)
            values.append(offsets[kind])
    for when, offset in _footer_transitions(footer, times[-1] if times else BEGINNING):
        if offset != values[-1]:
            starts.append(when)
            values.append(offset)
    return Zone(name, tuple(starts), tuple(values))


def _footer_transitions(footer: str, after: int) -> Iterator[tuple[int, int]]:
    """The changes that a POSIX TZ rule makes after an instant, to the end of 2200."""
    if "," not in footer:
        return
    names_and_offsets, begin, finish = footer.split(",")
    standard, rest = _posix_offset(names_and_offsets)
    daylight = _posix_offset(rest)[0] if _has_offset(rest) else standard + 3600
    first_year = max(FIRST_YEAR, 1970 + after // 31_556_952) if after > BEGINNING else FIRST_YEAR
    for year in range(first_year, LAST_YEAR + 2):
        changes = sorted(
            [
                (_posix_date(begin, year) - standard, daylight),
                (_posix_date(finish, year) - daylight, standard),
            ]
        )
        yield from (change for change in changes if change[0] > after)


def _skip_name(text: str) -> int:
    if text.startswith("<"):
        return text.index(">") + 1
    end = 0
    while end < len(text) and text[end].isalpha():
        end += 1
    return end


def _has_offset(text: str) -> bool:
    return _skip_name(text) < len(text)


def _posix_offset(text: str) -> tuple[int, str]:
    """A name and its offset (POSIX counts west of Greenwich as positive), and what follows."""
    at = _skip_name(text)
    end = at
    while end < len(text) and text[end] in "+-:0123456789":
        end += 1
    return -_posix_time(text[at:end]), text[end:]


def _posix_time(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    parts = [int(p) for p in text.lstrip("+-").split(":")]
    return sign * sum(p * unit for p, unit in zip(parts, (3600, 60, 1), strict=False))


def _posix_date(rule: str, year: int) -> int:
    """The wall seconds of `Mm.w.d/time`, `Jn/time` or `n/time` in a year."""
    day_rule, _, time = rule.partition("/")
    seconds = _posix_time(time) if time else 7200
    if day_rule.startswith("M"):
        month, week, weekday = (int(p) for p in day_rule[1:].split("."))
        first = date(year, month, 1)
        day = first.toordinal() + (weekday - first.isoweekday()) % 7 + 7 * (week - 1)
        following = date(year + month // 12, month % 12 + 1, 1).toordinal()
        if day >= following:
            day -= 7
    elif day_rule.startswith("J"):
        number = int(day_rule[1:])
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        day = date(year, 1, 1).toordinal() + number - 1 + (1 if leap and number >= 60 else 0)
    else:
        day = date(year, 1, 1).toordinal() + int(day_rule)
    return (day - _EPOCH_ORDINAL) * _DAY + seconds


_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
