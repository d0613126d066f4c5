"""What Airflow will do with a DAG file, read from its source alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from schedc.ir.workload import Elsewhere, Step, Steps, Workload
from schedc.target import Behaviour, Deployed, Told, UnreadableArtifact
from schedc.targets.airflow.expert_read import of_dag, of_tasks, own_operator
from schedc.targets.airflow.source import DOC, DagFile, Made, dag_file, unreadable
from schedc.targets.airflow.task import workload

_NEEDED = (
    "dag_id",
    "schedule",
    "start_date",
    "catchup",
    "max_active_runs",
    "is_paused_upon_creation",
    "default_args",
)
_NO_LIMIT = 1_000_000
_OPERATOR_WORDS: frozenset[str] = frozenset({"owner", "retries", "execution_timeout"})


def read(files: Mapping[str, str]) -> Deployed:
    """One schedule's DAG file. Raises `UnreadableArtifact` for whatever the target would not have written."""
    if len(files) != 1 or not next(iter(files)).endswith(".py"):
        raise UnreadableArtifact("expected one Python file")
    path, text = next(iter(files.items()))
    found = dag_file(text)
    dag = _dag(found)
    defaults = _defaults(dag["default_args"], found)
    tasks = [(name, *_own_words(one)) for name, one in found.tasks]
    for _, one, words in tasks[1:]:
        if words != tasks[0][2]:
            raise unreadable("tasks with different owners, retries or timeouts", one.line)
    defaults.update(tasks[0][2] if tasks else {})
    runs, identity = _runs([(name, one) for name, one, _ in tasks], found)
    identity["dag_kwargs"] = of_dag(dag, frozenset(_TYPES), found.dag.line)
    identity["default_args"] = of_tasks(dag["default_args"], _OPERATOR_WORDS, found.dag.line)
    tags = dag.get("tags", [])
    labels = {tag.partition("=")[0]: tag.partition("=")[2] for tag in tags if "=" in tag}
    identity |= {"dag_id": dag["dag_id"], "tags": [tag for tag in tags if "=" not in tag]}
    return Deployed(
        name=path.rpartition("/")[2].removesuffix(".py"),
        called=dag["dag_id"],
        digest=_digest(found.doc),
        told=_told(dag, found),
        behaviour=_behaviour(dag, defaults, found.dag.line),
        workload=runs,
        description=dag.get("description"),
        owner=defaults.get("owner"),
        labels=labels,
        identity=identity,
    )


def _own_words(task: Made) -> tuple[Made, dict[str, Any]]:
    """A task without what `default_args` may hold as well, and that."""
    words = {name: one for name, one in task.keywords.items() if name in _OPERATOR_WORDS}
    rest = {name: one for name, one in task.keywords.items() if name not in _OPERATOR_WORDS}
    return Made(task.name, task.arguments, rest, task.line), words


def _runs(tasks: list[tuple[str | None, Made]], found: DagFile) -> tuple[Workload, dict[str, Any]]:
    """One task called `run`, or without a variable, is a container; others are steps, in the order of their names."""
    if not tasks:
        return Elsewhere(), {}
    if len(tasks) == 1 and "." in tasks[0][1].name:
        return Elsewhere(), own_operator(tasks[0][1])
    if len(tasks) == 1 and (tasks[0][0] is None or tasks[0][1].keywords.get("task_id") in (None, "run")):
        return workload(tasks[0][1])
    ids = {variable: str(one.keywords.get("task_id")) for variable, one in tasks}
    if len(set(ids.values())) < len(tasks) or None in ids:
        raise unreadable("steps without a variable or with one task_id", found.dag.line)
    if len(set(found.order)) < len(found.order):
        raise unreadable("an order of tasks that is said twice", found.dag.line)
    steps, identities = [], []
    before: dict[str | None, list[str]] = {}
    for first, then in found.order:
        before.setdefault(then, []).append(ids[first])
    for variable, one in tasks:
        container, identity = workload(one)
        pod_name, name = identity.pop("name", None), ids[variable]
        if pod_name is not None and not pod_name.endswith(f"-{name}"):
            raise unreadable(f"a pod whose name does not end with the name of its step, {name}", one.line)
        steps.append(Step(name=name, container=container, after=tuple(before.get(variable, ()))))
        identities.append({**identity, **({"name": pod_name.removesuffix(f"-{name}")} if pod_name else {})})
    if any(one != identities[0] for one in identities):
        raise unreadable("steps with different options of their operators", found.dag.line)
    return Steps(steps=tuple(sorted(steps, key=lambda step: step.name))), identities[0]


def _digest(doc: str) -> str | None:
    found = re.findall(r"\bdigest\s+`([0-9a-f]{16})`", doc)
    return found[0] if len(found) == 1 else None


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "dag_id": str,
    "description": (str, type(None)),
    "doc_md": (str, type(DOC), type(None)),
    "schedule": Made,
    "start_date": datetime,
    "end_date": (datetime, type(None)),
    "catchup": bool,
    "max_active_runs": int,
    "max_active_tasks": int,
    "dagrun_timeout": (timedelta, type(None)),
    "is_paused_upon_creation": bool,
    "default_args": dict,
    "tags": list,
}


