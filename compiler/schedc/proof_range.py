"""The stretch of time that a proof covers: a constant of the release, never today."""

from __future__ import annotations

PROOF_START = 1_767_225_600
"""2026-01-01T00:00:00Z, for a schedule without a start."""

PROOF_END = 4_102_444_799
"""2099-12-31T23:59:59Z."""

LATEST = 7_258_118_399
"""2199-12-31T23:59:59Z, for a schedule that starts after, or shortly before, `PROOF_END`."""

_AT_LEAST = 10 * 31_557_600


def covered(start: int | None, end: int | None) -> tuple[int, int]:
    """The first and the last instant (UTC seconds) that a proof looks at, for the bounds of a schedule."""
    begin = PROOF_START if start is None else start
    last = PROOF_END if begin < PROOF_END - _AT_LEAST else max(LATEST, begin)
    return begin, last if end is None else max(begin, min(end, last))
