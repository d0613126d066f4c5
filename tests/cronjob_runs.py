"""Questions about the runs of a CronJob, and what the model of its controller answers.

A question is one to the program of tests/engines/kubernetes_go. The model's answer follows the controller's queue from
one event to the next: a tick for which it waits, the end of a Job, its own start, and the end of a suspension.
"""

from __future__ import annotations

import heapq
from typing import Any

import yaml
from golden_files import GOLDEN
from schedc.engines.kubernetes import job_name, missed_run, next_sync, read
from schedc.ir import zones

_PLAIN = GOLDEN / "kubernetes/references/billing-export.yaml"


def cron_job(schedule: str, zone: str = "UTC", **fields: Any) -> str:
    """A CronJob called x, with these fields of its `spec`."""
    document = yaml.safe_load(_PLAIN.read_text("utf-8"))
    document["metadata"]["name"] = "x"
    document["spec"] |= {"schedule": schedule, "timeZone": zone, **fields}
    return yaml.safe_dump(document)


def run(text: str, created: int, until: int, **fields: Any) -> dict[str, Any]:
    """Which Jobs does the controller start until then? `jobSeconds` is how long each Job takes, else it goes on;
    `down` are the times without a controller, `suspended` those of a suspension; `last` is the last schedule time.
    """
    return {"ask": "run", "yaml": text, "created": created, "until": until, **fields}


class Tied(Exception):
    """Two things happen at one moment, and nothing says which is first."""


def modelled(question: dict[str, Any]) -> list[dict[str, Any]]:
    """The Jobs that the model starts, as the program tells them. Raises `Tied`."""
    metadata, spec = (yaml.safe_load(question["yaml"])[part] for part in ("metadata", "spec"))
    reading, zone = read(spec["schedule"]), zones.zone(spec["timeZone"])
    created, last, took = question["created"], question.get("last"), question.get("jobSeconds", 0) * 1000
    begin, end = created * 1000, question["until"] * 1000
    down = [(a * 1000, b * 1000) for a, b in question.get("down", [])]
    suspended = [(a * 1000, b * 1000) for a, b in question.get("suspended", [])]
    outer = {begin, *(b for _, b in down), *(b for _, b in suspended)}
    jobs: list[dict[str, Any]] = []
    active: dict[int, int] = {}
    agenda = sorted(outer)
    seen = -1
    while agenda:
        moment = heapq.heappop(agenda)
        if moment == seen or moment >= end or any(a <= moment < b for a, b in down):
            continue
        seen = moment
        if sum(until == moment for until in active.values()) + (moment in outer) + (moment % 60_000 == 100) > 1:
            raise Tied
        active = {i: until for i, until in active.items() if until > moment}
        if spec.get("suspend") or any(a <= moment < b for a, b in suspended):
            continue
        now = moment // 1000
        decision = missed_run(
            *(reading, zone),
            created=created,
            now=now,
            last=last,
            deadline=spec.get("startingDeadlineSeconds"),
            policy=spec["concurrencyPolicy"],
            active=len(active),
        )
        if decision.outcome == "invalid schedule":
            continue
        if decision.outcome == "start":
            assert decision.scheduled is not None
            if decision.replaces_active:
                for i in active:
                    jobs[i]["deleted"] = moment
                active = {}
            last = decision.scheduled
            active[len(jobs)] = moment + took if took else end
            jobs.append({"name": job_name(metadata["name"], last), "scheduled": last, "started": moment})
            heapq.heappush(agenda, active[len(jobs) - 1])
        wakes = next_sync(reading, zone, created=created, now=now, last=last)
        if wakes is not None and wakes * 1000 + 100 > moment:
            heapq.heappush(agenda, wakes * 1000 + 100)
    return jobs


def differ(answer: dict[str, Any], jobs: list[dict[str, Any]]) -> bool:
    """Whether the program tells other Jobs than these. A controller that has just begun takes a moment to start one."""
    told = answer["jobs"]
    return len(told) != len(jobs) or any(
        (a["name"], a["scheduled"]) != (b["name"], b["scheduled"])
        or ("deleted" in a) != ("deleted" in b)
        or not 0 <= a["started"] - b["started"] <= 1000
        for a, b in zip(told, jobs, strict=True)
    )