def _dag(found: DagFile) -> dict[str, Any]:
    made = found.dag
    keywords = dict(made.keywords)
    if len(made.arguments) > 1 or (made.arguments and "dag_id" in keywords):
        raise unreadable("arguments of DAG without their names", made.line)
    if made.arguments:
        keywords["dag_id"] = made.arguments[0]
    for name, value in keywords.items():
        if name not in _TYPES:
            continue
        if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and _TYPES[name] is int):
            raise unreadable(f"the value of {name}", made.line)
    for name in _NEEDED:
        if name not in keywords:
            raise unreadable(f"no {name}: what Airflow does then depends on its configuration", made.line)
    if not all(isinstance(tag, str) for tag in keywords.get("tags", [])):
        raise unreadable("a tag that is no text", made.line)
    if keywords["max_active_runs"] < 1:
        raise unreadable("a DAG that may have no active run", made.line)
    if _is_two(found) and "max_active_tasks" not in keywords:
        raise unreadable("no max_active_tasks, which in Airflow 2 bounds all runs of a DAG together", made.line)
    at_once = max(len(found.tasks), 1) * (keywords["max_active_runs"] if _is_two(found) else 1)
    if keywords.get("max_active_tasks", at_once) < at_once:
        raise unreadable("max_active_tasks below the number of tasks that may be active", made.line)
    return keywords


def _defaults(given: dict[str, Any], found: DagFile) -> dict[str, Any]:
    line = found.dag.line
    if "retries" not in given and not (found.tasks and all("retries" in one.keywords for _, one in found.tasks)):
        raise unreadable("no retries: what Airflow does then depends on its configuration", line)
    return {name: value for name, value in given.items() if name in _OPERATOR_WORDS}


def _instant(value: datetime, line: int) -> int:
    if value.tzinfo is None:
        raise unreadable("a datetime without tzinfo, which Airflow takes for its default zone", line)
    if value.microsecond:
        raise unreadable("a datetime with a fraction of a second", line)
    return (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


def _is_two(found: DagFile) -> bool:
    """Whether a file is for Airflow 2; one without a DAG shows it by the limit that only Airflow 2 needs there."""
    return found.before_three if found.has_dag else "max_active_tasks" in found.dag.keywords


def _whole(value: Any, what: str, line: int) -> int | None:
    if value is None:
        return None
    if not isinstance(value, timedelta) or value.microseconds or value < timedelta(seconds=1):
        raise unreadable(f"{what} that is no whole number of seconds", line)
    return value // timedelta(seconds=1)


def _told(dag: dict[str, Any], found: DagFile) -> Told:
    made: Made = dag["schedule"]
    end = dag.get("end_date")
    bounds: dict[str, Any] = {
        "engine": "airflow-2" if _is_two(found) else "airflow",
        "start": _instant(dag["start_date"], found.dag.line),
        "end": None if end is None else _instant(end, found.dag.line),
        "catchup": dag["catchup"],
    }
    if made.name == "DeltaTriggerTimetable":
        given = [*made.arguments, *([made.keywords["delta"]] if set(made.keywords) == {"delta"} else [])]
        if len(given) != 1 or set(made.keywords) - {"delta"}:
            raise unreadable("the arguments of DeltaTriggerTimetable", made.line)
        return Told(period=_whole(given[0], "an interval", made.line), **bounds)
    if made.name not in ("CronTriggerTimetable", "MultipleCronTriggerTimetable"):
        raise unreadable(f"a schedule that is made with {made.name}", made.line)
    if made.name.startswith("Multiple") and _is_two(found):
        raise unreadable("MultipleCronTriggerTimetable, which Airflow 2 does not have", made.line)
    zone = made.keywords.get("timezone")
    crons = list(made.arguments)
    if made.name == "CronTriggerTimetable" and not crons and "cron" in made.keywords:
        crons = [made.keywords["cron"]]
    elif "cron" in made.keywords:
        raise unreadable(f"the arguments of {made.name}", made.line)
    is_text = bool(crons) and all(isinstance(one, str) for one in (zone, *crons))
    if not is_text or set(made.keywords) - {"timezone", "cron"} or (made.name[0] == "C" and len(crons) != 1):
        raise unreadable(f"the arguments of {made.name}", made.line)
    return Told(crons=tuple(crons), timezone=str(zone), **bounds)


def _behaviour(dag: dict[str, Any], defaults: dict[str, Any], line: int) -> Behaviour:
    retries = defaults["retries"]
    if isinstance(retries, bool) or not isinstance(retries, int) or retries < 0:
        raise unreadable("the value of retries", line)
    owner = defaults.get("owner")
    if owner is not None and not isinstance(owner, str):
        raise unreadable("the value of owner", line)
    catchup, limit = dag["catchup"], dag["max_active_runs"]
    waits = "wait_all" if catchup else "wait_latest"
    return Behaviour(
        missed="all" if catchup else "latest",
        busy="start" if limit == _NO_LIMIT else waits,
        limit=None if limit == _NO_LIMIT else limit,
        paused=dag["is_paused_upon_creation"],
        retries=retries,
        timeout=_whole(dag.get("dagrun_timeout"), "a dagrun_timeout", line),
        attempt_timeout=_whole(defaults.get("execution_timeout"), "an execution_timeout", line),
    )
