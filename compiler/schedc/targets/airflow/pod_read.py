"""Reads the pod of a KubernetesPodOperator back from its arguments, all escapes undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schedc.ir.workload import ConfigMapKey, Container, EnvValue, InitContainer, PodField, Resources, SecretKey, Text
from schedc.targets.airflow.models import MODELS
from schedc.targets.airflow.source import Made, unreadable
from schedc.targets.airflow.template import expanded, literally, text, word

_Read = Callable[[Any, int], Any]


def pod(given: dict[str, Any], line: int) -> Container:
    """The container of an operator; takes its arguments out of `given`."""
    more: dict[str, Any] = {}
    rendered = (
        ("volumes", "volumes", "V1Volume[]"),
        ("volume_mounts", "volume_mounts", "V1VolumeMount[]"),
        ("node_selector", "node_selector", "map"),
        ("pod_labels", "labels", "map"),
        ("pod_annotations", "annotations", "map"),
    )
    for field, argument, kind in rendered:
        if argument in given:
            more[field] = _plain(given.pop(argument), kind, line, text)
    as_it_is = (
        ("image_pull_policy", "image_pull_policy", "text"),
        ("tolerations", "tolerations", "V1Toleration[]"),
        ("affinity", "affinity", "V1Affinity"),
        ("security_context", "container_security_context", "V1SecurityContext"),
        ("pod_security_context", "security_context", "V1PodSecurityContext"),
        ("priority_class", "priority_class_name", "text"),
        ("termination_grace_period_second", "termination_grace_period", "number"),
    )
    for field, argument, kind in as_it_is:
        if argument in given:
            more[field] = _plain(given.pop(argument), kind, line, literally)
    if "image_pull_secrets" in given:
        secrets = _plain(given.pop("image_pull_secrets"), "V1LocalObjectReference[]", line, literally)
        more["image_pull_secrets"] = tuple(one["name"] for one in secrets)
    if "env_from" in given:
        more["env_from"] = _env_from(given.pop("env_from"), line, text)
    if "full_pod_spec" in given:
        more["working_dir"] = _working_dir(given.pop("full_pod_spec"), line)
    resources, accelerator = _resources(given.pop("container_resources", None), line, text)
    account = given.pop("service_account_name", None)
    return Container(
        image=text(given.pop("image", None), line),
        command=_words(given.pop("cmds", None), line, _rendered),
        args=_words(given.pop("arguments", None), line, _rendered),
        env=_env(given.pop("env_vars", []), line, text, _rendered),
        resources=resources,
        service_account=None if account is None else literally(account, line),
        init_containers=tuple(_init(one, line) for one in _list(given.pop("init_containers", []), line)),
        pod={**more, **accelerator},
    )


def _rendered(value: Any, line: int) -> Text:
    return expanded(word(value, line), line)


def _unrendered(value: Any, line: int) -> Text:
    return expanded(literally(value, line), line)


def _list(value: Any, line: int) -> list[Any]:
    if not isinstance(value, list):
        raise unreadable("an argument that is no list", line)
    return value


def _words(value: Any, line: int, read: _Read) -> tuple[Text, ...] | None:
    return None if value is None else tuple(read(one, line) for one in _list(value, line))


def keywords(value: Any, name: str, line: int) -> dict[str, Any]:
    """The arguments of one of Kubernetes' models."""
    if not isinstance(value, Made) or value.name != name or value.arguments or value.keywords.keys() - MODELS[name]:
        raise unreadable(f"expected k8s.{name} with {', '.join(MODELS[name])}", line)
    return dict(value.keywords)


def _plain(value: Any, kind: str, line: int, read: _Read) -> Any:
    """A value as plain data, of the kind that the model's field has."""
    if kind.endswith("[]"):
        return tuple(_plain(one, kind[:-2], line, read) for one in _list(value, line))
    if kind in MODELS:
        given = keywords(value, kind, line)
        made = {key: _plain(one, MODELS[kind][key], line, read) for key, one in given.items()}
        return _downward(made, line) if kind == "V1DownwardAPIVolumeFile" else made
    if kind in ("texts", "numbers"):
        return tuple(_plain(one, kind[:-1], line, read) for one in _list(value, line))
    if kind == "map":
        return {key: read(one, line) for key, one in _mapping(value, line).items()}
    if kind in ("flag", "number"):
        if type(value) is not (bool if kind == "flag" else int):
            raise unreadable("a value of another type than the model's field has", line)
        return value
    if kind != "text":
        raise unreadable("a model in another place than its own", line)
    return read(value, line)


