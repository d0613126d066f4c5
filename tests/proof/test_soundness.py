"""What compiles does fire at the schedule's instants, whenever it is applied; what is refused does differ."""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest
from proof_oracle import wrong
from proof_schedules import START, compiled, cron, is_sound, random_schedule
from schedc.ir import zones
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.triggers import Fold, Gap

_YEAR = 31_557_600
_SEEDS = int(os.environ.get("SCHEDC_ORACLE_SEEDS", "120"))


def origins(schedule: Schedule) -> list[int]:
    """Moments of application: around the start, and around the changes of the clock that follow."""
    where = zones.zone(schedule.timezone)
    start = START if schedule.start is None else schedule.start
    base = min(max(start, START), START + 8 * _YEAR)
    changes = [where.starts[i] for i in where.transitions(base, base + 2 * _YEAR)][:4]
    near = [at + d for at in changes for d in (-3600, -1, 0, 1800, 5400, 40_000, 9 * 86_400)]
    first = [start - 1000, start + 5000] if schedule.start is not None else [START]
    return [*first, base, *near]


def until(schedule: Schedule) -> int:
    start = START if schedule.start is None else schedule.start
    return max(start, START) + 4 * _YEAR


@pytest.mark.parametrize("seed", range(_SEEDS))
def test_a_random_schedule_fires_when_it_says(seed: int) -> None:
    one, name = random_schedule(Random(seed))
    if not is_sound(one):
        pytest.skip("the language refuses it")
    made = compiled(one, name)
    if made.deployed is not None:
        assert wrong(one, made.deployed.told, origins(one), until(one)) is None


