"""The CronJob controller itself, on a clock that is moved: what it does, worked out by hand, and told by the model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cronjob_runs import cron_job, differ, modelled, run

pytestmark = pytest.mark.engines

Ask = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
LAG = {"MissingJob", "UnexpectedJob"}
"""What the controller tells when it sees a Job, or that it is gone, before its own note of it."""
SEVEN_MINUTES = {"jobSeconds": 423}
FORBID = {"concurrencyPolicy": "Forbid"}


def at(text: str) -> int:
    """The seconds of `HH:MM[:SS]` on Monday 5 January 2026, or of `DD HH:MM` in that month."""
    day, time = text.split() if " " in text else ("05", text)
    return int(datetime.fromisoformat(f"2026-01-{day}T{time}").replace(tzinfo=UTC).timestamp())


def shown(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant, UTC):%m-%d %H:%M}"


def during(text: str, created: str, until: str, **fields: Any) -> dict[str, Any]:
    spans = {key: [[at(one) for one in fields.pop(key)]] for key in ("down", "suspended") if key in fields}
    return run(text, at(created), at(until), **spans, **fields)


# What the cluster does; the ticks that run, `at` the time at which they start if it is another; the events.
SCENARIOS: dict[str, tuple[dict[str, Any], list[str], str]] = {
    "each tick": (
        during(cron_job("*/10 * * * *"), "07:02:20", "07:35", jobSeconds=45),
        ["07:10", "07:20", "07:30"],
        "SawCompletedJob SuccessfulCreate",
    ),
    "a tick in the second of creation is not run": (
        during(cron_job("*/10 * * * *"), "07:10", "07:25"),
        ["07:20"],
        "SuccessfulCreate",
    ),
    "Forbid starts the newest missed tick late": (
        during(cron_job("*/5 * * * *", **FORBID), "07:02", "07:25", **SEVEN_MINUTES),
        ["07:05", "07:10 at 07:12", "07:15 at 07:19"],
        "JobAlreadyActive SawCompletedJob SuccessfulCreate",
    ),
    "Forbid and a start deadline skip": (
        during(cron_job("*/5 * * * *", **FORBID, startingDeadlineSeconds=60), "07:02", "07:32", **SEVEN_MINUTES),
        ["07:05", "07:15", "07:25"],
        "JobAlreadyActive SawCompletedJob SuccessfulCreate",
    ),
    "Replace stops the one that runs": (
        during(cron_job("*/5 * * * *", concurrencyPolicy="Replace"), "07:02", "07:18", **SEVEN_MINUTES),
        ["07:05", "07:10", "07:15"],
        "SuccessfulCreate SuccessfulDelete",
    ),
    "after an outage the newest missed tick starts once": (
        during(cron_job("0 * * * *"), "00:30", "11:30", down=("01:30", "09:40:20")),
        ["01:00", "09:00 at 09:40", "10:00", "11:00"],
        "SuccessfulCreate",
    ),
    "more than 100 missed ticks only make an event": (
        during(cron_job("* * * * *"), "00:00", "09:01:30", down=("00:00", "09:00:20")),
        ["09:00", "09:01"],
        "SuccessfulCreate TooManyMissedTimes",
    ),
    "an irregular schedule can lose even the newest": (
        during(cron_job("30 6-16/4 * * 1-5"), "09 00:00", "12 07:00", down=("09 07:00", "10 12:00")),
        ["09 06:30", "12 06:30"],
        "SuccessfulCreate",
    ),
    "a start deadline gives missed ticks up": (
        during(cron_job("0 * * * *", startingDeadlineSeconds=90), "00:30", "11:30", down=("01:30", "09:40:20")),
        ["01:00", "10:00", "11:00"],
        "SuccessfulCreate",
    ),
    "a start deadline of 0 starts nothing": (
        during(cron_job("0 * * * *", startingDeadlineSeconds=0), "00:30", "05:30"),
        [],
        "",
    ),
    "a start deadline of 1 starts all": (
        during(cron_job("0 * * * *", startingDeadlineSeconds=1), "00:30", "03:30"),
        ["01:00", "02:00", "03:00"],
        "SuccessfulCreate",
    ),
    "suspended": (during(cron_job("0 * * * *", suspend=True), "00:30", "05:30"), [], ""),
    "no longer suspended, it starts the newest missed tick at once": (
        during(cron_job("0 * * * *"), "00:30", "05:30", suspended=("01:30", "04:40:20")),
        ["01:00", "04:00 at 04:40", "05:00"],
        "SuccessfulCreate",
    ),
    "no longer suspended, but past the start deadline": (
        during(cron_job("0 * * * *", startingDeadlineSeconds=600), "00:30", "05:30", suspended=("01:30", "04:40:20")),
        ["01:00", "05:00"],
        "SuccessfulCreate",
    ),
    "@every counts from the creation": (
        during(cron_job("@every 40m"), "07:02", "08:30"),
        ["07:42", "08:22"],
        "SuccessfulCreate",
    ),
    "@every with a shorter start deadline never starts": (
        during(cron_job("@every 40m", startingDeadlineSeconds=600), "07:02", "10:30"),
        [],
        "",
    ),
    "a day that does not exist": (during(cron_job("59 23 31 2 *"), "07:02", "09:00"), [], "InvalidSchedule"),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_the_controller_does(kubernetes: Ask, name: str) -> None:
    question, ticks, events = SCENARIOS[name]
    (answer,) = kubernetes([question])
    pairs = [(tick.split(" at ")[0], tick.split(" at ")[-1]) for tick in ticks]
    assert [(shown(job["scheduled"]), shown(job["started"] // 1000)) for job in answer["jobs"]] == [
        (shown(at(tick)), shown(at(start))) for tick, start in pairs
    ]
    assert sorted({*answer["events"]} - LAG) == events.split()
    assert not differ(answer, modelled(question))


def test_a_search_that_is_stuck_never_runs_again(kubernetes: Ask) -> None:
    """In Chatham the clock changes at :45, and there the tick after 14:05 is 14:05: not even that one is run."""
    created, until = (int(datetime(2026, 4, day, 15, tzinfo=UTC).timestamp()) for day in (2, 9))
    question = run(cron_job("50 3 * * *", "Pacific/Chatham"), created, until)
    (answer,) = kubernetes([question])
    assert [shown(job["scheduled"]) for job in answer["jobs"]] == ["04-03 14:05"]
    assert answer["events"] == ["InvalidSchedule", "SuccessfulCreate"]
    assert not differ(answer, modelled(question))


def test_what_a_job_gets_where_the_cronjob_says_nothing(kubernetes: Ask) -> None:
    """What the reader of CronJobs fills in."""
    text = cron_job("0 * * * *").replace("backoffLimit: 0", "ttlSecondsAfterFinished: 60")
    assert "backoffLimit" not in text
    (answer,) = kubernetes([during(text, "00:30", "01:30")])
    job = answer["first"]["spec"]
    told = (job["backoffLimit"], job["completions"], job["completionMode"], job["suspend"])
    assert told == (6, 1, "NonIndexed", False)
