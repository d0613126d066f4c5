"""robfig/cron, the engine inside two of the targets: v3.0.1 (CronJob controller) and v1.2.0 (Kubeflow's controller).

`clean_transition` says where the search is simple: there it fires at exactly the instants at which the wall clock shows
a match, none in a gap and both in a fold, from whichever origin the search starts.
"""

from __future__ import annotations

from schedc.engines.robfig_clock import next_instant
from schedc.engines.robfig_dialect import Reading, read_v1, read_v3
from schedc.ir import zones
from schedc.ir.zones import Zone

__all__ = ["Reading", "clean_transition", "next_v1", "next_v3", "read_v1", "read_v3"]

_HOUR = 3600
_DAY = 86_400
_APART = 2 * _DAY


def next_v3(reading: Reading, zone: Zone, t: int) -> int | None:
    """`Next` of v3.0.1 from `t`, UTC seconds. None where it gives the zero time: nothing before year + 5 ends.

    In zones that break the engine the answer can be `t` itself or earlier. Raises `CronError` where it never returns.
    A zone named in the text itself wins over `zone`.
    """
    if reading.location is not None:
        zone = zones.zone(reading.location or "UTC")
    return next_instant(reading, zone, t, repair=True)


def next_v1(reading: Reading, zone: Zone, t: int) -> int | None:
    """`Next` of v1.2.0 from `t`, UTC seconds. None where it gives the zero time: nothing before year + 5 ends.

    In zones that break the engine the answer can be `t` itself or earlier. Raises `CronError` where it never returns.
    """
    return next_instant(reading, zone, t, repair=False)


def clean_transition(zone: Zone, i: int) -> bool:
    """Whether no search of either version goes wrong at the change of the clock that begins segment `i`.

    Then a search across it fires at exactly the instants whose wall time matches: none for a wall time in a gap, two
    for one in a fold, from whichever origin. So it is where the clock moves by exactly one hour from a full hour,
    midnight is not left out, and the first of two midnights is the one that Go picks (it picks the second where the
    new offset is not west of Greenwich). Offsets must be whole minutes, as they are everywhere since 1972.
    """
    before, after = zone.offsets[i - 1], zone.offsets[i]
    change = zone.starts[i]
    following = zone.starts[i + 1] if i + 1 < len(zone.starts) else None
    if abs(after - before) != _HOUR or (change + before) % _HOUR:
        return False
    if change - zone.starts[i - 1] < _APART or (following is not None and following - change < _APART):
        return False
    if after > before:
        return (change + before) % _DAY != 0
    return (change + after) % _DAY != 0 or after < 0
