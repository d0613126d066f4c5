"""The stretch of time that a proof covers: a constant of the release, never today."""

from __future__ import annotations

PROOF_START = 1_767_225_600
"""2026-01-01T00:00:00Z, for a schedule without a start."""

PROOF_END = 4_102_444_799
"""2099-12-31T23:59:59Z."""
