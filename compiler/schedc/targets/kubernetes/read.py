"""Reads a CronJob back: what the cluster will do with it, or which of its keys is not known here.

Strict: a key, a type or a spelling that is not known is an error, never skipped. What the API server fills in where a
key is absent is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedc.ir.triggers import Cron
from schedc.patterns import pattern
from schedc.records import replace
from schedc.target import Behaviour, Deployed, Told, UnreadableArtifact
from schedc.targets.kubernetes.map_read import Box, is_patched
from schedc.targets.kubernetes.patch_read import NOTE, set_apart
from schedc.targets.kubernetes.pod_read import read_pod
from schedc.targets.kubernetes.times import spacing
from schedc.targets.kubernetes.yaml_read import load

_HASH = pattern(r"[0-9a-f]{16}")
_SERVER_WRITES = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generateName",
    "generation",
    "managedFields",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
)
_CARRY_POLICY = (
    "backoffLimitPerIndex",
    "managedBy",
    "manualSelector",
    "maxFailedIndexes",
    "podFailurePolicy",
    "selector",
    "successPolicy",
)
_BUSY = {"Allow": "start", "Forbid": "wait_latest", "Replace": "replace"}


def read(files: Mapping[str, str]) -> Deployed:
    """What the one file of a schedule says. Raises `UnreadableArtifact`."""
    if len(files) != 1:
        raise UnreadableArtifact(f"a CronJob is one file, not {len(files)}")
    data, patch = set_apart(load(next(iter(files.values()))))
    root = Box(data, "")
    root.constant("apiVersion", "batch/v1")
    root.constant("kind", "CronJob")
    metadata, spec = root.map("metadata"), root.map("spec")
    root.done()

    name = metadata.text("name")
    namespace = metadata.text("namespace", None)
    labels = metadata.texts("labels")
    notes = _notes(metadata)
    metadata.without(*_SERVER_WRITES)
    metadata.done()
    labels.pop("app.kubernetes.io/managed-by", None)
    digest = notes.pop("schedc/digest", None)
    if digest is not None and not _HASH.fullmatch(digest):
        raise UnreadableArtifact("metadata.annotations: schedc/digest is not a digest")
    accelerators = notes.pop("schedc/accelerator", None)
    notes.pop(NOTE, None)
    notes.pop("schedc/rule", None)
    notes.pop("schedc/source", None)

    cron, zone = spec.text("schedule"), spec.text("timeZone", None)
    if zone is None:
        raise UnreadableArtifact("spec has no timeZone: the zone of the controller's machine would count")
    policy = spec.text("concurrencyPolicy", "Allow")
    if policy not in _BUSY:
        raise UnreadableArtifact(f"spec.concurrencyPolicy: {policy!r} is not known")
    deadline = spec.number("startingDeadlineSeconds", None)
    if deadline == 0:
        raise UnreadableArtifact("spec.startingDeadlineSeconds: 0 lets no run start")
    paused = spec.boolean("suspend", False)
    history = spec.number("successfulJobsHistoryLimit", 3), spec.number("failedJobsHistoryLimit", 1)
    template = spec.map("jobTemplate")
    spec.done()
    job = template.map("spec")
    template.done()
    job.constant("completions", 1, default=1)
    job.constant("parallelism", 1, default=1)
    job.constant("completionMode", "NonIndexed", default="NonIndexed")
    job.constant("suspend", False, default=False)
    retries = job.number("backoffLimit", 6)
    timeout = job.number("activeDeadlineSeconds", None)
    ttl = job.number("ttlSecondsAfterFinished", None)
    job.without(*_CARRY_POLICY)
    pod_template = job.map("template")
    job.done()
    container_name, workload, attempt_timeout = read_pod(pod_template, name, accelerators)
    if ttl is not None:
        workload = replace(workload, pod={**workload.pod, "ttl_second_after_finished": ttl})

    never_late = deadline is not None and (deadline < 60 or deadline < _closest(cron, zone))
    identity: dict[str, Any] = {
        "container": container_name,
        "failed_jobs_history_limit": history[1],
        "namespace": namespace,
        "successful_jobs_history_limit": history[0],
    }
    description, owner = notes.pop("schedc/description", None), notes.pop("schedc/owner", None)
    identity["applied_after"] = notes.pop("schedc/applied-after", None)
    identity["annotations"] = notes
    identity["patch"] = patch
    assert retries is not None
    return Deployed(
        name=name,
        digest=digest,
        told=Told(engine="kubernetes", crons=(cron,), timezone=zone),
        behaviour=Behaviour(
            missed="none" if never_late else "latest",
            busy="skip" if policy == "Forbid" and never_late else _BUSY[policy],
            limit=None if policy == "Allow" else 1,
            start_deadline=deadline,
            paused=paused,
            retries=retries,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
        ),
        workload=workload,
        description=description,
        owner=owner,
        labels=labels,
        identity=identity,
    )


def _notes(metadata: Box) -> dict[str, str]:
    """The annotations that no patch brought."""
    data = metadata.data.pop("annotations", {})
    if not isinstance(data, dict):
        raise UnreadableArtifact("metadata.annotations is not a mapping")
    box = Box(
        {"annotations": {k: v for k, v in data.items() if k.startswith("schedc/") or not is_patched(v)}}, "metadata"
    )
    return box.texts("annotations")


def _closest(cron: str, zone: str) -> int:
    """The smallest distance of two runs, in seconds; 60, the least there is, where the engine cannot read the text."""
    from schedc.engines import kubernetes as engine
    from schedc.engines.model import CronError

    try:
        reading = engine.read(cron)
        return spacing(Cron(reading.calendar, zone)).smallest
    except (CronError, LookupError, ValueError):
        return 60
