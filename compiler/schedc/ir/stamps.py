"""Instants as text, in RFC 3339."""

from __future__ import annotations

from datetime import datetime, timedelta

from schedc.ir.zones import Zone

_EPOCH = datetime(1970, 1, 1)


def stamp(instant: int) -> str:
    """UTC, such as `2026-12-01T00:00:00Z`."""
    return (_EPOCH + timedelta(seconds=instant)).isoformat() + "Z"


def wall_stamp(wall: int) -> str:
    """What a clock on the wall shows, such as `2026-12-01T00:00:00`."""
    return (_EPOCH + timedelta(seconds=wall)).isoformat()


def local_stamp(instant: int, zone: Zone) -> str:
    """The zone's clock with its offset, such as `2026-12-01T01:00:00+01:00`."""
    offset = zone.offset_at(instant)
    sign, minutes = ("-" if offset < 0 else "+"), abs(offset) // 60
    return f"{wall_stamp(instant + offset)}{sign}{minutes // 60:02}:{minutes % 60:02}"


def short_stamp(instant: int, zone: Zone) -> str:
    """For people: `2027-10-31 01:30+02:00`, the seconds only where there are any."""
    text = local_stamp(instant, zone).replace("T", " ")
    return text[:16] + text[19:] if text[16:19] == ":00" else text


def short_wall(wall: int) -> str:
    text = wall_stamp(wall).replace("T", " ")
    return text[:16] if text.endswith(":00") else text
