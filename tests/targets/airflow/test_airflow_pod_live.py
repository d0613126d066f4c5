"""The pod that KubernetesPodOperator makes of a DAG file is the pod of the CronJob for the same schedule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from airflow_engine import run
from airflow_jobs import emitted, job, schedule
from airflow_pods import WHOLE
from schedc.ir.workload import Container, Step, Steps
from schedc.targets.kubernetes import TARGET as KUBERNETES

pytestmark = pytest.mark.engines

_WORKER = Path(__file__).with_name("airflow_pod_worker.py")

OPERATORS_OWN_LABELS = {
    "dag_id": "weekly-churn",
    "task_id": "run",
    "run_id": "scheduled__2027-01-01",
    "kubernetes_pod_operator": "True",
    "try_number": "1",
}
"""Labels by which the operator finds its pod again, beside `airflow_version`."""


def _built(folder: Path, home: Path, text: str) -> dict[str, Any]:
    (folder / "dag.py").write_text(text, "utf-8")
    version = run("-c", "from importlib.metadata import version; print(version('apache-airflow'))", home=home)
    assert version
    pods = json.loads(run(str(_WORKER), str(folder), home=home))
    (found,) = pods.values()
    assert isinstance(found, dict)
    return found


def _version(home: Path) -> str:
    found = run("-c", "from importlib.metadata import version; print(version('apache-airflow'))", home=home)
    return ".".join(found.split(".")[:2])


def _of_operator(pod: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The pod's metadata and spec without what the operator adds."""
    assert pod.pop("apiVersion") == "v1"
    assert pod.pop("kind") == "Pod"
    metadata, spec = pod["metadata"], pod["spec"]
    labels = metadata["labels"]
    assert labels.pop("airflow_version")
    assert {name: labels.pop(name) for name in OPERATORS_OWN_LABELS} == OPERATORS_OWN_LABELS
    assert metadata.pop("namespace") == "ml"
    assert metadata.pop("name").startswith("weekly-churn-")
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


@pytest.mark.parametrize("run_", [WHOLE, Container(image="busybox")], ids=["whole", "bare"])
def test_the_pod_is_that_of_the_cron_job(run_: Container, tmp_path: Path) -> None:
    folder, home = tmp_path / "dags", tmp_path / "home"
    folder.mkdir()
    one = schedule(run=run_)
    pods = _built(folder, home, emitted(one, version=_version(home), namespace="ml"))
    metadata, spec = _of_operator(pods["run"])
    wanted, wanted_spec = _of_cron_job(one)
    ours = _amounts(_without_empty(spec))
    assert ours == _amounts(_without_empty(wanted_spec))
    assert metadata.get("annotations", {}) == wanted.get("annotations", {})
    assert metadata["labels"].items() >= run_.pod.get("pod_labels", {}).items()
    assert metadata["labels"].items() <= {**wanted.get("labels", {}), **run_.pod.get("pod_labels", {})}.items()


def test_every_step_has_a_pod_of_its_own(tmp_path: Path) -> None:
    folder, home = tmp_path / "dags", tmp_path / "home"
    folder.mkdir()
    steps = (
        Step(name="extract", container=Container(image="a", args=("{{ ds }}",))),
        Step(name="train", container=Container(image="b"), after=("extract",)),
    )
    pods = _built(folder, home, emitted(schedule(run=Steps(steps=steps)), version=_version(home), namespace="ml"))
    assert {name: pod["spec"]["containers"][0]["image"] for name, pod in pods.items()} == {"extract": "a", "train": "b"}
    assert all(pod["metadata"]["name"].startswith(f"weekly-churn-{name}-") for name, pod in pods.items())
    assert pods["extract"]["spec"]["containers"][0]["args"] == ["{{ ds }}"]
