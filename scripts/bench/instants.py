"""Instants: a year of thirty expressions, the next one, ten years counted; beside croniter, cronsim and robfig/cron.

Peers are asked for at most `_MOST` instants of an expression: what one more costs them does not depend on how many came
before. robfig/cron answers through the program of `tests/engines/robfig_go`, so its figures hold the writing of JSON.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from os import environ
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bench.figure import Figure, as_json, interleaved, spread
from schedc.engines.reference import read
from schedc.ir.occurrences import count, next_after, occurrences
from schedc.ir.triggers import Cron

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPRESSIONS = (
    "* * * * *",
    "*/2 * * * *",
    "*/5 * * * *",
    "*/7 * * * *",
    "*/15 * * * *",
    "0,30 * * * *",
    "0 * * * *",
    "17 * * * *",
    "*/10 8-18 * * 1-5",
    "0 */2 * * *",
    "0 */6 * * *",
    "30 2 * * *",
    "0 0 * * *",
    "5 4 * * *",
    "0 9 * * 1-5",
    "15 6,18 * * *",
    "0 12 * * 1",
    "5 14 * * 3",
    "30 1 * * 0",
    "0 0 1 * *",
    "30 5 15 * *",
    "0 0 1,15 * *",
    "0 3 L * *",
    "0 8 * * 1#1",
    "0 8 * * 5L",
    "0 22 * * 2#3",
    "0 0 1 1 *",
    "0 6 1 */3 *",
    "15 7 1-7 * *",
    "0 0 29 2 *",
)
ZONES = ("UTC", "America/New_York")
YEAR_START, YEAR_END = 1_830_297_600, 1_861_919_999
"""2028, which has a 29 February."""

_MOST = 40
_RUNS = 5
_PROGRAM = Path(__file__).parents[2] / "tests" / "engines" / "robfig_go"
_MICRO = 1e6


def measure() -> list[Figure]:
    """All figures; those beside robfig/cron are left out where there is no Go, or it cannot be built."""
    figures: list[Figure] = []
    with robfig() as ask:
        for zone in ZONES:
            figures += _of_a_year(zone, ask)
            figures += _next(zone, ask)
            figures.append(_counted(zone))
    return figures


def _of_a_year(zone: str, ask: Callable[[str, str, int, int], float] | None) -> list[Figure]:
    ours: list[float] = []
    runs: list[float] = []
    peers: dict[str, list[float]] = {}
    total = instants = 0.0
    for text in EXPRESSIONS:
        trigger = Cron(read(text).calendar, zone)
        number = count(trigger, YEAR_START, YEAR_END)
        sample = min(number, _MOST)
        work: dict[str, Callable[[], object]] = {
            "ours": partial(_times, 5, partial(_listed, trigger)),
            "croniter": partial(croniter_next, text, zone, sample),
            "cronsim": partial(cronsim_next, text, zone, sample),
        }
        taken = interleaved(work, _RUNS)
        ours.append(min(taken["ours"]) / 5 / number)
        runs.append(spread(taken["ours"]))
        total, instants = total + min(taken["ours"]) / 5, instants + number
        for peer in ("croniter", "cronsim"):
            peers.setdefault(peer, []).append(min(taken[peer]) / sample)
        if ask is not None and not set("L#") & set(text):
            each = [ask(text, zone, YEAR_START, sample) - ask(text, zone, YEAR_START, 0) for _ in range(_RUNS)]
            peers.setdefault("robfig", []).append(max(median(each), 1e-6) / sample)
            peers.setdefault("ours beside robfig", []).append(ours[-1])
    croniter_all = sum(each * number for each, number in zip(peers["croniter"], _numbers(zone), strict=True)) / instants
    found = [
        _figure("instants-year-all", f"{zone}: all expressions, beside croniter", total / instants, croniter_all, runs),
        _figure("instants-year-croniter", f"{zone}: median expression", median(ours), median(peers["croniter"]), runs),
        _figure("instants-year-cronsim", f"{zone}: median expression", median(ours), median(peers["cronsim"]), runs),
    ]
    if "robfig" in peers:
        beside = median(peers["ours beside robfig"])
        found.append(
            _figure("instants-year-robfig", f"{zone}: median expression", beside, median(peers["robfig"]), runs)
        )
    return found


def _times(number: int, work: Callable[[], object]) -> None:
    for _ in range(number):
        work()


def _listed(trigger: Cron) -> list[int]:
    return list(occurrences(trigger, YEAR_START, YEAR_END))


def _all_next(trigger: Cron, origins: Sequence[int]) -> list[int | None]:
    return [next_after(trigger, origin) for origin in origins]


def _croniter_all(text: str, zone: str, number: int, origins: Sequence[int]) -> list[list[Any]]:
    return [croniter_next(text, zone, number, origin) for origin in origins]


def _numbers(zone: str) -> list[int]:
    return [count(Cron(read(text).calendar, zone), YEAR_START, YEAR_END) for text in EXPRESSIONS]


def _next(zone: str, ask: Callable[[str, str, int, int], float] | None) -> list[Figure]:
    ours: list[float] = []
    runs: list[float] = []
    croniter_each: list[float] = []
    robfig_each: list[float] = []
    origins = [YEAR_START + 86_400 * 9 * number + 977 * number for number in range(40)]
    for text in EXPRESSIONS:
        trigger = Cron(read(text).calendar, zone)
        work: dict[str, Callable[[], object]] = {
            "ours": partial(_all_next, trigger, origins),
            "croniter": partial(_croniter_all, text, zone, 1, origins[:5]),
            "start": partial(_croniter_all, text, zone, 0, origins[:5]),
        }
        taken = interleaved(work, _RUNS)
        ours.append(min(taken["ours"]) / len(origins))
        runs.append(spread(taken["ours"]))
        croniter_each.append((min(taken["croniter"]) - min(taken["start"])) / 5)
        if ask is not None and not set("L#") & set(text):
            each = [ask(text, zone, YEAR_START, 40) - ask(text, zone, YEAR_START, 0) for _ in range(_RUNS)]
            robfig_each.append(max(median(each), 1e-6) / 40)
    found = [_figure("next-croniter", f"{zone}: median expression", median(ours), median(croniter_each), runs)]
    if robfig_each:
        found.append(_figure("next-robfig", f"{zone}: median expression", median(ours), median(robfig_each), runs))
    return found


def _counted(zone: str) -> Figure:
    triggers = [Cron(read(text).calendar, zone) for text in EXPRESSIONS]
    end = YEAR_START + 10 * 31_557_600
    taken = [interleaved({"ours": partial(count, trigger, YEAR_START, end)}, _RUNS)["ours"] for trigger in triggers]
    worst = max(min(each) for each in taken)
    return Figure(
        "count-ten-years",
        f"{zone}: slowest expression, at most 200 us",
        worst * _MICRO,
        None,
        200 / (worst * _MICRO),
        "us",
        median(map(spread, taken)),
    )


def _figure(goal: str, what: str, ours: float, peer: float, runs: Sequence[float]) -> Figure:
    return Figure(goal, what, ours * _MICRO, peer * _MICRO, peer / ours, "us an instant", median(runs))


def croniter_next(text: str, zone: str, number: int, start: int = YEAR_START) -> list[Any]:
    """So many answers of croniter, on a clock in the zone. Its last weekday is written `L5`."""
    from croniter import croniter

    weekday = text.split()[-1]
    if weekday.endswith("L"):
        text = f"{text[: -len(weekday)]}L{weekday[:-1]}"
    each = croniter(text, datetime.fromtimestamp(start, UTC).astimezone(ZoneInfo(zone)))
    return [each.get_next(datetime) for _ in range(number)]


def cronsim_next(text: str, zone: str, number: int) -> list[datetime]:
    """So many answers of cronsim."""
    from cronsim import CronSim

    each = CronSim(text, datetime.fromtimestamp(YEAR_START, UTC).astimezone(ZoneInfo(zone)))
    return [next(each) for _ in range(number)]


@contextmanager
def robfig() -> Iterator[Callable[[str, str, int, int], float] | None]:
    """Asks robfig/cron v3 for so many instants, and gives the seconds until its answer is there."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "robfig"
        try:
            subprocess.run(["go", "build", "-o", str(program), "."], cwd=_PROGRAM, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            yield None
            return
        zones = {**environ, "ZONEINFO": str(resources.files("tzdata").joinpath("zoneinfo"))}
        with subprocess.Popen(
            [program, "-worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=zones, text=True, bufsize=1
        ) as running:
            assert running.stdin is not None
            assert running.stdout is not None
            to, back = running.stdin, running.stdout

            def ask(text: str, zone: str, start: int, number: int) -> float:
                return _asked(to, back, text, zone, start, number)

            yield ask
            to.close()


def _asked(to: IO[str], back: IO[str], text: str, zone: str, start: int, number: int) -> float:
    question = {"engine": "v3", "cron": text, "zone": zone, "start": start, "count": number}
    begin = perf_counter()
    to.write(json.dumps(question) + "\n")
    to.flush()
    back.readline()
    return perf_counter() - begin


if __name__ == "__main__":
    print(as_json(measure()))
