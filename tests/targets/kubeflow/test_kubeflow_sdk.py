"""The real packages take the artifacts for what they are.

`SCHEDC_SDK_PYTHON` names the Python of an environment with kfp, kfp-kubernetes and kfp-server-api in it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from engine_worker import asked
from kubeflow_jobs import files, job
from schedc.ir.schedule import Cache, Catchup
from schedc.ir.triggers import Interval
from schedc.ir.workload import ConfigMapKey, Container, Pipeline, PodField, Resources, SecretKey, Step, Steps
from schedc.pipeline_spec import read_package
from schedc.target import Job
from test_kubeflow_patch import PATCHES
from test_kubeflow_pod import PREFERRED, REQUIRED, RUN

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
TTL = {"ttl_second_after_finished": 600}
JOBS: dict[str, Job] = {
    "plain": job(),
    "hostile": job(run=HOSTILE, retries=3, attempt_timeout=600, description="a\nb \u202e", labels={"a": "é"}),
    "interval": job(
        trigger=Interval(NOON, 5400), catchup=Catchup.ALL, end=NOON * 2, options={"pipeline_root": "s3://b"}
    ),
    "package": job(run=package(), options={"experiment_id": "e", "service_account": "runner"}),
    "package as compiled": job(run=package(), cache=Cache.AS_COMPILED, start=NOON, paused=True),
}
STEPS = Steps(
    steps=(
        Step(name="a", container=RUN),
        Step(name="b", container=Container(image="i", command=("x",), pod=TTL), after=("a",)),
        Step(name="c", container=Container(image="i", command=("x",), pod=TTL), after=("a", "b")),
    )
)
NEW = {"version": "2.17"}
JOBS |= {
    "steps": job(run=STEPS, retries=2, attempt_timeout=60, timeout=120, options=NEW),
    "patch": job(run=RUN, options={**NEW, "patch": PATCHES["config"]}),
}
pytestmark = pytest.mark.engines


@lru_cache(maxsize=1)
def answers() -> dict[str, Any]:
    found = asked(HERE / "kubeflow_sdk_worker.py", [files(one) for one in JOBS.values()])
    return dict(zip(JOBS, found["answers"], strict=True))


def body(name: str) -> dict[str, Any]:
    return dict(json.loads(files(JOBS[name])["weekly-churn/recurringrun.json"]))


def spec_of(name: str) -> dict[str, Any]:
    inline = body(name)["pipeline_spec"]
    return dict(inline.get("pipeline_spec", inline))


def settled(value: Any) -> Any:
    """Without what a message leaves out because it is the default: false, and empty texts, maps and lists."""
    if isinstance(value, dict):
        inner = {key: settled(item) for key, item in value.items()}
        return {key: item for key, item in inner.items() if item is not False and item not in ({}, [], "")}
    return [settled(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", JOBS)
def test_kfp_reads_the_pipeline_that_is_in_the_body(name: str) -> None:
    found = answers()[name]
    assert settled(found["spec"]) == settled(spec_of(name))
    assert settled(found["written"][0]) == settled(spec_of(name))
    assert found["name"] == spec_of(name)["pipelineInfo"]["name"]


@pytest.mark.parametrize("name", JOBS)
def test_the_api_client_sends_the_body_as_it_is(name: str) -> None:
    assert answers()[name]["body"] == body(name)


@pytest.mark.parametrize("name", ["hostile", "steps", "patch"])
def test_kfp_kubernetes_reads_the_platform_spec(name: str) -> None:
    found = answers()[name]
    platform = body(name)["pipeline_spec"]["platform_spec"]
    assert settled(found["platform"]) == settled(platform)
    executors = platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    assert settled(found["executors"]) == settled(executors)


def as_keywords(run: Container) -> dict[str, Any]:
    """The container as the worker and kfp-kubernetes' functions take it."""
    pod = dict(run.pod)
    pod.pop("ttl_second_after_finished", None)
    affinity = pod.pop("affinity", {}).get("node_affinity", {})
    pod["node_terms"] = [
        *affinity.get(REQUIRED, {}).get("node_selector_terms", ()),
        *({**one["preference"], "weight": one["weight"]} for one in affinity.get(PREFERRED, ())),
    ]
    if "security_context" in pod:
        pod["security_context"] = {k: v for k, v in pod["security_context"].items() if k != "capabilities"}
    mounts = {mount["name"]: mount for mount in pod.pop("volume_mounts", ())}
    for volume in pod.pop("volumes", ()):
        at = {"mount_path": mounts[volume["name"]]["mount_path"]}
        for kind, where, word, name in (
            ("secret", "secrets", "secret_name", "secret_name"),
            ("config_map", "config_maps", "config_map_name", "name"),
        ):
            if kind in volume:
                source = volume[kind]
                extra = {key: value for key, value in source.items() if key == "optional"}
                pod.setdefault(where, []).append({word: source[name], **at, **extra})
        if "persistent_volume_claim" in volume:
            sub = {key: value for key, value in mounts[volume["name"]].items() if key == "sub_path"}
            pod.setdefault("claims", []).append({"pvc_name": volume["name"], **at, **sub})
        if "empty_dir" in volume:
            pod.setdefault("empty_dirs", []).append({"volume_name": volume["name"], **at, **volume["empty_dir"]})
    words = {SecretKey: ("secret", "name"), ConfigMapKey: ("config_map", "name")}
    env: dict[str, Any] = {}
    for variable, value in run.env.items():
        if isinstance(value, SecretKey | ConfigMapKey):
            env[variable] = {words[type(value)][0]: value.name, "key": value.key}
        else:
            env[variable] = {"field": value.path} if isinstance(value, PodField) else value
    return {"image": run.image, "command": list(run.command or ()), "env": env, "pod": pod}


def own(value: Any) -> Any:
    """Without the name of who compiled it."""
    value = settled(value)
    value.pop("sdkVersion", None)
    return value


def test_kfp_compiles_the_same_for_the_same_steps() -> None:
    steps = {
        "name": "weekly-churn",
        "cached": False,
        "config": {"active_deadline_seconds": 120, "ttl_seconds_after_finished": 600},
        "steps": [
            {
                "name": step.name,
                "after": step.after,
                "container": {**as_keywords(step.container), "attempt_timeout": 60},
            }
            for step in STEPS.steps
        ],
    }
    (documents,) = asked(HERE / "kubeflow_compile_worker.py", [steps])
    inline = json.loads(files(job(run=STEPS, attempt_timeout=60, timeout=120, options=NEW))[BODY])["pipeline_spec"]
    spec, platform = own(inline["pipeline_spec"]), settled(inline["platform_spec"])
    theirs = own(documents[0])
    accelerator = theirs["deploymentSpec"]["executors"]["exec-a"]["container"]["resources"]["accelerator"]
    del accelerator["type"], accelerator["count"]  # the same again, for releases before 2.5
    assert spec == theirs
    assert platform == settled(documents[1])


BODY = "weekly-churn/recurringrun.json"
