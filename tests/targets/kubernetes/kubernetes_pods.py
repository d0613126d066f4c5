"""A container that uses every field of the pod block."""

from __future__ import annotations

from schedc.ir.workload import ConfigMapKey, Container, InitContainer, PodField, Resources, SecretKey

REQUIRED = "required_during_scheduling_ignored_during_execution"
PREFERRED = "preferred_during_scheduling_ignored_during_execution"

_NEAR = {
    "label_selector": {
        "match_labels": {"app.kubernetes.io/name": "db", "match_labels": ""},
        "match_expressions": (
            {"key": "tier", "operator": "In", "values": ("a", "b")},
            {"key": "old", "operator": "DoesNotExist"},
        ),
    },
    "namespaces": ("ml", "data"),
    "namespace_selector": {},
    "topology_key": "topology.kubernetes.io/zone",
}
_NODE = {
    "match_expressions": (
        {"key": "cloud.google.com/gke-spot", "operator": "NotIn", "values": ("true",)},
        {"key": "cores", "operator": "Gt", "values": ("4",)},
        {"key": "gpu", "operator": "Exists", "values": ()},
    ),
    "match_fields": ({"key": "metadata.name", "operator": "NotIn", "values": ("node-1",)},),
}
_NEIGHBOURS = {REQUIRED: (_NEAR,), PREFERRED: ({"weight": 100, "pod_affinity_term": _NEAR},)}

WHOLE = Container(
    image="ghcr.io/acme/train:1",
    command=("python", "-m", "train"),
    args=("--all",),
    env={
        "A": "literal $(A)",
        "B": SecretKey("s", "k"),
        "C": ConfigMapKey("c", "k"),
        "D": PodField("metadata.labels['app']"),
        "NODE": PodField("spec.nodeName"),
    },
    resources=Resources(requests={"cpu": "1", "memory": "1Gi"}, limits={"memory": "2Gi", "example.com/dongle": "1"}),
    service_account="trainer",
    init_containers=(
        InitContainer(
            name="prefetch",
            container=Container(
                image="busybox",
                command=("sh", "-c", "echo $HOME $(date)"),
                env={"X": "1"},
                resources=Resources(limits={"cpu": "1"}),
                pod={
                    "image_pull_policy": "Always",
                    "working_dir": "/",
                    "env_from": ({"secret": "s"},),
                    "volume_mounts": ({"name": "scratch", "mount_path": "/scratch"},),
                    "security_context": {"privileged": False},
                    "accelerator": {"type": "nvidia.com/gpu", "count": 1},
                },
            ),
        ),
        InitContainer(name="wait", container=Container(image="busybox")),
    ),
    pod={
        "image_pull_policy": "IfNotPresent",
        "working_dir": "/app $(A)",
        "env_from": (
            {"secret": "s", "prefix": "S_", "optional": True},
            {"config_map": "c", "optional": False},
            {"config_map": "d"},
        ),
        "volume_mounts": (
            {"name": "scratch", "mount_path": "/scratch", "sub_path": "a/$(A)", "read_only": False},
            {"name": "keys", "mount_path": "/keys", "read_only": True},
        ),
        "security_context": {
            "run_as_user": 1000,
            "run_as_group": 1000,
            "run_as_non_root": True,
            "read_only_root_filesystem": True,
            "allow_privilege_escalation": False,
            "privileged": False,
            "capabilities": {"add": ("NET_ADMIN",), "drop": ("ALL",)},
            "seccomp_profile": {"type": "Localhost", "localhost_profile": "a/b.json"},
        },
        "accelerator": {"type": "nvidia.com/gpu", "count": 2},
        "volumes": (
            {
                "name": "keys",
                "secret": {
                    "secret_name": "s",
                    "items": ({"key": "k", "path": "a/b", "mode": 0o400},),
                    "default_mode": 0o440,
                    "optional": True,
                },
            },
            {"name": "all", "secret": {"secret_name": "s"}},
            {
                "name": "settings",
                "config_map": {
                    "name": "c",
                    "items": ({"key": "k", "path": "x"},),
                    "default_mode": 0,
                    "optional": False,
                },
            },
            {"name": "data", "persistent_volume_claim": {"claim_name": "data", "read_only": True}},
            {"name": "scratch", "empty_dir": {}},
            {"name": "ram", "empty_dir": {"medium": "Memory", "size_limit": "1Gi"}},
            {
                "name": "mixed",
                "projected": {
                    "sources": (
                        {"secret": {"name": "s", "items": ({"key": "k", "path": "s"},), "optional": True}},
                        {"config_map": {"name": "c"}},
                        {"service_account_token": {"path": "token", "audience": "vault", "expiration_seconds": 600}},
                        {
                            "downward_api": {
                                "items": (
                                    {"path": "labels", "field_path": "metadata.labels", "mode": 0o444},
                                    {"path": "name", "field_path": "metadata.name"},
                                )
                            }
                        },
                    ),
                    "default_mode": 0o444,
                },
            },
        ),
        "image_pull_secrets": ("registry", "other"),
        "node_selector": {"kubernetes.io/arch": "arm64", "run_as_user": "x"},
        "tolerations": (
            {"operator": "Exists"},
            {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"},
            {"key": "spot", "operator": "Equal", "value": "true", "effect": "NoExecute", "toleration_seconds": -1},
            {"key": "plain"},
        ),
        "affinity": {
            "node_affinity": {
                REQUIRED: {"node_selector_terms": (_NODE,)},
                PREFERRED: ({"weight": 1, "preference": _NODE},),
            },
            "pod_affinity": _NEIGHBOURS,
            "pod_anti_affinity": _NEIGHBOURS,
        },
        "pod_security_context": {
            "run_as_user": 0,
            "run_as_group": 0,
            "run_as_non_root": False,
            "fs_group": 2000,
            "fs_group_change_policy": "OnRootMismatch",
            "supplemental_groups": (1, 2),
            "seccomp_profile": {"type": "RuntimeDefault"},
        },
        "priority_class": "high",
        "pod_labels": {"azure.workload.identity/use": "true", "pod_labels": ""},
        "pod_annotations": {"iam.amazonaws.com/role": "$(A) {{ x }}\n\u202e", "mount_path": ""},
        "termination_grace_period_second": 0,
        "ttl_second_after_finished": 86_400,
    },
)
