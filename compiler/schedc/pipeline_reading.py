"""Reads what stands in artifacts that carry a KFP IR: a container as a one-task pipeline, and a description's facts.

It shares nothing with the code that writes them, so that a slip there is seen here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schedc.ir.workload import ConfigMapKey, Container, EnvValue, Resources, SecretKey
from schedc.target import UnreadableArtifact


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a description says: the user's own text, the facts by name, the labels."""

    description: str | None
    facts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


def read_provenance(text: str) -> Provenance:
    """Take a description apart. Raises `UnreadableArtifact`."""
    lines = text.split("\n")
    marks = [i for i, line in enumerate(lines) if line == "-- schedc --"]
    if not marks:
        raise UnreadableArtifact("the description does not say where it came from")
    at = marks[-1]
    description = None
    if at:
        if at < 2 or lines[at - 1]:
            raise UnreadableArtifact("no empty line stands before the facts of the description")
        description = "\n".join(lines[: at - 1])
    facts: dict[str, str] = {}
    labels: dict[str, str] = {}
    for line in lines[at + 1 :]:
        is_label = line.startswith("label ")
        name, rest = _value(line[6:] if is_label else line)
        if not rest.startswith(": "):
            raise UnreadableArtifact(f"the line {line!r} of the description cannot be read")
        value, rest = _value(rest[2:], last=True)
        into = labels if is_label else facts
        if rest or name in into:
            raise UnreadableArtifact(f"the line {line!r} of the description cannot be read")
        into[name] = value
    return Provenance(description, facts, labels)


def _value(text: str, last: bool = False) -> tuple[str, str]:
    """A value that is written as it is or as JSON, and what follows it."""
    if text.startswith('"'):
        try:
            value, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            raise UnreadableArtifact(f"{text!r} in the description is not JSON") from None
        return str(value), text[end:]
    end = len(text) if last else text.find(": ")
    return (text, "") if end < 0 else (text[:end], text[end:])


def same_data(left: Any, right: Any) -> bool:
    """Whether two plain values are one, `True` and `1` apart."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_data(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_data, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def is_cached(spec: Mapping[str, Any]) -> bool:
    """Whether any task of the pipeline, in whichever graph, has its cache on."""
    graphs = [spec.get("root", {}), *list(spec.get("components", {}).values())]
    found = [task for graph in graphs for task in graph.get("dag", {}).get("tasks", {}).values()]
    return any(task.get("cachingOptions", {}).get("enableCache", False) is not False for task in found)


def exactly(value: Any, keys: set[str], what: str, optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The mapping, if it has these keys and no others."""
    if not isinstance(value, dict):
        raise UnreadableArtifact(f"{what} is not a mapping")
    for key in sorted(value.keys() - keys - optional):
        raise UnreadableArtifact(f"{what} has the unknown field {key}")
    for key in sorted(keys - value.keys()):
        raise UnreadableArtifact(f"{what} has no {key}")
    return value


def container_of(
    name: str, spec: dict[str, Any], platform: Any, *, unescape: Callable[[str], str]
) -> tuple[Container, int, int | None]:
    """The container of a pipeline with one task, its retries, and the seconds that one try may take."""
    exactly(
        spec,
        {"components", "deploymentSpec", "pipelineInfo", "root", "schemaVersion", "sdkVersion"},
        "the pipeline",
    )
    info = exactly(spec["pipelineInfo"], {"name"}, "pipelineInfo", frozenset({"description"}))
    if info["name"] != name or spec["schemaVersion"] != "2.1.0":
        raise UnreadableArtifact("the pipeline has another name or schema than the schedule")
    task = _only(_at(spec["root"], "dag", "tasks"), name, "tasks")
    exactly(task, {"cachingOptions", "componentRef", "taskInfo"}, "the task", frozenset({"retryPolicy"}))
    if task["componentRef"] != {"name": f"comp-{name}"} or task["taskInfo"] != {"name": name}:
        raise UnreadableArtifact("the task refers to another component")
    if _only(spec["components"], f"comp-{name}", "components") != {"executorLabel": f"exec-{name}"}:
        raise UnreadableArtifact("the component is more than one container")
    executor = _only(_at(spec["deploymentSpec"], "executors"), f"exec-{name}", "executors")
    inner = exactly(
        exactly(executor, {"container"}, "the executor")["container"],
        {"image"},
        "the container",
        frozenset({"command", "args", "env", "resources"}),
    )
    env: dict[str, EnvValue] = {}
    for one in inner.get("env", []):
        exactly(one, {"name", "value"}, "a variable")
        _put(env, one["name"], unescape(one["value"]))
    attempt_timeout = _platform(name, platform, env)
    container = Container(
        image=inner["image"],
        command=_words(inner.get("command"), unescape),
        args=_words(inner.get("args"), unescape),
        env=dict(sorted(env.items())),
        resources=_resources(inner.get("resources", {})),
    )
    return container, _retries(task.get("retryPolicy")), attempt_timeout


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = exactly(value, {key}, "the pipeline")[key]
    return value


