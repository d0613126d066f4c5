"""The model of Debian's cron against its own `load_entry` and its own main loop, as recorded from cron 3.0pl1-162."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conformance_cases import cases
from schedc.engines.debian_cron import Reading, next_run, read
from schedc.engines.model import CronError
from schedc.ir.calendar import Calendar, bits
from schedc.ir.zones import Zone, zone

RECORDED = list(cases(Path(__file__).parent / "debian_cron.jsonl.gz"))
_LOWEST = (0, 0, 1, 1, 0)


def _fields(calendar: Calendar) -> list[set[int]]:
    found = (calendar.minutes, calendar.hours, calendar.days, calendar.months, calendar.weekdays)
    return [set(bits(mask)) for mask in found]


@pytest.mark.parametrize("case", [c for c in RECORDED if not c["begin"]], ids=lambda case: case["text"])
def test_every_text_is_read_alike(case: dict[str, Any]) -> None:
    if case["text"] == "@reboot":
        with pytest.raises(CronError, match="after a boot"):
            read(case["text"])
        return
    if "error" in case:
        with pytest.raises(CronError):
            read(case["text"])
        return
    reading = read(case["text"])
    theirs = [
        {i + low for i, bit in enumerate(f) if bit == "1"} for f, low in zip(case["fields"], _LOWEST, strict=True)
    ]
    theirs[4] = {day % 7 for day in theirs[4]}
    assert _fields(reading.calendar) == theirs
    minute_star, hour_star, day_star, weekday_star = (flag == "1" for flag in case["flags"])
    assert reading.follows_clock is (minute_star or hour_star)
    full = len(theirs[2]) == 31 and len(theirs[4]) == 7
    assert full or reading.calendar.either is not (day_star or weekday_star)


def _their_runs(case: dict[str, Any], where: Zone) -> list[int]:
    """Their minutes; a minute that was left out and run later counts at the change of the clock that left it out."""
    found = set()
    for clock, virtual in case["runs"]:
        if where.wall(clock) // 60 == virtual:
            found.add(clock // 60 * 60)
        else:
            found.add(where.starts[where.segment_at(clock)])
    return sorted(found)


def _our_runs(reading: Reading, where: Zone, begin: int, end: int) -> list[int]:
    found = []
    at = next_run(reading, where, begin)
    while at is not None and at < end:
        found.append(at)
        at = next_run(reading, where, at)
    return found


@pytest.mark.parametrize("name", sorted({c["zone"] for c in RECORDED if c["begin"]}))
def test_every_change_of_the_clock_is_followed_alike(name: str) -> None:
    where, asked = zone(name), [c for c in RECORDED if c["zone"] == name and c["begin"]]
    assert asked
    for case in asked:
        ours = _our_runs(read(case["text"]), where, case["begin"], case["end"])
        assert ours == _their_runs(case, where), (case["text"], case["begin"])
