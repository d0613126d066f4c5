"""Debian's cron: vixie-cron 3.0pl1 with Debian's patches (cron 3.0pl1-162), whose crontabs most Linux machines have.

The dialect is `load_entry`, `get_range` and `get_number` of entry.c, with their oddities: a range that runs backwards
is empty and no error (so `FRI-SUN` picks no day), and what follows a complete field without a blank is passed over
(`5#2` is 5). A day field that begins with a star, also `*/2`, makes the day rule *both* (`find_jobs` of cron.c).

The clock is the main loop of cron.c. It counts minutes of the wall clock and looks at how far they moved since it last
ran something: at up to 5 minutes ahead it runs every entry for each of them; at up to 3 hours ahead it runs the entries
without a star in minute or hour for each minute that was left out, right then, and the others for the present minute
alone; at less than 3 hours back, only those others run until the clock has caught up; else it goes on from where the
clock is. What it runs for several minutes at one wake-up follows each other by seconds, and is one instant here.
`CRON_TZ` is no word of this cron: every entry goes by the clock of the machine.
"""

from __future__ import annotations

from collections.abc import Iterator

from schedc.engines.model import CronError, Engine
from schedc.ir.calendar import Calendar
from schedc.ir.walls import first_wall
from schedc.ir.zones import LAST_YEAR, Zone
from schedc.records import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NEVER = (LAST_YEAR - 1970 + 2) * 366 * 1440
_WAKES_LATE, _CATCHES_UP = 5, 180
"""Minutes ahead up to which every minute is run, and up to which those are that were left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What cron keeps of an entry. `follows_clock` is set by a star that begins the minute or the hour field."""

    calendar: Calendar
    follows_clock: bool = False


_FULL_DAYS, _FULL_MONTHS, _FULL_WEEKDAYS = (1 << 32) - 2, (1 << 13) - 2, (1 << 7) - 1
_YEARLY = Reading(calendar=Calendar(minutes=1, hours=1, days=2, months=2))
_DAILY = Reading(calendar=Calendar(minutes=1, hours=1))
_SPECIAL = {
    "@yearly": _YEARLY,
    "@annually": _YEARLY,
    "@monthly": Reading(calendar=Calendar(minutes=1, hours=1, days=2)),
    "@weekly": Reading(calendar=Calendar(minutes=1, hours=1, weekdays=1)),
    "@daily": _DAILY,
    "@midnight": _DAILY,
    "@hourly": Reading(calendar=Calendar(minutes=1), follows_clock=True),
}


def read(text: str) -> Reading:
    """Read the time of an entry as `load_entry` does. Raises `CronError` with its words."""
    if text.startswith("@"):
        word = text.rstrip(" \t")
        if word == "@reboot":
            raise CronError("`@reboot` runs when cron is started after a boot, and at no time of a clock")
        if word not in _SPECIAL:
            raise CronError("bad time specifier")
        return _SPECIAL[word]
    words = [word for word in text.replace("\t", " ").split(" ") if word]
    if len(words) != 5:
        raise CronError(f"an entry has 5 fields and then its command, not {len(words)} fields")
    minutes = _field(words[0], 0, 59, (), "bad minute")
    hours = _field(words[1], 0, 23, (), "bad hour")
    days = _field(words[2], 1, 31, (), "bad day-of-month")
    months = _field(words[3], 1, 12, _MONTHS, "bad month")
    weekdays = _field(words[4], 0, 7, _WEEKDAYS, "bad day-of-week")
    weekdays = weekdays & _FULL_WEEKDAYS | weekdays >> 7
    both = words[2].startswith("*") or words[4].startswith("*")
    return Reading(
        calendar=Calendar(
            minutes=minutes,
            hours=hours,
            days=days,
            months=months,
            weekdays=weekdays,
            either=not both,
        ),
        follows_clock=words[0].startswith("*") or words[1].startswith("*"),
    )


def _field(word: str, low: int, high: int, names: tuple[str, ...], problem: str) -> int:
    """`get_list`: ranges with commas between; where no comma follows a range, the rest of the word is passed over."""
    found, at = 0, 0
    while True:
        values, at = _range(word, at, low, high, names, problem)
        found |= values
        if word[at : at + 1] != ",":
            return found
        at += 1


