"""What schedc itself wrote for Airflow, Kubeflow and Vertex AI: the targets' own readers give the schedule back.

A CronJob of schedc is read as every other CronJob is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.importing.cron_words import words
from schedc.importing.intervals import interval_of, once_of
from schedc.importing.source import Found, Item, Settings, Source
from schedc.importing.workload_words import plain, run_words
from schedc.ir.calendar import Calendar
from schedc.ir.stamps import stamp
from schedc.ir.workload import Elsewhere, Pipeline
from schedc.proof.clock import clocks
from schedc.records import fields, replace
from schedc.target import Deployed, Target, UnreadableArtifact
from schedc.targets import targets
from schedc.yaml_writer import dump

_MARKS = re.compile(r"-- schedc --|Compiled by schedc from|\A# schedc: ")
_RULE = re.compile(r"fires: ([^\n\\\"]+)|\A(?:\"\"\"|''')([^\n]+?)\.\n")
NO_START = 946_684_800
"""The start that an Airflow artifact has where its schedule has none."""
_LIMITS = {"airflow": 16, "kubeflow": 10}
"""How many runs may be active where a schedule says nothing."""
_TOGETHER = ("pipeline.yaml", "recurringrun.json", "schedule.json")
"""Files that stand in one folder."""


def recognises(item: Item) -> bool:
    return _MARKS.search(item.file.text) is not None and "kind: CronJob" not in item.file.text


def beside(item: Item, settings: Settings) -> tuple[str, ...]:
    return tuple(path for path, _ in _together(item, settings))


def _together(item: Item, settings: Settings) -> list[tuple[str, str]]:
    """The paths and texts of the file and of those that belong to it."""
    folder, slash, name = item.file.path.rpartition("/")
    others = [other for other in _TOGETHER if name in _TOGETHER and other != name]
    files = [settings.beside(f"{folder}{slash}{other}") for other in others]
    return sorted([(item.file.path, item.file.text), *((one.path, one.text) for one in files if one is not None)])


def read(item: Item, settings: Settings, sink: Sink) -> Iterator[Found]:
    together = _together(item, settings)
    folder = item.file.path.rpartition("/")[0].rpartition("/")[2] or "artifact"
    reasons = []
    for target in targets().values():
        files = _under(together, folder)
        for name, paths in list(target.paths(files)) if target.unschedulable is None else []:
            try:
                deployed = target.read({path: files[path] for path in paths})
            except UnreadableArtifact as error:
                reasons.append(f"{target.title}: {error}")
                continue
            found = _found(item, target, deployed, "\n".join(text for _, text in together), sink.within(name))
            if found is not None:
                yield found
            return
    why = reasons[0] if reasons else "no target writes such a file"
    sink.add(rules.NOT_IMPORTED, f"an artifact of schedc is not imported: {why}", item.place)


def _under(together: list[tuple[str, str]], folder: str) -> dict[str, str]:
    """The files as a target's folder holds them: on their own, or in a folder of their schedule's name."""
    names = {path.rpartition("/")[2]: text for path, text in together}
    return {f"{folder}/{name}" if name in _TOGETHER else name: text for name, text in names.items()}


def _found(item: Item, target: Target, deployed: Deployed, text: str, sink: Sink) -> Found | None:
    said = _RULE.search(text)
    rule = (said[1] or said[2] or "").strip() if said else ""
    trigger = _trigger(deployed, rule)
    if trigger is None:
        why = "no expression and no interval is the union of what its engine is told"
        sink.add(rules.NOT_IMPORTED, f"{deployed.name} is not imported: {why}", item.place)
        return None
    values: dict[str, Any] = {**trigger, **_policies(target.name, deployed), "deploy_to": [target.name]}
    if deployed.description is not None:
        values["description"] = deployed.description
    if deployed.owner is not None:
        values["owner"] = deployed.owner
    if deployed.labels:
        values["labels"] = dict(sorted(deployed.labels.items()))
    if deployed.cache:
        values["cache"] = "as_compiled"
    files: dict[str, str] = {}
    run = run_words(deployed.workload)
    if run is None and isinstance(deployed.workload, Pipeline):
        run, files = _package(deployed.name, deployed.workload)
    if run is not None:
        values["run"] = run
    own = _options(target, deployed)
    if own:
        values["targets"] = {target.name: own}
    return Found(
        name=deployed.name,
        place=item.place,
        fields=values,
        written=", ".join(deployed.told.crons),
        told=deployed.told,
        deployed=deployed,
        digest=deployed.digest,
        files=files,
        rule=rule,
    )


def _package(name: str, run: Pipeline) -> tuple[dict[str, Any], dict[str, str]]:
    """A pipeline's package as a file of its own."""
    file = f"{name}.pipeline.yaml"
    parts = [dict(run.spec), *([dict(run.platform)] if run.platform is not None else [])]
    pipeline: dict[str, Any] = {"package": file}
    if run.parameters:
        pipeline["parameters"] = plain(dict(run.parameters))
    return {"pipeline": pipeline}, {file: "---\n".join(dump(plain(part)) for part in parts)}


