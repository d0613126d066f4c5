"""Writes the pod of a container as arguments of KubernetesPodOperator, in the models of Kubernetes' own client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schedc.ir.workload import (
    ConfigMapKey,
    Container,
    EnvValue,
    InitContainer,
    PodField,
    Resources,
    ScheduledTime,
    SecretKey,
    Text,
)
from schedc.targets.airflow.text import Call, Source, changed_by_jinja, literal, unexpanded
from schedc.targets.airflow.time import logical_date

_ITEMS = ("V1KeyToPath", {"key": None, "path": None, "mode": None})
_PROJECTED_KEYS = {"name": None, "items": _ITEMS, "optional": None}
_EXPRESSION = {"key": None, "operator": None, "values": None}
_SELECTOR = (
    "V1LabelSelector",
    {"match_labels": None, "match_expressions": ("V1LabelSelectorRequirement", _EXPRESSION)},
)
_NODE_TERM = (
    "V1NodeSelectorTerm",
    {
        "match_expressions": ("V1NodeSelectorRequirement", _EXPRESSION),
        "match_fields": ("V1NodeSelectorRequirement", _EXPRESSION),
    },
)
_POD_TERM = (
    "V1PodAffinityTerm",
    {"label_selector": _SELECTOR, "namespaces": None, "namespace_selector": _SELECTOR, "topology_key": None},
)
_REQUIRED = "required_during_scheduling_ignored_during_execution"
_PREFERRED = "preferred_during_scheduling_ignored_during_execution"
_NEIGHBOURS = {
    _REQUIRED: _POD_TERM,
    _PREFERRED: ("V1WeightedPodAffinityTerm", {"weight": None, "pod_affinity_term": _POD_TERM}),
}
_AFFINITY = (
    "V1Affinity",
    {
        "node_affinity": (
            "V1NodeAffinity",
            {
                _REQUIRED: ("V1NodeSelector", {"node_selector_terms": _NODE_TERM}),
                _PREFERRED: ("V1PreferredSchedulingTerm", {"weight": None, "preference": _NODE_TERM}),
            },
        ),
        "pod_affinity": ("V1PodAffinity", _NEIGHBOURS),
        "pod_anti_affinity": ("V1PodAntiAffinity", _NEIGHBOURS),
    },
)
_TOLERATION = (
    "V1Toleration",
    dict.fromkeys(("key", "operator", "value", "effect", "toleration_seconds")),
)
_SECCOMP = ("V1SeccompProfile", {"type": None, "localhost_profile": None})
_CONTAINER_SECURITY = (
    "V1SecurityContext",
    {
        **dict.fromkeys(("run_as_user", "run_as_group", "run_as_non_root", "read_only_root_filesystem")),
        **dict.fromkeys(("allow_privilege_escalation", "privileged")),
        "capabilities": ("V1Capabilities", {"add": None, "drop": None}),
        "seccomp_profile": _SECCOMP,
    },
)
_POD_SECURITY = (
    "V1PodSecurityContext",
    {
        **dict.fromkeys(("run_as_user", "run_as_group", "run_as_non_root", "fs_group", "fs_group_change_policy")),
        "supplemental_groups": None,
        "seccomp_profile": _SECCOMP,
    },
)
_DOWNWARD_FILE = (
    "V1DownwardAPIVolumeFile",
    {"path": None, "field_ref": ("V1ObjectFieldSelector", {"field_path": None}), "mode": None},
)
_PROJECTION = (
    "V1VolumeProjection",
    {
        "secret": ("V1SecretProjection", _PROJECTED_KEYS),
        "config_map": ("V1ConfigMapProjection", _PROJECTED_KEYS),
        "service_account_token": (
            "V1ServiceAccountTokenProjection",
            {"path": None, "audience": None, "expiration_seconds": None},
        ),
        "downward_api": ("V1DownwardAPIProjection", {"items": _DOWNWARD_FILE}),
    },
)
_FILES = {"items": _ITEMS, "default_mode": None, "optional": None}
_VOLUME = (
    "V1Volume",
    {
        "name": None,
        "secret": ("V1SecretVolumeSource", {"secret_name": None, **_FILES}),
        "config_map": ("V1ConfigMapVolumeSource", {"name": None, **_FILES}),
        "persistent_volume_claim": (
            "V1PersistentVolumeClaimVolumeSource",
            {"claim_name": None, "read_only": None},
        ),
        "empty_dir": ("V1EmptyDirVolumeSource", {"medium": None, "size_limit": None}),
        "projected": ("V1ProjectedVolumeSource", {"sources": _PROJECTION, "default_mode": None}),
    },
)
_MOUNT = ("V1VolumeMount", {"name": None, "mount_path": None, "sub_path": None, "read_only": None})

_Model = tuple[str, Mapping[str, Any]]
"""A model of the client and its fields in the order in which they are written; a field may be a model again."""


def templated(text: Text, endings: Iterable[str] = ()) -> Source | Call:
    """A value for a templated field, which Airflow leaves as it is unless it is a scheduled time."""
    if isinstance(text, ScheduledTime):
        return literal(logical_date(text))
    return Call("literal", (literal(text),)) if changed_by_jinja(text, endings) else literal(text)


def _word(text: Text) -> Source | Call:
    """A word that a kubelet expands after Airflow has rendered it."""
    if isinstance(text, ScheduledTime):
        return templated(ScheduledTime(unexpanded(text.format), text.timezone))
    return templated(unexpanded(text))


def pod(run: Container) -> Iterator[tuple[str, Any]]:
    """The operator's arguments from `image` on."""
    more = run.pod
    yield "image", templated(run.image)
    if "image_pull_policy" in more:
        yield "image_pull_policy", literal(more["image_pull_policy"])
    if run.command is not None:
        yield "cmds", [_word(one) for one in run.command]
    if run.args is not None:
        yield "arguments", [_word(one) for one in run.args]
    if run.env:
        yield "env_vars", [_variable(name, run.env[name], _word) for name in sorted(run.env)]
    if "env_from" in more:
        yield "env_from", [_all_keys(one) for one in more["env_from"]]
    resources = _resources(run.resources, more.get("accelerator"), templated)
    if resources is not None:
        yield "container_resources", resources
    if "volume_mounts" in more:
        yield "volume_mounts", _made(_MOUNT, more["volume_mounts"])
    if "security_context" in more:
        yield "container_security_context", _made(_CONTAINER_SECURITY, more["security_context"])
    if run.service_account is not None:
        yield "service_account_name", literal(run.service_account)
    if run.init_containers:
        yield "init_containers", [_init(one) for one in run.init_containers]
    yield from _of_pod(more)


