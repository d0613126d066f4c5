"""The options of the Airflow target, and what follows from the version that is compiled for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schedc.capabilities import Answer, Feature, not_yet
from schedc.shapes import Anything, Boolean, Choice, Either, Field, Integer, ListOf, Record, Text
from schedc.targets.airflow.expert import REFERENCE

DEFAULT_VERSION = "3.1"
DEFAULT_TAGS = ("schedc",)
UNLIMITED = 1_000_000
"""`max_active_runs` where a schedule says that overlapping runs are allowed: Airflow has no word for no limit."""
OPEN_LIMIT = 16
"""`max_active_runs` where a schedule says nothing: Airflow's own default, unless somebody configured another."""
OPEN_TASKS = 16
"""`max_active_tasks` where a file says nothing: Airflow's own default, unless somebody configured another."""

_RANGE = r"(?:>=|>|<=|<|==)\d+(?:\.\d+){0,3}"

OPERATOR_OPTIONS = {
    "kubernetes": (
        "namespace",
        "kubernetes_conn_id",
        "in_cluster",
        "cluster_context",
        "config_file",
        "startup_timeout_seconds",
        "on_finish_action",
        "deferrable",
    ),
    "docker": ("docker_url", "docker_conn_id", "network_mode"),
    "bash": (),
    "own": (),
}
"""Options that are passed on to the operator's argument of the same name, by operator."""

_PLAIN = Text(r"(?!.*\.(?:sh|bash|env)$)[^{}\r\n]+", "one line of text without braces, that names no script")
"""Text that is the same whether or not a provider's version renders the argument as a template."""

OPTIONS = (
    Field(
        "version",
        Text(r"(?:2\.(?:1[1-9]|[2-9]\d)|3\.\d+)(?:\.\d+)?", "an Airflow version from 2.11 on, such as 2.11 or 3.1"),
        "The version of Airflow to compile for.",
        default=DEFAULT_VERSION,
    ),
    Field(
        "croniter",
        Text(rf"{_RANGE}(?:\s*,\s*{_RANGE})*", "a range of versions, such as >=6.2.2"),
        "The croniter versions that this Airflow may run with; nearest weekdays (W) need 6.2 or later.",
    ),
    Field(
        "dag_id",
        Text(r"[A-Za-z0-9_.-]{1,250}", "a DAG id: at most 250 letters, digits, dots, dashes and underscores"),
        "The DAG's id; the schedule's name where left out.",
    ),
    Field(
        "tags",
        ListOf(Text(r"[^=]{1,100}", "a tag: 1 to 100 characters, no = (labels become tags with =)")),
        "The DAG's tags, beside one KEY=VALUE for each label.",
        default=DEFAULT_TAGS,
    ),
    Field("owner", Text(empty=False), "The DAG's owner, where it is not the schedule's own."),
    Field(
        "operator",
        Either(
            Choice(("kubernetes", "docker", "bash"), {"k8s": "kubernetes", "pod": "kubernetes"}),
            Record(
                (
                    Field("import", Text(REFERENCE, "a class in a module, such as acme.ops.Train"), "its class", True),
                    Field("kwargs", Anything("a mapping"), "its arguments; {ref: pkg.mod.name} is an imported name"),
                ),
                "operator",
            ),
        ),
        "What runs the container: KubernetesPodOperator (kubernetes), DockerOperator (docker), BashOperator on the"
        " worker itself (bash), or an operator of your own in place of run, its arguments as Airflow reads them.",
        default="kubernetes",
    ),
    Field(
        "emit",
        Choice(("dag", "schedule")),
        "What the file holds: a DAG, or one dict for a DAG that you write yourself: DAG(**SCHEDULE).",
        default="dag",
    ),
    Field(
        "dag_kwargs",
        Anything("a mapping"),
        "Arguments of DAG that schedc has no word for; {ref: pkg.mod.name} is an imported name.",
    ),
    Field(
        "default_args",
        Anything("a mapping"),
        "Arguments of every task that schedc has no word for; {ref: pkg.mod.name} is an imported name.",
    ),
    Field(
        "namespace",
        Text(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "a namespace"),
        "The namespace of the pod; left out, that of its connection, else that in which Airflow itself runs, else"
        " default.",
    ),
    Field("kubernetes_conn_id", _PLAIN, "The Airflow connection to the cluster."),
    Field("in_cluster", Boolean(), "Whether to use the cluster that Airflow itself runs in."),
    Field("cluster_context", _PLAIN, "The context of the kubeconfig file."),
    Field("config_file", _PLAIN, "The path of the kubeconfig file on the worker."),
    Field("startup_timeout_seconds", Integer(1), "How long a pod may take to start."),
    Field(
        "on_finish_action",
        Choice(("delete_pod", "delete_succeeded_pod", "keep_pod")),
        "What becomes of a pod that has ended.",
    ),
    Field("deferrable", Boolean(), "Whether to wait in the triggerer and not in a worker."),
    Field("docker_url", _PLAIN, "The address of the Docker daemon."),
    Field("docker_conn_id", _PLAIN, "The Airflow connection to the registry."),
    Field("network_mode", _PLAIN, "The Docker network of the container."),
)


