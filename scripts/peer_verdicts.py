"""What becomes of a schedule that another tool sends to an engine, beside what the schedule means and what schedc does.

The meaning is `schedc.ir.occurrences`; where schedc refuses to read a schedule, there is none, and what fires is told.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peer_engines import Fires, fires, instant
from schedc.compile import compile_schedules
from schedc.diagnostics.sink import Sink
from schedc.engines.model import CronError
from schedc.ir import zones
from schedc.ir.occurrences import irregular, occurrences
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.stamps import short_stamp
from schedc.ir.triggers import Cron
from schedc.load import Selection, load
from schedc.project import find_project
from schedc.targets import targets

BEGIN = instant("2026-01-01T00:00:00")
LATE = instant("2026-02-02T10:07:13")
"""The two moments of deployment: before every start, and after a start on 1 February."""
DAYS = 730
_DAY = 86_400
_UTC = zones.zone("UTC")
_VERTEX = {"project": "acme-ml", "location": "europe-west4", "gcs_output_directory": "gs://acme-ml/schedules"}
_CONTAINER = {"container": {"image": "ghcr.io/acme/churn:1.4.0", "command": ["train"]}}
_SLOWEST_CONTROLLER = 60
"""Seconds: Kubeflow's controller starts no more than one run of a recurring run in them."""

