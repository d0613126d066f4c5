"""Every mix of policies is refused, or proved from what was written."""

from __future__ import annotations

from itertools import product

import pytest
from kubernetes_jobs import DAILY, findings, read_back, schedule
from schedc.diagnostics.sink import Sink
from schedc.ir.calendar import Calendar, mask
from schedc.ir.schedule import Catchup, Overlap
from schedc.proof.policies import prove_metadata, prove_policies, prove_workload

CALENDARS = {
    "daily": (DAILY, "UTC"),
    "every minute": (Calendar(), "UTC"),
    "uneven": (Calendar(minutes=mask([0, 7]), hours=mask([1, 2])), "Europe/Amsterdam"),
}
CATCHUPS = (None, Catchup.NONE, Catchup.FALSE, Catchup.LATEST)
OVERLAPS = (None, Overlap.ALLOW, Overlap.SKIP, Overlap.REPLACE)
LIMITS = (None, 1, 2)
DEADLINES = (None, 1, 59, 60, 420, 86_399, 86_400)


@pytest.mark.parametrize("name", CALENDARS)
def test_policies_are_refused_or_proved(name: str) -> None:
    accepted = 0
    for catchup, overlap, limit, deadline in product(CATCHUPS, OVERLAPS, LIMITS, DEADLINES):
        if overlap is Overlap.ALLOW and limit is not None:
            continue
        one = schedule(
            *CALENDARS[name],
            catchup=catchup,
            overlap=overlap,
            max_active_runs=limit,
            start_deadline=deadline,
            labels={"a": "b"},
            description="d",
        )
        if any(found.is_error for found in findings(one)):
            continue
        accepted += 1
        sink, back = Sink(), read_back(one)
        for prove in (prove_policies, prove_metadata, prove_workload):
            prove(one, back, "Kubernetes CronJob", sink)
        assert not sink.found, (catchup, overlap, limit, deadline, sink.found)
    assert accepted > 50