def _trigger(deployed: Deployed, rule: str) -> dict[str, Any] | None:
    """When it fires, in fields of the language; None where nothing says it."""
    told = deployed.told
    once, interval = once_of(rule), interval_of(rule)
    if once is not None:
        return {"run_once_start_time": stamp(once)}
    if interval is not None and (told.period in (None, interval[1])):
        bound = {} if told.end is None else {"end_time": stamp(told.end)}
        return {"interval_second": interval[1], "start_time": stamp(interval[0]), **bound}
    if told.period is not None:
        return None
    calendar = _union([reading for clock in clocks(told)[:1] for reading in clock.calendars])
    text = None if calendar is None else words(calendar)
    if text is None:
        return None
    found: dict[str, Any] = {"cron_expression": text}
    if told.timezone != "UTC":
        found["timezone"] = told.timezone
    if told.start not in (None, NO_START):
        assert told.start is not None
        found["start_time"] = stamp(told.start)
    if told.end is not None:
        found["end_time"] = stamp(told.end)
    return found


def _union(calendars: list[Calendar]) -> Calendar | None:
    """One calendar of several that differ in one plain field."""
    first, *others = calendars
    for other in others:
        names = [f.name for f in fields(first) if getattr(first, f.name) != getattr(other, f.name)]
        if len(names) > 1 or names[:1] not in ([], ["minutes"], ["hours"], ["months"], ["seconds"]):
            return None
        if names:
            first = replace(first, **{names[0]: getattr(first, names[0]) | getattr(other, names[0])})
    return first


def _policies(name: str, deployed: Deployed) -> dict[str, Any]:
    behaviour = deployed.behaviour
    is_usual = behaviour.limit == _LIMITS.get(name)
    found = {
        "catchup": True if behaviour.missed == "all" else None,
        "overlap": "allow" if name == "airflow" and behaviour.busy == "start" else None,
        "max_active_runs": None if is_usual else behaviour.limit,
        "max_runs": deployed.told.max_runs,
        "start_deadline_second": behaviour.start_deadline,
        "paused": behaviour.paused or None,
        "retries": behaviour.retries or None,
        "timeout_second": behaviour.timeout,
        "attempt_timeout_second": behaviour.attempt_timeout,
    }
    return {name: value for name, value in found.items() if value is not None}


def _options(target: Target, deployed: Deployed) -> dict[str, Any]:
    """Options that the artifact carries, less those that say what counts without them."""
    identity = {**deployed.identity, **_airflow_task(target, deployed)}
    usual = target.identity({f.name: f.default for f in target.options if f.default is not None})
    own = {}
    for option in target.options:
        value = identity.get(option.name)
        is_usual = value in (None, {}, (), [], option.default) or usual.get(option.name) == value
        if not is_usual and (option.name, value) != ("dag_id", deployed.name):
            own[option.name] = plain(value)
    return own


def _airflow_task(target: Target, deployed: Deployed) -> dict[str, Any]:
    """What runs in a DAG, where that is an option: another operator, or nothing that schedc writes."""
    identity = deployed.identity
    if target.name != "airflow":
        return {}
    if isinstance(deployed.workload, Elsewhere) and "operator" not in identity:
        return {"emit": "schedule"}
    if "operator" in identity:
        return {"operator": {"import": identity["operator"], "kwargs": identity.get("kwargs") or {}}}
    return {"operator": "docker"} if identity.get("task") == "DockerOperator" else {}


SOURCE = Source(
    name="artifact",
    title="what schedc wrote",
    targets=(),
    recognises=recognises,
    read=read,
    is_text=True,
    rank=0,
    beside=beside,
)
