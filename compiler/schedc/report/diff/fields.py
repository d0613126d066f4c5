"""What differs between two schedules, or between two deployments, field by field and with the category of each field.

A field that has no line in the tables below is compared all the same, as a policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from schedc.ir.schedule import Schedule
from schedc.ir.stamps import stamp
from schedc.ir.triggers import Cron, Interval, Once, Trigger
from schedc.report.diff.flatten import Path, Text, flatten, of_workload
from schedc.report.diff.model import Category, Cell, FieldChange
from schedc.target import Behaviour, Deployed

Fields = dict[Path, tuple[Text, Category]]

_LANGUAGE = {
    "start": "start_time",
    "end": "end_time",
    "start_deadline": "start_deadline_second",
    "timeout": "timeout_second",
    "attempt_timeout": "attempt_timeout_second",
}
"""What a field of a schedule or of a behaviour is called where people write it, if not as here."""

_ENGINES_OWN = frozenset({"missed", "busy", "limit"})
"""What an engine does, where the language has several fields for it or says it in other words."""

_TIMES = ("start", "end", "applied_after")
_SHOWN_BY_CELLS = frozenset({"enabled", "deploy_to"})
"""Fields whose change is the schedule's coming to a target or its going."""

_METADATA = frozenset({"description", "owner", "labels", "tags", "annotations"})
_ELSEWHERE = frozenset({"name", "node", "source", "options", "written", "trigger", "timezone", "run"})
"""Fields of a schedule that say nothing, or that are compared by themselves."""

_POLICIES = frozenset({"version", "croniter", "cluster_timezone", "applied_after", "scheduled_time", "failure_policy"})
_POLICIES |= {"max_concurrency", "maxConcurrentRunCount", "cache"}
_POLICIES |= {"dag_kwargs"}  # of the DAG and not of what runs: some of them pause it
_FIRES = frozenset({"emit"})
"""Options that decide whether anything fires: Airflow takes a dict for no DAG."""


def declared(old: Schedule, new: Schedule) -> list[FieldChange]:
    """What the sources declare otherwise, all layers resolved; the options of targets apart."""
    return _differences(_of_schedule(old), _of_schedule(new))


def deployed(target: str, old: Cell, new: Cell) -> list[FieldChange]:
    """What an engine is told otherwise, time apart: policies, what runs, metadata, identity, and a target's options.

    Options are compared where both sides have sources; else what the artifacts show of them.
    """
    both = old.options is not None and new.options is not None
    sides = []
    for cell in (old, new):
        here = ("targets", target)
        found: Fields = {} if cell.deployed is None else _of_deployed(here, cell.deployed)
        own = _categorised(cell.options or {}, here) if both else _of_told(cell)
        sides.append(found | own)
    if old.deployed is None or new.deployed is None:
        sides = [{path: one for path, one in side.items() if path[0] == "targets"} for side in sides]
    return _differences(*sides)


def _of_told(cell: Cell) -> Fields:
    """The bounds that an engine is told, in its own meaning of them, where no source declares any."""
    if cell.deployed is None:
        return {}
    told = cell.deployed.told
    texts = {"max_runs": told.max_runs, "start": told.start, "end": told.end}
    shown = {key: value if key == "max_runs" else stamp(value) for key, value in texts.items() if value is not None}
    return {path: (text, Category.POLICY) for path, text in flatten(shown, ("engine",)).items()}


def _of_behaviour(one: Behaviour) -> Fields:
    """The policies of an engine: by the field of the language that says just that, or by a name of their own."""
    found: Fields = {}
    for name in type(one).__slots__:
        value = getattr(one, name)
        if value is not None:
            text = str(value).lower().replace("_", " ")
            path = ("engine", name) if name in _ENGINES_OWN else (_LANGUAGE.get(name, name),)
            found[path] = ((text, text), Category.POLICY)
    return found


