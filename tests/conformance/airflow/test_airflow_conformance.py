"""Every answer that Airflow 3.3.2 with croniter 7.0.0 gave, compared with the model's.

`cases.jsonl.gz` holds one question a line and, for each timetable, the runs as differences (the first from 0); where
`run_after` is left out it equals `logical`. `other_on_2` and `other_on_6` mark the answers that Airflow 2.11.2 with the
same croniter, or Airflow 3.3.2 with croniter 6.2.4, gave differently. Zones are those of tzdata 2025b.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from conformance_zones import zone_2025b
from schedc.engines import airflow
from schedc.engines.model import CronError

_CASES = Path(__file__).with_name("cases.jsonl.gz")
_TIMETABLES = ("CronDataInterval", "CronTrigger", "DeltaDataInterval", "DeltaTrigger", "MultipleCronTrigger")


@cache
def _cases() -> tuple[dict[str, Any], ...]:
    with gzip.open(_CASES, "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


def _timetable(kind: str, case: dict[str, Any], family: str) -> airflow.Timetable:
    match kind:
        case "DeltaTrigger":
            return airflow.DeltaTrigger(case["seconds"])
        case "DeltaDataInterval":
            return airflow.DeltaDataInterval(case["seconds"])
    readings = tuple(airflow.read(text, family) for text in case["crons"])
    match kind:
        case "CronTrigger":
            return airflow.CronTrigger(*readings)
        case "CronDataInterval":
            return airflow.CronDataInterval(*readings)
        case "MultipleCronTrigger":
            return airflow.MultipleCronTrigger(readings)
    raise LookupError(kind)


def _answer(kind: str, case: dict[str, Any], family: str = "7", major: int = 3) -> dict[str, Any]:
    runs: list[airflow.Run] = []
    answer: dict[str, Any] = {"runs": runs, "done": False, "stage": None, "error": ""}
    try:
        timetable = _timetable(kind, case, family)
    except CronError as error:
        return answer | {"stage": "validate", "error": str(error)}
    zone = zone_2025b(case["zone"])
    now = case.get("now", 0)
    try:
        while len(runs) < case["count"]:
            run = airflow.next_dagrun(
                timetable,
                zone,
                start=case.get("start"),
                end=case.get("end"),
                catchup=case["catchup"],
                last=runs[-1] if runs else None,
                now=now,
                major=major,
            )
            if run is None:
                return answer | {"done": True}
            runs.append(run)
            now = max(now, run[1])
    except CronError as error:
        return answer | {"stage": "next_dagrun_info", "error": str(error)}
    return answer


def _expected(expect: dict[str, Any]) -> dict[str, Any]:
    logical = list(accumulate(expect.get("logical", [])))
    run_after = list(accumulate(expect["run_after"])) if "run_after" in expect else logical
    return {
        "runs": list(zip(logical, run_after, strict=True)),
        "done": expect.get("done", False),
        "stage": expect.get("stage"),
    }


def _instants(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: answer[key] for key in ("runs", "done", "stage")}


def test_every_case_is_answered_as_airflow_did(tell: Callable[[str], None]) -> None:
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for case in _cases():
        counts["cases"] += 1
        for kind, expect in case["expect"].items():
            counts["sequences"] += 1
            counts[kind] += 1
            answer = _answer(kind, case)
            if _instants(answer) != _expected(expect):
                wrong.append(f"{case['id']} {kind}: {answer}, Airflow {_expected(expect)}")
    found = f"{counts['cases']} cases, {counts['sequences']} sequences, {len(wrong)} mismatches"
    tell(f"Airflow 3.3.2 with croniter 7.0.0: {found}")
    assert not wrong, "\n".join(wrong[:10])
    assert counts["cases"] == 1897
    assert {kind: counts[kind] for kind in _TIMETABLES} == {
        "CronDataInterval": 1662,
        "CronTrigger": 1662,
        "DeltaDataInterval": 175,
        "DeltaTrigger": 175,
        "MultipleCronTrigger": 60,
    }


def test_every_refusal_has_the_reason_that_croniter_gives() -> None:
    wrong = []
    checked = 0
    for case in _cases():
        for kind, expect in case["expect"].items():
            if "error" not in expect:
                continue
            checked += 1
            reason = _answer(kind, case)["error"]
            # Airflow names the instant in the middle of its own sentence.
            if reason not in expect["error"] and "did not advance past" not in expect["error"]:
                wrong.append(f"{case['id']} {kind}: {reason!r}, Airflow {expect['error']!r}")
    assert not wrong, "\n".join(wrong)
    assert checked == 97


@pytest.mark.parametrize(
    ("family", "major", "mark", "absent"),
    [
        pytest.param("6.2", 3, "other_on_6", (), id="croniter 6.2.4"),
        # Airflow 2.11 has no MultipleCronTriggerTimetable: nothing was asked of it.
        pytest.param("7", 2, "other_on_2", ("MultipleCronTrigger",), id="Airflow 2.11.2"),
    ],
)
def test_an_older_release_answers_differently_exactly_where_it_did(
    family: str, major: int, mark: str, absent: tuple[str, ...], tell: Callable[[str], None]
) -> None:
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for case in _cases():
        for kind, expect in case["expect"].items():
            if kind in absent:
                continue
            counts["sequences"] += 1
            other = _instants(_answer(kind, case, family, major)) != _expected(expect)
            counts["other"] += other
            if other != expect.get(mark, False):
                wrong.append(f"{case['id']} {kind}")
    release = "Airflow 2.11.2" if major == 2 else "Airflow 3.3.2 with croniter 6.2.4"
    tell(f"{release}: {counts['sequences']} sequences, {len(wrong)} mismatches ({counts['other']} differ from today)")
    assert not wrong, wrong[:10]
    assert counts["other"] > 50
