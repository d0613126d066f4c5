"""What an operator cannot run as it is written, each at its field."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_jobs import findings, schedule
from airflow_pods import WHOLE
from schedc.ir.workload import Container, InitContainer, PodField, Resources, ScheduledTime, Step, Steps, Workload

DAY = ScheduledTime("%Y-%m-%d", "UTC")


def _pod(**fields: Any) -> Container:
    return Container(image="x", command=("a",), pod=fields)


def _init(name: str = "fetch", **fields: Any) -> Container:
    return Container(image="x", init_containers=(InitContainer(name=name, container=Container(image="y", **fields)),))


GPU = {"type": "nvidia.com/gpu", "count": 1}
REFUSED: list[tuple[str, Workload, str, str]] = [
    ("kubernetes", _pod(pod_labels={"dag_id": "x"}), "SC303", "sets the label dag_id itself"),
    (
        "kubernetes",
        _pod(volumes=({"name": "a", "secret": {"secret_name": "{{ x }}"}},)),
        "SC501",
        "looks like a template",
    ),
    ("kubernetes", _pod(env_from=({"secret": "{{ x }}"},)), "SC501", "looks like a template"),
    ("kubernetes", _pod(accelerator={"type": "NVIDIA_L4", "count": 1}), "SC303", "no resource of a pod"),
    (
        "kubernetes",
        Container(image="x", resources=Resources(limits={"nvidia.com/gpu": "1"}), pod={"accelerator": GPU}),
        "SC207",
        "limits has nvidia.com/gpu as well",
    ),
    ("kubernetes", _init("base"), "SC303", "KubernetesPodOperator's own container"),
    ("kubernetes", _init(args=(DAY,)), "SC301", "no template in an init container"),
    ("kubernetes", _init(env={"A": DAY}), "SC301", "no template in an init container"),
    ("kubernetes", Steps(steps=(Step(name="run", container=_pod()),)), "SC303", "a single step called run"),
    ("docker", Container(image="x", command=(DAY,)), "SC301", "no template in the entrypoint"),
    ("docker", _pod(accelerator=GPU), "SC301", "has no Kubernetes requests and limits"),
    ("docker", _pod(tolerations=()), "SC301", "has no tolerations"),
    ("docker", _init(), "SC301", "has no init containers"),
    ("docker", Container(image="x", env={"A": PodField("metadata.name")}), "SC301", "from a field of the pod"),
    ("bash", _pod(working_dir="/app"), "SC301", "has no working_dir"),
    ("bash", Container(image="x", command=("a", DAY, "{{ ds }}")), "SC501", "beside a scheduled time"),
    ("bash", Container(image="x", command=("a", ScheduledTime("it's %Y", "UTC"))), "SC501", "beside a scheduled time"),
]


@pytest.mark.parametrize(("operator", "run", "code", "words"), REFUSED)
def test_refused(operator: str, run: Workload, code: str, words: str) -> None:
    errors = [d for d in findings(schedule(run=run), operator=operator) if d.is_error]
    assert code in {d.rule.code for d in errors}
    assert any(words in d.message for d in errors), [d.message for d in errors]


def test_the_whole_pod_is_accepted() -> None:
    assert [d.message for d in findings(schedule(run=WHOLE)) if d.is_error] == []