def _only(value: Any, key: str, what: str) -> Any:
    return exactly(value, {key}, what)[key]


def _put(env: dict[str, EnvValue], name: str, value: EnvValue) -> None:
    if name in env:
        raise UnreadableArtifact(f"the variable {name} is set twice")
    env[name] = value


def _words(value: Any, unescape: Callable[[str], str]) -> tuple[str, ...] | None:
    return None if value is None else tuple(unescape(word) for word in value)


def _resources(value: Any) -> Resources:
    names = {
        "resourceCpuLimit": ("limits", "cpu"),
        "resourceMemoryLimit": ("limits", "memory"),
        "resourceCpuRequest": ("requests", "cpu"),
        "resourceMemoryRequest": ("requests", "memory"),
    }
    exactly(value, set(), "resources", frozenset(names))
    found: dict[str, dict[str, str]] = {"limits": {}, "requests": {}}
    for key, amount in value.items():
        kind, name = names[key]
        found[kind][name] = amount
    return Resources(requests=found["requests"], limits=found["limits"])


def _retries(policy: Any) -> int:
    if policy is None:
        return 0
    exactly(policy, {"backoffDuration", "backoffFactor", "backoffMaxDuration", "maxRetryCount"}, "retryPolicy")
    if policy["backoffDuration"] != "0s" or policy["backoffMaxDuration"] != "31536000s":
        raise UnreadableArtifact("the retries have a backoff or an end")
    return int(policy["maxRetryCount"])


def _platform(name: str, platform: Any, env: dict[str, EnvValue]) -> int | None:
    if platform is None:
        return None
    executors = _at(platform, "platforms", "kubernetes", "deploymentSpec", "executors")
    executor = exactly(
        _only(executors, f"exec-{name}", "executors"),
        set(),
        "the platform's executor",
        frozenset({"secretAsEnv", "configMapAsEnv", "activeDeadlineSeconds"}),
    )
    for one in executor.get("secretAsEnv", []):
        variable, key, source = _reference(one, "secretName", "secretKey")
        _put(env, variable, SecretKey(source, key))
    for one in executor.get("configMapAsEnv", []):
        variable, key, source = _reference(one, "configMapName", "configMapKey")
        _put(env, variable, ConfigMapKey(source, key))
    seconds = executor.get("activeDeadlineSeconds")
    return None if seconds is None else int(seconds)


def _reference(one: Any, source: str, key: str) -> tuple[str, str, str]:
    exactly(one, {"keyToEnv", "optional", source, f"{source}Parameter"}, source)
    if one["optional"] is not False or one[f"{source}Parameter"] != {"runtimeValue": {"constant": one[source]}}:
        raise UnreadableArtifact(f"the {source} is optional or not a constant")
    if len(one["keyToEnv"]) != 1:
        raise UnreadableArtifact(f"the {source} gives more than one variable")
    pair = exactly(one["keyToEnv"][0], {"envVar", key}, source)
    return pair["envVar"], pair[key], one[source]
