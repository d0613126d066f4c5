"""Exact rewrites of a schedule into one that asks for less, one file each, in the order of `PASSES`.

A pass is exact or answers None. It runs where the target lacks something that the pass removes (an interval is always
tried as a calendar first, since every engine keeps the phase of a calendar). No pass brings back what an earlier one
removed, so one sweep is enough; a test holds the order to that.
"""

from __future__ import annotations

from collections.abc import Callable

from schedc.capabilities import Capabilities, Feature, No, requirements
from schedc.ir.schedule import Schedule
from schedc.lowering.drop_start import drop_start
from schedc.lowering.fixed_offset_to_utc import fixed_offset_to_utc
from schedc.lowering.hourly_to_utc import hourly_to_utc
from schedc.lowering.interval_to_calendar import interval_to_calendar
from schedc.lowering.max_runs_to_end import max_runs_to_end
from schedc.lowering.nth_to_both import nth_to_both
from schedc.lowering.once_to_calendar import once_to_calendar
from schedc.lowering.years_to_bounds import years_to_bounds
from schedc.records import dataclass


@dataclass(frozen=True, slots=True)
class Lowering:
    """A pass: the features that it may remove and introduce, and the rewrite itself."""

    name: str
    removes: frozenset[Feature]
    introduces: frozenset[Feature]
    rewrite: Callable[[Schedule], Schedule | None]
    eager: bool = False
    """Runs whenever the schedule asks for what it removes, even if the target can do that."""
    where_closed: bool = False
    """Runs also for a target that cannot tell the two passes of a fold apart, so that no clock change is left to it."""


_BOUNDS = frozenset({Feature.START_BOUND, Feature.END_BOUND})
_FROM_INSTANTS = _BOUNDS | {Feature.CRON, Feature.CRON_SECONDS}

PASSES = (
    Lowering("interval-to-calendar", frozenset({Feature.INTERVAL}), _FROM_INSTANTS, interval_to_calendar, eager=True),
    Lowering("once-to-calendar", frozenset({Feature.ONE_OFF}), _FROM_INSTANTS, once_to_calendar),
    Lowering("max-runs-to-end", frozenset({Feature.MAX_RUNS}), frozenset({Feature.END_BOUND}), max_runs_to_end),
    Lowering("years-to-bounds", frozenset({Feature.CRON_YEARS}), _BOUNDS, years_to_bounds),
    Lowering("nth-to-both", frozenset({Feature.NTH_WEEKDAY}), frozenset({Feature.DAY_BOTH}), nth_to_both),
    Lowering("fixed-offset-to-utc", frozenset({Feature.TIMEZONE}), frozenset(), fixed_offset_to_utc),
    Lowering("hourly-to-utc", frozenset({Feature.TIMEZONE}), frozenset(), hourly_to_utc, where_closed=True),
    Lowering("drop-start", frozenset({Feature.START_BOUND}), frozenset(), drop_start),
)


def lower(schedule: Schedule, capabilities: Capabilities) -> tuple[Schedule, tuple[str, ...]]:
    """The schedule with what the target lacks rewritten away, as far as that is exact, and the passes that did it."""
    applied = []
    for one in PASSES:
        asked = {r.feature for r in requirements(schedule)} & one.removes
        always = one.eager or (one.where_closed and _is_closed(capabilities))
        wanted = any(always or _lacks(capabilities, feature) for feature in asked)
        if wanted and (result := one.rewrite(schedule)) is not None:
            schedule = result
            applied.append(one.name)
    return schedule, tuple(applied)


def _is_closed(capabilities: Capabilities) -> bool:
    return capabilities[Feature.FOLD_FIRST] == capabilities[Feature.FOLD_BOTH] == capabilities[Feature.FOLD_SECOND]


def _lacks(capabilities: Capabilities, feature: Feature) -> bool:
    """A start that is honoured with a caveat is better left out where that is exact."""
    answer = capabilities[feature]
    return isinstance(answer, No) or (feature is Feature.START_BOUND and answer.note is not None)


_REACHED = {
    Feature.INTERVAL: Feature.CRON,
    Feature.ONE_OFF: Feature.END_BOUND,
    Feature.MAX_RUNS: Feature.END_BOUND,
    Feature.CRON_YEARS: Feature.END_BOUND,
    Feature.TIMEZONE: Feature.CRON,
}
"""What a target must have for a pass to take a feature from a schedule."""


def rewritten(feature: Feature, capabilities: Capabilities) -> tuple[str, ...]:
    """The passes by which a schedule with a feature that a target lacks may still be exact there; none: no way."""
    needed = _REACHED.get(feature)
    if not isinstance(capabilities[feature], No) or needed is None or isinstance(capabilities[needed], No):
        return ()
    return tuple(one.name for one in PASSES if feature in one.removes)
