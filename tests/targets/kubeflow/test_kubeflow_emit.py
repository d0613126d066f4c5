"""What stands in a recurring run, field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from kubeflow_jobs import files, job
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.triggers import Interval
from schedc.ir.workload import ConfigMapKey, Container, Pipeline, Resources, SecretKey
from schedc.target import Job
from schedc.targets.kubeflow import TARGET

NOON = 1_893_499_200
"""2030-01-01T12:00:00Z"""


def body(one: Job) -> dict[str, Any]:
    return dict(json.loads(files(one)["weekly-churn/recurringrun.json"]))


def test_the_plain_schedule() -> None:
    made = body(job())
    assert made.pop("pipeline_spec")["root"]["dag"]["tasks"].keys() == {"weekly-churn"}
    assert made.pop("description").startswith("-- schedc --\nsource: churn.yaml\n")
    assert made == {
        "display_name": "weekly-churn",
        "mode": "ENABLE",
        "max_concurrency": "10",
        "no_catchup": True,
        "trigger": {"cron_schedule": {"cron": "0 5 14 * * 3"}},
    }


@pytest.mark.parametrize(
    ("fields", "trigger"),
    [
        ({"start": NOON}, {"cron_schedule": {"cron": "0 5 14 * * 3", "start_time": "2030-01-01T11:59:59Z"}}),
        ({"end": NOON}, {"cron_schedule": {"cron": "0 5 14 * * 3", "end_time": "2030-01-01T12:00:00Z"}}),
        (
            {"trigger": Interval(NOON, 5400), "catchup": Catchup.ALL},
            {"periodic_schedule": {"interval_second": "5400", "start_time": "2030-01-01T10:30:00Z"}},
        ),
        (
            {"trigger": Interval(NOON, 5400), "catchup": Catchup.ALL, "start": NOON + 1},
            {"periodic_schedule": {"interval_second": "5400", "start_time": "2030-01-01T12:00:00Z"}},
        ),
    ],
)
def test_times_are_written_as_the_controller_means_them(fields: dict[str, Any], trigger: dict[str, Any]) -> None:
    assert body(job(**fields))["trigger"] == trigger


@pytest.mark.parametrize(
    ("fields", "key", "value"),
    [
        ({"catchup": Catchup.ALL}, "no_catchup", False),
        ({"catchup": Catchup.LATEST}, "no_catchup", True),
        ({"paused": True}, "mode", "DISABLE"),
        ({"max_active_runs": 3}, "max_concurrency", "3"),
        ({"overlap": Overlap.QUEUE, "catchup": Catchup.ALL}, "max_concurrency", "1"),
        ({"options": {"max_concurrency": 4}}, "max_concurrency", "4"),
        ({"options": {"experiment_id": "e-1"}}, "experiment_id", "e-1"),
        ({"options": {"service_account": "runner"}}, "service_account", "runner"),
        ({"options": {"pipeline_root": "s3://b/r"}}, "runtime_config", {"pipeline_root": "s3://b/r"}),
    ],
)
def test_policies_and_options(fields: dict[str, Any], key: str, value: Any) -> None:
    assert body(job(**fields))[key] == value


def test_the_container() -> None:
    run = Container(
        image="i:1",
        command=("sh", "-c", "echo $(date) $HOME"),
        args=("$$",),
        env={"A": "$(B)", "S": SecretKey("db", "password"), "C": ConfigMapKey("conf", "mode")},
        resources=Resources(requests={"cpu": "500m"}, limits={"memory": "4Gi"}),
        service_account="churn",
    )
    made = body(job(run=run, retries=2, attempt_timeout=600))
    assert made["service_account"] == "churn"
    spec, platform = made["pipeline_spec"]["pipeline_spec"], made["pipeline_spec"]["platform_spec"]
    assert spec["deploymentSpec"]["executors"]["exec-weekly-churn"]["container"] == {
        "image": "i:1",
        "command": ["sh", "-c", "echo $$(date) $HOME"],
        "args": ["$$$$"],
        "env": [{"name": "A", "value": "$$(B)"}],
        "resources": {"resourceCpuRequest": "500m", "resourceMemoryLimit": "4Gi"},
    }
    task = spec["root"]["dag"]["tasks"]["weekly-churn"]
    assert task["cachingOptions"] == {"enableCache": False}
    assert task["retryPolicy"]["maxRetryCount"] == 2
    executor = platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]["exec-weekly-churn"]
    assert executor["activeDeadlineSeconds"] == "600"
    assert executor["secretAsEnv"][0]["keyToEnv"] == [{"envVar": "S", "secretKey": "password"}]
    assert executor["configMapAsEnv"][0]["keyToEnv"] == [{"envVar": "C", "configMapKey": "mode"}]


def test_the_cache_is_off_in_nested_graphs_too() -> None:
    task = {"cachingOptions": {"enableCache": True}, "componentRef": {"name": "comp-a"}}
    spec: dict[str, Any] = {
        "pipelineInfo": {"name": "p"},
        "schemaVersion": "2.1.0",
        "root": {"dag": {"tasks": {"a": task}}},
        "components": {"comp-a": {"dag": {"tasks": {"b": dict(task)}}}},
    }
    made = body(job(run=Pipeline(spec=spec, parameters={"n": 1})))
    off = {"enableCache": False}
    assert made["pipeline_spec"]["root"]["dag"]["tasks"]["a"]["cachingOptions"] == off
    assert made["pipeline_spec"]["components"]["comp-a"]["dag"]["tasks"]["b"]["cachingOptions"] == off
    assert made["runtime_config"] == {"parameters": {"n": 1}}
    assert spec["root"]["dag"]["tasks"]["a"]["cachingOptions"] == {"enableCache": True}


def test_the_same_job_gives_the_same_bytes() -> None:
    assert files(job(labels={"b": "1", "a": "2"})) == files(job(labels={"a": "2", "b": "1"}))
    assert all(text.endswith("\n") and "\r" not in text for text in files(job()).values())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, None),
        ({"start": NOON}, "the latest run"),
        ({"start": NOON, "catchup": Catchup.ALL}, "every run since the start"),
        ({"start": NOON, "catchup": Catchup.ALL, "paused": True}, None),
    ],
)
def test_what_starts_at_deployment(fields: dict[str, Any], said: str | None) -> None:
    sentence = TARGET.at_deploy(job(**fields))
    assert sentence is None if said is None else said in str(sentence)


def test_paths_group_by_folder() -> None:
    names = ["b/pipeline.yaml", "a/recurringrun.json", "b/recurringrun.json", "README.md", "a/x/pipeline.yaml"]
    assert list(TARGET.paths(names)) == [
        ("a", ("a/recurringrun.json",)),
        ("b", ("b/pipeline.yaml", "b/recurringrun.json")),
    ]
