"""What an expert's options may not say, each with the field that says it."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.source import Span
from schedc.target import Job
from schedc.targets.airflow import options as airflow_options
from schedc.targets.airflow.expert import DAG_WORDS, REFERENCE, TASK_WORDS, is_writable

_OWN_OPERATOR_WORDS = (
    *("owner", "retries", "execution_timeout", "start_date", "end_date", "depends_on_past"),
    *("wait_for_downstream", "max_active_tis_per_dag", "trigger_rule", "dag", "task_id"),
)


def option_place(job: Job, *path: str | int) -> Span:
    """Where an option of this target stands."""
    node = job.schedule.options.get("airflow")
    return node.nearest(*path) if node is not None else job.schedule.place("targets", "airflow", *path)


def expert_limits(job: Job, sink: Sink) -> None:
    """Tells the sink what carries instants, policy or ownership, and what is no value in Python."""
    own = job.options.get("operator")
    kwargs = own.get("kwargs") or {} if isinstance(own, Mapping) else {}
    tasks_own = {name: TASK_WORDS[name] for name in _OWN_OPERATOR_WORDS}
    for path, what, given, words in (
        (("dag_kwargs",), "DAG", job.options.get("dag_kwargs") or {}, DAG_WORDS),
        (("default_args",), "every task", job.options.get("default_args") or {}, TASK_WORDS),
        (("operator", "kwargs"), "the operator", kwargs, tasks_own),
    ):
        for name, value in given.items():
            _argument(job, (*path, name), what, value, words.get(name), sink)
    for name in job.options.get("default_args") or {}:
        for operator, options in airflow_options.OPERATOR_OPTIONS.items():
            if name in options:
                message = f"{name} is an option of its own"
                help = f"use targets.airflow.{name} with operator: {operator}"
                sink.add(rules.CONFLICTING_FIELDS, message, option_place(job, "default_args", name), help=help)
    if airflow_options.only_schedule(job.options) and own not in (None, "kubernetes"):
        message = "emit: schedule writes no operator"
        sink.add(rules.CONFLICTING_FIELDS, message, option_place(job, "operator"), help="remove operator")


def _argument(job: Job, path: tuple[str, ...], what: str, value: Any, instead: str | None, sink: Sink) -> None:
    name, place = path[-1], option_place(job, *path)
    if instead is not None:
        message = f"{name} of {what} is not for an expert's option to say"
        sink.add(rules.CONFLICTING_FIELDS, message, place, help=instead)
    elif not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or keyword.iskeyword(name):
        sink.add(rules.INVALID_VALUE, f"{name[:60]!r} is no name of an argument", place)
    elif not is_writable(value):
        sink.add(rules.INVALID_VALUE, f"the value of {name} has no literal in Python", place)
    else:
        _check_references(value, place, sink)


def _check_references(value: Any, place: Span, sink: Sink) -> None:
    """A mapping with `ref` and nothing else names an import; with more beside it, it is a mistake."""
    if isinstance(value, Mapping):
        if "ref" in value:
            path = value["ref"]
            is_path = isinstance(path, str) and re.fullmatch(REFERENCE, path)
            if len(value) > 1 or not is_path or any(keyword.iskeyword(part) for part in path.split(".")):
                message = "a reference is {ref: pkg.mod.name}, a name in a module, and nothing beside it"
                sink.add(rules.INVALID_VALUE, message, place)
            return
        for one in value.values():
            _check_references(one, place, sink)
    elif isinstance(value, list | tuple):
        for one in value:
            _check_references(one, place, sink)