def version(options: Mapping[str, Any]) -> tuple[int, int]:
    """The major and minor version that is compiled for."""
    major, minor = (options.get("version") or DEFAULT_VERSION).split(".")[:2]
    return int(major), int(minor)


_FAMILIES = (("3", (3, 0, 4)), ("5", (5, 0, 1)), ("6.0", (6, 0, 0)), ("6.2", (6, 2, 4)), ("7", (7, 0, 0)))
"""The last release of each family of croniter that reads or searches in its own way."""


def families(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The families of croniter that may be installed: none older and none newer than the option allows."""
    oldest, text = oldest_croniter(options), options.get("croniter") or ""
    newest = [tuple(int(n) for n in one.split(".")) for one in re.findall(r"(?:<=|==)(\d+(?:\.\d+)*)", text)]
    below = [tuple(int(n) for n in one.split(".")) for one in re.findall(r"<(\d+(?:\.\d+)*)", text)]
    return tuple(
        name
        for name, last in _FAMILIES
        if last >= oldest
        and not any(_first(name) > bound for bound in newest)
        and not any(_first(name) >= bound for bound in below)
    )


def _first(family: str) -> tuple[int, ...]:
    return (0,) if family == "3" else tuple(int(n) for n in family.split("."))


def operator(options: Mapping[str, Any]) -> str:
    """The word of the operator; `own` for one that the expert imports."""
    chosen = options.get("operator") or "kubernetes"
    return chosen if isinstance(chosen, str) else "own"


def only_schedule(options: Mapping[str, Any]) -> bool:
    """Whether the file holds the arguments of a DAG and no DAG."""
    return bool(options.get("emit") == "schedule")


def replaces_run(options: Mapping[str, Any]) -> bool:
    """Whether the file runs something else than the schedule's `run`, or nothing."""
    return only_schedule(options) or operator(options) == "own"


def identity(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the file must hold beside the schedule, in the words of its reader."""
    chosen = options.get("operator")
    tags = options.get("tags")
    found: dict[str, Any] = {
        "tags": list(DEFAULT_TAGS if tags is None else tags),
        "dag_kwargs": dict(options.get("dag_kwargs") or {}),
        "default_args": dict(options.get("default_args") or {}),
    }
    if only_schedule(options):
        return found
    if options.get("dag_id"):
        found["dag_id"] = options["dag_id"]
    if isinstance(chosen, Mapping):
        return {**found, "operator": chosen["import"], "kwargs": dict(chosen.get("kwargs") or {})}
    return {**found, **{name: options.get(name) for name in OPERATOR_OPTIONS[operator(options)]}}


def oldest_croniter(options: Mapping[str, Any]) -> tuple[int, ...]:
    """The oldest croniter that may be installed: as the option says, else as that Airflow's own requirement does."""
    said = re.findall(r"(?:>=|==|>)(\d+(?:\.\d+)*)", options.get("croniter") or "")
    if said:
        return max(tuple(int(n) for n in one.split(".")) for one in said)
    if version(options) >= (3, 3):
        return 6, 2, 2
    return (6, 0, 0) if version(options) >= (3, 0) else (2, 0, 2)


def by_version(options: Mapping[str, Any]) -> Mapping[Feature, Answer]:
    """Only croniter from 6.2 on reads `W`."""
    if oldest_croniter(options) >= (6, 2):
        return {}
    shown = ".".join(map(str, oldest_croniter(options)))
    because = f"may run with croniter {shown}, which reads no nearest weekday (W)"
    instead = 'install croniter 6.2.2 or later there and say so with targets.airflow.croniter: ">=6.2.2"'
    return {Feature.NEAREST_WEEKDAY: not_yet(because, "croniter 6.2.0, changes", instead)}
