"""The model of Kubeflow's ScheduledWorkflow controller against the answers of its own code over robfig/cron v1.2.0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from conformance_cases import cases, seconds
from conformance_zones import zone_2025b
from schedc.engines.kubeflow import FIRES_FOREVER, cron_times, periodic_times
from schedc.engines.model import CronError
from schedc.engines.robfig import read_v1

CASES = Path(__file__).parent / "kubeflow_controller.jsonl.gz"


def test_every_case_is_answered_like_the_controller(tell: Callable[[str], None]) -> None:
    total, wrong = 0, []
    for case in cases(CASES):
        total += 1
        told = {"times": [seconds(time) for time in case["times"]], "status": case["status"]}
        if "error" in case:
            told["error"] = case["error"]
        modelled = answer(case)
        if modelled != told:
            wrong.append((case["id"], told, modelled))
    tell(f"Kubeflow controller with robfig/cron v1.2.0: {total} cases, {len(wrong)} mismatches")
    assert total == 1976
    assert not wrong, wrong[:5]


def answer(case: dict[str, Any]) -> dict[str, Any]:
    try:
        due = times(case)
    except CronError as error:
        return {"times": [], "status": "error", "error": str(error)}
    found: list[int] = []
    try:
        for time in islice(due, case["n"]):
            found.append(time)  # noqa: PERF402 - what was found before the controller hangs counts
    except CronError as error:
        return {"times": found, "status": "never_fires_zero_time" if str(error) == FIRES_FOREVER else "hang"}
    return {"times": found, "status": "ok" if len(found) == case["n"] else "ended"}


def times(case: dict[str, Any]) -> Iterator[int]:
    given = {key: seconds(case[key]) for key in ("start", "end", "last", "now") if key in case}
    created, no_catchup = seconds(case["created"]), case["no_catchup"]
    if "cron" in case:
        zone = zone_2025b(case["tz"] or "UTC")
        return cron_times(read_v1(case["cron"]), zone, created, no_catchup=no_catchup, **given)
    return periodic_times(case["interval_second"], created, no_catchup=no_catchup, **given)
