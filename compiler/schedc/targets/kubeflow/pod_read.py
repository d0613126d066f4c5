"""Reads a platform spec of kfp-kubernetes back into the pod block, and resources out of the IR."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedc.ir.workload import ConfigMapKey, EnvValue, PodField, Resources, SecretKey
from schedc.pipeline_reading import Accelerator, Extra, exactly
from schedc.target import UnreadableArtifact

_KNOWN = frozenset(
    {
        "activeDeadlineSeconds",
        "configMapAsEnv",
        "configMapAsVolume",
        "emptyDirMounts",
        "fieldPathAsEnv",
        "imagePullPolicy",
        "imagePullSecret",
        "nodeAffinity",
        "nodeSelector",
        "podMetadata",
        "pvcMount",
        "secretAsEnv",
        "secretAsVolume",
        "securityContext",
        "tolerations",
    }
)


def read_platform(platform: Any) -> tuple[dict[str, Extra], dict[str, int]]:
    """What the platform spec says of each executor, and of the run: `activeDeadlineSeconds`, and the others."""
    for key in ("platforms", "kubernetes"):
        platform = exactly(platform, {key}, "the platform spec")[key]
    exactly(platform, set(), "the platform spec", frozenset({"deploymentSpec", "pipelineConfig"}))
    executors = exactly(platform.get("deploymentSpec", {"executors": {}}), {"executors"}, "deploymentSpec")["executors"]
    known = frozenset({"activeDeadlineSeconds", "resourceTtlOnCompletion"})
    config = exactly(platform.get("pipelineConfig", {}), set(), "pipelineConfig", known)
    if not isinstance(executors, dict):
        raise UnreadableArtifact("the platform spec names no executors")
    return {label: _extra(one) for label, one in executors.items()}, {key: int(config[key]) for key in config}


def read_resources(value: Any) -> tuple[Resources, Accelerator | None]:
    names = {
        "resourceCpuLimit": ("limits", "cpu"),
        "resourceMemoryLimit": ("limits", "memory"),
        "resourceCpuRequest": ("requests", "cpu"),
        "resourceMemoryRequest": ("requests", "memory"),
    }
    exactly(value, set(), "resources", frozenset({*names, "accelerator"}))
    found: dict[str, dict[str, str]] = {"limits": {}, "requests": {}}
    for key, (kind, name) in names.items():
        if key in value:
            found[kind][name] = value[key]
    accelerator = None
    if "accelerator" in value:
        given = exactly(value["accelerator"], {"resourceType", "resourceCount"}, "the accelerator")
        accelerator = {"type": given["resourceType"], "count": int(given["resourceCount"])}
    return Resources(requests=found["requests"], limits=found["limits"]), accelerator


def _extra(config: Any) -> Extra:
    exactly(config, set(), "the platform's executor", _KNOWN)
    pod: dict[str, Any] = {}
    for key, name in (("imagePullPolicy", "image_pull_policy"),):
        if key in config:
            pod[name] = config[key]
    if "imagePullSecret" in config:
        pod["image_pull_secrets"] = tuple(_name(one, "secretName", set()) for one in config["imagePullSecret"])
    if "nodeSelector" in config:
        pod["node_selector"] = dict(exactly(config["nodeSelector"], {"labels"}, "nodeSelector")["labels"])
    if "tolerations" in config:
        pod["tolerations"] = tuple(map(_toleration, config["tolerations"]))
    if "nodeAffinity" in config:
        pod["affinity"] = {"node_affinity": _node_affinity(config["nodeAffinity"])}
    metadata = exactly(config.get("podMetadata", {}), set(), "podMetadata", frozenset({"labels", "annotations"}))
    pod.update({f"pod_{key}": dict(values) for key, values in metadata.items()})
    if "securityContext" in config:
        pod["security_context"] = _security_context(config["securityContext"])
    volumes, mounts = _volumes(config)
    if volumes:
        pod |= {"volumes": volumes, "volume_mounts": mounts}
    seconds = config.get("activeDeadlineSeconds")
    return Extra(env=_env(config), pod=pod, attempt_timeout=None if seconds is None else int(seconds))


def _env(config: Mapping[str, Any]) -> dict[str, EnvValue]:
    found: list[tuple[str, EnvValue]] = []
    for one in config.get("secretAsEnv", []):
        source = _name(one, "secretName", {"keyToEnv", "optional"})
        variable, key = _pair(one, "secretKey")
        found.append((variable, SecretKey(source, key)))
    for one in config.get("configMapAsEnv", []):
        source = _name(one, "configMapName", {"keyToEnv", "optional"})
        variable, key = _pair(one, "configMapKey")
        found.append((variable, ConfigMapKey(source, key)))
    for one in config.get("fieldPathAsEnv", []):
        exactly(one, {"name", "fieldPath"}, "fieldPathAsEnv")
        found.append((one["name"], PodField(one["fieldPath"])))
    env = dict(found)
    if len(env) != len(found):
        raise UnreadableArtifact("a variable is set twice")
    return env


def _pair(one: Mapping[str, Any], key: str) -> tuple[str, str]:
    if one["optional"] is not False or len(one["keyToEnv"]) != 1:
        raise UnreadableArtifact("a reference is optional, or gives more than one variable")
    pair = exactly(one["keyToEnv"][0], {"envVar", key}, key)
    return pair["envVar"], pair[key]


def _name(one: Any, field: str, keys: set[str], optional: frozenset[str] = frozenset()) -> str:
    """The name in `field`, which its parameter must repeat."""
    exactly(one, {field, f"{field}Parameter", *keys}, field, optional)
    if one[f"{field}Parameter"] != {"runtimeValue": {"constant": one[field]}}:
        raise UnreadableArtifact(f"the {field} is not a constant")
    return str(one[field])


def _toleration(one: Any) -> dict[str, Any]:
    exactly(one, set(), "a toleration", frozenset({"key", "operator", "value", "effect", "tolerationSeconds"}))
    found = {key: value for key, value in one.items() if key != "tolerationSeconds"}
    if "tolerationSeconds" in one:
        found["toleration_seconds"] = int(one["tolerationSeconds"])
    return found


def _node_affinity(terms: Any) -> dict[str, Any]:
    required: list[dict[str, Any]] = []
    preferred: list[dict[str, Any]] = []
    for term in terms:
        exactly(term, set(), "nodeAffinity", frozenset({"matchExpressions", "matchFields", "weight"}))
        words = {"matchExpressions": "match_expressions", "matchFields": "match_fields"}
        inner = {words[key]: tuple(map(_test, term[key])) for key in words if key in term}
        if "weight" in term:
            preferred.append({"weight": int(term["weight"]), "preference": inner})
        else:
            required.append(inner)
    found: dict[str, Any] = {}
    if required:
        found["required_during_scheduling_ignored_during_execution"] = {"node_selector_terms": tuple(required)}
    if preferred:
        found["preferred_during_scheduling_ignored_during_execution"] = tuple(preferred)
    return found


def _test(one: Any) -> dict[str, Any]:
    exactly(one, {"key", "operator"}, "an expression", frozenset({"values"}))
    return {key: tuple(value) if key == "values" else value for key, value in one.items()}


def _security_context(value: Any) -> dict[str, Any]:
    """What is said, and what the driver does besides wherever a security context stands: it drops all capabilities."""
    exactly(value, set(), "securityContext", frozenset({"runAsUser", "runAsGroup", "runAsNonRoot"}))
    found: dict[str, Any] = {"capabilities": {"drop": ("ALL",)}}
    for key, name in (("runAsUser", "run_as_user"), ("runAsGroup", "run_as_group")):
        if key in value:
            found[name] = int(value[key])
    if "runAsNonRoot" in value:
        if not isinstance(value["runAsNonRoot"], bool):
            raise UnreadableArtifact("runAsNonRoot is neither true nor false")
        found["run_as_non_root"] = value["runAsNonRoot"]
    return found


def _volumes(config: Mapping[str, Any]) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    """The volumes, each called as its pod will call it, and their mounts; both in the order of these names."""
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    may = frozenset({"optional"})
    for one in config.get("secretAsVolume", []):
        name = _name(one, "secretName", {"mountPath"}, may)
        source = {"secret_name": name, **_optional(one)}
        found.append(({"name": name, "secret": source}, {"name": name, "mount_path": one["mountPath"]}))
    for one in config.get("configMapAsVolume", []):
        name = _name(one, "configMapName", {"mountPath"}, may)
        source = {"name": name, **_optional(one)}
        found.append(({"name": name, "config_map": source}, {"name": name, "mount_path": one["mountPath"]}))
    for one in config.get("pvcMount", []):
        exactly(one, {"constant", "pvcNameParameter", "mountPath"}, "pvcMount", frozenset({"subPath"}))
        name = one["constant"]
        if one["pvcNameParameter"] != {"runtimeValue": {"constant": name}}:
            raise UnreadableArtifact("the claim is not a constant")
        mount = {"name": name, "mount_path": one["mountPath"]}
        if "subPath" in one:
            mount["sub_path"] = one["subPath"]
        found.append(({"name": name, "persistent_volume_claim": {"claim_name": name}}, mount))
    for one in config.get("emptyDirMounts", []):
        exactly(one, {"volumeName", "mountPath"}, "emptyDirMounts", frozenset({"medium", "sizeLimit"}))
        name = one["volumeName"]
        words = {"medium": "medium", "sizeLimit": "size_limit"}
        source = {words[key]: one[key] for key in words if key in one}
        found.append(({"name": name, "empty_dir": source}, {"name": name, "mount_path": one["mountPath"]}))
    if len({volume["name"] for volume, _ in found}) != len(found):
        raise UnreadableArtifact("two volumes have one name")
    found.sort(key=lambda pair: str(pair[0]["name"]))
    return tuple(volume for volume, _ in found), tuple(mount for _, mount in found)


def _optional(one: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(one.get("optional", False), bool):
        raise UnreadableArtifact("optional is neither true nor false")
    return {"optional": one["optional"]} if "optional" in one else {}
