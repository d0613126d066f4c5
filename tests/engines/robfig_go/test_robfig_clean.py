"""Where `clean_transition` says so, both versions of robfig/cron are pure matching of the wall clock."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from schedc.engines.robfig import Reading, clean_transition, next_v1, next_v3, read_v1, read_v3
from schedc.ir import zones
from schedc.ir.calendar import days_of_year, times_of_day
from schedc.ir.zones import BEGINNING, Zone

DAY = 86_400
EPOCH = date(1970, 1, 1).toordinal()
Next = Callable[[Reading, Zone, int], int | None]

# Offset before (hours), shift (hours), wall hour of the change, clean or not.
CHANGES = [
    ("Amsterdam, spring", 1, 1, 2, True),
    ("Amsterdam, autumn", 2, -1, 3, True),
    ("New York, autumn", -4, -1, 2, True),
    ("Beirut, autumn: back to 23:00", 3, -1, 0, True),
    ("Havana, autumn: midnight twice, west of Greenwich", -4, -1, 1, True),
    ("Azores, autumn: midnight twice, onto -1", 0, -1, 1, True),
    ("Gaza 2015, autumn: midnight twice, east of Greenwich", 3, -1, 1, False),
    ("midnight twice, onto 0", 1, -1, 1, False),
    ("Santiago, spring: no midnight", -4, 1, 0, False),
    ("Cairo, spring: no midnight", 2, 1, 0, False),
    ("23:00 left out, midnight kept", 2, 1, 23, True),
    ("Troll: two hours", 0, 2, 1, False),
    ("Lord Howe: half an hour", 10.5, 0.5, 2, False),
    ("Chatham: not on the hour", 12.75, 1, 2.75, False),
]


@pytest.mark.parametrize(("offset", "shift", "hour", "clean"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_clean_is_decided_by_the_change(offset: float, shift: float, hour: float, clean: bool) -> None:
    assert clean_transition(changing(offset, shift, hour), 1) is clean


@pytest.mark.parametrize(
    ("text", "version", "offset", "shift", "hour", "start", "engine", "pure"),
    [
        # No midnight: the day is found at 23:00 of the day before, or lost.
        ("0 9 * * 5", "v3", 2, 1, 0, "2026-04-17T12:00", "2026-05-01T09:00+3", "2026-04-24T09:00+3"),
        ("0 0 9 * * 5", "v1", -4, 1, 0, "2026-04-17T12:00", "2026-05-01T09:00-3", "2026-04-24T09:00-3"),
        # Midnight twice, and the search goes on from the second.
        ("30 0 * * 5", "v3", 3, -1, 1, "2026-04-17T12:00", "2026-04-24T00:30+2", "2026-04-24T00:30+3"),
        ("0 30 0 * * 5", "v1", 3, -1, 1, "2026-04-17T12:00", "2026-04-24T00:30+2", "2026-04-24T00:30+3"),
    ],
)
def test_what_goes_wrong_elsewhere(
    text: str, version: str, offset: float, shift: float, hour: float, start: str, engine: str, pure: str
) -> None:
    """The change is on Friday 2026-04-24."""
    zone = changing(offset, shift, hour)
    reading, following = (read_v3(text), next_v3) if version == "v3" else (read_v1(text), next_v1)
    origin = wall(start) - zone.offsets[0]
    assert shown(following(reading, zone, origin), zone) == engine
    assert shown(matching(reading, zone, origin), zone) == pure


@pytest.mark.parametrize(("version", "read", "following"), [("v1", read_v1, next_v1), ("v3", read_v3, next_v3)])
def test_clean_means_pure_matching(version: str, read: Callable[[str], Reading], following: Next) -> None:
    rng = random.Random(f"clean {version}")
    names = sorted(zones.names())
    compared, wrong = 0, []
    for _ in range(4000):
        zone = zones.zone(rng.choice(names))
        changes = list(zone.transitions(wall("1972-02-01T00:00"), wall("2100-01-01T00:00")))
        if not changes:
            continue
        change = zone.starts[rng.choice(changes)]
        origin = change + rng.randrange(-rng.choice((7200, DAY, 40 * DAY, 400 * DAY)), 7200)
        reading = read(text_near(rng, version, zone.wall(change - rng.choice((0, 1, 3600)))))
        pure = matching(reading, zone, origin)
        if pure is None or not all(clean_transition(zone, i) for i in zone.transitions(origin - 40 * DAY, pure + DAY)):
            continue
        compared += 1
        modelled = following(reading, zone, origin)
        if modelled != pure:
            wrong.append((zone.name, reading, origin, modelled, pure))
    print(f"{version}: {compared} searches, {len(wrong)} that differ")
    assert compared > 2000
    assert not wrong, wrong[:3]


def changing(offset: float, shift: float, hour: float) -> Zone:
    """A zone whose one change is at `hour` of 2026-04-24 on the clock before it."""
    before = round(offset * 3600)
    change = wall("2026-04-24T00:00") + round(hour * 3600) - before
    return Zone("one change", (BEGINNING, change), (before, before + round(shift * 3600)))


def wall(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def shown(instant: int | None, zone: Zone) -> str:
    assert instant is not None
    return f"{datetime.fromtimestamp(zone.wall(instant), UTC):%Y-%m-%dT%H:%M}{zone.offset_at(instant) / 3600:+g}"


def text_near(rng: random.Random, version: str, near: int) -> str:
    """A cron text whose fields are often those of a wall time."""
    time = datetime.fromtimestamp(near, UTC)
    fields = [
        rng.choice((str(time.minute), "*/20", "0", "30", "*")),
        rng.choice((str(time.hour), str((time.hour + 1) % 24), "0", "*/3", "*", "9")),
        rng.choice((str(time.day), "1", "*", "*", "*/2")),
        rng.choice((str(time.month), "*", "*", "*")),
        rng.choice((str(time.isoweekday() % 7), "*", "*", "1-5")),
    ]
    return " ".join(fields if version == "v3" else [rng.choice(("0", "0", "*/25")), *fields])


def matching(reading: Reading, zone: Zone, after: int) -> int | None:
    """The first instant after `after` whose wall time matches, up to the end of the fifth year."""
    calendar = reading.calendar
    times = times_of_day(calendar)
    last_year = date.fromordinal(zone.wall(after + 1) // DAY + EPOCH).year + 5
    begin = after + 1
    for i in range(zone.segment_at(begin), len(zone.starts)):
        end = zone.starts[i + 1] if i + 1 < len(zone.starts) else 1 << 62
        day, second = divmod(begin + zone.offsets[i], DAY)
        while day * DAY - zone.offsets[i] < end:
            today = date.fromordinal(day + EPOCH)
            if today.year > last_year:
                return None
            if days_of_year(calendar, today.year) >> (today.timetuple().tm_yday - 1) & 1:
                at = bisect_left(times, second)
                if at < len(times):
                    instant = day * DAY + times[at] - zone.offsets[i]
                    if instant < end:
                        return instant
                    break
            day, second = day + 1, 0
        begin = end
    return None
