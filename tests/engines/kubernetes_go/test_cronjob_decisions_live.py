"""The model of the CronJob controller against the controller, on fresh random questions.

`SCHEDC_SEED` repeats a run, and `SCHEDC_QUESTIONS` sets how many questions there are.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from cronjob_runs import Tied, cron_job, differ, modelled, run
from schedc.engines.kubernetes import backlog, next_sync, read
from schedc.engines.model import CronError
from schedc.ir import zones

pytestmark = pytest.mark.engines

Ask = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
Tell = Callable[[str], None]
SEED = int(os.environ.get("SCHEDC_SEED") or random.SystemRandom().randrange(1 << 32))
QUESTIONS = int(os.environ.get("SCHEDC_QUESTIONS") or 3000)
DAY = 86_400
BEGIN = 1_767_225_600
ZONES = (
    *("UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "America/St_Johns", "America/Havana"),
    *("America/Santiago", "Africa/Cairo", "Asia/Beirut", "Atlantic/Azores", "Australia/Lord_Howe", "Pacific/Chatham"),
    *("Antarctica/Troll", "Africa/Casablanca"),
)
# fmt: off
SCHEDULES = (
    "*/5 * * * *", "0 * * * *", "30 2 * * *", "0 0 * * *", "30 6-16/4 * * 1-5", "15,45 9-17 * * 1-5", "0 3 1 * *",
    "0 12 * * 0", "7 */3 * * *", "0 1 1,15 * 3", "30 1 * * *", "59 23 * * *", "*/20 0-3 * * *", "@hourly", "@daily",
    "@every 90m", "@every 7h", "45 */2 * * 6", "0 9 * * 1-5", "50 3 * * *", "15 12 * * *",
)
RARE = ("0 0 29 2 *", "59 23 31 2 *", "0 0 30 2 *", "0 0 31 */2 *", "* * * * *")
# fmt: on


def near_a_change(pick: random.Random, zone: str) -> int:
    """A moment of six years, most often near a change of the clock."""
    changes = list(zones.zone(zone).transitions(BEGIN, BEGIN + 6 * 365 * DAY))
    if changes and pick.random() < 0.7:
        return zones.zone(zone).starts[pick.choice(changes)] + pick.randrange(-2 * DAY, 2 * DAY)
    return BEGIN + pick.randrange(6 * 365 * DAY)


def test_it_looks_back_like_the_controller(kubernetes: Ask, release: str, tell: Tell) -> None:
    pick = random.Random(f"{SEED} look back")
    asked: list[dict[str, Any]] = []
    expected, found, hang = [], 0, 0
    while len(asked) < QUESTIONS:
        question = looking_back(pick)
        try:
            answer = told_by_the_model(question)
        except CronError:
            hang += 1
            continue
        asked.append(question)
        expected.append(answer)
        found += answer["newest"] is not None
    answers = kubernetes(asked)
    wrong = [(q, told, answer) for q, told, answer in zip(asked, answers, expected, strict=True) if told != answer]
    tell(
        f"Kubernetes {release}, looking back: {len(asked)} questions, {found} ticks found, {len(wrong)} mismatches, "
        f"{hang} left out where the search has no end"
    )
    assert not wrong, (SEED, wrong[:3])
    assert found > QUESTIONS // 6
    assert hang < QUESTIONS // 10


def looking_back(pick: random.Random) -> dict[str, Any]:
    zone = pick.choice(ZONES)
    created = near_a_change(pick, zone)
    reach = pick.choice((600, 7200, DAY, 9 * DAY, 60 * DAY, 500 * DAY))
    now = created + pick.randrange(reach)
    return {
        "ask": "look back",
        "schedule": pick.choice(RARE) if pick.random() < 0.1 else pick.choice(SCHEDULES),
        "zone": zone,
        "created": created,
        "now": now,
        "last": pick.choice((None, pick.randrange(created, now + 1))),
        "deadline": pick.choice((None, None, 0, 1, 60, 3600, DAY, 10 * DAY)),
    }


def told_by_the_model(question: dict[str, Any]) -> dict[str, Any]:
    """In the words of the program. Raises `CronError` where the controller would hang."""
    reading, zone = read(question["schedule"]), zones.zone(question["zone"])
    moments = {key: question[key] for key in ("created", "now", "last")}
    answer: dict[str, Any]
    try:
        found = backlog(reading, zone, **moments, deadline=question["deadline"])
        answer = {"origin": found.origin, "newest": found.newest, "missed": found.missed}
    except CronError as error:
        if "hangs" in str(error):
            raise
        answer = {"newest": None, "missed": "none", "error": str(error)}
    wakes = next_sync(reading, zone, **moments)
    return {**answer, "wakes": None if wakes is None else wakes * 1000 + 100}


def test_it_starts_the_same_jobs_as_the_controller(kubernetes: Ask, release: str, tell: Tell) -> None:
    pick = random.Random(f"{SEED} runs")
    asked: list[dict[str, Any]] = []
    expected = []
    while len(asked) < QUESTIONS // 20:
        question = random_run(pick)
        try:
            expected.append(modelled(question))
        except (CronError, Tied):
            continue
        asked.append(question)
    answers = kubernetes(asked)
    wrong = [(q, told, jobs) for q, told, jobs in zip(asked, answers, expected, strict=True) if differ(told, jobs)]
    total = sum(map(len, expected))
    tell(f"Kubernetes {release}, controller: {len(asked)} random CronJobs, {total} Jobs, {len(wrong)} mismatches")
    assert not wrong, (SEED, wrong[:3])
    assert total > len(asked)


def random_run(pick: random.Random) -> dict[str, Any]:
    """A CronJob over half a day to two days, with an outage, a suspension, or Jobs that take long."""
    zone = pick.choice(ZONES)
    created = near_a_change(pick, zone) // 60 * 60 + pick.randrange(3, 57)
    until = created + pick.choice((DAY // 2, DAY, 2 * DAY))
    policy: dict[str, Any] = {"concurrencyPolicy": pick.choice(("Allow", "Forbid", "Replace"))}
    if pick.random() < 0.5:
        policy["startingDeadlineSeconds"] = pick.choice((0, 1, 30, 600, 7200, 2 * DAY))
    fields: dict[str, Any] = {"jobSeconds": pick.choice((0, 47, 423, 3671, 30_011))}
    for key in ("down", "suspended"):
        if pick.random() < 0.4:
            first = pick.randrange(created + 61, until - 7200)
            fields[key] = [(first, pick.randrange(first + 60, until) // 60 * 60 + pick.randrange(3, 57))]
    if pick.random() < 0.3:
        fields["last"] = created - pick.choice((1, 3600, 86_400, 700_000))
    text = pick.choice(RARE) if pick.random() < 0.1 else pick.choice(SCHEDULES)
    return run(cron_job(text, zone, **policy), created, until, **fields)
