"""The pod of a Job as plain data, its keys in the order in which the API documents them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedc.ir.schedule import Schedule
from schedc.ir.workload import ConfigMapKey, Container, EnvValue, PodField, ScheduledTime, SecretKey
from schedc.targets.kubernetes import pod_words as words
from schedc.targets.kubernetes import scheduled_time as clock
from schedc.targets.kubernetes.expansion import escape

CONTAINER = "main"


def pod_template(schedule: Schedule, run: Container) -> dict[str, Any]:
    metadata = {
        theirs: words.written(run.pod[ours], None)
        for ours, theirs in (("pod_labels", "labels"), ("pod_annotations", "annotations"))
        if ours in run.pod
    }
    return {**({"metadata": metadata} if metadata else {}), "spec": _pod(schedule, run)}


def accelerators(run: Container) -> str | None:
    """Which resource of which container is an accelerator: what a limit alone does not tell."""
    everyone = [(one.name, one.container) for one in run.init_containers] + [(CONTAINER, run)]
    found = [f"{name}={one.pod['accelerator']['type']}" for name, one in everyone if "accelerator" in one.pod]
    return " ".join(found) or None


def _pod(schedule: Schedule, run: Container) -> dict[str, Any]:
    pod = run.pod
    return {
        "restartPolicy": "Never",
        **_field(pod, "termination_grace_period_second", "terminationGracePeriodSeconds"),
        **_optional("activeDeadlineSeconds", schedule.attempt_timeout),
        **_field(pod, "node_selector", "nodeSelector"),
        **_optional("serviceAccountName", run.service_account),
        **_field(pod, "pod_security_context", "securityContext", words.POD_SECURITY_CONTEXT),
        **(
            {"imagePullSecrets": [{"name": n} for n in pod["image_pull_secrets"]]}
            if "image_pull_secrets" in pod
            else {}
        ),
        **_field(pod, "affinity", "affinity", words.AFFINITY),
        **_field(pod, "tolerations", "tolerations", [words.TOLERATION]),
        **_field(pod, "priority_class", "priorityClassName"),
        **_field(pod, "volumes", "volumes", [words.VOLUME]),
        **(
            {"initContainers": [_container(schedule, one.name, one.container) for one in run.init_containers]}
            if run.init_containers
            else {}
        ),
        "containers": [_container(schedule, CONTAINER, run)],
    }


def _container(schedule: Schedule, name: str, run: Container) -> dict[str, Any]:
    pod = run.pod
    env = [_variable(key, value) for key, value in sorted(run.env.items()) if not isinstance(value, ScheduledTime)]
    if clock.tells_time(run):
        assert run.command is not None
        command: list[str] | None = clock.command(schedule.name, run.command, run.env)
        args = None if run.args is None else clock.tagged(run.args)
        env.append(_variable(clock.VARIABLE, PodField(f"metadata.labels['{clock.LABEL}']")))
    else:
        command, args = _texts(run.command), _texts(run.args)
    resources = _resources(run)
    return {
        "name": name,
        "image": run.image,
        **_field(pod, "image_pull_policy", "imagePullPolicy"),
        **({} if command is None else {"command": [escape(text) for text in command]}),
        **({} if args is None else {"args": [escape(text) for text in args]}),
        **_field(pod, "working_dir", "workingDir"),
        **({"env": env} if env else {}),
        **({"envFrom": [_source(one) for one in pod["env_from"]]} if "env_from" in pod else {}),
        **_field(pod, "volume_mounts", "volumeMounts", [words.VOLUME_MOUNT]),
        **({"resources": resources} if resources else {}),
        **_field(pod, "security_context", "securityContext", words.SECURITY_CONTEXT),
    }


def _texts(given: tuple[Any, ...] | None) -> list[str] | None:
    return None if given is None else [str(text) for text in given]


def _resources(run: Container) -> dict[str, dict[str, str]]:
    limits = dict(run.resources.limits)
    accelerator = run.pod.get("accelerator")
    if accelerator is not None:
        limits[accelerator["type"]] = str(accelerator["count"])
    both = (("requests", run.resources.requests), ("limits", limits))
    return {kind: dict(sorted(amounts.items())) for kind, amounts in both if amounts}


def _variable(name: str, value: EnvValue) -> dict[str, Any]:
    if isinstance(value, str):
        return {"name": name, "value": escape(value)}
    if isinstance(value, PodField):
        return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": value.path}}}
    assert isinstance(value, SecretKey | ConfigMapKey)
    kind = "secretKeyRef" if isinstance(value, SecretKey) else "configMapKeyRef"
    return {"name": name, "valueFrom": {kind: {"name": value.name, "key": value.key}}}


def _source(one: Mapping[str, Any]) -> dict[str, Any]:
    kind, ours = ("secretRef", "secret") if "secret" in one else ("configMapRef", "config_map")
    optional = {"optional": one["optional"]} if "optional" in one else {}
    return {**_optional("prefix", one.get("prefix")), kind: {"name": one[ours], **optional}}


def _field(data: Mapping[str, Any], ours: str, theirs: str, below: Any = None) -> dict[str, Any]:
    return {theirs: words.written(data[ours], below)} if ours in data else {}


def _optional(key: str, value: int | str | None) -> dict[str, Any]:
    return {} if value is None else {key: value}
