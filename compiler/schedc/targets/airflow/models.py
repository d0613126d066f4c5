"""The models of Kubernetes' client that a DAG file may hold, and what each of their fields is."""

from __future__ import annotations

from collections.abc import Mapping

_EXPRESSION = {"key": "text", "operator": "text", "values": "texts"}
_REQUIRED = "required_during_scheduling_ignored_during_execution"
_PREFERRED = "preferred_during_scheduling_ignored_during_execution"
_TERMS = {_REQUIRED: "V1PodAffinityTerm[]", _PREFERRED: "V1WeightedPodAffinityTerm[]"}
_KEYS = {"items": "V1KeyToPath[]", "optional": "flag"}

MODELS: Mapping[str, Mapping[str, str]] = {
    "V1Affinity": {
        "node_affinity": "V1NodeAffinity",
        "pod_affinity": "V1PodAffinity",
        "pod_anti_affinity": "V1PodAntiAffinity",
    },
    "V1Capabilities": {"add": "texts", "drop": "texts"},
    "V1ConfigMapEnvSource": {"name": "text", "optional": "flag"},
    "V1ConfigMapKeySelector": {"name": "text", "key": "text"},
    "V1ConfigMapProjection": {"name": "text", **_KEYS},
    "V1ConfigMapVolumeSource": {"name": "text", "default_mode": "number", **_KEYS},
    "V1Container": {
        "name": "text",
        "image": "text",
        "image_pull_policy": "text",
        "command": "words",
        "args": "words",
        "working_dir": "text",
        "env": "V1EnvVar[]",
        "env_from": "V1EnvFromSource[]",
        "resources": "V1ResourceRequirements",
        "volume_mounts": "V1VolumeMount[]",
        "security_context": "V1SecurityContext",
    },
    "V1DownwardAPIProjection": {"items": "V1DownwardAPIVolumeFile[]"},
    "V1DownwardAPIVolumeFile": {"path": "text", "field_ref": "V1ObjectFieldSelector", "mode": "number"},
    "V1EmptyDirVolumeSource": {"medium": "text", "size_limit": "text"},
    "V1EnvFromSource": {
        "prefix": "text",
        "secret_ref": "V1SecretEnvSource",
        "config_map_ref": "V1ConfigMapEnvSource",
    },
    "V1EnvVar": {"name": "text", "value": "word", "value_from": "V1EnvVarSource"},
    "V1EnvVarSource": {
        "secret_key_ref": "V1SecretKeySelector",
        "config_map_key_ref": "V1ConfigMapKeySelector",
        "field_ref": "V1ObjectFieldSelector",
    },
    "V1KeyToPath": {"key": "text", "path": "text", "mode": "number"},
    "V1LabelSelector": {"match_labels": "map", "match_expressions": "V1LabelSelectorRequirement[]"},
    "V1LabelSelectorRequirement": _EXPRESSION,
    "V1LocalObjectReference": {"name": "text"},
    "V1NodeAffinity": {_REQUIRED: "V1NodeSelector", _PREFERRED: "V1PreferredSchedulingTerm[]"},
    "V1NodeSelector": {"node_selector_terms": "V1NodeSelectorTerm[]"},
    "V1NodeSelectorRequirement": _EXPRESSION,
    "V1NodeSelectorTerm": {
        "match_expressions": "V1NodeSelectorRequirement[]",
        "match_fields": "V1NodeSelectorRequirement[]",
    },
    "V1ObjectFieldSelector": {"field_path": "text"},
    "V1PersistentVolumeClaimVolumeSource": {"claim_name": "text", "read_only": "flag"},
    "V1Pod": {"spec": "V1PodSpec"},
    "V1PodAffinity": _TERMS,
    "V1PodAffinityTerm": {
        "label_selector": "V1LabelSelector",
        "namespaces": "texts",
        "namespace_selector": "V1LabelSelector",
        "topology_key": "text",
    },
    "V1PodAntiAffinity": _TERMS,
    "V1PodSecurityContext": {
        "run_as_user": "number",
        "run_as_group": "number",
        "run_as_non_root": "flag",
        "fs_group": "number",
        "fs_group_change_policy": "text",
        "supplemental_groups": "numbers",
        "seccomp_profile": "V1SeccompProfile",
    },
    "V1PodSpec": {"containers": "V1Container[]"},
    "V1PreferredSchedulingTerm": {"weight": "number", "preference": "V1NodeSelectorTerm"},
    "V1ProjectedVolumeSource": {"sources": "V1VolumeProjection[]", "default_mode": "number"},
    "V1ResourceRequirements": {"requests": "amounts", "limits": "amounts"},
    "V1SeccompProfile": {"type": "text", "localhost_profile": "text"},
    "V1SecretEnvSource": {"name": "text", "optional": "flag"},
    "V1SecretKeySelector": {"name": "text", "key": "text"},
    "V1SecretProjection": {"name": "text", **_KEYS},
    "V1SecretVolumeSource": {"secret_name": "text", "default_mode": "number", **_KEYS},
    "V1SecurityContext": {
        "run_as_user": "number",
        "run_as_group": "number",
        "run_as_non_root": "flag",
        "read_only_root_filesystem": "flag",
        "allow_privilege_escalation": "flag",
        "privileged": "flag",
        "capabilities": "V1Capabilities",
        "seccomp_profile": "V1SeccompProfile",
    },
    "V1ServiceAccountTokenProjection": {"path": "text", "audience": "text", "expiration_seconds": "number"},
    "V1Toleration": {
        "key": "text",
        "operator": "text",
        "value": "text",
        "effect": "text",
        "toleration_seconds": "number",
    },
    "V1Volume": {
        "name": "text",
        "secret": "V1SecretVolumeSource",
        "config_map": "V1ConfigMapVolumeSource",
        "persistent_volume_claim": "V1PersistentVolumeClaimVolumeSource",
        "empty_dir": "V1EmptyDirVolumeSource",
        "projected": "V1ProjectedVolumeSource",
    },
    "V1VolumeMount": {"name": "text", "mount_path": "text", "sub_path": "text", "read_only": "flag"},
    "V1VolumeProjection": {
        "secret": "V1SecretProjection",
        "config_map": "V1ConfigMapProjection",
        "service_account_token": "V1ServiceAccountTokenProjection",
        "downward_api": "V1DownwardAPIProjection",
    },
    "V1WeightedPodAffinityTerm": {"weight": "number", "pod_affinity_term": "V1PodAffinityTerm"},
}
"""By model: `text`, `texts`, `flag`, `number`, `numbers`, `map`, `amounts`, what a kubelet expands (`word`, `words`),
another model, or a list of it."""
