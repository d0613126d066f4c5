"""croniter up to 6.0 looks for a day by jumping, and its jumps can pass over a day that matches.

It loses 1 March where a field holds 1 and 31, for instance. What it finds depends on the day from which it looks, so it
is asked from every day: of four years, or where weekdays are restricted too of 28, after which the calendar repeats.
"""

from __future__ import annotations

from functools import lru_cache

from schedc.diagnostics import rules
from schedc.engines.croniter import Reading, next_wall
from schedc.engines.model import CronError
from schedc.ir.occurrences import literal
from schedc.ir.stamps import short_wall
from schedc.proof.clock import Clock
from schedc.proof.findings import TRIGGER, Findings
from schedc.proof_range import PROOF_START

_DAY = 86_400


def prove_day_search(clock: Clock, title: str, sink: Findings) -> None:
    """Tell the sink of a day that one of the engine's searches passes over."""
    for reading in clock.jumping:
        lost = _lost(reading)
        if lost is not None:
            sink.add(
                rules.FIRES_OTHERWISE,
                f"{title} would not fire at {short_wall(lost)}, which the schedule does",
                TRIGGER,
                notes=(f"croniter {reading.family} and older pass over that day when they look for the next one",),
                help='install croniter 6.2 or later there, and say so: targets: {airflow: {croniter: ">=6.2"}}',
            )
            return


@lru_cache(maxsize=256)
def _lost(reading: Reading) -> int | None:
    years = 4 if reading.calendar.full_weekdays else 28
    begin = PROOF_START
    end = begin + years * 366 * _DAY
    matches = iter(literal(reading.calendar, begin, end))
    expected = next(matches, None)
    for day in range(begin, end - 366 * _DAY, _DAY):
        while expected is not None and expected < day:
            expected = next(matches, None)
        try:
            found = next_wall(reading, day - 1)
        except CronError:
            return expected
        if found != expected:
            return expected
    return None
