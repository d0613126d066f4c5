"""The search of robfig/cron for the next time, with every defect it has around a change of the clock.

Both versions step a Go `time.Time` forward by months, days, hours, minutes and seconds until each field matches. Months
and days are stepped on the wall clock and normalised by `time.Date`; hours and less are stepped in elapsed time. A
step that lands on a change of the clock therefore loses or shifts matches. The steps here are the same; a run of
steps that stays inside a stretch of constant offset is taken at once, which cannot change where it ends.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import lru_cache

from schedc.engines.model import CronError
from schedc.engines.robfig_dialect import Reading
from schedc.ir.zones import Zone

_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_FOREVER = 1 << 62
_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def next_instant(reading: Reading, zone: Zone, after: int, *, repair: bool) -> int | None:
    """The engine's `Next`; `repair` is v3's correction of a day that does not begin at midnight.

    None where the search passes the end of the fifth year. The answer can be `after` itself or earlier: that is what
    the engine gives in some zones. Raises `CronError` where the engine never returns.
    """
    if reading.delay is not None:
        return after + reading.delay
    calendar = reading.calendar
    hours, minutes, seconds, months = calendar.hours, calendar.minutes, calendar.seconds, calendar.months
    days, weekdays, either = calendar.days, calendar.weekdays, calendar.either
    timeless = calendar.empty_time
    starts, offsets = zone.starts, zone.offsets
    count = len(starts)

    t = after + 1
    index = bisect_right(starts, t) - 1
    begin, offset = starts[index], offsets[index]
    end = starts[index + 1] if index + 1 < count else _FOREVER
    day, second = divmod(t + offset, _DAY)
    today = date.fromordinal(day + _EPOCH)
    year_limit = today.year + 5
    added = False
    seen: set[tuple[int, int]] = set()

    def locate() -> None:
        """Read the wall clock at `t`."""
        nonlocal index, begin, offset, end, day, second, today
        if not begin <= t < end:
            index = bisect_right(starts, t) - 1
            begin, offset = starts[index], offsets[index]
            end = starts[index + 1] if index + 1 < count else _FOREVER
        before = day
        day, second = divmod(t + offset, _DAY)
        if day != before:
            today = date.fromordinal(day + _EPOCH)

    def returned(phase: int, previous: int) -> None:
        """A search that comes back to a state it was in goes round for ever."""
        if t <= previous:
            if (phase, t) in seen:
                raise CronError("hangs: Next never returns, since a local day is missing in this zone")
            seen.add((phase, t))

    while today.year <= year_limit:
        wrapped = False
        while not months >> today.month & 1:
            if not added:
                added = True
                t = go_date(zone, (day - today.day + 1) * _DAY)
                locate()
            previous = t
            following = day - today.day + 1 + _length(today.year, today.month)
            t = go_date(zone, (following + today.day - 1) * _DAY + second)
            locate()
            returned(0, previous)
            if today.month == 1:
                wrapped = True
                break
        if wrapped:
            continue

        while True:
            matching = _days(days, weekdays, either, (day - today.day - 2) % 7)
            jump = second == 0 and added and t >= begin
            if matching >> today.day & 1 and not (timeless and jump):
                break
            if not added:
                added = True
                t = go_date(zone, day * _DAY)
                locate()
                jump = second == 0
            previous = t
            if jump and t + 2 * _DAY < end:
                # Midnights that lie a day inside the stretch: the steps between them cannot go astray.
                ahead = 0 if timeless else matching >> (today.day + 1)
                remaining = _length(today.year, today.month) - today.day
                steps = min((ahead & -ahead).bit_length() if ahead else remaining + 1, remaining + 1)
                steps = min(steps, (end - _DAY - 1 - t) // _DAY)
                t += steps * _DAY
                locate()
            else:
                if timeless and matching >> today.day & 1:
                    break
                t = go_date(zone, (day + 1) * _DAY + second)
                locate()
                if repair and second >= 3600:
                    hour = second // 3600
                    t += (24 - hour) * 3600 if hour > 12 else -hour * 3600
                    locate()
            returned(1, previous)
            if today.day == 1:
                wrapped = True
                break
        if wrapped:
            continue

        while not hours >> second // 3600 & 1:
            if not added:
                added = True
                t = go_date(zone, day * _DAY + second // 3600 * 3600)
                locate()
            hour = second // 3600
            ahead = hours >> (hour + 1)
            steps = (ahead & -ahead).bit_length() if ahead else 24 - hour
            t += 3600 * steps if t + 3600 * steps < end else 3600
            locate()
            if second < 3600:
                wrapped = True
                break
        if wrapped:
            continue

        while not minutes >> second // 60 % 60 & 1:
            if not added:
                added = True
                t -= t % 60
                locate()
            minute = second // 60 % 60
            ahead = minutes >> (minute + 1)
            steps = (ahead & -ahead).bit_length() if ahead else 60 - minute
            t += 60 * steps if t + 60 * steps < end else 60
            locate()
            if second % 3600 < 60:
                wrapped = True
                break
        if wrapped:
            continue

        while not seconds >> second % 60 & 1:
            added = True
            ahead = seconds >> (second % 60 + 1)
            steps = (ahead & -ahead).bit_length() if ahead else 60 - second % 60
            t += steps if t + steps < end else 1
            locate()
            if second % 60 == 0:
                wrapped = True
                break
        if not wrapped:
            return t
    return None


def go_date(zone: Zone, wall: int) -> int:
    """Go's `time.Date`: the instant that it takes a wall time for, also where that does not exist or exists twice.

    It looks up the offset as if the wall time were UTC, and once more where the result lies outside that stretch.
    """
    starts, offsets = zone.starts, zone.offsets
    index = bisect_right(starts, wall) - 1
    offset = offsets[index]
    if offset:
        instant = wall - offset
        if instant < starts[index] or (index + 1 < len(starts) and instant >= starts[index + 1]):
            offset = offsets[bisect_right(starts, instant) - 1]
    return wall - offset


def _length(year: int, month: int) -> int:
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _LENGTHS[month]


@lru_cache(maxsize=4096)
def _days(days: int, weekdays: int, either: bool, first: int) -> int:
    """The matching days (bits 1-31) of a month whose first day is the weekday `first`, 0 being Sunday."""
    by_weekday = 0
    for day in range(1, 32):
        if weekdays >> ((first + day - 1) % 7) & 1:
            by_weekday |= 1 << day
    return days | by_weekday if either else days & by_weekday
