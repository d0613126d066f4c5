"""What other tools get wrong with a schedule, and what becomes of it here: the right instants, or a refusal."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from schedc.frontend.cron_expression import read_cron
from schedc.ir.occurrences import occurrences
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.triggers import Interval, Once

sys.path.insert(0, str(Path(__file__).parent / "proof"))
from proof_oracle import wrong
from proof_schedules import compiled, cron, schedule


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


NEW_YEAR = at("2026-01-01")
DAY = 86_400


def every(seconds: int, **fields: Any) -> Schedule:
    return schedule(Interval(NEW_YEAR, seconds), **fields)


ALL: dict[str, Any] = {"catchup": Catchup.ALL}
BOUNDS: dict[str, Any] = {"start": at("2026-02-01"), "end": at("2026-03-01")}
# what the other tool does: target, schedule, "" or the code of the refusal, text that must stand in the artifact
MISTAKES: dict[str, tuple[str, Schedule, str, str]] = {
    "days of an interval are dropped (1 day becomes 0)": ("kubeflow", every(DAY), "", '"cron": "0 0 0 * * *"'),
    "days of an interval are dropped (25 h become 1 h)": (
        "kubeflow",
        every(25 * 3600, **ALL),
        "",
        '"interval_second": "90000"',
    ),
    "an interval loses its phase": ("kubeflow", every(25 * 3600), "SC301", ""),
    "the first run of an interval is one interval late": (
        "kubeflow",
        every(25 * 3600, **ALL),
        "",
        '"start_time": "2025-12-30T23:00:00Z"',
    ),
    "90 seconds become one minute": ("kubernetes", every(90), "SC301", ""),
    "90 minutes become */90": ("kubernetes", every(5400), "SC301", ""),
    "start and end are dropped": ("kubernetes", cron("0 9 * * *", **BOUNDS), "SC301", ""),
    "catchup is dropped": ("kubernetes", cron("0 9 * * *", start=NEW_YEAR, **ALL), "SC301", ""),
    "an interval alone is an error at run time": ("vertex", every(129_600), "SC301", ""),
    "catchup is warned of and dropped": ("vertex", cron("0 9 * * *", start=NEW_YEAR, **ALL), "SC301", ""),
    "five fields are read seconds first": ("kubeflow", cron("0 2 * * *"), "", '"cron": "0 0 2 * * *"'),
    "the zone is dropped": ("kubernetes", cron("0 9 * * *", "Europe/Amsterdam"), "", "timeZone: Europe/Amsterdam"),
    "the zone is not set": ("kubernetes", cron("0 9 * * *"), "", "timeZone: UTC"),
    "the zone is dropped on Kubeflow": ("kubeflow", cron("0 9 * * *", "Europe/Amsterdam"), "SC301", ""),
    "the zone cannot be said": ("airflow", cron("0 9 * * *", "Europe/Amsterdam"), "", 'timezone="Europe/Amsterdam"'),
    "a start in Kubeflow is exclusive": (
        "kubeflow",
        cron("0 0 * * *", start=NEW_YEAR),
        "",
        '"start_time": "2025-12-31T23:59:59Z"',
    ),
    "one-off runs are dropped": ("kubernetes", schedule(Once(NEW_YEAR + 60)), "SC301", ""),
    "one-off runs never start": ("airflow", schedule(Once(NEW_YEAR + 60)), "", "end_date=datetime(2026, 1, 1, 0, 1"),
    "one-off runs start at once": ("kubeflow", schedule(Once(NEW_YEAR + 60)), "", '"end_time": "2026-01-01T00:01:00Z"'),
    "a week of backfill nobody asked for": ("airflow", cron("0 9 * * *", start=NEW_YEAR), "", "catchup=False"),
    "the start is the time of the compile": ("airflow", cron("0 9 * * *"), "", "start_date=datetime(2000, 1, 1"),
    "weekdays are counted from Sunday as 1": ("kubernetes", cron("0 9 ? * 2"), "", '"0 9 * * 2"'),
    "7 is no weekday": ("kubernetes", cron("0 0 * * 7"), "", '"0 0 * * 0"'),
    "the year is cut off": ("kubernetes", cron("0 0 9 * * * 2027"), "SC301", ""),
    "seconds are cut off": ("vertex", cron("30 0 9 * * *"), "SC301", ""),
    "either day becomes both": ("kubeflow", cron("0 0 1-31/2 * 1"), "", "0 0 1-31/2 * 1"),
    "both days become either": ("kubernetes", cron("0 0 1-7 * +1"), "SC301", ""),
    "both days on Kubeflow": ("kubeflow", cron("0 0 1-7 * +1"), "", "0 0 0 */31,1-7 * 1"),
    "runs in a local orchestrator at once": ("local", cron("0 9 * * *", deploy_to=("local",)), "SC301", ""),
    "a run in the container engine at once": ("local_docker", cron("0 9 * * *"), "SC301", ""),
    "Tekton is given a schedule": ("tekton", cron("0 9 * * *"), "SC301", ""),
    "29 February beyond what is searched": ("kubeflow", cron("0 0 29 2 *"), "SC405", ""),
    "paused is dropped": ("vertex", cron("0 9 * * *", paused=True), "SC301", ""),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_mistake_is_not_made(mistake: str) -> None:
    name, one, code, text = MISTAKES[mistake]
    made = compiled(one, name)
    if code:
        assert code in made.codes
        return
    assert made.deployed is not None, [d.message for d in made.found]
    assert text in "\n".join(made.files.values())
    applied = [NEW_YEAR + 5 * DAY, NEW_YEAR - DAY]
    assert wrong(one, made.deployed.told, applied, NEW_YEAR + 500 * DAY) is None


READ_IN_TWO_WAYS = (
    "59/15 * * * *",
    "0 0 */2 * 1",
    "0 0 * * 1/2",
    "30 5 1-1/3 * */2",
    "0 22-2 * * *",
    "0 0 * * fri-mon",
)


@pytest.mark.parametrize("text", READ_IN_TWO_WAYS)
def test_a_text_that_engines_read_in_two_ways_is_refused(text: str) -> None:
    calendar, mistakes = read_cron(text)
    assert calendar is None
    assert mistakes


def test_an_interval_counts_from_its_start() -> None:
    found = list(occurrences(every(25 * 3600).trigger, NEW_YEAR, NEW_YEAR + 3 * DAY))
    assert found == [NEW_YEAR, NEW_YEAR + 25 * 3600, NEW_YEAR + 50 * 3600]
