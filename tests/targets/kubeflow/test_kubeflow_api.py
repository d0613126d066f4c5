"""The body of a recurring run is what the API's own definition allows, field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from kubeflow_jobs import files, job
from recurring_run_api import RECURRING_RUN, refused, whole_numbers_as_text, wrong
from schedc.ir.schedule import Catchup
from schedc.ir.triggers import Interval
from schedc.ir.workload import Container, Pipeline
from schedc.target import Job

SPEC = {"pipelineInfo": {"name": "p"}, "schemaVersion": "2.1.0", "root": {"dag": {"tasks": {}}}}
ACCOUNT = Container(image="i", command=("x",), service_account="churn")


@pytest.mark.parametrize(
    "one",
    [
        job(),
        job(start=1_893_499_200, end=1_993_499_200, paused=True, description="x\ny", run=ACCOUNT),
        job(trigger=Interval(1_893_499_200, 5400), catchup=Catchup.ALL, options={"experiment_id": "e"}),
        job(run=Pipeline(spec=SPEC, parameters={"a": 1}), options={"pipeline_root": "s3://b"}),
    ],
)
def test_the_body_is_what_the_api_defines(one: Job) -> None:
    made = json.loads(files(one)["weekly-churn/recurringrun.json"])
    assert wrong(made, RECURRING_RUN) == []
    assert refused(made) == []


@pytest.mark.parametrize(
    "change", [{"namespace": "x"}, {"mode": "ON"}, {"max_concurrency": 1}, {"x": 1}, {"no_catchup": "true"}]
)
def test_the_check_sees_what_is_wrong(change: dict[str, Any]) -> None:
    made = json.loads(files(job())["weekly-churn/recurringrun.json"])
    assert wrong({**made, **change}, RECURRING_RUN)


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": ""},
        {"max_concurrency": "11"},
        {"max_concurrency": "0"},
        {"mode": "MODE_UNSPECIFIED"},
        {"status": "ENABLED"},
        {"trigger": {}},
        {"trigger": {"periodic_schedule": {"interval_second": "0"}}},
        {"trigger": {"cron_schedule": {"cron": "0 0 2 * * *"}, "periodic_schedule": {"interval_second": "60"}}},
    ],
)
def test_the_servers_own_checks_see_what_is_wrong(change: dict[str, Any]) -> None:
    made = json.loads(files(job())["weekly-churn/recurringrun.json"])
    assert len(refused({**made, **change})) == 1


def test_only_whole_numbers_of_64_bits_become_text() -> None:
    given = {"max_concurrency": 3, "no_catchup": True, "runtime_config": {"parameters": {"n": 1}}, "x": 1}
    made = whole_numbers_as_text({**given, "trigger": {"periodic_schedule": {"interval_second": 60}}}, RECURRING_RUN)
    changed = {"max_concurrency": "3", "trigger": {"periodic_schedule": {"interval_second": "60"}}}
    assert made == {**given, **changed}