def _downward(file: dict[str, Any], line: int) -> dict[str, Any]:
    if "field_path" not in file.get("field_ref", {}):
        raise unreadable("a file of the downward API without a field", line)
    field = file.pop("field_ref")["field_path"]
    return {**file, "field_path": field}


def _mapping(value: Any, line: int) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise unreadable("an argument that is no mapping", line)
    return value


def _env(value: Any, line: int, named: _Read, read: _Read) -> dict[str, EnvValue]:
    env: dict[str, EnvValue] = {}
    for one in _list(value, line):
        given = keywords(one, "V1EnvVar", line)
        if "name" not in given or ("value" in given) == ("value_from" in given):
            raise unreadable("a variable without a name or without one value", line)
        name = named(given["name"], line)
        if name in env:
            raise unreadable(f"two variables {name}", line)
        env[name] = read(given["value"], line) if "value" in given else _source(given["value_from"], line)
    return env


def _source(value: Any, line: int) -> EnvValue:
    found = _plain(value, "V1EnvVarSource", line, literally)
    if len(found) != 1:
        raise unreadable("a variable with no or several sources", line)
    kind, parts = next(iter(found.items()))
    if set(parts) != ({"field_path"} if kind == "field_ref" else {"name", "key"}):
        raise unreadable("a reference without a name or a key", line)
    if kind == "field_ref":
        return PodField(parts["field_path"])
    return (SecretKey if kind == "secret_key_ref" else ConfigMapKey)(parts["name"], parts["key"])


def _env_from(value: Any, line: int, read: _Read) -> tuple[dict[str, Any], ...]:
    found = []
    for one in _plain(value, "V1EnvFromSource[]", line, read):
        kinds = {"secret_ref": "secret", "config_map_ref": "config_map"}.items()
        said = [(name, one[argument]) for argument, name in kinds if argument in one]
        if len(said) != 1 or "name" not in said[0][1]:
            raise unreadable("an entry of env_from that names no or several objects", line)
        name, reference = said[0]
        prefix = {"prefix": one["prefix"]} if "prefix" in one else {}
        optional = {"optional": reference["optional"]} if "optional" in reference else {}
        found.append({name: reference["name"], **prefix, **optional})
    return tuple(found)


def _resources(value: Any, line: int, read: _Read) -> tuple[Resources, dict[str, Any]]:
    """The amounts that are text, and the one limit that is a number: the accelerator."""
    if value is None:
        return Resources(), {}
    given = keywords(value, "V1ResourceRequirements", line)
    limits = dict(_mapping(given.get("limits", {}), line))
    counted = [(name, limits.pop(name)) for name, amount in list(limits.items()) if type(amount) is int]
    if len(counted) > 1:
        raise unreadable("two limits that are numbers", line)
    resources = Resources(
        requests=_plain(given.get("requests", {}), "map", line, read), limits=_plain(limits, "map", line, read)
    )
    accelerators = [{"type": name, "count": count} for name, count in counted]
    return resources, {"accelerator": accelerators[0]} if accelerators else {}


def _working_dir(value: Any, line: int) -> str:
    """The one thing that is written as a pod of its own."""
    spec = keywords(keywords(value, "V1Pod", line).get("spec"), "V1PodSpec", line)
    containers = _list(spec.get("containers"), line)
    if len(containers) != 1:
        raise unreadable("a full_pod_spec with no or several containers", line)
    base = keywords(containers[0], "V1Container", line)
    if base.keys() != {"name", "working_dir"} or base["name"] != "base":
        raise unreadable("a full_pod_spec with more than a working directory", line)
    return literally(base["working_dir"], line)


def _init(value: Any, line: int) -> InitContainer:
    given = keywords(value, "V1Container", line)
    more: dict[str, Any] = {}
    for field in ("image_pull_policy", "working_dir", "volume_mounts", "security_context"):
        if field in given:
            more[field] = _plain(given[field], MODELS["V1Container"][field], line, literally)
    if "env_from" in given:
        more["env_from"] = _env_from(given["env_from"], line, literally)
    resources, accelerator = _resources(given.get("resources"), line, literally)
    container = Container(
        image=literally(given.get("image"), line),
        command=_words(given.get("command"), line, _unrendered),
        args=_words(given.get("args"), line, _unrendered),
        env=_env(given.get("env", []), line, literally, _unrendered),
        resources=resources,
        pod={**more, **accelerator},
    )
    return InitContainer(name=literally(given.get("name"), line), container=container)
