"""What a patch may bring into a CronJob: fields of Kubernetes that schedc has no word for, each of its own type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schedc.json_merge_patch import Path, Protected, breaches

_POD = ("spec", "jobTemplate", "spec", "template", "spec")
_TEMPLATE = ("spec", "jobTemplate", "spec", "template")
_CONTAINERS = "use the fields of run.container: a patch would replace the whole list"


def _under(path: Path, words: dict[str, str]) -> tuple[Protected, ...]:
    return tuple(Protected((*path, key), instead) for key, instead in words.items())


PROTECTED = (
    *_under((), {"apiVersion": "leave it to schedc", "kind": "leave it to schedc", "status": "a cluster writes it"}),
    *_under(
        ("metadata",),
        {
            "name": "rename the schedule",
            "namespace": "use targets.kubernetes.namespace",
            "labels": "use labels",
            "generateName": "rename the schedule",
            "ownerReferences": "a CronJob that belongs to another object is deleted with it",
        },
    ),
    Protected(("metadata", "annotations", "schedc/*"), "use description or owner; schedc writes the others"),
    *_under(
        ("spec",),
        {
            "schedule": "use cron_expression",
            "timeZone": "use timezone",
            "concurrencyPolicy": "use overlap or max_active_runs",
            "suspend": "use paused",
            "startingDeadlineSeconds": "use start_deadline_second, overlap or catchup",
            "successfulJobsHistoryLimit": "use targets.kubernetes.successful_jobs_history_limit",
            "failedJobsHistoryLimit": "use targets.kubernetes.failed_jobs_history_limit",
        },
    ),
    *_under(
        ("spec", "jobTemplate", "spec"),
        {
            "backoffLimit": "use retries",
            "backoffLimitPerIndex": "use retries",
            "maxFailedIndexes": "use retries",
            "podFailurePolicy": "use retries, which count every failed pod",
            "activeDeadlineSeconds": "use timeout_second",
            "ttlSecondsAfterFinished": "use run.container.ttl_second_after_finished",
            "completions": "a run is one pod",
            "parallelism": "a run is one pod",
            "completionMode": "a run is one pod",
            "successPolicy": "a run is one pod",
            "suspend": "use paused",
            "selector": "Kubernetes writes it",
            "manualSelector": "Kubernetes writes it",
            "managedBy": "another controller would keep no promise of the schedule",
        },
    ),
    Protected((*_TEMPLATE, "metadata", "labels"), "use run.container.pod_labels"),
    Protected((*_TEMPLATE, "metadata", "annotations"), "use run.container.pod_annotations"),
    *_under(
        _POD,
        {
            "activeDeadlineSeconds": "use attempt_timeout_second",
            "affinity": "use run.container.affinity",
            "containers": _CONTAINERS,
            "ephemeralContainers": "a template takes none",
            "imagePullSecrets": "use run.container.image_pull_secrets",
            "initContainers": "use run.container.init_containers: a patch would replace the whole list",
            "nodeSelector": "use run.container.node_selector",
            "priority": "use run.container.priority_class",
            "priorityClassName": "use run.container.priority_class",
            "restartPolicy": "use retries",
            "serviceAccount": "use run.container.service_account",
            "serviceAccountName": "use run.container.service_account",
            "terminationGracePeriodSeconds": "use run.container.termination_grace_period_second",
            "tolerations": "use run.container.tolerations",
            "volumes": "use run.container.volumes: a patch would replace the whole list",
        },
    ),
    *(
        Protected((*_POD, "securityContext", key), "use run.container.pod_security_context")
        for key in (
            "fsGroup",
            "fsGroupChangePolicy",
            "runAsGroup",
            "runAsNonRoot",
            "runAsUser",
            "seccompProfile",
            "supplementalGroups",
        )
    ),
)

_TEXTS: Any = {"*": str}
_EXPRESSIONS: Any = [{"key": str, "operator": str, "values": [str]}]
_SELECTOR: Any = {"matchLabels": _TEXTS, "matchExpressions": _EXPRESSIONS}
FREE: Any = {
    "metadata": {
        "annotations": _TEXTS,
        "finalizers": [str],
    },
    "spec": {
        "jobTemplate": {
            "metadata": {"annotations": _TEXTS, "labels": _TEXTS},
            "spec": {
                "podReplacementPolicy": str,
                "template": {
                    "spec": {
                        "automountServiceAccountToken": bool,
                        "dnsConfig": {
                            "nameservers": [str],
                            "options": [{"name": str, "value": str}],
                            "searches": [str],
                        },
                        "dnsPolicy": str,
                        "enableServiceLinks": bool,
                        "hostAliases": [{"ip": str, "hostnames": [str]}],
                        "hostIPC": bool,
                        "hostNetwork": bool,
                        "hostPID": bool,
                        "hostUsers": bool,
                        "hostname": str,
                        "nodeName": str,
                        "os": {"name": str},
                        "overhead": _TEXTS,
                        "preemptionPolicy": str,
                        "readinessGates": [{"conditionType": str}],
                        "resourceClaims": [{"name": str, "resourceClaimName": str, "resourceClaimTemplateName": str}],
                        "resources": {"limits": _TEXTS, "requests": _TEXTS},
                        "runtimeClassName": str,
                        "schedulerName": str,
                        "schedulingGates": [{"name": str}],
                        "securityContext": {
                            "appArmorProfile": {"type": str, "localhostProfile": str},
                            "seLinuxChangePolicy": str,
                            "seLinuxOptions": {"level": str, "role": str, "type": str, "user": str},
                            "supplementalGroupsPolicy": str,
                            "sysctls": [{"name": str, "value": str}],
                            "windowsOptions": {
                                "gmsaCredentialSpec": str,
                                "gmsaCredentialSpecName": str,
                                "hostProcess": bool,
                                "runAsUserName": str,
                            },
                        },
                        "setHostnameAsFQDN": bool,
                        "shareProcessNamespace": bool,
                        "subdomain": str,
                        "topologySpreadConstraints": [
                            {
                                "labelSelector": _SELECTOR,
                                "matchLabelKeys": [str],
                                "maxSkew": int,
                                "minDomains": int,
                                "nodeAffinityPolicy": str,
                                "nodeTaintsPolicy": str,
                                "topologyKey": str,
                                "whenUnsatisfiable": str,
                            }
                        ],
                    }
                },
            },
        }
    },
}
"""Fields with their types: a mapping is an object (or, with a star, one with free keys), a list one of such items."""

_SINCE = {
    "podReplacementPolicy": 29,
    "appArmorProfile": 30,
    "hostUsers": 33,
    "seLinuxChangePolicy": 33,
    "supplementalGroupsPolicy": 33,
    "resourceClaims": 34,
    "resources": 34,
}
"""The first 1.x in which a field is in use without anyone turning it on; before, the API server may drop it."""
_NAMED = {str: "text", bool: "true or false", int: "a whole number"}


def problems(patch: Any, minor: int) -> Iterator[tuple[Path, str, str]]:
    """Each place of a patch that Kubernetes 1.x is not given, what is wrong there, and the remedy."""
    touched = dict(breaches(patch, PROTECTED))
    for path, one in touched.items():
        yield path, f"{'.'.join(path)} cannot be patched", one.instead
    if not touched:
        yield from _mistakes(patch, FREE, ())
        yield from _too_new(patch, minor, ())


def _mistakes(value: Any, known: Any, path: Path, in_list: bool = False) -> Iterator[tuple[Path, str, str]]:
    where = ".".join(path) or "the patch"
    if value is None or (value == {} and not in_list):
        yield path, f"{where} sets nothing", "leave it out: a patch removes nothing that schedc writes"
    elif isinstance(known, dict):
        if not isinstance(value, dict):
            yield path, f"{where} is not a mapping", "write a mapping"
            return
        for key, inner in value.items():
            below = known.get(key, known.get("*"))
            if below is None:
                near = ", ".join(sorted(known))
                yield (*path, key), f"{'.'.join((*path, key))} is no field that a patch can bring", f"they are {near}"
            else:
                yield from _mistakes(inner, below, (*path, key), in_list)
    elif isinstance(known, list):
        if not isinstance(value, list | tuple) or not value:
            yield path, f"{where} is not a list of one item or more", "write a list"
            return
        for item in value:
            yield from _mistakes(item, known[0], path, True)
    elif not isinstance(value, known) or (known is int and isinstance(value, bool)):
        yield path, f"{where} is not {_NAMED[known]}", f"write {_NAMED[known]}"


def _too_new(patch: Any, minor: int, path: Path) -> Iterator[tuple[Path, str, str]]:
    if not isinstance(patch, dict) or path[-1:] in (("annotations",), ("labels",)):
        return
    for key, value in patch.items():
        here = (*path, key)
        if _SINCE.get(key, 0) > minor:
            message = f"{'.'.join(here)} is not in use before Kubernetes 1.{_SINCE[key]}"
            yield here, message, f'compile for version "1.{_SINCE[key]}" or later'
        else:
            yield from _too_new(value, minor, here)
