"""The pod block: Kubernetes' own words in snake_case, as shapes."""

from __future__ import annotations

from schedc.shapes import Boolean, Choice, Field, Integer, ListOf, MapOf, Record, Text

_NAME = Text(empty=False)
_LABEL_KEY = r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
_LABELS = MapOf(
    Text(r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?", "a label's value"),
    key=_LABEL_KEY,
    key_form="a label's key",
)
_ANNOTATIONS = MapOf(Text(), key=_LABEL_KEY, key_form="an annotation's key")
_PATH = Text(r"[^\x00:]+", "a path", empty=False)
_MODE = Integer(0, 0o777)
_ID = Integer(0, 2**63 - 1)
QUANTITIES = MapOf(Text(empty=False), key=r"[A-Za-z0-9]([A-Za-z0-9./_-]*[A-Za-z0-9])?", key_form="a resource name")

_ITEMS = ListOf(
    Record(
        (
            Field("key", _NAME, "the key", required=True),
            Field("path", _PATH, "the file, relative to the mount", required=True),
            Field("mode", _MODE, "permission bits, such as 0o440"),
        ),
        "an item",
    ),
    shortest=1,
)
_SECRET = Record(
    (
        Field("secret_name", _NAME, "the Secret", required=True),
        Field("items", _ITEMS, "only these keys"),
        Field("default_mode", _MODE, "permission bits of the files, such as 0o440"),
        Field("optional", Boolean(), "whether it may be absent"),
    ),
    "a secret volume",
    {"name": "write secret_name"},
)
_CONFIG_MAP = Record(
    (
        Field("name", _NAME, "the ConfigMap", required=True),
        Field("items", _ITEMS, "only these keys"),
        Field("default_mode", _MODE, "permission bits of the files, such as 0o440"),
        Field("optional", Boolean(), "whether it may be absent"),
    ),
    "a config map volume",
)
_CLAIM = Record(
    (
        Field("claim_name", _NAME, "the PersistentVolumeClaim", required=True),
        Field("read_only", Boolean(), "whether nothing can write to it"),
    ),
    "a persistent volume claim",
)
_EMPTY_DIR = Record(
    (
        Field("medium", Choice(("Memory",)), "Memory for a RAM disk"),
        Field("size_limit", _NAME, "a quantity such as 1Gi"),
    ),
    "an empty dir",
)
_PROJECTED_SECRET = Record(
    (
        Field("name", _NAME, "the Secret", required=True),
        Field("items", _ITEMS, "only these keys"),
        Field("optional", Boolean(), "whether it may be absent"),
    ),
    "a projected secret",
)
_PROJECTED_CONFIG_MAP = Record(
    (Field("name", _NAME, "the ConfigMap", required=True), *_PROJECTED_SECRET.fields[1:]), "a projected config map"
)
_TOKEN = Record(
    (
        Field("path", _PATH, "the file, relative to the mount", required=True),
        Field("audience", _NAME, "whom the token is for"),
        Field("expiration_seconds", Integer(600), "how long a token is valid"),
    ),
    "a service account token",
)
_DOWNWARD_API = Record(
    (
        Field(
            "items",
            ListOf(
                Record(
                    (
                        Field("path", _PATH, "the file, relative to the mount", required=True),
                        Field("field_path", _NAME, "a field of the pod, such as metadata.labels", required=True),
                        Field("mode", _MODE, "permission bits, such as 0o440"),
                    ),
                    "a file of the downward API",
                ),
                shortest=1,
            ),
            "the files",
            required=True,
        ),
    ),
    "a downward API projection",
)
_PROJECTED = Record(
    (
        Field(
            "sources",
            ListOf(
                Record(
                    (
                        Field("secret", _PROJECTED_SECRET, "keys of a Secret"),
                        Field("config_map", _PROJECTED_CONFIG_MAP, "keys of a ConfigMap"),
                        Field("service_account_token", _TOKEN, "a token of the pod's service account"),
                        Field("downward_api", _DOWNWARD_API, "fields of the pod"),
                    ),
                    "a projection",
                    one_of=("secret", "config_map", "service_account_token", "downward_api"),
                ),
                shortest=1,
            ),
            "what is projected",
            required=True,
        ),
        Field("default_mode", _MODE, "permission bits of the files, such as 0o440"),
    ),
    "a projected volume",
)
VOLUMES = ListOf(
    Record(
        (
            Field("name", Text(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "a volume's name"), "its name", required=True),
            Field("secret", _SECRET, "the keys of a Secret as files"),
            Field("config_map", _CONFIG_MAP, "the keys of a ConfigMap as files"),
            Field("persistent_volume_claim", _CLAIM, "a claim"),
            Field("empty_dir", _EMPTY_DIR, "a folder that lives as long as the pod"),
            Field("projected", _PROJECTED, "several sources in one folder"),
        ),
        "a volume",
        one_of=("secret", "config_map", "persistent_volume_claim", "empty_dir", "projected"),
    ),
    shortest=1,
)
VOLUME_MOUNTS = ListOf(
    Record(
        (
            Field("name", _NAME, "the volume", required=True),
            Field("mount_path", _PATH, "where it is mounted", required=True),
            Field("sub_path", _PATH, "the folder in the volume"),
            Field("read_only", Boolean(), "whether the container cannot write to it"),
        ),
        "a volume mount",
    ),
    shortest=1,
)
ENV_FROM = ListOf(
    Record(
        (
            Field("secret", _NAME, "all keys of this Secret"),
            Field("config_map", _NAME, "all keys of this ConfigMap"),
            Field("prefix", Text(r"[A-Za-z_][A-Za-z0-9_.-]*", "a prefix of names"), "put before each name"),
            Field("optional", Boolean(), "whether it may be absent"),
        ),
        "an entry of env_from",
        one_of=("secret", "config_map"),
    ),
    shortest=1,
)

_EXPRESSIONS = ListOf(
    Record(
        (
            Field("key", Text(_LABEL_KEY, "a label's key"), "the label", required=True),
            Field("operator", Choice(("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")), "the test", required=True),
            Field("values", ListOf(Text()), "what it is compared with"),
        ),
        "an expression",
    ),
    shortest=1,
)
_FIELD_EXPRESSIONS = ListOf(
    Record(
        (
            Field("key", Choice(("metadata.name",)), "the field", required=True),
            Field("operator", Choice(("In", "NotIn")), "the test", required=True),
            Field("values", ListOf(Text(), shortest=1), "what it is compared with", required=True),
        ),
        "a field expression",
    ),
    shortest=1,
)
_NODE_TERM = Record(
    (
        Field("match_expressions", _EXPRESSIONS, "tests of the node's labels"),
        Field("match_fields", _FIELD_EXPRESSIONS, "tests of the node's fields"),
    ),
    "a node selector term",
)
_SELECTOR = Record(
    (
        Field("match_labels", _LABELS, "labels that must be equal"),
        Field("match_expressions", _EXPRESSIONS, "tests of labels"),
    ),
    "a label selector",
)
_POD_TERM = Record(
    (
        Field("label_selector", _SELECTOR, "which pods"),
        Field("namespaces", ListOf(_NAME, shortest=1), "in which namespaces"),
        Field("namespace_selector", _SELECTOR, "in namespaces with these labels"),
        Field("topology_key", Text(_LABEL_KEY, "a label's key"), "what counts as near", required=True),
    ),
    "a pod affinity term",
)
_WEIGHT = Integer(1, 100)
_REQUIRED = "required_during_scheduling_ignored_during_execution"
_PREFERRED = "preferred_during_scheduling_ignored_during_execution"
_NODE_AFFINITY = Record(
    (
        Field(
            _REQUIRED,
            Record(
                (Field("node_selector_terms", ListOf(_NODE_TERM, shortest=1), "one must hold", required=True),),
                "a node selector",
            ),
            "what a node must have",
        ),
        Field(
            _PREFERRED,
            ListOf(
                Record(
                    (
                        Field("weight", _WEIGHT, "1 to 100", required=True),
                        Field("preference", _NODE_TERM, "what is preferred", required=True),
                    ),
                    "a preference of nodes",
                ),
                shortest=1,
            ),
            "what a node should have",
        ),
    ),
    "node affinity",
)
_POD_AFFINITY = Record(
    (
        Field(_REQUIRED, ListOf(_POD_TERM, shortest=1), "which neighbours it must have"),
        Field(
            _PREFERRED,
            ListOf(
                Record(
                    (
                        Field("weight", _WEIGHT, "1 to 100", required=True),
                        Field("pod_affinity_term", _POD_TERM, "what is preferred", required=True),
                    ),
                    "a preference of neighbours",
                ),
                shortest=1,
            ),
            "which neighbours it should have",
        ),
    ),
    "pod affinity",
)
AFFINITY = Record(
    (
        Field("node_affinity", _NODE_AFFINITY, "which nodes"),
        Field("pod_affinity", _POD_AFFINITY, "near which pods"),
        Field("pod_anti_affinity", _POD_AFFINITY, "away from which pods"),
    ),
    "affinity",
)
TOLERATIONS = ListOf(
    Record(
        (
            Field("key", Text(_LABEL_KEY, "a taint's key"), "the taint; all of them where left out"),
            Field("operator", Choice(("Exists", "Equal")), "Equal where left out"),
            Field("value", Text(), "the taint's value"),
            Field("effect", Choice(("NoSchedule", "PreferNoSchedule", "NoExecute")), "all effects where left out"),
            Field("toleration_seconds", Integer(), "for how long, with NoExecute"),
        ),
        "a toleration",
    ),
    shortest=1,
)
_SECCOMP = Record(
    (
        Field("type", Choice(("RuntimeDefault", "Unconfined", "Localhost")), "which profile", required=True),
        Field("localhost_profile", _PATH, "the profile's path on the node"),
    ),
    "a seccomp profile",
)
SECURITY_CONTEXT = Record(
    (
        Field("run_as_user", _ID, "user id"),
        Field("run_as_group", _ID, "group id"),
        Field("run_as_non_root", Boolean(), "refuse to run as root"),
        Field("read_only_root_filesystem", Boolean(), "the root file system cannot be written"),
        Field("allow_privilege_escalation", Boolean(), "whether a process may gain more privileges"),
        Field("privileged", Boolean(), "the host's own privileges"),
        Field(
            "capabilities",
            Record(
                (
                    Field("add", ListOf(_NAME, shortest=1), "capabilities to add"),
                    Field("drop", ListOf(_NAME, shortest=1), "capabilities to drop"),
                ),
                "capabilities",
            ),
            "Linux capabilities",
        ),
        Field("seccomp_profile", _SECCOMP, "which system calls are allowed"),
    ),
    "a security context",
    {"fs_group": "put it under pod_security_context"},
)
POD_SECURITY_CONTEXT = Record(
    (
        Field("run_as_user", _ID, "user id"),
        Field("run_as_group", _ID, "group id"),
        Field("run_as_non_root", Boolean(), "refuse to run as root"),
        Field("fs_group", _ID, "the group that owns the volumes"),
        Field("fs_group_change_policy", Choice(("OnRootMismatch", "Always")), "when owners are changed"),
        Field("supplemental_groups", ListOf(_ID, shortest=1), "further group ids"),
        Field("seccomp_profile", _SECCOMP, "which system calls are allowed"),
    ),
    "a pod's security context",
)
PULL_POLICY = Choice(("Always", "IfNotPresent", "Never"), {"always": "Always", "never": "Never"})
POD_LABELS = _LABELS
POD_ANNOTATIONS = _ANNOTATIONS

__all__ = [
    "AFFINITY",
    "ENV_FROM",
    "POD_ANNOTATIONS",
    "POD_LABELS",
    "POD_SECURITY_CONTEXT",
    "PULL_POLICY",
    "QUANTITIES",
    "SECURITY_CONTEXT",
    "TOLERATIONS",
    "VOLUMES",
    "VOLUME_MOUNTS",
]
