"""Reads what stands in artifacts that carry a KFP IR: containers as the tasks of a pipeline, and a description's facts.

It shares nothing with the code that writes them, so that a slip there is seen here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from schedc.ir.workload import Container, EnvValue, Resources, ScheduledTime, Step, Steps, Text
from schedc.records import dataclass, field
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


def patch_of(told_by: Provenance) -> dict[str, Any]:
    """The patch that the artifact says it carries; empty where it carries none."""
    text = told_by.facts.get("patch")
    if text is None:
        return {}
    try:
        patch = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableArtifact("the patch in the description is not JSON") from None
    if not isinstance(patch, dict):
        raise UnreadableArtifact("the patch in the description is not a mapping")
    return patch


def without_patch(document: Any, patch: Mapping[str, Any]) -> Any:
    """The document as it was before a patch that only added to it. Raises where it does not hold the patch."""
    if not isinstance(document, dict) or patch.keys() - document.keys():
        raise UnreadableArtifact("the patch in the description is not in the artifact")
    result = {}
    for key, value in document.items():
        if key not in patch:
            result[key] = value
        elif isinstance(patch[key], dict) and isinstance(value, dict):
            inner = without_patch(value, patch[key])
            if inner:
                result[key] = inner
        elif not same_data(value, patch[key]):
            raise UnreadableArtifact(f"{key} is not what the patch in the description makes it")
    return result


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


@dataclass(frozen=True, slots=True)
class Extra:
    """What stands of a container outside of the IR."""

    env: Mapping[str, EnvValue] = field(default_factory=dict)
    pod: Mapping[str, Any] = field(default_factory=dict)
    attempt_timeout: int | None = None


Accelerator = Mapping[str, Any]
ReadResources = Callable[[Any], tuple[Resources, Accelerator | None]]


def workload_of(
    name: str,
    spec: dict[str, Any],
    extras: Mapping[str, Extra],
    *,
    unescape: Callable[[str], str],
    resources: ReadResources,
) -> tuple[Container | Steps, int, int | None]:
    """The workload of a pipeline, the retries of its tasks, and the seconds that one try may take.

    `extras` are by the name of the executor. A task that names the tasks it depends on, even none, is a step.
    """
    exactly(
        spec,
        {"components", "deploymentSpec", "pipelineInfo", "root", "schemaVersion", "sdkVersion"},
        "the pipeline",
    )
    info = exactly(spec["pipelineInfo"], {"name"}, "pipelineInfo", frozenset({"description"}))
    if info["name"] != name or spec["schemaVersion"] != "2.1.0":
        raise UnreadableArtifact("the pipeline has another name or schema than the schedule")
    tasks = _at(spec["root"], "dag", "tasks")
    executors = _at(spec["deploymentSpec"], "executors")
    exactly(spec["components"], {f"comp-{task}" for task in tasks}, "components")
    exactly(executors, {f"exec-{task}" for task in tasks}, "executors")
    for label in extras:
        if label not in executors:
            raise UnreadableArtifact(f"the platform spec tells of {label}, which is no executor")
    found = []
    for task in sorted(tasks):
        extra = extras.get(f"exec-{task}", Extra())
        container = _container(task, spec, extra, unescape, resources)
        found.append((tasks[task], Step(name=task, container=container, after=_after(tasks[task], tasks)), extra))
    if len({task["cachingOptions"]["enableCache"] for task, _, _ in found}) != 1:
        raise UnreadableArtifact("some tasks are cached, and some are not")
    policies = {(_retries(task.get("retryPolicy")), extra.attempt_timeout) for task, _, extra in found}
    if len(policies) != 1:
        raise UnreadableArtifact("the tasks have different retries or timeouts, or there are none")
    retries, attempt_timeout = policies.pop()
    if "dependentTasks" not in found[0][0]:
        if len(found) != 1 or found[0][1].name != name:
            raise UnreadableArtifact("a task does not say what it depends on")
        return found[0][1].container, retries, attempt_timeout
    if any("dependentTasks" not in task for task, _, _ in found):
        raise UnreadableArtifact("a task does not say what it depends on")
    return Steps(steps=tuple(step for _, step, _ in found)), retries, attempt_timeout


def _after(task: dict[str, Any], tasks: Mapping[str, Any]) -> tuple[str, ...]:
    after = tuple(_list(task.get("dependentTasks", []), "dependentTasks"))
    for other in after:
        if other not in tasks:
            raise UnreadableArtifact(f"a task depends on {other!r}, which is no task")
    return after


def _container(
    name: str, spec: dict[str, Any], extra: Extra, unescape: Callable[[str], str], resources: ReadResources
) -> Container:
    task = spec["root"]["dag"]["tasks"][name]
    exactly(
        task,
        {"cachingOptions", "componentRef", "taskInfo"},
        "the task",
        frozenset({"retryPolicy", "dependentTasks", "inputs"}),
    )
    caching = exactly(task["cachingOptions"], {"enableCache"}, "cachingOptions")
    if not isinstance(caching["enableCache"], bool):
        raise UnreadableArtifact("enableCache is neither true nor false")
    if task["componentRef"] != {"name": f"comp-{name}"} or task["taskInfo"] != {"name": name}:
        raise UnreadableArtifact("the task refers to another component")
    component = exactly(
        spec["components"][f"comp-{name}"], {"executorLabel"}, "the component", frozenset({"inputDefinitions"})
    )
    if component["executorLabel"] != f"exec-{name}":
        raise UnreadableArtifact("the component is more than one container")
    time = _scheduled_time(task.get("inputs"), component.get("inputDefinitions"))
    inner = exactly(
        exactly(spec["deploymentSpec"]["executors"][f"exec-{name}"], {"container"}, "the executor")["container"],
        {"image"},
        "the container",
        frozenset({"command", "args", "env", "resources"}),
    )
    env: dict[str, EnvValue] = dict(extra.env)
    for one in _list(inner.get("env", []), "env"):
        exactly(one, {"name", "value"}, "a variable")
        if one["name"] in env:
            raise UnreadableArtifact(f"the variable {one['name']} is set twice")
        env[one["name"]] = unescape(one["value"])
    amounts, accelerator = resources(inner.get("resources", {}))
    pod = dict(extra.pod)
    if accelerator is not None:
        pod["accelerator"] = accelerator
    return Container(
        image=inner["image"],
        command=_words(inner.get("command"), unescape, time),
        args=_words(inner.get("args"), unescape, time),
        env=dict(sorted(env.items())),
        resources=amounts,
        pod=pod,
    )


def _scheduled_time(inputs: Any, definitions: Any) -> ScheduledTime | None:
    """The one input that a task may have: the time that the run is scheduled for, as the API writes times."""
    if inputs is None and definitions is None:
        return None
    given = {"runtimeValue": {"constant": "{{$.pipeline_job_schedule_time_utc}}"}}
    if inputs != {"parameters": {"scheduled_time": given}} or definitions != {
        "parameters": {"scheduled_time": {"parameterType": "STRING"}}
    }:
        raise UnreadableArtifact("a task has an input that is not the scheduled time")
    return ScheduledTime("%Y-%m-%dT%H:%M:%SZ", "UTC")


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = exactly(value, {key}, "the pipeline")[key]
    return value


def _words(value: Any, unescape: Callable[[str], str], time: ScheduledTime | None) -> tuple[Text, ...] | None:
    if value is None:
        return None
    given = "{{$.inputs.parameters['scheduled_time']}}"
    return tuple(time if time is not None and word == given else unescape(word) for word in _list(value, "a command"))


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise UnreadableArtifact(f"{what} is not a list")
    return value


def _retries(policy: Any) -> int:
    if policy is None:
        return 0
    exactly(policy, {"backoffDuration", "backoffFactor", "backoffMaxDuration", "maxRetryCount"}, "retryPolicy")
    backoff = (policy["backoffDuration"], policy["backoffMaxDuration"])
    if backoff != ("0s", "31536000s") or not same_data(policy["backoffFactor"], 1):
        raise UnreadableArtifact("the retries have a backoff or an end")
    return int(policy["maxRetryCount"])
