"""What is worth knowing about Kubeflow's controller, one fact a row. All times are UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
from schedc.engines import upcoming
from schedc.engines.kubeflow import FIRES_FOREVER, HANGS, Cron, Periodic, cron_times, next_run, periodic_times
from schedc.engines.model import CronError
from schedc.engines.robfig import read_v1
from schedc.ir.zones import UTC as UTC_ZONE


def at(text: str) -> int:
    """The seconds of `MM-DDTHH:MM[:SS]` in 2024."""
    return int(datetime.fromisoformat(f"2024-{text}").replace(tzinfo=UTC).timestamp())


CRON = [
    ("a start is exclusive", {"start": "05-01T00:00"}, ["05-02T00:00", "05-03T00:00"]),
    ("a second earlier includes it", {"start": "04-30T23:59:59"}, ["05-01T00:00", "05-02T00:00"]),
    ("an end is inclusive", {"start": "05-01T12:00", "end": "05-02T00:00"}, ["05-02T00:00"]),
    ("an end just before", {"start": "05-01T12:00", "end": "05-01T23:59:59"}, []),
    ("no start: from the creation", {}, ["04-21T00:00", "04-22T00:00"]),
    ("a past start is caught up", {"start": "04-18T12:00"}, ["04-19T00:00", "04-20T00:00"]),
    (
        "no_catchup runs the newest missed tick at once",
        {"start": "04-10T12:00", "no_catchup": True, "now": "04-20T12:00"},
        ["04-20T00:00", "04-21T00:00"],
    ),
    (
        "no_catchup after the end runs the last tick before it",
        {"start": "04-01T12:00", "end": "04-10T12:00", "no_catchup": True, "now": "04-20T12:00"},
        ["04-10T00:00"],
    ),
    ("the last run counts more than the start", {"start": "04-18T12:00", "last": "04-25T00:00"}, ["04-26T00:00"]),
]
PERIODIC = [
    ("the first run is a period after the start", {"start": "05-01T00:00"}, ["05-02T00:00", "05-03T00:00"]),
    ("no start: a period after the creation", {}, ["04-21T12:00", "04-22T12:00"]),
    ("an end is inclusive", {"start": "05-01T00:00", "end": "05-02T00:00"}, ["05-02T00:00"]),
    (
        "no_catchup moves to now",
        {"start": "04-01T00:00", "no_catchup": True, "now": "04-20T12:34"},
        ["04-20T12:34", "04-21T12:34"],
    ),
    (
        "no_catchup moves to the end where now is later",
        {"start": "04-01T00:00", "end": "04-10T06:00", "no_catchup": True, "now": "04-20T12:34"},
        ["04-10T06:00"],
    ),
]


@pytest.mark.parametrize(("given", "due"), [row[1:] for row in CRON], ids=[row[0] for row in CRON])
def test_a_cron_trigger(given: dict[str, Any], due: list[str]) -> None:
    times = cron_times(read_v1("0 0 0 * * *"), UTC_ZONE, at("04-20T12:00"), **arguments(given))
    assert list(islice(times, max(len(due), 1))) == [at(time) for time in due]


@pytest.mark.parametrize(("given", "due"), [row[1:] for row in PERIODIC], ids=[row[0] for row in PERIODIC])
def test_a_periodic_trigger(given: dict[str, Any], due: list[str]) -> None:
    times = periodic_times(86_400, at("04-20T12:00"), **arguments(given))
    assert list(islice(times, max(len(due), 1))) == [at(time) for time in due]


def arguments(given: dict[str, Any]) -> dict[str, Any]:
    return {key: at(value) if isinstance(value, str) else value for key, value in given.items()}


def test_the_api_server_wants_an_interval_of_a_second() -> None:
    with pytest.raises(CronError, match="invalid period schedule interval 0"):
        Periodic(0)


@pytest.mark.parametrize("text", ["0 0 0 30 2 *", "0 0 0 31 4 *", "0 , * * * *"])
def test_a_trigger_that_never_fires_fires_for_ever(text: str) -> None:
    trigger = Cron(read_v1(text))
    with pytest.raises(CronError) as catchup:
        next_run(trigger, 0, end=100)
    assert str(catchup.value) == FIRES_FOREVER
    with pytest.raises(CronError) as latest:
        next_run(trigger, 0, no_catchup=True, now=100)
    assert str(latest.value) == HANGS


def test_an_end_does_not_stop_what_fires_for_ever() -> None:
    leap_day, seen = read_v1("0 0 0 29 2 *"), int(datetime(2096, 2, 29, tzinfo=UTC).timestamp())
    assert next_run(Cron(leap_day), 0, last=seen - 1) == seen
    with pytest.raises(CronError, match="fires for ever"):
        next_run(Cron(leap_day), 0, last=seen, end=seen + 86_400)


def test_five_fields_are_read_from_the_seconds_on() -> None:
    found = upcoming("kubeflow", "0 2 * * *", "UTC", datetime(2026, 1, 1, tzinfo=UTC), 2)
    assert [f"{time:%H:%M:%S}" for time in found] == ["00:02:00", "01:02:00"]


def test_a_lost_midnight_ends_the_search() -> None:
    """Beirut has no midnight on 2026-03-29: the first of March after it is not found, and so it fires for ever."""
    with pytest.raises(CronError, match="fires for ever"):
        upcoming("kubeflow", "0 0 0 1 3 *", "Asia/Beirut", datetime(2026, 3, 1, tzinfo=UTC), 1)