def _of_pod(more: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    models = (
        ("volumes", "volumes", _VOLUME),
        ("tolerations", "tolerations", _TOLERATION),
        ("affinity", "affinity", _AFFINITY),
        ("security_context", "pod_security_context", _POD_SECURITY),
    )
    for argument, field, model in models:
        if field in more:
            yield argument, _made(model, more[field])
    if "node_selector" in more:
        yield "node_selector", _plain(more["node_selector"])
    if "image_pull_secrets" in more:
        named = [Call("k8s.V1LocalObjectReference", (), (("name", literal(n)),)) for n in more["image_pull_secrets"]]
        yield "image_pull_secrets", named
    if "priority_class" in more:
        yield "priority_class_name", literal(more["priority_class"])
    if "pod_labels" in more:
        yield "labels", _plain(more["pod_labels"])
    if "pod_annotations" in more:
        yield "annotations", {key: templated(one) for key, one in sorted(more["pod_annotations"].items())}
    if "termination_grace_period_second" in more:
        yield "termination_grace_period", literal(more["termination_grace_period_second"])
    if "working_dir" in more:
        base = (("name", literal("base")), ("working_dir", literal(more["working_dir"])))
        spec = Call("k8s.V1PodSpec", (), (("containers", [Call("k8s.V1Container", (), base)]),))
        yield "full_pod_spec", Call("k8s.V1Pod", (), (("spec", spec),))


def _made(model: _Model, data: Any) -> Any:
    """Plain data as calls of a model and of the models inside it."""
    if isinstance(data, list | tuple):
        return [_made(model, one) for one in data]
    name, fields = model
    said = {key: one for key, one in data.items() if one is not None}
    if name == "V1DownwardAPIVolumeFile":
        said["field_ref"] = {"field_path": said.pop("field_path")}
    unknown = said.keys() - fields.keys()
    assert not unknown, f"{name} has no {unknown}"
    keywords = [
        (key, _plain(said[key]) if inner is None else _made(inner, said[key]))
        for key, inner in fields.items()
        if key in said
    ]
    return Call(f"k8s.{name}", (), tuple(keywords))


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _plain(one) for key, one in sorted(data.items())}
    return [_plain(one) for one in data] if isinstance(data, list | tuple) else literal(data)


