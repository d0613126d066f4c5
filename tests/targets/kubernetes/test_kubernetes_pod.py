"""The pod block: every field is written, taken by the schemas of Kubernetes, and read back as it was."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from kubernetes_jobs import emitted, findings, read_back, schedule
from kubernetes_pods import WHOLE
from kubernetes_validate import validate
from schedc.frontend import fields
from schedc.ir.workload import Container, InitContainer, Resources
from schedc.records import replace

VERSIONS = ("1.27", "1.33", "1.37")


def test_the_whole_block_is_in_use() -> None:
    names = {field.name for field in fields.CONTAINER.fields}
    typed = {"image", "command", "args", "env", "resources", "service_account", "init_containers"}
    assert set(WHOLE.pod) - {"accelerator"} | typed == names


def test_the_whole_block_is_taken_and_read_back() -> None:
    one = schedule(run=WHOLE)
    assert [found.message for found in findings(one)] == []
    assert read_back(one).workload == WHOLE


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schemas_take_the_whole_block(version: str) -> None:
    validate(yaml.safe_load(emitted(schedule(run=WHOLE))), version, strict=True)


@pytest.mark.parametrize("name", list(WHOLE.pod))
def test_each_field_alone_is_read_back(name: str) -> None:
    run = Container(image="a", pod={name: WHOLE.pod[name]})
    assert read_back(schedule(run=run)).workload == run


def test_places_of_the_pod() -> None:
    data = yaml.safe_load(emitted(schedule(run=WHOLE, attempt_timeout=60)))
    job = data["spec"]["jobTemplate"]["spec"]
    pod = job["template"]["spec"]
    assert list(job) == ["backoffLimit", "ttlSecondsAfterFinished", "template"]
    assert list(pod) == [
        "restartPolicy",
        "terminationGracePeriodSeconds",
        "activeDeadlineSeconds",
        "nodeSelector",
        "serviceAccountName",
        "securityContext",
        "imagePullSecrets",
        "affinity",
        "tolerations",
        "priorityClassName",
        "volumes",
        "initContainers",
        "containers",
    ]
    assert list(pod["containers"][0]) == [
        "name",
        "image",
        "imagePullPolicy",
        "command",
        "args",
        "workingDir",
        "env",
        "envFrom",
        "volumeMounts",
        "resources",
        "securityContext",
    ]
    assert pod["nodeSelector"] == WHOLE.pod["node_selector"]
    assert pod["containers"][0]["volumeMounts"][0]["subPath"] == "a/$(A)"
    assert data["metadata"]["annotations"]["schedc/accelerator"] == "prefetch=nvidia.com/gpu main=nvidia.com/gpu"


def test_a_limit_and_an_accelerator_are_told_apart() -> None:
    limit = Container(image="a", resources=Resources(limits={"nvidia.com/gpu": "1"}))
    accelerator = Container(image="a", pod={"accelerator": {"type": "nvidia.com/gpu", "count": 1}})
    assert read_back(schedule(run=limit)).workload == limit
    assert read_back(schedule(run=accelerator)).workload == accelerator


EMPTY: list[dict[str, Any]] = [
    {"node_selector": {}},
    {"pod_labels": {}},
    {"pod_annotations": {}},
    {"affinity": {}},
    {"affinity": {"node_affinity": {}}},
    {"pod_security_context": {}},
    {"security_context": {"capabilities": {}}},
    {"volumes": ({"name": "a", "empty_dir": {}},)},
]


@pytest.mark.parametrize("pod", EMPTY)
def test_what_is_empty_stays(pod: dict[str, Any]) -> None:
    run = Container(image="a", pod=pod)
    assert read_back(schedule(run=run)).workload == run
    inner = replace(run, pod={k: v for k, v in pod.items() if k == "security_context"})
    outer = Container(image="a", init_containers=(InitContainer(name="b", container=inner),))
    assert read_back(schedule(run=outer)).workload == outer
