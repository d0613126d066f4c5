"""The real packages take a schedule for what it is, and the SDK sends the same one.

`SCHEDC_SDK_PYTHON` names the Python of an environment with google-cloud-aiplatform and kfp in it.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from schedc.ir.schedule import Cache, Overlap
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container, Pipeline, Step, Steps
from schedc.pipeline_spec import read_package
from schedc.target import Job
from test_vertex_workloads import CHAIN, MACHINE, TIME, TIMED, request
from vertex_jobs import WEDNESDAY, files, job

HERE = Path(__file__).parent
NOON = 1_893_499_200


def package() -> Pipeline:
    spec, _ = read_package((HERE.parents[2] / "examples" / "train_pipeline" / "train.yaml").read_text("utf-8"))
    return Pipeline(spec=spec, parameters={"window_days": 14, "features": ["recency", "größe"], "register": False})


HOSTILE = Container(
    image="ghcr.io/acme/churn:1.4.0",
    command=("sh", "-c", "echo $( date ) '\"\\\n\u202e\U0001f600\x85\x7f: - # ${x} {a} yes"),
    args=("", "null"),
    env={"A": "$(B)\r\n"},
    service_account="churn@acme.iam.gserviceaccount.com",
)
TIMES: dict[str, Any] = {"start": NOON, "end": 2 * NOON, "max_runs": 7, "overlap": Overlap.QUEUE}
SENT: dict[str, Any] = {
    "max_concurrent_run_count": 10,
    "max_concurrent_active_run_count": 1,
    "max_run_count": 7,
    "allow_queueing": True,
}
OPTIONS: dict[str, Any] = {
    "network": "projects/1/global/networks/n",
    "encryption_key": "projects/p/k",
    "failure_policy": "fail_fast",
}
JOBS: dict[str, tuple[Job, dict[str, Any] | None]] = {
    "plain": (job(labels={"team": "ml"}), {"max_concurrent_run_count": 10}),
    "zone": (job(trigger=Cron(WEDNESDAY, "Europe/Amsterdam"), options=OPTIONS), None),
    "hostile": (job(run=HOSTILE, description="a\nb \u202e", owner="é"), None),
    "times": (
        job(**TIMES),
        {**SENT, "start_time": "2030-01-01T11:59:59Z", "end_time": "2090-01-02T00:00:01Z"},
    ),
    "package": (job(run=package()), {"max_concurrent_run_count": 10}),
    "package as compiled": (job(run=package(), cache=Cache.AS_COMPILED), None),
}
PATCH = request(
    reservedIpRanges=["vertex"],
    preflightValidations=True,
    pscInterfaceConfig={"networkAttachment": "projects/1/regions/r/networkAttachments/a"},
    displayName="Churn",
)
JOBS |= {
    "steps": (job(run=CHAIN), {"max_concurrent_run_count": 10}),
    "timed": (job(run=TIMED), {"max_concurrent_run_count": 10}),
    "machine": (job(run=MACHINE), {"max_concurrent_run_count": 10}),
    "patch": (job(options={"patch": PATCH}), None),
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
    asked = [{"body": text(name), "sdk": keywords} for name, (_, keywords) in JOBS.items()]
    done = subprocess.run(
        [python, "-W", "ignore", str(HERE / "vertex_sdk_worker.py")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": "", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(JOBS, json.loads(done.stdout), strict=True))


def text(name: str) -> str:
    return files(JOBS[name][0])["weekly-churn/schedule.json"]


@pytest.mark.parametrize("name", JOBS)
def test_the_message_holds_the_body(name: str) -> None:
    assert answers()[name]["message"] == json.loads(text(name))


@pytest.mark.parametrize("name", JOBS)
def test_kfp_reads_the_pipeline(name: str) -> None:
    spec = json.loads(text(name))["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"]
    assert answers()[name]["spec"]["pipelineInfo"] == spec["pipelineInfo"]


@pytest.mark.parametrize("name", [name for name, (_, keywords) in JOBS.items() if keywords is not None])
def test_the_sdk_sends_the_same(name: str) -> None:
    assert answers()[name]["sent"] == json.loads(text(name))


def kfp_words(run: Container) -> dict[str, Any]:
    args = [word for word in run.args or () if isinstance(word, str)]
    container: dict[str, Any] = {"image": run.image, "command": list(run.command or ()), "args": args, "pod": run.pod}
    return {**container, "limits": run.resources.limits, "timed": len(args) != len(run.args or ())}


def without_defaults(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {key: without_defaults(item) for key, item in value.items()}
        return {key: item for key, item in inner.items() if item is not False and item not in ({}, [])}
    return [without_defaults(item) for item in value] if isinstance(value, list) else value


def test_kfp_compiles_the_same_for_the_same_steps() -> None:
    answers()  # skips where there is no such Python
    chain = (
        Step(name="a", container=replace(MACHINE, command=("x",))),
        Step(name="b", container=Container(image="i", command=("x",), args=("--at", TIME)), after=("a",)),
    )
    steps = [{"name": s.name, "after": s.after, "container": kfp_words(s.container)} for s in chain]
    asked = [{"name": "weekly-churn", "cached": False, "config": {}, "steps": steps}]
    done = subprocess.run(
        [os.environ["SCHEDC_SDK_PYTHON"], "-W", "ignore", str(HERE.parent / "kubeflow" / "kubeflow_compile_worker.py")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": "", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    ((theirs,),) = json.loads(done.stdout)
    body = json.loads(files(job(run=Steps(steps=chain)))["weekly-churn/schedule.json"])
    ours = body["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"]
    del ours["pipelineInfo"]["description"], ours["sdkVersion"], theirs["sdkVersion"]
    assert without_defaults(ours) == without_defaults(theirs)
