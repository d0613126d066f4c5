"""Times and durations: what each form means, and what is refused."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest
from schedc.diagnostics import Diagnostic
from schedc.diagnostics.sink import Sink
from schedc.frontend.times import ClockReading, ClockWindow, Duration, Time, WrittenTime, resolve, zone_help, zone_hint
from schedc.ir import zones
from schedc.node import Node
from schedc.shapes import INVALID
from schedc.source import SourceFile, Span

SIX_THIRTY = calendar.timegm((2026, 12, 1, 6, 30, 0))
PLUS_ONE = timezone(timedelta(hours=1))


def node(value: Any) -> Node:
    file = SourceFile("a.yaml", "" if isinstance(value, datetime) else str(value))
    return Node(value, Span(file, 0, len(file.text)))


def read_time(value: Any) -> tuple[Any, list[Diagnostic]]:
    sink = Sink()
    return Time().read(node(value), sink), sink.found


GOOD_TIMES = [
    ("2026-12-01T06:30:00", SIX_THIRTY, False),
    ("2026-12-01 06:30", SIX_THIRTY, False),
    ("2026-12-01", SIX_THIRTY - 23_400, False),
    ("2026-12-01T06:30:00Z", SIX_THIRTY, True),
    ("2026-12-01t06:30:00z", SIX_THIRTY, True),
    ("2026-12-01T06:30:00+01:00", SIX_THIRTY - 3600, True),
    ("2026-12-01T06:30:00-0530", SIX_THIRTY + 19_800, True),
    ("2026-12-01T06:30:00+01", SIX_THIRTY - 3600, True),
    ("2026-12-01T06:30:00 +01:00", SIX_THIRTY - 3600, True),
    (date(2026, 12, 1), SIX_THIRTY - 23_400, False),
    (datetime(2026, 12, 1, 6, 30), SIX_THIRTY, False),
    (datetime(2026, 12, 1, 6, 30, tzinfo=UTC), SIX_THIRTY, True),
    (datetime(2026, 12, 1, 6, 30, tzinfo=PLUS_ONE), SIX_THIRTY - 3600, True),
]


@pytest.mark.parametrize(("value", "seconds", "has_offset"), GOOD_TIMES)
def test_times(value: Any, seconds: int, has_offset: bool) -> None:
    read, found = read_time(value)
    assert found == []
    assert isinstance(read, WrittenTime)
    assert (read.seconds, read.has_offset) == (seconds, has_offset)


class Without(tzinfo):
    """A zone that does not know."""

    def dst(self, _: datetime | None) -> timedelta | None:
        return None

    def tzname(self, _: datetime | None) -> str | None:
        return None

    def utcoffset(self, _: datetime | None) -> timedelta | None:
        return None


class Raising(Without):
    """A zone that fails."""

    def utcoffset(self, _: datetime | None) -> timedelta | None:
        raise KeyError


BAD_TIMES = [
    ("tomorrow", "SC110", "'tomorrow' is not a time"),
    ("12/01/2026", "SC110", "is not a time"),
    ("2026-02-30", "SC110", "is not a time: day"),
    ("2026-12-01T24:00:00", "SC110", "is not a time: hour"),
    ("2026-12-01T23:59:60Z", "SC110", "is not a time: second"),
    ("2026-12-01T06:30:00.5Z", "SC110", "has a fraction"),
    ("2026-12-01T06:30:00+16:00", "SC110", "+16:00 is not an offset"),
    ("1969-12-31T23:59:59Z", "SC110", "the year 1969"),
    ("2200-01-01", "SC110", "the year 2200"),
    ("9999-12-31T23:59:59-14:00", "SC110", "the year 10000"),
    ("0001-01-01T00:00:00+14:00", "SC110", "the year 0"),
    ("\uff12\uff10\uff12\uff16-12-01", "SC110", "is not a time"),
    (date(1969, 12, 31), "SC110", "the year 1969"),
    (date(9999, 12, 31), "SC110", "the year 9999"),
    (datetime.min, "SC110", "the year 1 "),
    (datetime.max, "SC110", "the year 9999"),
    (datetime.min.replace(tzinfo=PLUS_ONE), "SC110", "the year 0"),
    (datetime.max.replace(tzinfo=timezone(-timedelta(hours=1))), "SC110", "the year 10000"),
    (datetime(2026, 12, 1, tzinfo=timezone(timedelta(seconds=3601))), "SC110", "whole minutes"),
    (datetime(2026, 12, 1, tzinfo=timezone(timedelta(microseconds=1))), "SC110", "whole minutes"),
    (datetime(2026, 12, 1, tzinfo=Without()), "SC110", "gives no offset"),
    (datetime(2026, 12, 1, tzinfo=Raising()), "SC110", "raised KeyError"),
    (1796106600, "SC104", "expected a time, found a whole number"),
    (True, "SC104", "found a boolean"),
]


@pytest.mark.parametrize(("value", "code", "message"), BAD_TIMES)
def test_times_that_are_refused(value: Any, code: str, message: str) -> None:
    read, (found,) = read_time(value)
    assert read is INVALID
    assert found.rule.code == code
    assert message in found.message


def test_a_fraction_from_python_is_cut_with_the_instant_that_is_taken() -> None:
    read, (found,) = read_time(datetime(2026, 12, 1, 6, 30, 0, 250_000, tzinfo=PLUS_ONE))
    assert read.seconds == SIX_THIRTY - 3600
    assert found.rule.code == "SC111"
    assert "2026-12-01T05:30:00Z" in found.message


WINDOW = ClockWindow(datetime(2026, 12, 1, 6, 30, tzinfo=UTC), datetime(2026, 12, 1, 6, 30, 5, tzinfo=UTC))


def test_a_naive_time_from_the_clock_is_the_instant_at_which_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        for reading in (datetime(2026, 12, 1, 15, 30, 2, 9), datetime(2026, 12, 1, 6, 30, 2, 9)):
            read, (found,) = read_time(ClockReading(reading, WINDOW))
            assert (read.seconds, read.has_offset) == (SIX_THIRTY + 2, True)
            assert found.rule.code == "SC115"
            assert "2026-12-01T06:30:02Z" in found.message
        read, found_none = read_time(ClockReading(datetime(2026, 12, 1, 7, 0), WINDOW))
        assert (read.has_offset, found_none) == (False, [])
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_aware_time_from_the_clock_is_an_instant_and_no_warning() -> None:
    read, found = read_time(ClockReading(datetime(2026, 12, 1, 6, 30, 2, tzinfo=UTC), WINDOW))
    assert (read.seconds, found) == (SIX_THIRTY + 2, [])


WALLS = [
    ("2027-01-15T02:30:00", "2027-01-15T01:30:00+00:00", None, None),
    ("2027-03-28T02:30:00", None, "SC205", "write 2027-03-28T03:00:00+02:00, the first second after the gap"),
    ("2027-10-31T02:30:00", None, "SC206", "write 2027-10-31T02:30:00+02:00 or 2027-10-31T02:30:00+01:00"),
    ("2027-03-28T03:00:00", "2027-03-28T01:00:00+00:00", None, None),
    ("2027-10-31T03:00:00", "2027-10-31T02:00:00+00:00", None, None),
]


@pytest.mark.parametrize(("wall", "instant", "code", "help_"), WALLS)
def test_wall_times_in_a_zone(wall: str, instant: str | None, code: str | None, help_: str | None) -> None:
    read, _ = read_time(wall)
    sink = Sink()
    resolved = resolve(read, zones.zone("Europe/Amsterdam"), sink)
    if instant is not None:
        assert resolved == datetime.fromisoformat(instant).timestamp()
    assert [(d.rule.code, d.help) for d in sink.found] == ([(code, help_)] if code else [])


DURATIONS: list[tuple[Any, int]] = [
    (1, 1),
    (1800, 1800),
    ("1800", 1800),
    ("30m", 1800),
    ("1h30m", 5400),
    ("1H30M", 5400),
    ("2w", 1_209_600),
    ("PT30M", 1800),
    ("P1D", 86_400),
    ("P1DT1S", 86_401),
    (timedelta(minutes=30), 1800),
]


@pytest.mark.parametrize(("value", "seconds"), DURATIONS)
def test_durations(value: Any, seconds: int) -> None:
    sink = Sink()
    assert Duration().read(node(value), sink) == seconds
    assert sink.found == []


BAD_DURATIONS: list[tuple[Any, str]] = [
    (0, "SC106"),
    (-5, "SC106"),
    ("0m", "SC106"),
    ("", "SC106"),
    ("P", "SC106"),
    ("5 min", "SC106"),
    ("\uff13\uff10m", "SC106"),
    ("1.5h", "SC106"),
    ("9" * 11 + "w", "SC106"),
    (timedelta(milliseconds=1500), "SC106"),
    (timedelta(0), "SC106"),
    (1.5, "SC104"),
    (True, "SC104"),
    (None, "SC104"),
]


@pytest.mark.parametrize(("value", "code"), BAD_DURATIONS)
def test_durations_that_are_refused(value: Any, code: str) -> None:
    sink = Sink()
    assert Duration().read(node(value), sink) is INVALID
    assert [d.rule.code for d in sink.found] == [code]


HINTS = [
    ("europe/amsterdam", "Europe/Amsterdam"),
    ("Amsterdam", "Europe/Amsterdam"),
    ("new york", "America/New_York"),
    ("Europe/Amsterdm", "Europe/Amsterdam"),
    ("utc", "UTC"),
    ("qqqqqq", None),
    ("CEST", None),
    ("PST", None),
    ("+02:00", None),
]


@pytest.mark.parametrize(("name", "hint"), HINTS)
def test_zone_hints(name: str, hint: str | None) -> None:
    assert zone_hint(name) == hint


HELPS = [
    ("CEST", "such as Europe/Berlin"),
    ("PST", "such as America/Los_Angeles"),
    ("+02:00", "Etc/GMT-2 is 2 hours ahead"),
    ("UTC-5", "Etc/GMT+5 is 5 hours behind"),
    ("+05:30", "such as Europe/Amsterdam"),
    ("Europe/Amsterdm", "did you mean Europe/Amsterdam?"),
    ("qqqqqq", "write a name such as Europe/Amsterdam"),
]


@pytest.mark.parametrize(("name", "help_"), HELPS)
def test_zone_help(name: str, help_: str) -> None:
    assert help_ in zone_help(name)


def test_every_zone_that_help_names_exists() -> None:
    for name in ("CEST", "BST", "WEST", "EEST", "MSK", "PT", "MT", "CT", "ET", "BRT", "IST", "SGT", "JST", "AEST"):
        for one in zone_help(name).split(" such as ")[1].split(" or "):
            assert zones.zone(one).name == one


@pytest.mark.parametrize("name", ["Factory", "localtime", "posixrules", "posix/UTC", "right/UTC"])
def test_a_zone_that_is_no_places_clock_is_unknown(name: str) -> None:
    with pytest.raises(zones.UnknownZone):
        zones.zone(name)