def _range(word: str, at: int, low: int, high: int, names: tuple[str, ...], problem: str) -> tuple[int, int]:
    """`get_range`: the values of one range, and where it ends."""
    if word[at : at + 1] == "*":
        first, last, at = low, high, at + 1
    else:
        first, at = _number(word, at, low, names, problem)
        if word[at : at + 1] == "/":
            raise CronError(problem)
        if word[at : at + 1] != "-":
            if not low <= first <= high:
                raise CronError(problem)
            return 1 << first, at
        last, at = _number(word, at + 1, low, names, problem)
    step = 1
    if word[at : at + 1] == "/":
        step, at = _number(word, at + 1, 0, (), problem)
        if step <= 0:
            raise CronError(problem)
    if not (low <= first <= high and low <= last <= high):
        raise CronError(problem)
    return sum(1 << value for value in range(first, last + 1, step)), at


def _number(word: str, at: int, low: int, names: tuple[str, ...], problem: str) -> tuple[int, int]:
    """`get_number`: a name or digits; `atoi` keeps 32 bits of a longer number."""
    end = at
    while end < len(word) and word[end].isascii() and word[end].isalnum():
        end += 1
    text = word[at:end]
    if text.lower() in names:
        return names.index(text.lower()) + low, end
    if not text.isdigit():
        raise CronError(problem)
    value = min(int(text), (1 << 63) - 1) & 0xFFFFFFFF
    return (value - (1 << 32) if value >> 31 else value), end


def next_run(reading: Reading, zone: Zone, t: int) -> int | None:
    """The first wake-up after `t`, UTC seconds, at which a cron runs the entry that was started long before."""
    first = max(zone.segment_at(t) - 2, 0)
    virtual: int | None = None
    for i in range(first, len(zone.starts)):
        if virtual is None:
            virtual = _first_minute(zone, i) - 1
        last = _last_minute(zone, i)
        if last * 60 - zone.offsets[i] > t:
            found = _next_in(reading, zone, i, virtual, t)
            if found is not None:
                return found
        virtual = _virtual_after(zone, i, virtual)
    return None


def _first_minute(zone: Zone, i: int) -> int:
    """The first minute of the wall clock that begins in a segment."""
    return -(-(max(zone.starts[i], -(1 << 40)) + zone.offsets[i]) // 60)


def _last_minute(zone: Zone, i: int) -> int:
    if i + 1 == len(zone.starts):
        return _NEVER
    return (zone.starts[i + 1] - 1 + zone.offsets[i]) // 60


def _virtual_after(zone: Zone, i: int, virtual: int) -> int:
    """The minute up to which everything has run when a segment ends."""
    first, last = _first_minute(zone, i), _last_minute(zone, i)
    jumped = first - virtual <= -_CATCHES_UP
    return last if jumped else max(virtual, last)


def _next_in(reading: Reading, zone: Zone, i: int, virtual: int, t: int) -> int | None:
    """The first run after `t` in one segment, which begins with everything run up to the minute `virtual`."""
    offset = zone.offsets[i]
    for low, high, at in _stretches(reading, _first_minute(zone, i), _last_minute(zone, i), virtual):
        if at is None:
            after = max(low, (t + offset) // 60 + 1)
            found = _match(reading.calendar, after, high)
            if found is not None:
                return found * 60 - offset
        elif at * 60 - offset > t and _match(reading.calendar, low, high) is not None:
            return at * 60 - offset
    return None


def _stretches(reading: Reading, first: int, last: int, virtual: int) -> Iterator[tuple[int, int, int | None]]:
    """Minutes that are looked at, and the minute at which that is; None for each at its own time."""
    ahead = first - virtual
    if ahead > _CATCHES_UP or ahead <= -_CATCHES_UP or (ahead > _WAKES_LATE and reading.follows_clock):
        yield first, last, None
    elif ahead > 1:
        yield virtual + 1, first, first
        yield first + 1, last, None
    elif ahead == 1 or reading.follows_clock:
        yield first, last, None
    else:
        yield virtual + 1, last, None


def _match(calendar: Calendar, low: int, high: int) -> int | None:
    """The first minute from `low` to `high` that matches."""
    wall = first_wall(calendar, low * 60) if low <= high else None
    return wall // 60 if wall is not None and wall // 60 <= high else None


ENGINES = (Engine(name="debian_cron", title="Debian's cron 3.0pl1 (vixie-cron)", read=read, next=next_run),)
