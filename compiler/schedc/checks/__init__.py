"""Questions about a schedule that no target can change the answer to, one file each."""

from __future__ import annotations

from collections.abc import Callable

from schedc.checks.blind_catchup import check_blind_catchup
from schedc.checks.catchup_without_start import check_catchup_without_start
from schedc.checks.conflicting_policies import check_conflicting_policies
from schedc.checks.end_before_start import check_end_before_start
from schedc.checks.impossible_text import check_impossible_text
from schedc.checks.literal_secret import check_literal_secret
from schedc.checks.never_fires import check_never_fires
from schedc.checks.short_interval import check_short_interval
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule

CHECKS: tuple[Callable[[Schedule, Sink], None], ...] = (
    check_end_before_start,
    check_never_fires,
    check_catchup_without_start,
    check_conflicting_policies,
    check_blind_catchup,
    check_literal_secret,
    check_impossible_text,
    check_short_interval,
)


def check(schedule: Schedule, sink: Sink) -> None:
    """Every check of one schedule."""
    for one in CHECKS:
        one(schedule, sink)
