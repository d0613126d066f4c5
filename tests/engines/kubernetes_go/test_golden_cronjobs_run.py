"""The golden CronJobs under the controller itself: the Jobs that it starts are the instants of their schedules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from cronjob_runs import differ, modelled, run
from golden_cases import cases, compiled
from proof_oracle import compare
from schedc.ir.occurrences import next_after, occurrences
from schedc.ir.schedule import Catchup, Overlap, Schedule

pytestmark = pytest.mark.engines

Ask = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
Tell = Callable[[str], None]
DAY = 86_400


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


CLOCK_CHANGES = (at("2026-03-29T01:00"), at("2026-10-25T01:00"))
LATER = (at("2027-03-28T01:00"), at("2027-10-31T01:00"))
"""For what is promised not to be applied before the end of 2026."""


def artifacts() -> list[tuple[str, Schedule, str]]:
    """The name, the schedule and the CronJob of each golden artifact."""
    return [
        (f"{case.name}/{output.schedule.name}", output.schedule, artifact.text)
        for case in cases()
        for output in compiled(case).compilation.outputs
        if output.target == "kubernetes"
        for artifact in output.artifacts
    ]


def windows(schedule: Schedule) -> list[tuple[int, int]]:
    """A day before and after each clock change in Europe, and about the first instant that follows them."""
    changes = LATER if schedule.applied_after else CLOCK_CHANGES
    found = [(change - DAY + 30, change + DAY + 30) for change in changes]
    following = next_after(schedule.trigger, found[-1][1])
    assert following is not None
    return [*found, (following - 7230, following + 7230)]


def test_the_jobs_are_the_instants_of_the_schedule(kubernetes: Ask, release: str, tell: Tell) -> None:
    asked = [(name, one, run(text, *span, jobSeconds=45)) for name, one, text in artifacts() for span in windows(one)]
    jobs, wrong = 0, []
    for (name, schedule, question), answer in zip(asked, kubernetes([q for *_, q in asked]), strict=True):
        started = [job["scheduled"] for job in answer["jobs"]]
        jobs += len(started)
        created, until = question["created"], question["until"]
        if schedule.paused:
            parted = ("paused", started[0]) if started else None
        else:
            parted = compare(schedule, started, created + 1, until)
        late = [job for job in answer["jobs"] if job["started"] - job["scheduled"] * 1000 != 100]
        if parted or late or differ(answer, modelled(question)):
            wrong.append((name, parted, late[:1], question["created"]))
    names = {name for name, *_ in asked}
    tell(
        f"Kubernetes {release}, controller: {len(names)} CronJobs, {jobs} Jobs at their instants, "
        f"{len(wrong)} mismatches"
    )
    assert not wrong, wrong[:5]
    assert len(names) >= 40
    assert jobs > 5000


def test_the_job_holds_what_the_cronjob_says(kubernetes: Ask) -> None:
    """And names the scheduled time, from which `scheduled_time` is told."""
    asked = [(name, text, run(text, *windows(one)[2])) for name, one, text in artifacts() if not one.paused]
    for (name, text, _), answer in zip(asked, kubernetes([q for *_, q in asked]), strict=True):
        document = yaml.safe_load(text)
        template, job, first = document["spec"]["jobTemplate"]["spec"], answer["first"], answer["jobs"][0]
        assert first["name"] == f"{document['metadata']['name']}-{first['scheduled'] // 60}"
        assert holds(job["spec"], template), name


def holds(stored: Any, written: Any) -> bool:
    if isinstance(written, dict):
        return all(key in stored and holds(stored[key], value) for key, value in written.items())
    if isinstance(written, list):
        return len(stored) == len(written) and all(map(holds, stored, written))
    return bool(stored == written)


def test_missed_runs_are_caught_up_as_declared(kubernetes: Ask, release: str, tell: Tell) -> None:
    """No controller runs from 01:30 on the first day to 23:10 on the second."""
    begin = at("2026-12-07T00:00:30")
    down = (begin + 5400, begin + DAY + 23 * 3600 + 600)
    asked = [
        (name, one, run(text, begin, begin + 2 * DAY, jobSeconds=45, down=[down]))
        for name, one, text in artifacts()
        if name.startswith("catchup/")
    ]
    ran = []
    for (name, schedule, question), answer in zip(asked, kubernetes([q for *_, q in asked]), strict=True):
        missed = list(occurrences(schedule.trigger, down[0], down[1] - 1))
        started = [job["scheduled"] for job in answer["jobs"] if job["scheduled"] in missed]
        assert missed, name
        wanted: dict[Catchup, list[list[int]]] = {
            Catchup.NONE: [[]],
            Catchup.LATEST: [missed[-1:]],
            Catchup.FALSE: [[], missed[-1:]],
        }
        assert schedule.catchup is not None
        assert started in wanted[schedule.catchup], name
        assert not differ(answer, modelled(question)), name
        ran.append(schedule.catchup)
    tell(f"Kubernetes {release}, controller after an outage: {len(ran)} CronJobs")
    assert {*ran} == {Catchup.NONE, Catchup.LATEST, Catchup.FALSE}


def test_overlapping_runs_are_handled_as_declared(kubernetes: Ask, release: str, tell: Tell) -> None:
    """Each Job takes 25 minutes and 3 seconds, which is longer than the time between two of them."""
    begin = at("2026-12-07T00:00:30")
    asked = [
        (name, one, run(text, begin, begin + 5 * 3600, jobSeconds=1503))
        for name, one, text in artifacts()
        if name.startswith("overlap/")
    ]
    seen = set()
    for (name, schedule, question), answer in zip(asked, kubernetes([q for *_, q in asked]), strict=True):
        spans = [(job["started"], job.get("deleted", job["started"] + 1_503_000)) for job in answer["jobs"]]
        most = max(sum(a <= start < b for a, b in spans) for start, _ in spans)
        late = max(job["started"] - job["scheduled"] * 1000 for job in answer["jobs"])
        match schedule.overlap:
            case Overlap.ALLOW:
                assert (most, late) == (3, 100), name
            case Overlap.REPLACE:
                assert (most, late) == (1, 100), name
                assert all("deleted" in job for job in answer["jobs"][:-1]), name
            case Overlap.SKIP:
                assert most == 1, name
                assert late <= 60_000, name
            case None:
                assert schedule.max_active_runs == most == 1, name
        assert not differ(answer, modelled(question)), name
        seen.add(schedule.overlap)
    tell(f"Kubernetes {release}, controller with overlapping runs: {len(asked)} CronJobs")
    assert {Overlap.ALLOW, Overlap.REPLACE, Overlap.SKIP} <= seen
