"""The patch on Kubeflow: it brings in what schedc has no word for, changes nothing else, and is read back."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from kubeflow_jobs import files, found, job, read_back
from schedc.diagnostics import rules
from schedc.ir.schedule import Cache
from schedc.ir.workload import Container, Pipeline, SecretKey, Step, Steps
from schedc.target import UnreadableArtifact
from schedc.targets.kubeflow import TARGET

MEMORY = {"enabledSharedMemory": {"volumeName": "shm", "size": "1Gi"}}
WORKSPACE = {"pipelineConfig": {"workspace": {"size": "10Gi"}}}
DISPLAY = {"pipeline_spec": {"pipelineInfo": {"displayName": "Weekly churn"}}}


def kubernetes(**inner: Any) -> dict[str, Any]:
    return {"platform_spec": {"platforms": {"kubernetes": inner}}}


def executor(name: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"deploymentSpec": {"executors": {name: config}}}


SECRET = Container(image="i", command=("x",), env={"A": SecretKey("s", "k")})
PATCHES: dict[str, dict[str, Any]] = {
    "body": {"plugins_input": {"mlflow": {"experiment": "churn"}}, "namespace": "ml"},
    "display name": {"pipeline_spec": DISPLAY},
    "platform": {"pipeline_spec": kubernetes(**executor("exec-weekly-churn", MEMORY))},
    "config": {"pipeline_spec": {**DISPLAY, **kubernetes(**WORKSPACE)}},
}


@pytest.mark.parametrize("run", [Container(image="i", command=("x",)), SECRET])
@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_is_applied_and_read_back(name: str, run: Container) -> None:
    one = job(run=run, attempt_timeout=60, options={"patch": PATCHES[name]})
    assert not found(one)
    read = read_back(one)
    assert read.workload == run
    assert read.behaviour.attempt_timeout == 60
    assert read.identity["patch"] == PATCHES[name]
    plain = read_back(job(run=run, attempt_timeout=60))
    assert "patch" not in plain.identity
    assert read.told == plain.told


def test_the_patch_stands_in_body_and_package() -> None:
    made = files(job(options={"patch": PATCHES["config"]}))
    inline = json.loads(made["weekly-churn/recurringrun.json"])["pipeline_spec"]
    assert inline["pipeline_spec"]["pipelineInfo"] == {"displayName": "Weekly churn", "name": "weekly-churn"}
    assert inline["platform_spec"] == {"platforms": {"kubernetes": WORKSPACE}}
    assert list(yaml.safe_load_all(made["weekly-churn/pipeline.yaml"])) == [
        inline["pipeline_spec"],
        inline["platform_spec"],
    ]


def test_a_patch_beside_steps_and_times() -> None:
    steps = Steps(steps=(Step(name="a", container=SECRET), Step(name="b", container=SECRET, after=("a",))))
    strategy = {"triggerPolicy": {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}}
    patch = {
        "pipeline_spec": {
            "pipeline_spec": {"root": {"dag": {"tasks": {"b": strategy}}}},
            **kubernetes(pipelineConfig={"resourceTtlOnFailure": 5}),
        }
    }
    one = job(run=steps, timeout=60, options={"patch": patch, "version": "2.17"})
    assert not found(one)
    read = read_back(one)
    assert read.workload == steps
    assert read.behaviour.timeout == 60


PACKAGE = Pipeline(
    spec={"pipelineInfo": {"name": "p"}, "schemaVersion": "2.1.0", "root": {"dag": {"tasks": {}}}}, parameters={}
)


@pytest.mark.parametrize(
    ("patch", "said", "remedy"),
    [
        ({"trigger": {"cron_schedule": {"cron": "* * * * * *"}}}, "trigger", "cron_expression"),
        ({"mode": "DISABLE"}, "mode", "paused"),
        ({"no_catchup": None}, "no_catchup", "catchup"),
        ({"max_concurrency": "3"}, "max_concurrency", "max_active_runs"),
        ({"display_name": "x"}, "display_name", "name"),
        ({"description": "x"}, "description", "description"),
        ({"experiment_id": "x"}, "experiment_id", "targets.kubeflow.experiment_id"),
        ({"runtime_config": {"parameters": {"a": 1}}}, "parameters", "run.pipeline.parameters"),
        ({"pipeline_spec": None}, "pipeline_spec", "use"),
        ({"pipeline_spec": kubernetes(**executor("exec-weekly-churn", {"tolerations": []}))}, "tolerations", "use"),
        ({"pipeline_spec": kubernetes(pipelineConfig={"activeDeadlineSeconds": 5})}, "cannot be", "timeout_second"),
        ({"pipeline_spec": kubernetes(**executor("exec-other", MEMORY))}, "no exec-other", "exec-weekly-churn"),
        (
            {"pipeline_spec": {"pipeline_spec": {"root": {"dag": {"tasks": {"weekly-churn": {"retryPolicy": {}}}}}}}},
            "retryPolicy",
            "retries",
        ),
        ({"mood": "good"}, "no field", "namespace"),
        ({"namespace": 1}, "not text", "write text"),
        ({"namespace": None}, "sets nothing", "leave it out"),
        ({}, "sets nothing", "leave it out"),
    ],
)
def test_what_a_patch_cannot_do(patch: dict[str, Any], said: str, remedy: str) -> None:
    told = found(job(options={"patch": patch}))
    assert told
    assert all(diagnostic.rule is rules.UNSUPPORTED for diagnostic in told)
    assert any(said in diagnostic.message and remedy in (diagnostic.help or "") for diagnostic in told), told


def test_a_package_is_not_patched() -> None:
    (told,) = found(job(run=PACKAGE, options={"patch": {"pipeline_spec": DISPLAY}}))
    assert "compile the package again" in (told.help or "")
    one = job(run=PACKAGE, cache=Cache.AS_COMPILED, options={"patch": {"namespace": "ml"}})
    assert read_back(one).workload == PACKAGE


def test_a_patch_that_the_artifact_does_not_hold_is_not_read() -> None:
    made = files(job(options={"patch": {"namespace": "ml"}}))
    path = "weekly-churn/recurringrun.json"
    body = json.loads(made[path])
    for namespace in ("other", None):
        changed = {**body, "namespace": namespace} if namespace else {k: v for k, v in body.items() if k != "namespace"}
        with pytest.raises(UnreadableArtifact):
            TARGET.read({**made, path: json.dumps(changed)})
    with pytest.raises(UnreadableArtifact):
        TARGET.read({**made, path: json.dumps({**body, "plugins_input": {}})})
