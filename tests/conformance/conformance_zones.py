"""The zones that the conformance cases were made with: the TZif files of tzdata 2025b, of the zones in use only."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

from schedc.ir.zones import UnknownZone, Zone, read_tzif

_ARCHIVE = Path(__file__).parent / "zones" / "zones-2025b.zip"


@cache
def zone_2025b(name: str) -> Zone:
    """The zone of an exact name under tzdata 2025b. Raises `UnknownZone` for a name that the archive lacks."""
    with zipfile.ZipFile(_ARCHIVE) as archive:
        try:
            data = archive.read(name)
        except KeyError:
            raise UnknownZone(name) from None
    return read_tzif(name, data)