def _of_schedule(schedule: Schedule) -> Fields:
    found: Fields = {path: (text, Category.WORKLOAD) for path, text in of_workload(schedule.run).items()}
    kind = type(schedule.run).__name__.lower()
    found[("run",)] = ((kind, kind), Category.WORKLOAD)
    for path, text in _of_trigger(schedule.trigger, schedule.written).items():
        found[path] = (text, Category.POLICY if path[0].startswith("dst_") else Category.SAME)
    found[("timezone",)] = ((schedule.timezone, schedule.timezone), Category.SAME)
    for name in type(schedule).__slots__:
        if name in _ELSEWHERE:
            continue
        value = getattr(schedule, name)
        if name in _TIMES and value is not None:
            value = stamp(value)
        category = Category.METADATA if name in _METADATA else Category.POLICY
        category = Category.SAME if name in _SHOWN_BY_CELLS else category
        if name == "deploy_to" and value is not None:
            value = tuple(sorted(value))
        if value not in ({}, None):
            for path, text in flatten(value, (_LANGUAGE.get(name, name),)).items():
                found[path] = (text, category)
    return found


def _of_trigger(trigger: Trigger, written: str) -> dict[Path, Text]:
    """The trigger as it is written; how much its change matters, the instants show."""
    match trigger:
        case Cron(gap=gap, fold=fold):
            found: dict[Path, Text] = {("cron_expression",): (written, written)}
            for name, value in (("dst_gap", gap), ("dst_fold", fold)):
                if value is not None:
                    found[(name,)] = (value.value, value.value)
            return found
        case Interval(start=start, seconds=seconds):
            texts = {("interval_second",): str(seconds), ("start_time",): stamp(start)}
        case Once(at=at):
            texts = {("run_once_start_time",): stamp(at)}
    return {path: (text, text) for path, text in texts.items()}


def _of_deployed(here: Path, one: Deployed) -> Fields:
    found = _of_behaviour(one.behaviour)
    kind = type(one.workload).__name__.lower()
    found[("run",)] = ((kind, kind), Category.WORKLOAD)
    found |= {path: (text, Category.WORKLOAD) for path, text in of_workload(one.workload).items()}
    metadata = {"description": one.description, "owner": one.owner, "labels": dict(one.labels) or None}
    found |= {path: (text, Category.METADATA) for path, text in flatten(metadata, ()).items()}
    found |= _categorised({"step_cache": one.cache or None}, ("engine",))
    identity = {k: v for k, v in one.identity.items() if v not in (None, {}, [], ()) and not _repeats(k, v, one)}
    return found | _categorised(identity, here)


def _repeats(key: str, value: Any, one: Deployed) -> bool:
    """Whether a part of an identity says only where the artifact came from, or what the schedule is called."""
    return key == "source" or (value == one.name and (key == "name" or one.called == one.name))


def _categorised(values: Mapping[str, Any], path: Path) -> Fields:
    found: Fields = {}
    for key, value in values.items():
        category = Category.METADATA if key in _METADATA else Category.WORKLOAD
        category = Category.POLICY if key in _POLICIES else category
        category = Category.FIRES if key in _FIRES else category
        for inner, text in flatten(value, (*path, str(key))).items():
            found[inner] = (text, category)
    return found


def _differences(old: Fields, new: Fields) -> list[FieldChange]:
    found = []
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path), new.get(path)
        if (before and before[0][0]) == (after and after[0][0]):
            continue
        some = before or after
        assert some is not None
        found.append(
            FieldChange(
                path=".".join(path),
                before=before and before[0][1],
                after=after and after[0][1],
                category=some[1],
            )
        )
    return found


def without(changes: Iterable[FieldChange], told: Iterable[FieldChange]) -> list[FieldChange]:
    """The changes that are not told of already, of the same field from the same text to the same one."""
    known = {(one.path, one.before, one.after) for one in told}
    return [one for one in changes if (one.path, one.before, one.after) not in known]
