"""What a patch may bring into a recurring run, and what it may not touch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schedc.ir.workload import Container, Steps, Workload
from schedc.json_merge_patch import Path, Protected
from schedc.pipeline_patch import SPEC, TASKS, Free, problems, protected_spec, strangers
from schedc.pipeline_writing import steps_of

_PLATFORM = ("pipeline_spec", "platform_spec", "platforms", "kubernetes")
_EXECUTOR = (*_PLATFORM, "deploymentSpec", "executors", "*")
_WORDS = {
    "secretAsVolume": "volumes",
    "secretAsEnv": "env",
    "pvcMount": "volumes",
    "nodeSelector": "node_selector",
    "podMetadata": "pod_labels and pod_annotations",
    "imagePullSecret": "image_pull_secrets",
    "imagePullPolicy": "image_pull_policy",
    "configMapAsVolume": "volumes",
    "configMapAsEnv": "env",
    "fieldPathAsEnv": "env",
    "tolerations": "tolerations",
    "nodeAffinity": "affinity",
    "emptyDirMounts": "volumes",
    "securityContext": "security_context",
    "activeDeadlineSeconds": "attempt_timeout_second",
}
PROTECTED = (
    Protected(("display_name",), "change the schedule's name"),
    Protected(("description",), "use description"),
    Protected(("mode",), "use paused"),
    Protected(("max_concurrency",), "use max_active_runs"),
    Protected(("no_catchup",), "use catchup"),
    Protected(("trigger",), "use cron_expression, interval_second, start_time and end_time"),
    Protected(("experiment_id",), "use targets.kubeflow.experiment_id"),
    Protected(("service_account",), "use run.container.service_account or targets.kubeflow.service_account"),
    Protected(("runtime_config", "parameters"), "use run.pipeline.parameters"),
    Protected(("runtime_config", "pipeline_root"), "use targets.kubeflow.pipeline_root"),
    Protected((*_PLATFORM, "pipelineConfig", "activeDeadlineSeconds"), "use timeout_second"),
    Protected((*_PLATFORM, "pipelineConfig", "resourceTtlOnCompletion"), "use ttl_second_after_finished"),
    *(Protected((*_EXECUTOR, key), f"use {word}") for key, word in _WORDS.items()),
    *protected_spec("pipeline_spec", "pipeline_spec"),
)
FREE: Free = {
    "namespace": "text",
    "plugins_input": "map",
    "pipeline_spec": {
        "pipeline_spec": SPEC,
        "platform_spec": {
            "platforms": {
                "kubernetes": {
                    "deploymentSpec": {
                        "executors": {
                            "*": {
                                "genericEphemeralVolume": "list",
                                "enabledSharedMemory": {"volumeName": "text", "size": "text"},
                            }
                        }
                    },
                    "pipelineConfig": {
                        "workspace": {"size": "text", "kubernetes": {"pvcSpecPatch": "map"}},
                        "resourceTtlOnSuccess": "number",
                        "resourceTtlOnFailure": "number",
                    },
                }
            }
        },
    },
}


def patch_problems(patch: Any, name: str, run: Workload) -> Iterator[tuple[Path, str, str]]:
    """Each place of a patch that is refused, what is wrong there, and the remedy."""
    if not isinstance(run, Container | Steps):
        compiled = Protected(("pipeline_spec",), "change the pipeline, and compile the package again")
        yield from problems(patch, (compiled, *PROTECTED), FREE)
        return
    found = list(problems(patch, PROTECTED, FREE))
    yield from found
    if not found:
        steps = steps_of(name, run)
        yield from strangers(patch, _EXECUTOR[:-1], {f"exec-{step.name}" for step in steps})
        yield from strangers(patch, ("pipeline_spec", "pipeline_spec", *TASKS), {step.name for step in steps})
