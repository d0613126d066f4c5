"""What the CronJob controller decides, on cases worked out by hand from its code. All times are UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from schedc.engines import upcoming
from schedc.engines.kubernetes import (
    Decision,
    Policy,
    backlog,
    job_name,
    missed_run,
    next_sync,
    read,
    schedule_problem,
    time_zone_problem,
)
from schedc.engines.model import CronError
from schedc.ir.zones import UTC as UTC_ZONE
from schedc.ir.zones import zone


def at(text: str) -> int:
    """The seconds of `DD HH:MM[:SS]` in January 2026, whose first day is a Thursday."""
    day, time = text.split()
    return int(datetime.fromisoformat(f"2026-01-{day}T{time}").replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("schedule", "created", "last", "now", "deadline", "policy", "active", "decision"),
    [
        # On time.
        ("*/5 * * * *", "05 07:02", None, "05 07:05", None, "Allow", 0, Decision("start", at("05 07:05"))),
        ("*/5 * * * *", "05 07:02", "05 07:05", "05 07:09", None, "Allow", 0, Decision("nothing due")),
        # A tick in the second of creation is not run.
        ("*/5 * * * *", "05 07:05", None, "05 07:05:30", None, "Allow", 0, Decision("nothing due")),
        # At most one Job, the newest missed tick.
        ("0 * * * *", "05 00:30", None, "05 09:40", None, "Allow", 0, Decision("start", at("05 09:00"))),
        (
            *("* * * * *", "05 00:00", None, "05 09:00", None, "Allow", 0),
            Decision("start", at("05 09:00"), too_many_missed=True),
        ),
        # It looks back only about twice the distance of two ticks: nothing is caught up after a Friday night.
        ("30 6-16/4 * * 1-5", "09 00:00", "09 06:30", "10 12:00", None, "Allow", 0, Decision("nothing due")),
        ("30 6-16/4 * * 1-5", "09 00:00", "09 06:30", "09 15:00", None, "Allow", 0, Decision("start", at("09 14:30"))),
        # startingDeadlineSeconds.
        ("0 * * * *", "05 00:30", None, "05 09:01", 90, "Allow", 0, Decision("start", at("05 09:00"))),
        ("0 * * * *", "05 00:30", None, "05 09:02", 90, "Allow", 0, Decision("nothing due")),
        ("0 * * * *", "05 00:30", None, "05 09:00", 0, "Allow", 0, Decision("nothing due")),
        ("0 * * * *", "05 00:30", None, "05 09:00", 1, "Allow", 0, Decision("start", at("05 09:00"))),
        # Policies.
        (
            "*/5 * * * *",
            "05 07:02",
            "05 07:05",
            "05 07:10",
            None,
            "Forbid",
            1,
            Decision("still active", at("05 07:10")),
        ),
        ("*/5 * * * *", "05 07:02", "05 07:05", "05 07:12", None, "Forbid", 0, Decision("start", at("05 07:10"))),
        ("*/5 * * * *", "05 07:02", "05 07:05", "05 07:12", 60, "Forbid", 0, Decision("nothing due")),
        (
            *("*/5 * * * *", "05 07:02", "05 07:05", "05 07:10", None, "Replace", 1),
            Decision("start", at("05 07:10"), replaces_active=True),
        ),
        # @every counts from the creation; with a shorter deadline its time never comes.
        ("@every 40m", "05 07:02", None, "05 07:42", None, "Allow", 0, Decision("start", at("05 07:42"))),
        ("@every 40m", "05 07:02", None, "05 07:42", 600, "Allow", 0, Decision("nothing due")),
        # A day that does not exist.
        ("59 23 31 2 *", "05 07:02", None, "05 07:42", None, "Allow", 0, Decision("invalid schedule")),
        (", * * * *", "05 07:02", None, "05 07:42", None, "Allow", 0, Decision("invalid schedule")),
    ],
)
def test_what_one_sync_does(
    schedule: str,
    created: str,
    last: str | None,
    now: str,
    deadline: int | None,
    policy: Policy,
    active: int,
    decision: Decision,
) -> None:
    made = missed_run(
        read(schedule),
        UTC_ZONE,
        created=at(created),
        last=at(last) if last else None,
        now=at(now),
        deadline=deadline,
        policy=policy,
        active=active,
    )
    assert made == decision


@pytest.mark.parametrize(
    ("schedule", "last", "now", "expected"),
    [
        ("0 * * * *", "05 08:00", "05 08:00:01", "05 09:00"),
        ("0 * * * *", "05 08:00", "05 08:59", "05 09:00"),
        ("0 * * * *", "05 03:00", "05 08:59", "05 09:00"),
        ("30 6-16/4 * * 1-5", "09 06:30", "10 12:00", "12 06:30"),
    ],
)
def test_what_it_waits_for(schedule: str, last: str, now: str, expected: str) -> None:
    waits = next_sync(read(schedule), UTC_ZONE, created=at("01 00:00"), last=at(last), now=at(now))
    assert waits == at(expected)


def test_an_impossible_schedule_is_called_invalid() -> None:
    with pytest.raises(CronError, match="less than 1 second"):
        backlog(read("0 0 31 2 *"), UTC_ZONE, created=0, now=100)


def test_a_stuck_search_is_called_invalid() -> None:
    """Chatham's clock changes at :45; there Next(t) can be t, and the CronJob never runs again."""
    stuck = int(datetime(2026, 4, 4, 14, 5, tzinfo=UTC).timestamp())
    decision = missed_run(read("50 3 * * *"), zone("Pacific/Chatham"), created=0, last=stuck, now=stuck + 86_400)
    assert decision == Decision("invalid schedule")


def test_job_names_tell_the_minute() -> None:
    assert job_name("weekly-churn", at("05 07:05")) == "weekly-churn-29459945"


@pytest.mark.parametrize(
    ("schedule", "problem"),
    [
        ("5 14 * * 3", None),
        ("@every 90m", None),
        (", * * * *", None),
        ("59 23 31 2 *", None),
        ("", "Required value"),
        ("* * * * 7", "end of range (7) above maximum (6): 7"),
        ("0 0 * * * *", "expected exactly 5 fields, found 6: [0 0 * * * *]"),
        ("@reboot", "unrecognized descriptor: @reboot"),
        ("TZ=UTC 0 0 * * *", "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"),
        ("CRON_TZ=UTC", "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"),
    ],
)
def test_schedules_that_the_api_server_refuses(schedule: str, problem: str | None) -> None:
    assert schedule_problem(schedule) == problem


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (None, None),
        ("Europe/Amsterdam", None),
        ("America/Argentina/Buenos_Aires", None),
        ("Etc/GMT+5", None),
        ("", "timeZone must be nil or non-empty string"),
        ("local", "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"),
        ("europe/amsterdam", "unknown time zone europe/amsterdam"),
        ("../etc/passwd", "unknown time zone ../etc/passwd"),
        ("Mars/Phobos", "unknown time zone Mars/Phobos"),
        ("-UTC", "unknown time zone -UTC"),
        ("Europe/", "unknown time zone Europe/"),
    ],
)
def test_time_zones_that_the_api_server_refuses(name: str | None, problem: str | None) -> None:
    assert time_zone_problem(name) == problem


def test_it_can_be_asked_by_name() -> None:
    after = datetime(2026, 11, 1, tzinfo=UTC)
    found = upcoming("kubernetes", "30 1 * * 0", "America/New_York", after, 3)
    assert [f"{time:%m-%d %H:%M}" for time in found] == ["11-01 05:30", "11-01 06:30", "11-08 06:30"]
