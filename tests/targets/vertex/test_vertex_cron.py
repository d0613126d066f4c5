"""Vertex AI is given only text that every cron reads alike, and its model refuses anything else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from schedc import engines
from schedc.engines import CronError
from schedc.engines.vertex import possible_next, read
from schedc.ir.calendar import ALL_DAYS, ALL_WEEKDAYS, Calendar, mask, same
from schedc.targets.vertex.cron import cron_text

NINE: dict[str, Any] = {"minutes": 1, "hours": mask([9])}


@pytest.mark.parametrize(
    ("calendar", "text"),
    [
        (Calendar(**NINE, weekdays=mask([3])), "TZ=UTC 0 9 * * 3"),
        (Calendar(**NINE, weekdays=mask(range(1, 6))), "TZ=UTC 0 9 * * 1,2,3,4,5"),
        (Calendar(minutes=mask(range(0, 60, 15))), "TZ=UTC 0,15,30,45 * * * *"),
        (Calendar(**NINE, days=mask([1, 15]), months=mask([6])), "TZ=UTC 0 9 1,15 6 *"),
        (Calendar(**NINE, days=ALL_DAYS, weekdays=mask([1]), either=True), "TZ=UTC 0 9 * * *"),
        (Calendar(**NINE, days=mask([1]), weekdays=ALL_WEEKDAYS, either=True), "TZ=UTC 0 9 * * *"),
        (Calendar(**NINE, days=mask([30]), months=mask([4]), weekdays=mask([1])), None),
        (Calendar(**NINE, days=mask([13]), weekdays=mask([5]), either=True), None),
        (Calendar(**NINE, days=0, last_day=True), None),
        (Calendar(**NINE, days=0, last_day=True, months=mask([1])), None),
        (Calendar(**NINE, weekdays=0, nth_weekdays=2), None),
        (Calendar(**NINE, seconds=2), None),
        (Calendar(**NINE, years=(2027,)), None),
    ],
)
def test_texts(calendar: Calendar, text: str | None) -> None:
    assert cron_text(calendar, "UTC") == text
    if text is not None:
        assert same(read(text).calendar, calendar)


@pytest.mark.parametrize(
    "text",
    [
        "0 9 * * *",
        "CRON_TZ=UTC 0 9 * * *",
        "TZ=Mars 0 9 * * *",
        "TZ=UTC 0 9 * *",
        "TZ=UTC 0 0 9 * * *",
        "TZ=UTC  0 9 * * *",
        "TZ=UTC 0 9 * * 7",
        "TZ=UTC 0 9 * * MON",
        "TZ=UTC 0 9 * * 1-5",
        "TZ=UTC */5 * * * *",
        "TZ=UTC 0 9 1 * 1",
        "TZ=UTC 60 9 * * *",
        "TZ=UTC 00 9 * * *",
        "TZ=UTC 0,, 9 * * *",
        "TZ=UTC @daily",
        "",
    ],
)
def test_what_is_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(CronError):
        read(text)


@pytest.mark.parametrize(
    ("text", "after", "ways"),
    [
        ("TZ=Europe/Amsterdam 30 2 * * *", datetime(2026, 3, 27, 12, tzinfo=UTC), 1),
        ("TZ=Europe/Amsterdam 30 2 * * *", datetime(2026, 3, 28, 12, tzinfo=UTC), 3),
        ("TZ=Europe/Amsterdam 30 2 * * *", datetime(2026, 10, 24, 12, tzinfo=UTC), 2),
        ("TZ=Europe/Amsterdam 0 9 * * *", datetime(2026, 3, 28, 12, tzinfo=UTC), 1),
        ("TZ=UTC 30 2 * * *", datetime(2026, 3, 28, 12, tzinfo=UTC), 1),
    ],
)
def test_the_readings_differ_only_in_gaps_and_folds(text: str, after: datetime, ways: int) -> None:
    assert len(possible_next(read(text), int(after.timestamp()))) == ways
    if ways == 1:
        assert len(engines.upcoming("vertex", text, "UTC", after, 1)) == 1
    else:
        with pytest.raises(CronError, match="nothing documents"):
            engines.upcoming("vertex", text, "UTC", after, 1)
