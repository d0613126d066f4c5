"""Pods for the tests of the Airflow target: one that uses the whole block, and random ones from the fields' shapes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from schedc.frontend import pod_fields
from schedc.ir.workload import ConfigMapKey, Container, EnvValue, InitContainer, PodField, Resources, SecretKey
from schedc.shapes import Boolean, Choice, Integer, ListOf, MapOf, Record, Text

_SELECTOR = {"match_labels": {"app": "churn"}, "match_expressions": ({"key": "tier", "operator": "Exists"},)}
_POD_TERM = {
    "label_selector": _SELECTOR,
    "namespaces": ("ml", "data"),
    "namespace_selector": {"match_labels": {"team": "churn"}},
    "topology_key": "kubernetes.io/hostname",
}
_REQUIRED = "required_during_scheduling_ignored_during_execution"
_PREFERRED = "preferred_during_scheduling_ignored_during_execution"
_NEAR = {_REQUIRED: (_POD_TERM,), _PREFERRED: ({"weight": 5, "pod_affinity_term": _POD_TERM},)}
_NODES = {
    "match_expressions": ({"key": "disk", "operator": "In", "values": ("ssd", "nvme")},),
    "match_fields": ({"key": "metadata.name", "operator": "NotIn", "values": ("node-1",)},),
}
_ITEMS = ({"key": "ca.crt", "path": "tls/ca.crt", "mode": 0o400},)
_SECURITY = {
    "run_as_user": 1000,
    "run_as_group": 0,
    "run_as_non_root": True,
    "read_only_root_filesystem": True,
    "allow_privilege_escalation": False,
    "privileged": False,
    "capabilities": {"add": ("NET_BIND_SERVICE",), "drop": ("ALL",)},
    "seccomp_profile": {"type": "RuntimeDefault"},
}
_MOUNTS = (
    {"name": "scratch", "mount_path": "/scratch"},
    {"name": "data", "mount_path": "/data", "sub_path": "churn/$(X)", "read_only": True},
)
_ENV: dict[str, EnvValue] = {
    "STAGE": "prod $(HOME) {{ ds }}",
    "PASSWORD": SecretKey("churn-db", "password"),
    "BUCKET": ConfigMapKey("churn", "bucket"),
    "POD": PodField("metadata.labels['app']"),
}
_ENV_FROM = (
    {"secret": "more", "prefix": "MORE_", "optional": True},
    {"config_map": "settings"},
)

WHOLE = Container(
    image="ghcr.io/acme/churn:1.4.0",
    command=("python", "-m", "churn.train"),
    args=("--window", "28d", "{{ ds }}", "$(HOME)"),
    env=_ENV,
    resources=Resources(requests={"cpu": "2", "memory": "4Gi"}, limits={"memory": "8Gi"}),
    service_account="churn-runner",
    init_containers=(
        InitContainer(
            name="fetch",
            container=Container(
                image="busybox:1.37",
                command=("sh", "-c"),
                args=("echo $(HOME) {{ ds }}",),
                env={"A": "{{ ds }} $(B)", "SECRET": SecretKey("churn-db", "password")},
                resources=Resources(limits={"cpu": "100m"}),
                pod={
                    "image_pull_policy": "Always",
                    "working_dir": "/{{ ds }}",
                    "env_from": _ENV_FROM,
                    "volume_mounts": _MOUNTS,
                    "security_context": _SECURITY,
                },
            ),
        ),
        InitContainer(name="wait", container=Container(image="busybox:1.37", command=("true",))),
    ),
    pod={
        "image_pull_policy": "IfNotPresent",
        "working_dir": "/app/{{ ds }}",
        "env_from": _ENV_FROM,
        "accelerator": {"type": "nvidia.com/gpu", "count": 2},
        "volume_mounts": _MOUNTS,
        "security_context": _SECURITY,
        "volumes": (
            {"name": "scratch", "empty_dir": {"medium": "Memory", "size_limit": "1Gi"}},
            {"name": "plain", "empty_dir": {}},
            {"name": "data", "persistent_volume_claim": {"claim_name": "churn", "read_only": True}},
            {"name": "certificates", "secret": {"secret_name": "tls", "items": _ITEMS, "default_mode": 0o440}},
            {"name": "settings", "config_map": {"name": "settings", "items": _ITEMS, "optional": True}},
            {
                "name": "all",
                "projected": {
                    "sources": (
                        {"secret": {"name": "tls", "items": _ITEMS, "optional": False}},
                        {"config_map": {"name": "settings"}},
                        {"service_account_token": {"path": "token", "audience": "vault", "expiration_seconds": 3600}},
                        {
                            "downward_api": {
                                "items": ({"path": "labels", "field_path": "metadata.labels", "mode": 292},)
                            }
                        },
                    ),
                    "default_mode": 0o644,
                },
            },
        ),
        "image_pull_secrets": ("registry", "mirror"),
        "node_selector": {"disk": "ssd"},
        "tolerations": (
            {"key": "gpu", "operator": "Exists", "effect": "NoSchedule"},
            {"key": "spot", "operator": "Equal", "value": "true", "effect": "NoExecute", "toleration_seconds": 60},
        ),
        "affinity": {
            "node_affinity": {
                _REQUIRED: {"node_selector_terms": (_NODES,)},
                _PREFERRED: ({"weight": 10, "preference": _NODES},),
            },
            "pod_affinity": _NEAR,
            "pod_anti_affinity": _NEAR,
        },
        "pod_security_context": {
            "run_as_user": 1000,
            "run_as_group": 1000,
            "run_as_non_root": True,
            "fs_group": 2000,
            "fs_group_change_policy": "OnRootMismatch",
            "supplemental_groups": (3000, 4000),
            "seccomp_profile": {"type": "Localhost", "localhost_profile": "profiles/churn.json"},
        },
        "priority_class": "batch",
        "pod_labels": {"azure.workload.identity/use": "true", "app": "churn"},
        "pod_annotations": {"note": "{{ ds }} costs $(X)\n", "sidecar.istio.io/inject": "false"},
        "termination_grace_period_second": 0,
    },
)
"""Every field of the pod block that Airflow takes."""

_OF_POD = {
    "image_pull_policy": pod_fields.PULL_POLICY,
    "volumes": pod_fields.VOLUMES,
    "tolerations": pod_fields.TOLERATIONS,
    "affinity": pod_fields.AFFINITY,
    "pod_security_context": pod_fields.POD_SECURITY_CONTEXT,
    "node_selector": pod_fields.POD_LABELS,
    "pod_labels": pod_fields.POD_LABELS,
    "pod_annotations": pod_fields.POD_ANNOTATIONS,
    "working_dir": Text(empty=False),
    "priority_class": Text(empty=False),
    "image_pull_secrets": ListOf(Text(), 1),
    "termination_grace_period_second": Integer(0, 1000),
}
_OF_CONTAINER = {
    "image_pull_policy": pod_fields.PULL_POLICY,
    "env_from": pod_fields.ENV_FROM,
    "volume_mounts": pod_fields.VOLUME_MOUNTS,
    "security_context": pod_fields.SECURITY_CONTEXT,
    "working_dir": Text(empty=False),
}
_PLAIN_ONLY = frozenset({"env_from", "volumes", "volume_mounts"})
_SEVERAL_SOURCES = ("a volume", "a projection", "an entry of env_from")


def _is_plain(text: str) -> bool:
    return not any(mark in text for mark in ("{{", "{%", "{#", "\r")) and not text.endswith("\n")


def of_shape(shape: Any, texts: st.SearchStrategy[str], plain: bool = False) -> st.SearchStrategy[Any]:
    """Values that a shape takes, as plain data of a workload."""
    if isinstance(shape, Text):
        made = st.from_regex(shape.pattern, fullmatch=True) if shape.pattern else texts
        made = made.filter(_is_plain) if plain else made
        return made.filter(lambda text: text != "") if not shape.empty else made
    if isinstance(shape, Integer):
        return st.integers(shape.low if shape.low is not None else 0, shape.high if shape.high is not None else 10**6)
    if isinstance(shape, Boolean):
        return st.booleans()
    if isinstance(shape, Choice):
        return st.sampled_from(shape.words)
    if isinstance(shape, ListOf):
        return st.lists(of_shape(shape.item, texts, plain), min_size=shape.shortest, max_size=2).map(tuple)
    if isinstance(shape, MapOf):
        keys = st.from_regex(shape.key or "[a-z]+", fullmatch=True)
        return st.dictionaries(keys, of_shape(shape.item, texts, plain), max_size=2)
    assert isinstance(shape, Record)
    fields = {field.name: of_shape(field.shape, texts, plain) for field in shape.fields}
    needed = {field.name: fields[field.name] for field in shape.fields if field.required}
    if shape.what not in _SEVERAL_SOURCES:
        free = {name: one for name, one in fields.items() if name not in needed}
        return st.fixed_dictionaries(needed, optional=free)
    both = {name: one for name, one in fields.items() if name in ("prefix", "optional")}
    sources = [name for name in fields if name not in needed and name not in both]
    one_of = [st.fixed_dictionaries({**needed, name: fields[name]}, optional=both) for name in sources]
    return st.one_of(one_of)


def fields_of(shapes: dict[str, Any], texts: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    made = {name: of_shape(shape, texts, name in _PLAIN_ONLY) for name, shape in shapes.items()}
    accelerator = st.fixed_dictionaries({"type": st.just("amd.com/gpu"), "count": st.integers(1, 8)})
    return st.fixed_dictionaries({}, optional={**made, "accelerator": accelerator})


def pods(texts: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    return fields_of({**_OF_POD, **_OF_CONTAINER}, texts)


def init_containers(
    texts: st.SearchStrategy[str], env: st.SearchStrategy[dict[str, Any]], resources: st.SearchStrategy[Resources]
) -> st.SearchStrategy[tuple[InitContainer, ...]]:
    words = st.none() | st.lists(texts, max_size=3).map(tuple)
    container = st.builds(
        Container,
        image=texts,
        command=words,
        args=words,
        env=env,
        resources=resources,
        pod=fields_of(_OF_CONTAINER, texts),
    )
    one = st.builds(InitContainer, name=st.sampled_from(["fetch", "wait"]), container=container)
    return st.lists(one, max_size=2, unique_by=lambda init: init.name).map(tuple)
