"""One measured figure, and how it is measured: the least of interleaved runs, in processor time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from time import process_time


@dataclass(frozen=True, slots=True)
class Figure:
    """What one thing costs beside what was promised.

    `goal` names the promise, `what` is what was measured. `ours` and `peer` are in `unit`; `peer` is None where nothing
    else was asked, and then `ratio` is the promised bound divided by ours. In both cases a larger ratio is better.
    `spread` is the distance between the quartiles of our runs divided by their median.
    """

    goal: str
    what: str
    ours: float
    peer: float | None
    ratio: float
    unit: str
    spread: float


def interleaved(work: Mapping[str, Callable[[], object]], runs: int) -> dict[str, list[float]]:
    """The seconds of processor time of each piece of work, one run of each after the other, `runs` times."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(runs):
        for name, one in work.items():
            begin = process_time()
            one()
            taken[name].append(process_time() - begin)
    return taken


def spread(runs: Sequence[float]) -> float:
    """The distance between the quartiles, divided by the median."""
    if len(runs) < 2:
        return 0.0
    low, _, high = quantiles(runs, n=4)
    middle = median(runs)
    return (high - low) / middle if middle else 0.0


def as_json(figures: Sequence[Figure]) -> str:
    """The figures as JSON, numbers cut to four digits."""
    rows = [
        {name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in asdict(figure).items()}
        for figure in figures
    ]
    return json.dumps(rows, indent=2)