Case = tuple[str, str, str, dict[str, Any], str]
SHIFT, SKIP, AFTER = {"gap": Gap.SHIFT}, {"gap": Gap.SKIP}, {"gap": Gap.RUN_AFTER}
CASES: dict[str, Case] = {
    # name: target, cron, zone, fields; "ok", or the code of the refusal
    "hourly weekday": ("airflow", "0 * * * 1", "Europe/Amsterdam", {}, "ok"),
    "hourly on the day of the change": ("airflow", "0 * * * 0", "Europe/Amsterdam", {}, "ok"),
    "hourly on both": ("airflow", "0 * * * 0,1", "Europe/Amsterdam", {}, "ok"),
    "hourly in one month": ("airflow", "0 * 15 4 *", "Europe/Amsterdam", {}, "ok"),
    "hourly days and changes": ("airflow", "59 * * * 0", "Australia/Lord_Howe", {}, "SC401"),
    "hourly looked back": ("airflow", "0 * 1,31 * *", "Africa/Cairo", {"start": 1_851_377_400}, "SC401"),
    "several in a gap": ("airflow", "*/15 2 * * *", "Europe/Amsterdam", {}, "ok"),
    "several in a gap, shifted": ("airflow", "*/15 2 * * *", "Europe/Amsterdam", SHIFT, "SC402"),
    "one in a gap, shifted": ("airflow", "30 2 * * *", "Europe/Amsterdam", SHIFT, "ok"),
    "one in a gap, skipped": ("airflow", "30 2 * * *", "Europe/Amsterdam", SKIP, "SC402"),
    "both passes": ("airflow", "30 2 * * *", "Europe/Amsterdam", {"fold": Fold.BOTH}, "SC402"),
    "second pass": ("airflow", "30 2 * * *", "Europe/Amsterdam", {"fold": Fold.SECOND}, "ok"),
    "first pass": ("airflow", "30 2 * * *", "Europe/Amsterdam", {"fold": Fold.FIRST}, "SC402"),
    "a run lost behind a gap": ("airflow", "15,30 2,3 * * *", "Europe/Amsterdam", {}, "SC401"),
    "start before a gap": ("airflow", "30 2 * * *", "Europe/Amsterdam", {"start": 1_774_661_400, **SHIFT}, "ok"),
    "cronjob skips": ("kubernetes", "30 2 * * *", "Europe/Amsterdam", SKIP, "ok"),
    "cronjob shifts": ("kubernetes", "30 2 * * *", "Europe/Amsterdam", SHIFT, "SC402"),
    "cronjob shifts onto a run": ("kubernetes", "30 2,3 * * *", "Europe/Amsterdam", SHIFT, "ok"),
    "cronjob runs both": ("kubernetes", "30 2 * * *", "Europe/Amsterdam", {"fold": Fold.BOTH}, "ok"),
    "cronjob second": ("kubernetes", "30 2 * * *", "Europe/Amsterdam", {"fold": Fold.SECOND}, "SC402"),
    "cronjob outside the change": ("kubernetes", "30 12 * * *", "Europe/Amsterdam", AFTER, "ok"),
    "Lord Howe": ("kubernetes", "15 12 * * *", "Australia/Lord_Howe", {}, "SC401"),
    "Lord Howe weekly": ("kubernetes", "0 0 * * 1", "Australia/Lord_Howe", {}, "ok"),
    "Chatham": ("kubernetes", "50 3 * * *", "Pacific/Chatham", {}, "SC401"),
    "Havana": ("kubernetes", "0 9 * * 6", "America/Havana", {}, "SC401"),
    "Havana daily": ("kubernetes", "0 9 * * *", "America/Havana", {}, "ok"),
    "Santiago": ("kubernetes", "0 12 * * 6", "America/Santiago", {}, "SC401"),
    "Cairo": ("kubernetes", "0 9 * * 5", "Africa/Cairo", {}, "SC401"),
    "Cairo the day before": ("kubernetes", "0 9 * * 4", "Africa/Cairo", {}, "SC401"),
    "Azores": ("kubernetes", "0 9 * * 6", "Atlantic/Azores", {}, "SC401"),
    "leap day": ("kubernetes", "0 0 29 2 *", "UTC", {}, "ok"),
    "leap day in the next century": ("kubernetes", "0 0 29 2 *", "UTC", {"start": None}, "ok"),
    "Kubeflow leap day in the next century": ("kubeflow", "0 0 29 2 *", "UTC", {"start": 4_102_444_800}, "SC405"),
    "Kubeflow leap day, far away": ("kubeflow", "0 0 29 2 *", "UTC", {"start": 10_500_000_000}, "SC405"),
    "Kubeflow leap day": ("kubeflow", "0 0 29 2 *", "UTC", {}, "SC405"),
    "Kubeflow leap day, ended late": ("kubeflow", "0 0 29 2 *", "UTC", {"end": 3_981_312_000}, "SC405"),
    "Kubeflow leap day, ended": ("kubeflow", "0 0 29 2 *", "UTC", {"end": 3_981_311_999}, "ok"),
    "Kubeflow Santiago": ("kubeflow", "0 12 * * 1-5", "America/Santiago", {}, "SC401"),
    "Kubeflow hourly": ("kubeflow", "30 * * * *", "Europe/Amsterdam", {"cluster": "UTC"}, "ok"),
    "Vertex": ("vertex", "30 12 * * *", "Europe/Amsterdam", {}, "ok"),
    "Vertex in a gap": ("vertex", "30 2 * * *", "Europe/Amsterdam", {}, "ok"),
    "Vertex in a declared gap": ("vertex", "30 2 * * *", "Europe/Amsterdam", SHIFT, "SC402"),
    "Vertex, as if by robfig": ("vertex", "*/9 3 * * *", "Australia/Lord_Howe", {}, "SC401"),
    "Vertex, as if by robfig, at noon": ("vertex", "15 12 * * *", "Australia/Lord_Howe", {}, "SC401"),
    "Vertex, as if by robfig, in Havana": ("vertex", "0 9 * * 6", "America/Havana", {}, "SC401"),
    "Vertex, alike in Havana": ("vertex", "0 9 * * *", "America/Havana", {}, "ok"),
    "Vertex, alike in Lord Howe": ("vertex", "0 0 * * 1", "Australia/Lord_Howe", {}, "ok"),
    "Vertex hourly": ("vertex", "0 * * * *", "Europe/Amsterdam", {}, "ok"),
    "Vertex hourly on a day": ("vertex", "0 * * * 1", "Europe/Amsterdam", {}, "SC402"),
    "years": ("airflow", "0 0 4 1 * * 2027-2028", "Europe/Amsterdam", {}, "ok"),
    "years and an end": ("airflow", "0 0 4 1 * * 2027-2028", "UTC", {"end": START + 9 * _YEAR}, "ok"),
    "a start far away": ("airflow", "30 2 * * *", "Europe/Amsterdam", {"start": 5_000_000_000, **SKIP}, "SC402"),
    "a start long ago": ("airflow", "30 4 * * *", "UTC", {"start": 100_000_000}, "ok"),
    "runs and an end": (
        "airflow",
        "0 4 * * *",
        "UTC",
        {"start": START, "end": START + _YEAR, "max_runs": 7, "catchup": Catchup.ALL},
        "ok",
    ),
    "promised": ("kubernetes", "0 4 * * *", "UTC", {"start": START, "applied_after": START + 1}, "ok"),
    "not promised": ("kubernetes", "0 4 * * *", "UTC", {"start": START, "applied_after": START}, "SC301"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_known_schedule_is_proved_or_refused(case: str) -> None:
    name, text, zone, fields, expected = CASES[case]
    given = dict(fields)
    given["options"] = {"kubeflow": {"cluster_timezone": given.pop("cluster", zone)}}
    one = cron(text, zone, **given)
    made = compiled(one, name)
    assert ("ok" if made.deployed else min(made.codes)) == expected, [d.message for d in made.found]
    if made.deployed is not None:
        assert wrong(one, made.deployed.told, origins(one), until(one)) is None


def test_the_end_of_a_search_after_the_proof_is_told() -> None:
    """Kubernetes finds no 29 February after 2096 and stops: nothing of the proof's years, and worth a warning."""
    found = compiled(cron("0 0 29 2 *", "UTC"), "kubernetes").found
    (told,) = [d for d in found if d.rule.code == "SC405"]
    assert not told.is_error
    assert "from 2096 on the next instant is in 2104" in told.message
    assert "it finds no next run and stops" in told.notes


WARNED = {
    "airflow": "does not exist, and runs at 2026-03-29 03:30+02:00; 2026-10-25 02:30 happens twice, and runs the sec",
    "kubernetes": "2026-03-29 02:30 does not exist, and no run starts; 2026-10-25 02:30 happens twice, and runs both",
    "kubeflow": "2026-03-29 02:30 does not exist, and no run starts; 2026-10-25 02:30 happens twice, and runs both",
    "vertex": "it is unknown what Vertex AI does",
}


@pytest.mark.parametrize("name", WARNED)
def test_an_open_change_is_told_with_what_the_target_does(name: str) -> None:
    one = cron("30 2 * * *", "Europe/Amsterdam", options={"kubeflow": {"cluster_timezone": "Europe/Amsterdam"}})
    found = [d.message for d in compiled(one, name).found if d.rule.code == "SC403"]
    assert len(found) == 1
    assert WARNED[name] in found[0]
