"""What stands in a Vertex AI schedule and in its Terraform resource, field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from schedc.ir.schedule import Overlap
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container, Pipeline
from schedc.target import Job
from schedc.targets.vertex import TARGET
from vertex_jobs import WEDNESDAY, files, job

NOON = 1_893_499_200
"""2030-01-01T12:00:00Z"""
SPEC = {
    "pipelineInfo": {"name": "p", "description": "as compiled"},
    "schemaVersion": "2.1.0",
    "root": {"dag": {"tasks": {"a": {"cachingOptions": {"enableCache": True}}}}},
}


def body(one: Job) -> dict[str, Any]:
    return dict(json.loads(files(one)["weekly-churn/schedule.json"]))


def test_the_plain_schedule() -> None:
    made = body(job())
    spec = made["createPipelineJobRequest"]["pipelineJob"].pop("pipelineSpec")
    assert spec["pipelineInfo"]["description"].startswith("-- schedc --\nsource: churn.yaml\n")
    assert made == {
        "displayName": "weekly-churn",
        "cron": "TZ=UTC 5 14 * * 3",
        "maxConcurrentRunCount": "10",
        "createPipelineJobRequest": {
            "parent": "projects/acme-ml/locations/europe-west4",
            "pipelineJob": {"runtimeConfig": {"gcsOutputDirectory": "gs://acme-runs/churn"}},
        },
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"trigger": Cron(WEDNESDAY, "Europe/Amsterdam")}, {"cron": "TZ=Europe/Amsterdam 5 14 * * 3"}),
        ({"start": NOON}, {"startTime": "2030-01-01T11:59:59Z"}),
        ({"start": NOON + 1}, {"startTime": "2030-01-01T12:00:01Z"}),
        ({"end": NOON}, {"endTime": "2030-01-01T12:00:01Z"}),
        ({"end": NOON - 1}, {"endTime": "2030-01-01T11:59:59Z"}),
        ({"max_runs": 7}, {"maxRunCount": "7"}),
        ({"overlap": Overlap.ALLOW}, {}),
        ({"overlap": Overlap.SKIP}, {"maxConcurrentActiveRunCount": "1"}),
        ({"overlap": Overlap.QUEUE}, {"maxConcurrentActiveRunCount": "1", "allowQueueing": True}),
        ({"max_active_runs": 3}, {"maxConcurrentActiveRunCount": "3"}),
        (
            {"max_active_runs": 3, "overlap": Overlap.QUEUE},
            {"maxConcurrentActiveRunCount": "3", "allowQueueing": True},
        ),
    ],
)
def test_times_and_policies(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    made = body(job(**fields))
    plain = {**body(job()), **expected}
    made.pop("createPipelineJobRequest")
    plain.pop("createPipelineJobRequest")
    assert made == plain


@pytest.mark.parametrize(
    ("fields", "key", "value"),
    [
        ({"labels": {"team": "ml"}}, "labels", {"team": "ml"}),
        ({"options": {"service_account": "a@b"}}, "serviceAccount", "a@b"),
        ({"run": Container(image="i", service_account="c@d")}, "serviceAccount", "c@d"),
        ({"options": {"network": "n"}}, "network", "n"),
        ({"options": {"encryption_key": "k"}}, "encryptionSpec", {"kmsKeyName": "k"}),
        (
            {"options": {"failure_policy": "fail_fast"}},
            "runtimeConfig",
            {"gcsOutputDirectory": "gs://acme-runs/churn", "failurePolicy": "PIPELINE_FAILURE_POLICY_FAIL_FAST"},
        ),
        (
            {"run": Pipeline(spec=SPEC, parameters={"n": 1})},
            "runtimeConfig",
            {"gcsOutputDirectory": "gs://acme-runs/churn", "parameterValues": {"n": 1}},
        ),
    ],
)
def test_the_job(fields: dict[str, Any], key: str, value: Any) -> None:
    assert body(job(**fields))["createPipelineJobRequest"]["pipelineJob"][key] == value


def test_a_pipeline_keeps_its_own_description_and_loses_its_cache() -> None:
    spec = body(job(run=Pipeline(spec=SPEC), description="mine"))["createPipelineJobRequest"]["pipelineJob"]
    assert spec["pipelineSpec"]["pipelineInfo"]["description"].startswith("mine\n\n-- schedc --\n")
    assert "pipeline: as compiled" in spec["pipelineSpec"]["pipelineInfo"]["description"]
    assert spec["pipelineSpec"]["root"]["dag"]["tasks"]["a"]["cachingOptions"] == {"enableCache": False}


def test_terraform() -> None:
    run = Container(image="i", command=("sh", "-c", "echo ${HOME} %{x}"))
    made = files(job(run=run, start=NOON, overlap=Overlap.QUEUE, options={"format": "terraform"}))
    assert list(made) == ["weekly-churn.tf.json"]
    resource = json.loads(made["weekly-churn.tf.json"])["resource"]["google_vertex_ai_schedule"]["weekly_churn"]
    request = resource.pop("create_pipeline_job_request")
    assert resource == {
        "project": "acme-ml",
        "location": "europe-west4",
        "display_name": "weekly-churn",
        "cron": "TZ=UTC 5 14 * * 3",
        "start_time": "2030-01-01T11:59:59Z",
        "max_concurrent_run_count": "10",
        "max_concurrent_active_run_count": "1",
        "allow_queueing": True,
    }
    written = request["pipeline_job"]["pipeline_spec"]
    assert "echo $${HOME} %%{x}" in written
    spec = json.loads(written.replace("$${", "${").replace("%%{", "%{"))
    command = spec["deploymentSpec"]["executors"]["exec-weekly-churn"]["container"]["command"]
    assert command == ["sh", "-c", "echo ${HOME} %{x}"]


def test_paths() -> None:
    names = ["b.tf.json", "a/schedule.json", "README.md", "x/y/schedule.json", "z/c.tf.json"]
    assert list(TARGET.paths(names)) == [("a", ("a/schedule.json",)), ("b", ("b.tf.json",))]


@pytest.mark.parametrize(("fields", "said"), [({}, False), ({"start": NOON}, True)])
def test_what_starts_at_deployment(fields: dict[str, Any], said: bool) -> None:
    assert bool(TARGET.at_deploy(job(**fields))) is said
