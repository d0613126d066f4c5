"""The real packages take a schedule for what it is, and the SDK sends the same one.

`SCHEDC_SDK_PYTHON` names the Python of an environment with google-cloud-aiplatform and kfp in it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from engine_worker import asked
from json_differences import differences
from schedc.ir.schedule import Cache, Overlap
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container, Pipeline, Step, Steps
from schedc.pipeline_spec import read_package
from schedc.records import replace
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
OPTIONS: dict[str, Any] = {
    "network": "projects/1/global/networks/n",
    "encryption_key": "projects/p/k",
    "failure_policy": "fail_fast",
}
JOBS: dict[str, Job] = {
    "plain": job(labels={"team": "ml"}),
    "zone": job(trigger=Cron(WEDNESDAY, "Europe/Amsterdam"), options=OPTIONS),
    "hostile": job(run=HOSTILE, description="a\nb \u202e", owner="é"),
    "times": job(**TIMES),
    "package": job(run=package()),
    "package as compiled": job(run=package(), cache=Cache.AS_COMPILED),
}
PATCH = request(
    reservedIpRanges=["vertex"],
    preflightValidations=True,
    pscInterfaceConfig={"networkAttachment": "projects/1/regions/r/networkAttachments/a"},
    displayName="Churn",
)
JOBS |= {
    "steps": job(run=CHAIN),
    "timed": job(run=TIMED),
    "machine": job(run=MACHINE),
    "patch": job(options={"patch": PATCH}),
}
JOB = "createPipelineJobRequest.pipelineJob"
NOT_IN_THE_SDK = {
    "patch": [
        f"{JOB}.displayName",
        f"{JOB}.preflightValidations",
        f"{JOB}.pscInterfaceConfig.networkAttachment",
        f"{JOB}.reservedIpRanges",
    ]
}
"""What PipelineJob and create_schedule have no argument for, by job."""
pytestmark = pytest.mark.engines


@lru_cache(maxsize=1)
def answers() -> dict[str, Any]:
    found = asked(HERE / "vertex_sdk_worker.py", [text(name) for name in JOBS])
    return dict(zip(JOBS, found["answers"], strict=True))


def text(name: str) -> str:
    return files(JOBS[name])["weekly-churn/schedule.json"]


@pytest.mark.parametrize("name", JOBS)
def test_the_message_holds_the_body(name: str) -> None:
    assert answers()[name]["message"] == json.loads(text(name))


@pytest.mark.parametrize("name", JOBS)
def test_kfp_reads_the_pipeline(name: str) -> None:
    spec = json.loads(text(name))["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"]
    assert answers()[name]["spec"]["pipelineInfo"] == spec["pipelineInfo"]


@lru_cache(maxsize=1)
def sent() -> dict[str, Any]:
    worker = HERE.parents[1] / "engines" / "vertex_client" / "vertex_client_worker.py"
    found = asked(worker, {"bodies": [text(name) for name in JOBS], "mistakes": []})
    return dict(zip(JOBS, found["answers"], strict=True))


def arrived(name: str, client: str) -> dict[str, Any]:
    """What a client sent. Over REST the clients send the number of a word."""
    body = dict(json.loads(sent()[name][client]["text"]))
    runtime = body["createPipelineJobRequest"]["pipelineJob"]["runtimeConfig"]
    if "failurePolicy" in runtime:
        runtime["failurePolicy"] = {2: "PIPELINE_FAILURE_POLICY_FAIL_FAST"}[runtime["failurePolicy"]]
    return body


@pytest.mark.parametrize("name", JOBS)
def test_the_generated_client_sends_the_same(name: str) -> None:
    assert differences(arrived(name, "generated"), json.loads(text(name))) == []


@pytest.mark.parametrize("name", JOBS)
def test_the_sdk_sends_the_same(name: str) -> None:
    left = NOT_IN_THE_SDK.get(name, [])
    found = differences(arrived(name, "sdk"), json.loads(text(name)))
    assert sent()[name]["left"] == left
    assert all(any(place.startswith(line.removesuffix(" is missing")[2:]) for place in left) for line in found), found


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
    chain = (
        Step(name="a", container=replace(MACHINE, command=("x",))),
        Step(name="b", container=Container(image="i", command=("x",), args=("--at", TIME)), after=("a",)),
    )
    steps = [{"name": s.name, "after": s.after, "container": kfp_words(s.container)} for s in chain]
    compiled = [{"name": "weekly-churn", "cached": False, "config": {}, "steps": steps}]
    ((theirs,),) = asked(HERE.parent / "kubeflow" / "kubeflow_compile_worker.py", compiled)
    body = json.loads(files(job(run=Steps(steps=chain)))["weekly-churn/schedule.json"])
    ours = body["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"]
    del ours["pipelineInfo"]["description"], ours["sdkVersion"], theirs["sdkVersion"]
    assert without_defaults(ours) == without_defaults(theirs)
