"""Zones as lists of offsets, against the standard library's zoneinfo on the same files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from schedc.ir import zones
from schedc.ir.zones import UnknownZone, Zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
END = int(datetime(2200, 12, 31, tzinfo=UTC).timestamp())


def zone_info(name: str) -> ZoneInfo:
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def offset(info: ZoneInfo, instant: int) -> int:
    found = (EPOCH + timedelta(seconds=instant)).astimezone(info).utcoffset()
    assert found is not None
    return int(found.total_seconds())


@pytest.mark.parametrize("name", sorted(zones.names()))
def test_every_zone_is_as_zoneinfo_reads_it(name: str) -> None:
    zone, info = zones.zone(name), zone_info(name)
    near = {0, END}
    for segment in zone.transitions(0, END):
        at = zone.starts[segment]
        assert zone.offsets[segment] != zone.offsets[segment - 1]
        near |= {at - 1, at}
    # Every change that is there is right; a sample of every 25th day would show one that is missing.
    for instant in near:
        assert zone.offset_at(instant) == offset(info, instant), (name, instant)
    for instant in range(12_345, END, 25 * 86_400 + 3600):
        assert zone.offset_at(instant) == offset(info, instant), (name, instant)


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "/", "../Europe/Amsterdam", "Europe", "europe/amsterdam", "Europe//Amsterdam"]
)
def test_unknown_zones(name: str) -> None:
    with pytest.raises(UnknownZone):
        zones.zone(name)


@pytest.mark.parametrize("name", ["zones", "tzdata.zi", "zone.tab", "__init__.py", "Europe/__init__.py"])
def test_files_that_are_no_zones(name: str) -> None:
    with pytest.raises(UnknownZone):
        zones.zone(name)


def at(text: str) -> int:
    return int((datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH).total_seconds())


@pytest.mark.parametrize(
    ("name", "wall", "expected"),
    [
        ("UTC", "2026-03-29T02:30", ["2026-03-29T02:30"]),
        ("Europe/Amsterdam", "2026-03-29T01:59:59", ["2026-03-29T00:59:59"]),
        ("Europe/Amsterdam", "2026-03-29T02:00", []),
        ("Europe/Amsterdam", "2026-03-29T02:59:59", []),
        ("Europe/Amsterdam", "2026-03-29T03:00", ["2026-03-29T01:00"]),
        ("Europe/Amsterdam", "2026-10-25T01:59:59", ["2026-10-24T23:59:59"]),
        ("Europe/Amsterdam", "2026-10-25T02:00", ["2026-10-25T00:00", "2026-10-25T01:00"]),
        ("Europe/Amsterdam", "2026-10-25T03:00", ["2026-10-25T02:00"]),
        ("Pacific/Apia", "2011-12-30T12:00", []),
        ("Pacific/Apia", "2011-12-31T00:00", ["2011-12-30T10:00"]),
        ("Australia/Lord_Howe", "2026-04-05T01:45", ["2026-04-04T14:45", "2026-04-04T15:15"]),
    ],
)
def test_the_instants_of_a_wall_time(name: str, wall: str, expected: list[str]) -> None:
    zone = zones.zone(name)
    found = zone.instants(at(wall))
    assert found == tuple(at(text) for text in expected)
    assert all(zone.wall(instant) == at(wall) for instant in found)


def test_fixed_offset() -> None:
    zone = zones.zone("Europe/Amsterdam")
    assert zone.fixed_offset(at("2026-01-01"), at("2026-03-29T00:59:59")) == 3600
    assert zone.fixed_offset(at("2026-01-01"), at("2026-03-29T01:00")) is None
    assert zones.zone("Asia/Tokyo").fixed_offset(at("1970-01-01"), END) == 32_400
    assert zones.UTC.fixed_offset(zones.BEGINNING, END) == 0


def test_transitions_are_within_their_bounds() -> None:
    zone = Zone("test", (zones.BEGINNING, 100, 200), (0, 60, 0))
    assert list(zone.transitions(100, 200)) == [1, 2]
    assert list(zone.transitions(101, 199)) == []
    assert [zone.segment_at(t) for t in (99, 100, 199, 200)] == [0, 1, 1, 2]


def test_the_pinned_release_is_named() -> None:
    assert zones.tzdata_version()[:4].isdigit()