RIGHT, OTHER, PASSED, REFUSES, UNTOLD = "right", "other", "passed", "refuses", "untold"
KINDS = {
    RIGHT: "right",
    OTHER: "other runs, or a field dropped",
    PASSED: "passed on, without a meaning",
    REFUSES: "refused, or failed",
    UNTOLD: "cannot be told",
}
"""What a verdict is, as columns of the summary."""


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What schedc makes of a schedule: its meaning, None where it cannot be read, and a verdict on each target."""

    schedule: Schedule | None
    verdicts: Mapping[str, Verdict]


def reference(fields: Mapping[str, Any], wanted: Iterable[str]) -> Reference:
    one = {**fields, "run": _CONTAINER, "targets": {"vertex": _VERTEX}}
    sink = Sink()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schedc.toml").write_text("", "utf-8")
        (folder / "one.yaml").write_text(json.dumps({"schedules": {"one": one}}), "utf-8")
        schedules = load(find_project(folder, sink), Selection(paths=("one.yaml",), cwd=folder), sink)
        made = compile_schedules(schedules, tuple(wanted), sink)
    proved = {output.target for output in made.outputs}
    verdicts = {}
    for target in wanted:
        errors = [d for d in sink.found if d.is_error and d.target in (target, None)]
        if target in proved:
            verdicts[target] = Verdict(RIGHT, "right (proved)")
        else:
            title = targets()[target].title
            said = dict.fromkeys(_short(d.message, title) for d in errors)
            code = ", ".join(dict.fromkeys(d.rule.code for d in errors))
            verdicts[target] = Verdict(REFUSES, f"refuses, {code}: {'; '.join(said)}")
    return Reference(schedule=schedules[0] if schedules else None, verdicts=verdicts)


def _short(message: str, title: str) -> str:
    return message.removeprefix(f"{title} ").removeprefix("Kubeflow ").removeprefix("Airflow ")


def verdict(schedule: Schedule | None, target: str, answer: Mapping[str, Any], days: int = DAYS) -> Verdict:
    """On one answer of a worker."""
    if "raised" in answer:
        return _raised(answer["raised"])
    if schedule is None:
        return _without_meaning(target, answer["sent"], days)
    first = _compared(schedule, target, answer, BEGIN, days)
    if first.kind != RIGHT or schedule.start is None or schedule.start >= LATE or schedule.end is not None:
        return first
    later = _compared(schedule, target, answer, LATE, days)
    if later.kind == RIGHT:
        return first
    return Verdict(OTHER, f"right if deployed before its start, else {later.text}")


def _raised(raised: Mapping[str, str]) -> Verdict:
    meant = raised["error"] in ("RuntimeError", "ValueError", "AirflowException") and "required" not in raised["text"]
    text = raised["text"].split(". ")[0].rstrip(".")
    text = text if len(text) <= 130 else text[:127] + "..."
    return Verdict(REFUSES, f"refuses: {text}" if meant else f"fails: {raised['error']}, {text}")


def _without_meaning(target: str, sent: Mapping[str, Any], days: int) -> Verdict:
    try:
        found = fires(target, sent, BEGIN, BEGIN + days * _DAY)
    except CronError as error:
        return Verdict(PASSED, f"passes it on; the engine: {error}")
    if not found.instants:
        return Verdict(PASSED, "passes it on; it never fires")
    before = sum(at <= BEGIN for at in found.instants)
    early = f", {before} of them before it was deployed" if before and found.catches_up else ""
    shown = [at for at in found.instants if at >= found.counted_from]
    return Verdict(PASSED, f"passes it on; {_runs(shown)}{early}")


def _compared(schedule: Schedule, target: str, answer: Mapping[str, Any], deployed: int, days: int) -> Verdict:
    until = BEGIN + days * _DAY
    try:
        found = fires(target, answer["sent"], deployed, until)
    except CronError as error:
        kind = UNTOLD if str(error).startswith("not documented") else OTHER
        return Verdict(kind, f"cannot be told: {error}" if kind == UNTOLD else f"never runs; the engine: {error}")
    dropped = _dropped(schedule, found)
    how = " with a warning" if "warned" in answer else " in silence"
    losing = f"drops {_listed(dropped)}{how}" if dropped else ""
    differs = _difference(schedule, found, deployed, until)
    if target == "kubeflow":
        differs = "; ".join(filter(None, (differs, _too_fast(found))))
    if not losing and not differs:
        return Verdict(RIGHT, "right, if read as robfig/cron v3 and croniter read it" if found.guessed else "right")
    return Verdict(OTHER, ": ".join(part for part in (losing, differs) if part))


def _dropped(schedule: Schedule, found: Fires) -> list[str]:
    fields = []
    if isinstance(schedule.trigger, Cron) and zones.zone(schedule.timezone) != zones.zone(found.timezone):
        fields.append("timezone")
    if isinstance(schedule.trigger, Cron) and schedule.start is not None and not found.has_start:
        fields.append("start_time")
    if schedule.end is not None and not found.has_end:
        fields.append("end_time")
    if schedule.catchup is Catchup.ALL and not found.catches_up:
        fields.append("catchup")
    return fields


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _difference(schedule: Schedule, found: Fires, deployed: int, until: int) -> str:
    """Empty where the instants are the schedule's; what it leaves open at a change of the clock is no difference."""
    trigger = schedule.trigger
    low = found.counted_from
    if schedule.start is not None:
        low = deployed + 1
        start = max(low, schedule.start)
    else:
        start = max(low, deployed + 1)
    end = until if schedule.end is None else min(until, schedule.end)
    wanted = set(occurrences(trigger, start, end))
    have = {at for at in found.instants if low <= at <= until}
    free: set[int] = set()
    if isinstance(trigger, Cron):
        for match in irregular(trigger.calendar, zones.zone(trigger.timezone), start, end):
            if match.in_gap or have.intersection(match.passes):
                free.update(match.possible)
    lost, added = sorted(wanted - have - free), sorted(have - wanted - free)
    if not lost and not added:
        return ""
    if not added:
        return f"loses {len(lost)} of {_runs(wanted)}, first {_at(lost[0])}"
    if not lost:
        return f"adds {_runs(added)} to {len(wanted)}, first {_at(added[0])}"
    return f"loses {len(lost)} of {_runs(wanted)} and adds {len(added)}, first {_at(min(lost[0], added[0]))}"


def _runs(found: Sized) -> str:
    return f"{len(found)} run{'' if len(found) == 1 else 's'}"


def _too_fast(found: Fires) -> str:
    spacing = min((b - a for a, b in zip(found.instants, found.instants[1:], strict=False)), default=_DAY)
    if spacing >= _SLOWEST_CONTROLLER:
        return ""
    return f"more often than the controller starts runs, which is once in {_SLOWEST_CONTROLLER} seconds at most"


def _at(at: int) -> str:
    return short_stamp(at, _UTC).removesuffix("+00:00") + " UTC"
