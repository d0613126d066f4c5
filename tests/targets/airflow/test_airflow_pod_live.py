"""The pod that KubernetesPodOperator makes of a DAG file is the pod of the CronJob for the same schedule."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from airflow_engine import VARIABLES, engine
from airflow_jobs import emitted, job, schedule
from airflow_pods import WHOLE
from schedc.ir.workload import Container, Step, Steps
from schedc.targets.kubernetes import TARGET as KUBERNETES

pytestmark = pytest.mark.engines

_WORKER = Path(__file__).with_name("airflow_pod_worker.py")

OPERATORS_OWN_LABELS = {
    "task_id": "run",
    "run_id": "scheduled__2027-01-01",
    "kubernetes_pod_operator": "True",
    "try_number": "1",
}
"""Labels by which the operator finds its pod again, beside `airflow_version`."""


SINGLE = {"whole": WHOLE, "bare": Container(image="busybox")}
STEPS = Steps(
    steps=(
        Step(name="extract", container=Container(image="a", args=("{{ ds }}",))),
        Step(name="train", container=Container(image="b"), after=("extract",)),
    )
)


@dataclass(frozen=True, slots=True)
class Built:
    """The pods that one Airflow makes, by DAG and task."""

    release: str
    pods: dict[str, Any]


@pytest.fixture(scope="module", params=VARIABLES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("dags")
    airflow = engine(request.param, home)
    for name, run in {**SINGLE, "steps": STEPS}.items():
        text = emitted(schedule(name=name, run=run), version=airflow.version, namespace="ml")
        (folder / f"{name}.py").write_text(text, "utf-8")
    return Built(airflow.release, json.loads(airflow.run(str(_WORKER), str(folder), home=home)))


def _of_operator(pod: dict[str, Any], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The pod's metadata and spec without what the operator adds."""
    assert pod.pop("apiVersion") == "v1"
    assert pod.pop("kind") == "Pod"
    metadata, spec = pod["metadata"], pod["spec"]
    labels = metadata["labels"]
    assert labels.pop("airflow_version")
    assert labels.pop("dag_id") == name
    assert {label: labels.pop(label) for label in OPERATORS_OWN_LABELS} == OPERATORS_OWN_LABELS
    assert metadata.pop("namespace") == "ml"
    assert metadata.pop("name").startswith(f"{name}-")
    base = spec["containers"][0]
    assert base.pop("terminationMessagePolicy") == "File"  # the default of the API
    assert spec.pop("hostNetwork") is False  # the default of the API
    assert base.pop("name") == "base"
    return metadata, spec


def _of_cron_job(one: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    (artifact,) = next(iter(KUBERNETES.emit(job(one, namespace="ml"))))
    template = yaml.safe_load(artifact.text)["spec"]["jobTemplate"]["spec"]["template"]
    metadata, spec = template.get("metadata", {}), template["spec"]
    assert spec["containers"][0].pop("name")
    return metadata, spec


def _without_empty(value: Any) -> Any:
    """Absent and empty lists and mappings are one to the API, at the places where the operator writes them."""
    if isinstance(value, dict):
        made = {key: _without_empty(one) for key, one in value.items()}
        if {"name", "image"} <= value.keys() or "image" in value or "containers" in value or "labels" in value:
            made = {key: one for key, one in made.items() if one not in ([], {})}
        return made
    return [_without_empty(one) for one in value] if isinstance(value, list) else value


def _amounts(spec: dict[str, Any]) -> dict[str, Any]:
    """Amounts as text: the API reads the number 2 and the text 2 as one quantity."""
    for container in (*spec["containers"], *spec.get("initContainers", [])):
        for kind, amounts in container.get("resources", {}).items():
            container["resources"][kind] = {name: str(amount) for name, amount in amounts.items()}
        container["env"] = sorted(container.get("env", []), key=lambda one: str(one["name"]))
        if not container["env"]:
            del container["env"]
    return spec


@pytest.mark.parametrize("name", SINGLE)
def test_the_pod_is_that_of_the_cron_job(name: str, built: Built, tell: Callable[[str], None]) -> None:
    run = SINGLE[name]
    metadata, spec = _of_operator(built.pods[name]["run"], name)
    wanted, wanted_spec = _of_cron_job(schedule(name=name, run=run))
    ours = _amounts(_without_empty(spec))
    assert ours == _amounts(_without_empty(wanted_spec))
    assert metadata.get("annotations", {}) == wanted.get("annotations", {})
    assert metadata["labels"].items() >= run.pod.get("pod_labels", {}).items()
    assert metadata["labels"].items() <= {**wanted.get("labels", {}), **run.pod.get("pod_labels", {})}.items()
    tell(f"Airflow {built.release} KubernetesPodOperator: pod {name} compared with that of the CronJob, 0 mismatches")


def test_every_step_has_a_pod_of_its_own(built: Built, tell: Callable[[str], None]) -> None:
    pods = built.pods["steps"]
    assert {name: pod["spec"]["containers"][0]["image"] for name, pod in pods.items()} == {"extract": "a", "train": "b"}
    assert all(pod["metadata"]["name"].startswith(f"steps-{name}-") for name, pod in pods.items())
    assert pods["extract"]["spec"]["containers"][0]["args"] == ["{{ ds }}"]
    tell(f"Airflow {built.release} KubernetesPodOperator: {len(pods)} steps, {len(pods)} pods, 0 mismatches")
