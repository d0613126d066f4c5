"""The pod block in the words of kfp-kubernetes (`KubernetesExecutorConfig`), and resources in those of the IR."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from schedc.ir.workload import ConfigMapKey, Container, EnvValue, PodField, SecretKey, Step

Plain = dict[str, Any]

_RESOURCES = {
    ("limits", "cpu"): "resourceCpuLimit",
    ("limits", "memory"): "resourceMemoryLimit",
    ("requests", "cpu"): "resourceCpuRequest",
    ("requests", "memory"): "resourceMemoryRequest",
}
HELD_RESOURCES = frozenset(_RESOURCES)
"""The (kind, resource name) pairs that the IR has a field for."""
REQUIRED = "required_during_scheduling_ignored_during_execution"
PREFERRED = "preferred_during_scheduling_ignored_during_execution"


def resources(container: Container) -> Plain:
    """Quantities as they are written, and the accelerator as a limit of its resource."""
    written = (("limits", container.resources.limits), ("requests", container.resources.requests))
    found: Plain = {_RESOURCES[kind, key]: amount for kind, amounts in written for key, amount in amounts.items()}
    accelerator = container.pod.get("accelerator")
    if accelerator is not None:
        found["accelerator"] = {
            "resourceType": accelerator["type"],
            "resourceCount": str(accelerator["count"]),
        }
    return found


def platform_spec(
    steps: tuple[Step, ...], attempt_timeout: int | None = None, timeout: int | None = None
) -> Plain | None:
    """What the IR has no field for, or None where there is nothing."""
    executors = {}
    for step in steps:
        config = _executor(step.container)
        if attempt_timeout is not None:
            config["activeDeadlineSeconds"] = str(attempt_timeout)
        if config:
            executors[f"exec-{step.name}"] = config
    times = {
        "activeDeadlineSeconds": timeout,
        "resourceTtlOnCompletion": steps[0].container.pod.get("ttl_second_after_finished"),
    }
    parts: Plain = {"pipelineConfig": {key: value for key, value in times.items() if value is not None}}
    if executors:
        parts["deploymentSpec"] = {"executors": executors}
    given = {key: value for key, value in parts.items() if value}
    return {"platforms": {"kubernetes": given}} if given else None


def _executor(container: Container) -> Plain:
    pod = container.pod
    config: Plain = {}
    for kind, key, write in _VARIABLES:
        found = [write(name, value) for name, value in sorted(container.env.items()) if isinstance(value, kind)]
        if found:
            config[key] = found
    for key, mount in _mounts(pod):
        config.setdefault(key, []).append(mount)
    if "image_pull_policy" in pod:
        config["imagePullPolicy"] = pod["image_pull_policy"]
    if pod.get("image_pull_secrets"):
        config["imagePullSecret"] = [_named("secretName", name) for name in pod["image_pull_secrets"]]
    if pod.get("node_selector"):
        config["nodeSelector"] = {"labels": dict(pod["node_selector"])}
    if pod.get("tolerations"):
        config["tolerations"] = [
            {
                _TOLERATION.get(key, key): str(value) if key == "toleration_seconds" else value
                for key, value in t.items()
            }
            for t in pod["tolerations"]
        ]
    terms = list(_node_terms(pod.get("affinity", {}).get("node_affinity", {})))
    if terms:
        config["nodeAffinity"] = terms
    metadata = {
        key: dict(pod[name])
        for key, name in (("labels", "pod_labels"), ("annotations", "pod_annotations"))
        if pod.get(name)
    }
    if metadata:
        config["podMetadata"] = metadata
    context = pod.get("security_context", {})
    identity = {_IDENTITY[key]: value for key, value in context.items() if key in _IDENTITY}
    if identity:
        config["securityContext"] = {
            key: value if isinstance(value, bool) else str(value) for key, value in identity.items()
        }
    return config


_TOLERATION = {"toleration_seconds": "tolerationSeconds"}
_IDENTITY = {"run_as_user": "runAsUser", "run_as_group": "runAsGroup", "run_as_non_root": "runAsNonRoot"}


def _named(field: str, name: str) -> Plain:
    """A name in the old field and in the one that may be a parameter, as kfp-kubernetes writes both."""
    return {field: name, f"{field}Parameter": {"runtimeValue": {"constant": name}}}


def _from_secret(variable: str, value: SecretKey) -> Plain:
    pair = {"envVar": variable, "secretKey": value.key}
    return {"keyToEnv": [pair], "optional": False, **_named("secretName", value.name)}


def _from_map(variable: str, value: ConfigMapKey) -> Plain:
    pair = {"envVar": variable, "configMapKey": value.key}
    return {"keyToEnv": [pair], "optional": False, **_named("configMapName", value.name)}


def _from_field(variable: str, value: PodField) -> Plain:
    return {"name": variable, "fieldPath": value.path}


_VARIABLES: tuple[tuple[type[EnvValue], str, Callable[[str, Any], Plain]], ...] = (
    (SecretKey, "secretAsEnv", _from_secret),
    (ConfigMapKey, "configMapAsEnv", _from_map),
    (PodField, "fieldPathAsEnv", _from_field),
)


def _mounts(pod: Mapping[str, Any]) -> Iterator[tuple[str, Plain]]:
    """Each volume with its one mount, and the field of the platform spec that holds it."""
    mounts = {mount["name"]: mount for mount in pod.get("volume_mounts", ())}
    for volume in pod.get("volumes", ()):
        mount = mounts[volume["name"]]
        at = {"mountPath": mount["mount_path"]}
        if "secret" in volume:
            source = volume["secret"]
            yield "secretAsVolume", {**_named("secretName", source["secret_name"]), **at, **_optional(source)}
        elif "config_map" in volume:
            source = volume["config_map"]
            yield "configMapAsVolume", {**_named("configMapName", source["name"]), **at, **_optional(source)}
        elif "persistent_volume_claim" in volume:
            name = volume["persistent_volume_claim"]["claim_name"]
            sub = {"subPath": mount["sub_path"]} if "sub_path" in mount else {}
            yield "pvcMount", {"constant": name, "pvcNameParameter": {"runtimeValue": {"constant": name}}, **at, **sub}
        else:
            source = volume["empty_dir"]
            words = {"medium": "medium", "size_limit": "sizeLimit"}
            extra = {words[key]: value for key, value in source.items()}
            yield "emptyDirMounts", {"volumeName": volume["name"], **at, **extra}


def _optional(source: Mapping[str, Any]) -> Plain:
    return {"optional": source["optional"]} if "optional" in source else {}


def _node_terms(affinity: Mapping[str, Any]) -> Iterator[Plain]:
    """The required terms, any of which must hold, and the preferred ones, which have a weight."""
    for term in affinity.get(REQUIRED, {}).get("node_selector_terms", ()):
        yield _node_term(term)
    for one in affinity.get(PREFERRED, ()):
        yield {**_node_term(one["preference"]), "weight": one["weight"]}


def _node_term(term: Mapping[str, Any]) -> Plain:
    words = {"match_expressions": "matchExpressions", "match_fields": "matchFields"}
    return {
        words[key]: [{name: list(v) if name == "values" else v for name, v in one.items()} for one in tests]
        for key, tests in term.items()
    }
