"""The model of robfig/cron v3.0.1 against the engine's own answers, asked for as the CronJob controller does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from conformance_cases import cases, seconds
from conformance_zones import zone_2025b
from schedc.engines.model import CronError
from schedc.engines.robfig import next_v3, read_v3
from schedc.ir.zones import UnknownZone

CASES = Path(__file__).parent / "robfig_v3.jsonl.gz"


def test_every_case_is_answered_like_the_engine(tell: Callable[[str], None]) -> None:
    total, wrong = 0, []
    for case in cases(CASES):
        total += 1
        told = expected(case["expect"])
        modelled = answer(case)
        if modelled != told:
            wrong.append((case["id"], case["cron"], case["tz"], told, modelled))
    tell(f"robfig/cron v3.0.1: {total} cases, {len(wrong)} mismatches")
    assert total == 5922
    assert not wrong, wrong[:5]


def expected(expect: dict[str, Any]) -> dict[str, Any]:
    """The engine's answer with its times as seconds. `every` is left out: the fires say it too."""
    told = {key: value for key, value in expect.items() if key != "every"}
    if "fires" in told:
        told["fires"] = [seconds(time) for time in told["fires"]]
    if told.get("stage") in ("tz", "hang"):
        # Not the engine's words: a zone is looked up before the engine is asked, and a hang is the asker's time-out.
        del told["error"]
    return told


def answer(case: dict[str, Any]) -> dict[str, Any]:
    try:
        zone = zone_2025b(case["tz"])
    except UnknownZone:
        return {"stage": "tz"}
    try:
        reading = read_v3(case["cron"])
    except CronError as error:
        text = str(error)
        if text.startswith("panics: "):
            return {"error": text.removeprefix("panics: "), "stage": "panic"}
        return {"error": text, "stage": "parse"}
    fires: list[int] = []
    t: int | None = seconds(case["start"])
    try:
        while t is not None and len(fires) < case["n"]:
            t = next_v3(reading, zone, t)
            if t is not None:
                fires.append(t)
    except CronError:
        return {"stage": "hang"}
    return {**({"fires": fires} if fires else {}), **({"exhausted": True} if t is None else {})}