def _variable(name: str, value: EnvValue, word: Any) -> Call:
    named = ("name", literal(name))
    if isinstance(value, str | ScheduledTime):
        return Call("k8s.V1EnvVar", (), (named, ("value", word(value))))
    if isinstance(value, PodField):
        field = Call("k8s.V1ObjectFieldSelector", (), (("field_path", literal(value.path)),))
        return Call(
            "k8s.V1EnvVar", (), (named, ("value_from", Call("k8s.V1EnvVarSource", (), (("field_ref", field),))))
        )
    assert isinstance(value, SecretKey | ConfigMapKey)
    kind = "secret_key_ref" if isinstance(value, SecretKey) else "config_map_key_ref"
    selector = "k8s.V1SecretKeySelector" if isinstance(value, SecretKey) else "k8s.V1ConfigMapKeySelector"
    key = Call(selector, (), (("name", literal(value.name)), ("key", literal(value.key))))
    return Call("k8s.V1EnvVar", (), (named, ("value_from", Call("k8s.V1EnvVarSource", (), ((kind, key),)))))


def _all_keys(one: Mapping[str, Any]) -> Call:
    """An entry of `env_from`."""
    keywords: list[tuple[str, Any]] = [("prefix", literal(one["prefix"]))] if "prefix" in one else []
    for field, argument, model in (
        ("secret", "secret_ref", "k8s.V1SecretEnvSource"),
        ("config_map", "config_map_ref", "k8s.V1ConfigMapEnvSource"),
    ):
        if field in one:
            optional = (("optional", literal(one["optional"])),) if "optional" in one else ()
            keywords.append((argument, Call(model, (), (("name", literal(one[field])), *optional))))
    return Call("k8s.V1EnvFromSource", (), tuple(keywords))


def _resources(resources: Resources, accelerator: Mapping[str, Any] | None, text: Any) -> Call | None:
    """Requests and limits; an accelerator is a limit whose amount is a number, all others are text."""
    limits: dict[str, Any] = {name: text(amount) for name, amount in resources.limits.items()}
    if accelerator is not None:
        limits[accelerator["type"]] = literal(accelerator["count"])
    kinds = (("requests", {name: text(amount) for name, amount in resources.requests.items()}), ("limits", limits))
    amounts = tuple((kind, dict(sorted(of.items()))) for kind, of in kinds if of)
    return Call("k8s.V1ResourceRequirements", (), amounts) if amounts else None


def _init(init: InitContainer) -> Call:
    """A container that no template engine looks at; the kubelet expands its words."""

    def word(text: Text) -> Source:
        assert isinstance(text, str)
        return literal(unexpanded(text))

    run, more = init.container, init.container.pod
    keywords: list[tuple[str, Any]] = [("name", literal(init.name)), ("image", literal(run.image))]
    if "image_pull_policy" in more:
        keywords.append(("image_pull_policy", literal(more["image_pull_policy"])))
    if run.command is not None:
        keywords.append(("command", [word(one) for one in run.command]))
    if run.args is not None:
        keywords.append(("args", [word(one) for one in run.args]))
    if "working_dir" in more:
        keywords.append(("working_dir", literal(more["working_dir"])))
    if run.env:
        keywords.append(("env", [_variable(name, run.env[name], word) for name in sorted(run.env)]))
    if "env_from" in more:
        keywords.append(("env_from", [_all_keys(one) for one in more["env_from"]]))
    resources = _resources(run.resources, more.get("accelerator"), literal)
    if resources is not None:
        keywords.append(("resources", resources))
    if "volume_mounts" in more:
        keywords.append(("volume_mounts", _made(_MOUNT, more["volume_mounts"])))
    if "security_context" in more:
        keywords.append(("security_context", _made(_CONTAINER_SECURITY, more["security_context"])))
    return Call("k8s.V1Container", (), tuple(keywords))
