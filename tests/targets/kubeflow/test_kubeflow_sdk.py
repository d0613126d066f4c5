"""The real packages take the artifacts for what they are.

`SCHEDC_SDK_PYTHON` names the Python of an environment with kfp, kfp-kubernetes and kfp-server-api in it.
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from kubeflow_jobs import files, job
from schedc.ir.schedule import Cache, Catchup
from schedc.ir.triggers import Interval
from schedc.ir.workload import ConfigMapKey, Container, Pipeline, Resources, SecretKey
from schedc.pipeline_spec import read_package
from schedc.target import Job

HERE = Path(__file__).parent
NOON = 1_893_499_200


def package() -> Pipeline:
    spec, _ = read_package((HERE.parents[2] / "examples" / "train_pipeline" / "train.yaml").read_text("utf-8"))
    return Pipeline(spec=spec, parameters={"window_days": 14, "features": ["recency", "größe"], "register": False})


HOSTILE = Container(
    image="ghcr.io/acme/churn:1.4.0",
    command=("sh", "-c", "echo $(date) '\"\\\n\u202e\U0001f600\x85\x7f: - # ${x} {a} yes"),
    args=("", "null", "1.10", "~", "---"),
    env={"A": "$(B)\r\n", "S": SecretKey("db", "password"), "C": ConfigMapKey("conf", "mode")},
    resources=Resources(requests={"cpu": "500m", "memory": "1Gi"}, limits={"cpu": "2", "memory": "4Gi"}),
    service_account="churn",
)
JOBS: dict[str, Job] = {
    "plain": job(),
    "hostile": job(run=HOSTILE, retries=3, attempt_timeout=600, description="a\nb \u202e", labels={"a": "é"}),
    "interval": job(
        trigger=Interval(NOON, 5400), catchup=Catchup.ALL, end=NOON * 2, options={"pipeline_root": "s3://b"}
    ),
    "package": job(run=package(), options={"experiment_id": "e", "service_account": "runner"}),
    "package as compiled": job(run=package(), cache=Cache.AS_COMPILED, start=NOON, paused=True),
}
pytestmark = pytest.mark.engines


@lru_cache(maxsize=1)
def answers() -> dict[str, Any]:
    python = os.environ.get("SCHEDC_SDK_PYTHON", "")
    if not python:
        reason = (
            "SCHEDC_SDK_PYTHON is not set: python3.11 -m venv sdk && sdk/bin/pip install kfp kfp-kubernetes "
            "kfp-server-api google-cloud-aiplatform, then SCHEDC_SDK_PYTHON=sdk/bin/python"
        )
        if os.environ.get("SCHEDC_REQUIRE_ENGINES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    done = subprocess.run(
        [python, "-W", "ignore", str(HERE / "kubeflow_sdk_worker.py")],
        input=json.dumps([files(one) for one in JOBS.values()]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": "", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(JOBS, json.loads(done.stdout), strict=True))


def body(name: str) -> dict[str, Any]:
    return dict(json.loads(files(JOBS[name])["weekly-churn/recurringrun.json"]))


def spec_of(name: str) -> dict[str, Any]:
    inline = body(name)["pipeline_spec"]
    return dict(inline.get("pipeline_spec", inline))


def settled(value: Any) -> Any:
    """Without what a message leaves out because it is the default: false, and empty maps and lists."""
    if isinstance(value, dict):
        inner = {key: settled(item) for key, item in value.items()}
        return {key: item for key, item in inner.items() if item is not False and item not in ({}, [])}
    return [settled(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", JOBS)
def test_kfp_reads_the_pipeline_that_is_in_the_body(name: str) -> None:
    found = answers()[name]
    assert settled(found["spec"]) == settled(spec_of(name))
    assert found["loaded"] == found["spec"]
    assert found["name"] == spec_of(name)["pipelineInfo"]["name"]


@pytest.mark.parametrize("name", JOBS)
def test_the_api_client_sends_the_body_as_it_is(name: str) -> None:
    assert answers()[name]["body"] == body(name)


def test_kfp_kubernetes_reads_the_platform_spec() -> None:
    found = answers()["hostile"]
    platform = body("hostile")["pipeline_spec"]["platform_spec"]
    assert settled(found["platform"]) == settled(platform)
    executors = platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    assert settled(found["executors"]) == settled(executors)
