"""The objects of a pod in Kubernetes' words: which key of ours becomes which of theirs, in the order they are written.

A line holds our key, their key and what stands below: None for a value as it is (text, numbers, lists of them, and
mappings whose keys are the user's own), a table for an object, and a list of one table for a list of objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Words = tuple[tuple[str, str, Any], ...]

_ITEMS: Words = (("key", "key", None), ("path", "path", None), ("mode", "mode", None))
_PROJECTED_KEYS: Words = (("name", "name", None), ("items", "items", [_ITEMS]), ("optional", "optional", None))
_SOURCES: Words = (
    ("secret", "secret", _PROJECTED_KEYS),
    ("config_map", "configMap", _PROJECTED_KEYS),
    (
        "service_account_token",
        "serviceAccountToken",
        (
            ("audience", "audience", None),
            ("expiration_seconds", "expirationSeconds", None),
            ("path", "path", None),
        ),
    ),
    ("downward_api", "downwardAPI", (("items", "items", None),)),
)
VOLUME: Words = (
    ("name", "name", None),
    (
        "secret",
        "secret",
        (
            ("secret_name", "secretName", None),
            ("items", "items", [_ITEMS]),
            ("default_mode", "defaultMode", None),
            ("optional", "optional", None),
        ),
    ),
    (
        "config_map",
        "configMap",
        (
            ("name", "name", None),
            ("items", "items", [_ITEMS]),
            ("default_mode", "defaultMode", None),
            ("optional", "optional", None),
        ),
    ),
    (
        "persistent_volume_claim",
        "persistentVolumeClaim",
        (("claim_name", "claimName", None), ("read_only", "readOnly", None)),
    ),
    ("empty_dir", "emptyDir", (("medium", "medium", None), ("size_limit", "sizeLimit", None))),
    ("projected", "projected", (("sources", "sources", [_SOURCES]), ("default_mode", "defaultMode", None))),
)
VOLUME_MOUNT: Words = (
    ("name", "name", None),
    ("mount_path", "mountPath", None),
    ("sub_path", "subPath", None),
    ("read_only", "readOnly", None),
)
TOLERATION: Words = (
    ("key", "key", None),
    ("operator", "operator", None),
    ("value", "value", None),
    ("effect", "effect", None),
    ("toleration_seconds", "tolerationSeconds", None),
)
_EXPRESSION: Words = (("key", "key", None), ("operator", "operator", None), ("values", "values", None))
_NODE_TERM: Words = (
    ("match_expressions", "matchExpressions", [_EXPRESSION]),
    ("match_fields", "matchFields", [_EXPRESSION]),
)
_SELECTOR: Words = (
    ("match_labels", "matchLabels", None),
    ("match_expressions", "matchExpressions", [_EXPRESSION]),
)
_POD_TERM: Words = (
    ("label_selector", "labelSelector", _SELECTOR),
    ("namespaces", "namespaces", None),
    ("namespace_selector", "namespaceSelector", _SELECTOR),
    ("topology_key", "topologyKey", None),
)
REQUIRED = "required_during_scheduling_ignored_during_execution"
PREFERRED = "preferred_during_scheduling_ignored_during_execution"
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_POD_AFFINITY: Words = (
    (REQUIRED, _REQUIRED, [_POD_TERM]),
    (PREFERRED, _PREFERRED, [(("weight", "weight", None), ("pod_affinity_term", "podAffinityTerm", _POD_TERM))]),
)
AFFINITY: Words = (
    (
        "node_affinity",
        "nodeAffinity",
        (
            (REQUIRED, _REQUIRED, (("node_selector_terms", "nodeSelectorTerms", [_NODE_TERM]),)),
            (PREFERRED, _PREFERRED, [(("weight", "weight", None), ("preference", "preference", _NODE_TERM))]),
        ),
    ),
    ("pod_affinity", "podAffinity", _POD_AFFINITY),
    ("pod_anti_affinity", "podAntiAffinity", _POD_AFFINITY),
)
_SECCOMP: Words = (("type", "type", None), ("localhost_profile", "localhostProfile", None))
SECURITY_CONTEXT: Words = (
    ("run_as_user", "runAsUser", None),
    ("run_as_group", "runAsGroup", None),
    ("run_as_non_root", "runAsNonRoot", None),
    ("read_only_root_filesystem", "readOnlyRootFilesystem", None),
    ("allow_privilege_escalation", "allowPrivilegeEscalation", None),
    ("privileged", "privileged", None),
    ("capabilities", "capabilities", (("add", "add", None), ("drop", "drop", None))),
    ("seccomp_profile", "seccompProfile", _SECCOMP),
)
POD_SECURITY_CONTEXT: Words = (
    ("run_as_user", "runAsUser", None),
    ("run_as_group", "runAsGroup", None),
    ("run_as_non_root", "runAsNonRoot", None),
    ("fs_group", "fsGroup", None),
    ("fs_group_change_policy", "fsGroupChangePolicy", None),
    ("supplemental_groups", "supplementalGroups", None),
    ("seccomp_profile", "seccompProfile", _SECCOMP),
)


def written(value: Any, words: Any) -> Any:
    """A value of the pod block in Kubernetes' words."""
    if isinstance(words, list):
        return [written(item, words[0]) for item in value]
    if words is None:
        return _as_it_is(value)
    return {theirs: written(value[ours], below) for ours, theirs, below in words if ours in value}


def _as_it_is(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_it_is(inner) for key, inner in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [_downward(item) if isinstance(item, Mapping) else item for item in value]
    return value


def _downward(item: Mapping[str, Any]) -> dict[str, Any]:
    """A file with a field of the pod, the one object whose parts stand elsewhere in Kubernetes."""
    mode = {"mode": item["mode"]} if "mode" in item else {}
    return {"path": item["path"], "fieldRef": {"fieldPath": item["field_path"]}, **mode}
