"""What the API server, the scheduler or the kubelet would refuse of a pod as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from schedc.ir.workload import Container
from schedc.targets.kubernetes import names
from schedc.targets.kubernetes.pod import CONTAINER
from schedc.targets.kubernetes.pod_words import PREFERRED, REQUIRED
from schedc.targets.kubernetes.quantity import NotAQuantity, quantity
from schedc.targets.kubernetes.report import VALIDATE_CORE, Path, Report, broken, is_broken, shown

Problem = Callable[[str], str | None]

_ANNOTATIONS = 256 * 1024
_LARGEST_ID = 2**31 - 1
_INT64 = 2**63
_JOB_LABELS = frozenset(
    {"batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name"}
)
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_OBJECT = "its name must be one that an object can have"


def pod_limits(report: Report, here: Path, run: Container) -> None:
    """Everything of the pod that is not about one container."""
    pod = run.pod
    _labels(report, here, run)
    _annotations(report, here, run)
    for key, value in pod.get("node_selector", {}).items():
        _label(report, (*here, "node_selector", key), key, value)
    if "priority_class" in pod:
        _named(report, (*here, "priority_class"), "the priority class", pod["priority_class"])
    if run.service_account is not None:
        _named(report, (*here, "service_account"), "the service account", run.service_account)
    secrets = pod.get("image_pull_secrets", ())
    for i, name in enumerate(secrets):
        _named(report, (*here, "image_pull_secrets", i), "the secret", name)
        if name in secrets[:i]:
            path = (*here, "image_pull_secrets", i)
            _refuse(report, path, f"the secret {shown(name)} stands twice", "name it once", "ValidatePodSpec")
    for i, one in enumerate(pod.get("tolerations", ())):
        _toleration(report, (*here, "tolerations", i), one)
    for i, one in enumerate(pod.get("volumes", ())):
        _volume(report, (*here, "volumes", i), one, [other["name"] for other in pod["volumes"][:i]])
    _affinity(report, (*here, "affinity"), pod.get("affinity", {}))
    _security(report, (*here, "pod_security_context"), pod.get("pod_security_context", {}))
    if any(is_broken(_everything(one.pod)) for one in (run, *(init.container for init in run.init_containers))):
        report.refuse(here, *broken("the pod block"))


def _refuse(report: Report, path: Path, message: str, help: str, where: str, why: str = "") -> None:
    report.refuse(path, message, why or "the API server refuses the pod", f"{VALIDATE_CORE}, {where}", help)


def _everything(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "".join(map(_everything, [*value, *value.values()]))
    return "".join(map(_everything, value)) if isinstance(value, tuple | list) else ""


def _named(report: Report, path: Path, what: str, name: str, problem: Problem = names.subdomain) -> None:
    if found := problem(name):
        help = "write the name of one, of lower-case letters, digits, '-' and '.'"
        _refuse(report, path, f"the name of {what} {shown(name)} {found}", help, "ValidatePodSpec", _OBJECT)


def _label(report: Report, path: Path, key: str, value: str) -> None:
    _label_key(report, path, key)
    _label_value(report, path, value)


def _label_key(report: Report, path: Path, key: str) -> None:
    if problem := names.qualified_name(key):
        help = "write an optional DNS name with a slash, and a name of letters, digits, '-', '_' and '.'"
        _refuse(report, path, f"the key {shown(key)} {problem}", help, "ValidateLabels")


def _label_value(report: Report, path: Path, value: str) -> None:
    if problem := names.label_value(value):
        help = "write at most 63 letters, digits, '-', '_' and '.'"
        _refuse(report, path, f"the value {shown(value)} {problem}", help, "ValidateLabels")


def _labels(report: Report, here: Path, run: Container) -> None:
    for key, value in run.pod.get("pod_labels", {}).items():
        path = (*here, "pod_labels", key)
        _label(report, path, key, value)
        if key in _JOB_LABELS:
            report.refuse(
                path,
                f"the label {key} is written by the Job",
                "the Job finds its pods by it, and is refused where it says something else",
                "kubernetes/kubernetes pkg/registry/batch/job/strategy.go, generateSelector",
                "choose another key",
            )


def _annotations(report: Report, here: Path, run: Container) -> None:
    annotations = run.pod.get("pod_annotations", {})
    path = (*here, "pod_annotations")
    size = sum(len(key) + len(text.encode("utf-8", "replace")) for key, text in annotations.items())
    if size > _ANNOTATIONS:
        message = f"the annotations of the pod take {size} bytes, and at most {_ANNOTATIONS} are allowed"
        _refuse(report, path, message, "shorten them", "ValidateAnnotations")
    for key in annotations:
        if problem := names.qualified_name(key.lower()):
            help = "write an optional DNS name with a slash, and a name of letters, digits, '-', '_' and '.'"
            _refuse(report, (*path, key), f"the key {shown(key)} {problem}", help, "ValidateAnnotations")
        if key == "kubernetes.io/config.mirror":
            help = "leave it out"
            _refuse(report, (*path, key), f"{key} is for pods of one node", help, "ValidatePodSpecificAnnotations")
        if key == "scheduler.alpha.kubernetes.io/tolerations":
            _refuse(
                report, (*path, key), f"{key} is no longer used", "use tolerations", "ValidatePodSpecificAnnotations"
            )
        if key.startswith(_APPARMOR):
            _apparmor(report, (*path, key), key.removeprefix(_APPARMOR), annotations[key], run)


def _apparmor(report: Report, path: Path, name: str, profile: str, run: Container) -> None:
    known = [CONTAINER, *(one.name for one in run.init_containers)]
    if name not in known:
        help = f"the containers are {', '.join(known)}"
        _refuse(report, path, f"no container is called {shown(name)}", help, "ValidateAppArmorPodAnnotations")
    if profile not in ("runtime/default", "unconfined") and not profile.startswith("localhost/"):
        help = "write runtime/default, unconfined or localhost/NAME"
        _refuse(report, path, f"{shown(profile)} is no AppArmor profile", help, "ValidateAppArmorProfileFormat")


def _toleration(report: Report, here: Path, one: Mapping[str, Any]) -> None:
    key, exists = one.get("key"), one.get("operator") == "Exists"
    if key:
        _label_key(report, (*here, "key"), key)
    elif not exists:
        _refuse(
            report, here, "a toleration of all taints has another operator than Exists", "write operator: Exists", _T
        )
    if exists and one.get("value"):
        _refuse(report, (*here, "value"), "the operator Exists takes no value", "leave the value out", _T)
    if not exists:
        _label_value(report, (*here, "value"), one.get("value", ""))
    seconds = one.get("toleration_seconds")
    if seconds is not None and one.get("effect") != "NoExecute":
        help = "write effect: NoExecute, or leave toleration_seconds out"
        _refuse(report, (*here, "toleration_seconds"), "toleration_seconds has another effect than NoExecute", help, _T)
    if seconds is not None and not -_INT64 <= seconds < _INT64:
        _refuse(report, (*here, "toleration_seconds"), f"{seconds} is beyond 64 bits", "leave it out for ever", _T)


_T = "ValidateTolerations"


def _volume(report: Report, here: Path, one: Mapping[str, Any], others: list[str]) -> None:
    if problem := names.dns_label(one["name"]):
        help = "choose lower-case letters, digits and hyphens"
        _refuse(report, (*here, "name"), f"the volume {shown(one['name'])} {problem}", help, "ValidateVolumes")
    if one["name"] in others:
        _refuse(report, (*here, "name"), f"two volumes are called {one['name']}", "rename one", "ValidateVolumes")
    if "secret" in one:
        _named(report, (*here, "secret", "secret_name"), "the secret", one["secret"]["secret_name"])
        _files(report, (*here, "secret"), [(("items",), one["secret"].get("items", ()))])
    if "config_map" in one:
        _named(report, (*here, "config_map", "name"), "the config map", one["config_map"]["name"])
        _files(report, (*here, "config_map"), [(("items",), one["config_map"].get("items", ()))])
    if "persistent_volume_claim" in one:
        path = (*here, "persistent_volume_claim", "claim_name")
        _named(report, path, "the claim", one["persistent_volume_claim"]["claim_name"])
    if "size_limit" in one.get("empty_dir", {}):
        try:
            quantity(one["empty_dir"]["size_limit"])
        except NotAQuantity as error:
            message = f"{shown(one['empty_dir']['size_limit'])} {error}"
            path = (*here, "empty_dir", "size_limit")
            _refuse(
                report, path, message, "write a number with a unit such as Mi or Gi", "validateEmptyDirVolumeSource"
            )
    if "projected" in one:
        _projected(report, (*here, "projected", "sources"), one["projected"]["sources"])


def _projected(report: Report, here: Path, sources: tuple[Mapping[str, Any], ...]) -> None:
    files: list[tuple[Path, Any]] = []
    for i, source in enumerate(sources):
        if len(source) != 1:
            _refuse(report, (*here, i), "a projection takes one source", "give one", "validateProjectionSources")
        for kind, what in (("secret", "the secret"), ("config_map", "the config map")):
            if kind in source:
                _named(report, (*here, i, kind, "name"), what, source[kind]["name"])
                files.append(((i, kind, "items"), source[kind].get("items", ())))
        if "downward_api" in source:
            items = source["downward_api"]["items"]
            files.append(((i, "downward_api", "items"), items))
            for k, item in enumerate(items):
                if problem := names.pod_file_field(item["field_path"]):
                    path = (*here, i, "downward_api", "items", k, "field_path")
                    _refuse(
                        report,
                        path,
                        f"{shown(item['field_path'])} {problem}",
                        _FILE_FIELDS,
                        "validateObjectFieldSelector",
                    )
        if "service_account_token" in source:
            token = source["service_account_token"]
            files.append(((i, "service_account_token"), (token,)))
            if not 600 <= token.get("expiration_seconds", 600) <= 2**32:
                path = (*here, i, "service_account_token", "expiration_seconds")
                message = f"a token for {token['expiration_seconds']} seconds is out of range"
                _refuse(report, path, message, "write 600 to 4294967296", "validateProjectionSources")
    _files(report, here, files)


_FILE_FIELDS = (
    "write metadata.name, metadata.namespace, metadata.uid, metadata.labels, metadata.annotations,"
    " metadata.labels['KEY'] or metadata.annotations['KEY']"
)


def _files(report: Report, here: Path, lists: list[tuple[Path, Any]]) -> None:
    """Keys and paths of files; one path is written once in a volume."""
    known: set[str] = set()
    for where, items in lists:
        for i, item in enumerate(items):
            path = (*here, *where) if where[-1] == "service_account_token" else (*here, *where, i)
            if "key" in item and (problem := names.data_key(item["key"])):
                help = "choose a key of letters, digits, '-', '_' and '.'"
                _refuse(report, (*path, "key"), f"the key {shown(item['key'])} {problem}", help, "validateKeyToPath")
            if problem := names.inner_path(item["path"]):
                help = "write a path below the mount"
                message = f"the path {shown(item['path'])} {problem}"
                _refuse(report, (*path, "path"), message, help, "validateLocalNonReservedPath")
            elif item["path"] in known:
                message = f"two files are called {shown(item['path'])}"
                _refuse(report, (*path, "path"), message, "rename one", "validateProjectionSources")
            known.add(item["path"])


def _affinity(report: Report, here: Path, affinity: Mapping[str, Any]) -> None:
    nodes = affinity.get("node_affinity", {})
    path = (*here, "node_affinity")
    for i, term in enumerate(nodes.get(REQUIRED, {}).get("node_selector_terms", ())):
        _node_term(report, (*path, REQUIRED, "node_selector_terms", i), term)
    for i, one in enumerate(nodes.get(PREFERRED, ())):
        _node_term(report, (*path, PREFERRED, i, "preference"), one["preference"])
    for kind in ("pod_affinity", "pod_anti_affinity"):
        for i, term in enumerate(affinity.get(kind, {}).get(REQUIRED, ())):
            _pod_term(report, (*here, kind, REQUIRED, i), term)
        for i, one in enumerate(affinity.get(kind, {}).get(PREFERRED, ())):
            _pod_term(report, (*here, kind, PREFERRED, i, "pod_affinity_term"), one["pod_affinity_term"])


def _node_term(report: Report, here: Path, term: Mapping[str, Any]) -> None:
    if not any(term.values()):
        message = "a term without a test matches no node"
        _refuse(
            report, here, message, "write match_expressions", "ValidateNodeSelectorTerm", "no node would take the pod"
        )
    _expressions(report, here, term.get("match_expressions", ()), numbers=True)
    for i, one in enumerate(term.get("match_fields", ())):
        path = (*here, "match_fields", i, "values")
        if len(one["values"]) != 1:
            _refuse(
                report,
                path,
                "a test of a node's field takes one value",
                "write one",
                "ValidateNodeFieldSelectorRequirement",
            )
        for name in one["values"]:
            _named(report, path, "the node", name)


def _pod_term(report: Report, here: Path, term: Mapping[str, Any]) -> None:
    _label_key(report, (*here, "topology_key"), term["topology_key"])
    for i, name in enumerate(term.get("namespaces", ())):
        _named(report, (*here, "namespaces", i), "the namespace", name, names.dns_label)
    for field in ("label_selector", "namespace_selector"):
        selector = term.get(field, {})
        for key, value in selector.get("match_labels", {}).items():
            _label(report, (*here, field, "match_labels", key), key, value)
        _expressions(report, (*here, field), selector.get("match_expressions", ()), numbers=False)


def _expressions(report: Report, here: Path, tests: Any, numbers: bool) -> None:
    where = "ValidateNodeSelectorRequirement" if numbers else "ValidateLabelSelectorRequirement"
    for i, one in enumerate(tests):
        path = (*here, "match_expressions", i)
        operator, values = one["operator"], one.get("values", ())
        _label_key(report, (*path, "key"), one["key"])
        if operator in ("Gt", "Lt") and not numbers:
            help = "write In, NotIn, Exists or DoesNotExist"
            _refuse(report, (*path, "operator"), f"a selector of labels has no operator {operator}", help, where)
        elif operator in ("Gt", "Lt"):
            if len(values) != 1 or not re.fullmatch(r"[+-]?[0-9]{1,18}", values[0]):
                message = f"the operator {operator} takes one whole number"
                _refuse(report, (*path, "values"), message, 'write one, such as ["4"]', where)
        elif operator in ("In", "NotIn") and not values:
            _refuse(report, path, f"the operator {operator} has no values", "write values, or Exists", where)
        elif operator in ("Exists", "DoesNotExist") and values:
            _refuse(report, (*path, "values"), f"the operator {operator} takes no values", "leave values out", where)
        else:
            for k, value in enumerate(values):
                _label_value(report, (*path, "values", k), value)


def _security(report: Report, here: Path, context: Mapping[str, Any]) -> None:
    for i, value in enumerate(context.get("supplemental_groups", ())):
        if value > _LARGEST_ID:
            path = (*here, "supplemental_groups", i)
            _refuse(
                report, path, f"the id {value} is more than {_LARGEST_ID}", "choose a smaller one", "IsValidGroupID"
            )
    identity_limits(report, here, context)


def identity_limits(report: Report, here: Path, context: Mapping[str, Any]) -> None:
    """What security contexts of pods and of containers have in common."""
    for field in ("run_as_user", "run_as_group", "fs_group"):
        if context.get(field, 0) > _LARGEST_ID:
            message = f"the id {context[field]} is more than {_LARGEST_ID}"
            _refuse(report, (*here, field), message, "choose a smaller one", "ValidateSecurityContext")
    profile = context.get("seccomp_profile")
    if profile is None:
        return
    path, local = (*here, "seccomp_profile"), profile.get("localhost_profile")
    if (profile["type"] == "Localhost") != (local is not None):
        message = "the seccomp profile Localhost needs a localhost_profile, and the others take none"
        _refuse(report, path, message, "give type: Localhost with localhost_profile", "validateSeccompProfileField")
    elif local is not None and (problem := names.descending_path(local)):
        message = f"the path {shown(local)} {problem}"
        help = "write a path below the kubelet's folder of profiles"
        _refuse(report, (*path, "localhost_profile"), message, help, "validateSeccompProfileField")
