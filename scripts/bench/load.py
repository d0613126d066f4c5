"""The load of a year by the minute, for 100,000 and a million schedules of 30,000 distinct ones; nothing is listed."""

from __future__ import annotations

from functools import partial
from random import Random

from bench.figure import Figure, as_json, interleaved, spread
from bench.fleet import fleet
from schedc.lints.load import Bounded, load

FIRST = 20_454
"""The day number of 2026-01-01."""


def measure(distinct: int = 30_000) -> list[Figure]:
    every: list[Bounded] = [(one.trigger, None, None) for one in fleet(distinct, distinct)]
    pick = Random(3)
    figures = []
    for number, bound in ((100_000, 2.0), (1_000_000, 4.0)):
        triggers = every + [pick.choice(every) for _ in range(number - distinct)]
        runs = interleaved({"ours": partial(load, triggers, FIRST, 366, 10)}, 3)["ours"]
        what = f"a year of {number:,} schedules, at most {bound:g} s"
        figures.append(Figure("load-year", what, min(runs), None, bound / min(runs), "s", spread(runs)))
    return figures


if __name__ == "__main__":
    print(as_json(measure()))
