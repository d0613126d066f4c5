"""The verdicts of docs/comparison.md, on artifacts whose runs were worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from peer_answers import METAFLOW_TARGETS, ZENML_TARGETS, recorded, schedules
from peer_verdicts import RIGHT, reference, verdict
from schedc.ir.schedule import Schedule

WEEKLY = {"cron_expression": "5 14 * * 3"}
BOUNDED = {"cron_expression": "0 9 * * *", "start_time": "2026-03-01T00:00:00Z", "end_time": "2026-06-30T12:00:00Z"}
EVERY_90 = {"start_time": "2026-02-01T00:10:00Z", "interval_second": 5400}
AMSTERDAM = {"cron_expression": "30 2 * * *", "timezone": "Europe/Amsterdam"}
CRON = {"no_catchup": True, "trigger": {"cron_schedule": {"cron": "5 14 * * 3"}}}
_HOURLY = {"interval_second": 3600, "start_time": "2026-02-01T00:10:00Z"}
PERIODIC = {"no_catchup": False, "trigger": {"periodic_schedule": _HOURLY}}
DELTA = {"schedule": "PT1H30M", "start_date": "2026-02-01T00:10:00", "end_date": None, "catchup": False}

# 2026 and 2027 have 104 Wednesdays and 62 days of March; 2 years have 730 days, of which 122 are bounded.
VERDICTS: dict[str, tuple[dict[str, Any], str, dict[str, Any], str]] = {
    "the same text": (WEEKLY, "kubernetes", {"schedule": "5 14 * * 3"}, "right"),
    "in a zone that the schedule names": (
        AMSTERDAM,
        "argo",
        {"schedule": "30 2 * * *", "timezone": "Europe/Amsterdam"},
        "right",
    ),
    "neither pass of a time that a clock change repeats": (
        {"cron_expression": "30 2 25 10 *", "timezone": "Europe/Amsterdam"},
        "argo",
        {"schedule": "30 2 26 10 *", "timezone": "Europe/Amsterdam"},
        "loses 3 of 3 runs and adds 2, first 2026-10-25 00:30 UTC",
    ),
    "a day later": (
        WEEKLY,
        "argo",
        {"schedule": "5 14 ? * 4", "timezone": ""},
        "loses 104 of 104 runs and adds 105, first 2026-01-01 14:05 UTC",
    ),
    "seconds first: at 14:05 past each hour of each day in March": (
        WEEKLY,
        "kubeflow",
        CRON,
        f"loses 104 of 104 runs and adds {62 * 24}, first 2026-01-07 14:05 UTC",
    ),
    "no bounds": (
        BOUNDED,
        "kubernetes",
        {"schedule": "0 9 * * *"},
        f"drops start_time and end_time in silence: adds {730 - 122} runs to 122, first 2026-01-01 09:00 UTC",
    ),
    "the phase of the deployment": (
        EVERY_90,
        "airflow",
        DELTA,
        "right if deployed before its start, else loses 11161 of 11161 runs and adds 11161, first 2026-02-02 10:40 UTC",
    ),
    "a text that the engine refuses": (
        WEEKLY,
        "kubernetes",
        {"schedule": "5 14 * * 7"},
        "never runs; the engine: end of range (7) above maximum (6): 7",
    ),
    "a closed engine": (
        WEEKLY,
        "vertex",
        {"cron": "5 14 * * WED"},
        "right, if read as robfig/cron v3 and croniter read it",
    ),
    "a closed engine, and a text that others refuse": (
        WEEKLY,
        "vertex",
        {"cron": "5 14 * * 3L"},
        "cannot be told: not documented; robfig/cron v3 and croniter, which stand for it here, both refuse it",
    ),
    "a year more": (
        {"cron_expression": "0 0 9 1 1 * 2027"},
        "argo",
        {"schedule": "0 9 1 1 ?"},
        "adds 1 run to 1, first 2026-01-01 09:00 UTC",
    ),
}


def _schedule(fields: dict[str, Any]) -> Schedule:
    found = reference(fields, ()).schedule
    assert found is not None
    return found


@pytest.mark.parametrize("what", VERDICTS)
def test_a_verdict_says_what_was_lost(what: str) -> None:
    fields, target, sent, said = VERDICTS[what]
    assert verdict(_schedule(fields), target, {"sent": sent}).text == said


def test_an_hourly_run_is_no_run_every_25_hours() -> None:
    """And a periodic run of Kubeflow begins one interval late."""
    schedule = _schedule({"start_time": "2026-02-01T00:10:00Z", "interval_second": 90_000, "catchup": True})
    said = verdict(schedule, "kubeflow", {"sent": PERIODIC}, days=33).text
    assert said == "loses 1 of 2 runs and adds 46, first 2026-02-01 00:10 UTC"


def test_a_field_is_dropped_with_a_warning_or_without() -> None:
    schedule = _schedule({"cron_expression": "0 9 * * *", "start_time": "2026-01-01T00:00:00Z", "catchup": True})
    sent = {"cron": "0 9 * * *", "startTime": "2026-01-01T00:00:00Z"}
    assert verdict(schedule, "vertex", {"sent": sent}).text == "drops catchup in silence"
    assert verdict(schedule, "vertex", {"sent": sent, "warned": ["ignored"]}).text == "drops catchup with a warning"


def test_a_week_before_the_deployment_is_told() -> None:
    sent = {"schedule": "0 9 * * *", "start_date_seconds_ago": 604_800, "end_date": None, "catchup": True}
    assert (
        verdict(None, "airflow", {"sent": sent}, days=2).text
        == "passes it on; 9 runs, 7 of them before it was deployed"
    )


def test_every_schedule_was_asked() -> None:
    zenml, metaflow = recorded("zenml")["answers"], recorded("metaflow")["answers"]
    names = [one["name"] for one in schedules()]
    assert [name for name in names if set(zenml.get(name, {})) != set(ZENML_TARGETS)] == []
    wanted = [one["name"] for one in schedules() if "none" not in one["metaflow"]]
    assert [name for name in wanted if set(metaflow.get(name, {})) != set(METAFLOW_TARGETS)] == []


def test_what_schedc_calls_right_is_proved() -> None:
    found = reference(WEEKLY, ZENML_TARGETS).verdicts
    assert {one.kind for one in found.values()} == {RIGHT}
    assert (
        reference({"cron_expression": "60 9 * * *"}, ("airflow",)).verdicts["airflow"].text.startswith("refuses, SC107")
    )
