"""What a patch may bring into a Vertex AI schedule, and what it may not touch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schedc.ir.workload import Container, Steps, Workload
from schedc.json_merge_patch import Path, Protected
from schedc.pipeline_patch import SPEC, TASKS, Free, problems, protected_spec, strangers
from schedc.pipeline_writing import steps_of

_REQUEST = "createPipelineJobRequest"
_JOB = (_REQUEST, "pipelineJob")
_SPEC = (*_JOB, "pipelineSpec")
PROTECTED = (
    Protected(("displayName",), "change the schedule's name"),
    Protected(("cron",), "use cron_expression and timezone"),
    Protected(("startTime",), "use start_time"),
    Protected(("endTime",), "use end_time"),
    Protected(("maxRunCount",), "use max_runs"),
    Protected(("maxConcurrentRunCount",), "use max_active_runs"),
    Protected(("maxConcurrentActiveRunCount",), "use max_active_runs"),
    Protected(("allowQueueing",), "use overlap"),
    Protected((_REQUEST, "parent"), "use targets.vertex.project and targets.vertex.location"),
    Protected((_REQUEST, "pipelineJobId"), "leave it out: each run needs an id of its own"),
    Protected((*_JOB, "labels"), "use labels"),
    Protected((*_JOB, "serviceAccount"), "use run.container.service_account or targets.vertex.service_account"),
    Protected((*_JOB, "network"), "use targets.vertex.network"),
    Protected((*_JOB, "encryptionSpec"), "use targets.vertex.encryption_key"),
    Protected((*_JOB, "runtimeConfig", "gcsOutputDirectory"), "use targets.vertex.gcs_output_directory"),
    Protected((*_JOB, "runtimeConfig", "parameterValues"), "use run.pipeline.parameters"),
    Protected((*_JOB, "runtimeConfig", "failurePolicy"), "use targets.vertex.failure_policy"),
    *protected_spec(*_SPEC),
)
FREE: Free = {
    _REQUEST: {
        "pipelineJob": {
            "displayName": "text",
            "pipelineSpec": SPEC,
            "preflightValidations": "bool",
            "pscInterfaceConfig": "map",
            "reservedIpRanges": "list",
            "runtimeConfig": {"inputArtifacts": "map"},
        }
    }
}


def patch_problems(patch: Any, name: str, run: Workload) -> Iterator[tuple[Path, str, str]]:
    """Each place of a patch that is refused, what is wrong there, and the remedy."""
    if not isinstance(run, Container | Steps):
        compiled = Protected(_SPEC, "change the pipeline, and compile the package again")
        yield from problems(patch, (compiled, *PROTECTED), FREE)
        return
    found = list(problems(patch, PROTECTED, FREE))
    yield from found
    if not found:
        yield from strangers(patch, (*_SPEC, *TASKS), {step.name for step in steps_of(name, run)})
