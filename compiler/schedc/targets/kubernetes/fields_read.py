"""Which keys of a pod are known, of which type, and what they are called in the language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schedc.target import UnreadableArtifact
from schedc.targets.kubernetes.map_read import Box

Read = Callable[[Box, str], Any]
"""Takes a key of a mapping that has it."""
Table = dict[str, tuple[str, Read]]
"""Kubernetes' key, ours, and how its value is read."""


def _text(box: Box, key: str) -> Any:
    return box.text(key)


def _number(box: Box, key: str) -> Any:
    return box.number(key, None)


def _signed(box: Box, key: str) -> Any:
    value = box.data.pop(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnreadableArtifact(f"{box.at(key)} is not a whole number")
    return value


def _boolean(box: Box, key: str) -> Any:
    return box.boolean(key, False)


def _texts(box: Box, key: str) -> Any:
    return box.strings(key)


def _user_map(box: Box, key: str) -> Any:
    return box.texts(key)


def _numbers(box: Box, key: str) -> Any:
    found = box.list(key)
    if any(not isinstance(one, int) or isinstance(one, bool) for one in found):
        raise UnreadableArtifact(f"{box.at(key)} is not a list of whole numbers")
    return tuple(found)


def _object(table: Table) -> Read:
    def read(box: Box, key: str) -> Any:
        inner = box.map(key)
        found = fields(inner, table)
        inner.done()
        return found

    return read


def _objects(table: Table) -> Read:
    def read(box: Box, key: str) -> Any:
        found = []
        for inner in box.boxes(key):
            found.append(fields(inner, table))
            inner.done()
        return tuple(found)

    return read


def fields(box: Box, table: Table) -> dict[str, Any]:
    """What stands in a mapping of known fields, under our keys."""
    return {ours: read(box, theirs) for theirs, (ours, read) in table.items() if theirs in box.data}


def _secret_names(box: Box, key: str) -> Any:
    names = []
    for one in box.boxes(key):
        names.append(one.text("name"))
        one.done()
    return tuple(names)


def _env_from(box: Box, key: str) -> Any:
    found = []
    for one in box.boxes(key):
        entry = fields(one, {"prefix": ("prefix", _text)})
        kinds = [kind for kind in ("secretRef", "configMapRef") if kind in one.data]
        if len(kinds) != 1:
            raise UnreadableArtifact(f"{one.path} names neither one secret nor one config map")
        reference = one.map(kinds[0])
        entry["secret" if kinds == ["secretRef"] else "config_map"] = reference.text("name")
        entry |= fields(reference, {"optional": ("optional", _boolean)})
        reference.done()
        one.done()
        found.append(entry)
    return tuple(found)


def _downward_files(box: Box, key: str) -> Any:
    found = []
    for one in box.boxes(key):
        entry: dict[str, Any] = {"path": one.text("path")}
        reference = one.map("fieldRef")
        reference.constant("apiVersion", "v1", default="v1")
        entry["field_path"] = reference.text("fieldPath")
        reference.done()
        entry |= fields(one, {"mode": ("mode", _number)})
        one.done()
        found.append(entry)
    return tuple(found)


_KEY_FILES: Table = {"key": ("key", _text), "path": ("path", _text), "mode": ("mode", _number)}
_KEYED: Table = {
    "name": ("name", _text),
    "items": ("items", _objects(_KEY_FILES)),
    "optional": ("optional", _boolean),
}
_TOKEN: Table = {
    "audience": ("audience", _text),
    "expirationSeconds": ("expiration_seconds", _number),
    "path": ("path", _text),
}
_PROJECTION: Table = {
    "secret": ("secret", _object(_KEYED)),
    "configMap": ("config_map", _object(_KEYED)),
    "serviceAccountToken": ("service_account_token", _object(_TOKEN)),
    "downwardAPI": ("downward_api", _object({"items": ("items", _downward_files)})),
}
_MODE: Table = {"defaultMode": ("default_mode", _number)}
_SECRET_FILES: Table = {
    "secretName": ("secret_name", _text),
    "items": ("items", _objects(_KEY_FILES)),
    "optional": ("optional", _boolean),
    **_MODE,
}
_CLAIM: Table = {"claimName": ("claim_name", _text), "readOnly": ("read_only", _boolean)}
_EMPTY_DIR: Table = {"medium": ("medium", _text), "sizeLimit": ("size_limit", _text)}
_VOLUMES: Table = {
    "name": ("name", _text),
    "secret": ("secret", _object(_SECRET_FILES)),
    "configMap": ("config_map", _object({**_KEYED, **_MODE})),
    "persistentVolumeClaim": ("persistent_volume_claim", _object(_CLAIM)),
    "emptyDir": ("empty_dir", _object(_EMPTY_DIR)),
    "projected": ("projected", _object({"sources": ("sources", _objects(_PROJECTION)), **_MODE})),
}
_TOLERATIONS: Table = {
    "key": ("key", _text),
    "operator": ("operator", _text),
    "value": ("value", _text),
    "effect": ("effect", _text),
    "tolerationSeconds": ("toleration_seconds", _signed),
}
_TESTS: Read = _objects({"key": ("key", _text), "operator": ("operator", _text), "values": ("values", _texts)})
_NODES: Table = {"matchExpressions": ("match_expressions", _TESTS), "matchFields": ("match_fields", _TESTS)}
_SELECTOR: Read = _object(
    {"matchLabels": ("match_labels", _user_map), "matchExpressions": ("match_expressions", _TESTS)}
)
_NEIGHBOURS: Table = {
    "labelSelector": ("label_selector", _SELECTOR),
    "namespaces": ("namespaces", _texts),
    "namespaceSelector": ("namespace_selector", _SELECTOR),
    "topologyKey": ("topology_key", _text),
}


def _rules(must: Read, preferred: str, ours: str, term: Table) -> Read:
    weighed: Table = {"weight": ("weight", _number), preferred: (ours, _object(term))}
    return _object(
        {
            "requiredDuringSchedulingIgnoredDuringExecution": (
                "required_during_scheduling_ignored_during_execution",
                must,
            ),
            "preferredDuringSchedulingIgnoredDuringExecution": (
                "preferred_during_scheduling_ignored_during_execution",
                _objects(weighed),
            ),
        }
    )


_ANY_NODE = _object({"nodeSelectorTerms": ("node_selector_terms", _objects(_NODES))})
_NEAR = _rules(_objects(_NEIGHBOURS), "podAffinityTerm", "pod_affinity_term", _NEIGHBOURS)
_AFFINITY: Table = {
    "nodeAffinity": ("node_affinity", _rules(_ANY_NODE, "preference", "preference", _NODES)),
    "podAffinity": ("pod_affinity", _NEAR),
    "podAntiAffinity": ("pod_anti_affinity", _NEAR),
}
_SECCOMP = _object({"type": ("type", _text), "localhostProfile": ("localhost_profile", _text)})
_IDS: Table = {
    "runAsUser": ("run_as_user", _number),
    "runAsGroup": ("run_as_group", _number),
    "runAsNonRoot": ("run_as_non_root", _boolean),
    "seccompProfile": ("seccomp_profile", _SECCOMP),
}
POD: Table = {
    "terminationGracePeriodSeconds": ("termination_grace_period_second", _number),
    "nodeSelector": ("node_selector", _user_map),
    "securityContext": (
        "pod_security_context",
        _object(
            {
                **_IDS,
                "fsGroup": ("fs_group", _number),
                "fsGroupChangePolicy": ("fs_group_change_policy", _text),
                "supplementalGroups": ("supplemental_groups", _numbers),
            }
        ),
    ),
    "imagePullSecrets": ("image_pull_secrets", _secret_names),
    "affinity": ("affinity", _object(_AFFINITY)),
    "tolerations": ("tolerations", _objects(_TOLERATIONS)),
    "priorityClassName": ("priority_class", _text),
    "volumes": ("volumes", _objects(_VOLUMES)),
}
CONTAINER: Table = {
    "imagePullPolicy": ("image_pull_policy", _text),
    "workingDir": ("working_dir", _text),
    "envFrom": ("env_from", _env_from),
    "volumeMounts": (
        "volume_mounts",
        _objects(
            {
                "name": ("name", _text),
                "mountPath": ("mount_path", _text),
                "subPath": ("sub_path", _text),
                "readOnly": ("read_only", _boolean),
            }
        ),
    ),
    "securityContext": (
        "security_context",
        _object(
            {
                **_IDS,
                "readOnlyRootFilesystem": ("read_only_root_filesystem", _boolean),
                "allowPrivilegeEscalation": ("allow_privilege_escalation", _boolean),
                "privileged": ("privileged", _boolean),
                "capabilities": ("capabilities", _object({"add": ("add", _texts), "drop": ("drop", _texts)})),
            }
        ),
    ),
}
