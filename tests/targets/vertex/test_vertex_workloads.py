"""Steps, machines, the scheduled time, parameters and the patch on Vertex AI."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedc.diagnostics import rules
from schedc.ir.workload import Container, Pipeline, Resources, ScheduledTime, Step, Steps
from schedc.target import UnreadableArtifact
from schedc.targets.vertex import TARGET
from vertex_jobs import files, found, job, read_back

TIME = ScheduledTime("%Y-%m-%dT%H:%M:%SZ", "UTC")
TERRAFORM = {"format": "terraform"}
PLACEHOLDER = "{{$.pipeline_job_schedule_time_utc}}"


def spec(**fields: Any) -> dict[str, Any]:
    body = json.loads(files(job(**fields))["weekly-churn/schedule.json"])
    return dict(body["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"])


def step(name: str, *after: str, **fields: Any) -> Step:
    return Step(name=name, container=Container(image="i", **{"command": (name,), **fields}), after=after)


CHAIN = Steps(steps=(step("extract"), step("load", "extract", args=("--at", TIME)), step("train", "load", "extract")))
TIMED = Container(image="i", command=("run", TIME), args=("--to", TIME, "$( x )"))
MACHINE = Container(
    image="i",
    resources=Resources(limits={"cpu": "4", "memory": "16G"}),
    pod={"accelerator": {"type": "NVIDIA_TESLA_T4", "count": 2}},
)


@pytest.mark.parametrize("options", [{}, TERRAFORM])
@pytest.mark.parametrize(
    "run",
    [
        CHAIN,
        Steps(steps=(step("weekly-churn"),)),
        Steps(steps=(step("a", service_account="x@y.z"), step("b", service_account="x@y.z", env={"A": "$(B)"}))),
        TIMED,
        MACHINE,
        Container(image="i", resources=Resources(limits={"cpu": "500m"})),
        Container(image="i", resources=Resources(limits={"memory": "3Gi"})),
    ],
)
def test_workloads_survive(run: Any, options: dict[str, Any]) -> None:
    one = job(run=run, options=options)
    assert read_back(one).workload == run
    assert {diagnostic.rule for diagnostic in found(one)} <= {rules.TARGET_CAVEAT}


def test_each_step_is_a_task_after_those_that_it_names() -> None:
    tasks = spec(run=CHAIN)["root"]["dag"]["tasks"]
    assert {name: task["dependentTasks"] for name, task in tasks.items()} == {
        "extract": [],
        "load": ["extract"],
        "train": ["load", "extract"],
    }
    assert all(task["cachingOptions"] == {"enableCache": False} for task in tasks.values())


def test_the_scheduled_time_is_an_input_of_the_task() -> None:
    made = spec(run=TIMED)
    given_ = {"parameters": {"scheduled_time": {"runtimeValue": {"constant": PLACEHOLDER}}}}
    assert made["root"]["dag"]["tasks"]["weekly-churn"]["inputs"] == given_
    assert made["components"]["comp-weekly-churn"]["inputDefinitions"] == {
        "parameters": {"scheduled_time": {"parameterType": "STRING"}}
    }
    container = made["deploymentSpec"]["executors"]["exec-weekly-churn"]["container"]
    assert container["args"] == ["--to", "{{$.inputs.parameters['scheduled_time']}}", "$( x )"]


def test_amounts_stand_as_numbers_and_as_text() -> None:
    container = spec(run=MACHINE)["deploymentSpec"]["executors"]["exec-weekly-churn"]["container"]
    assert container["resources"] == {
        "cpuLimit": 4.0,
        "memoryLimit": 16.0,
        "resourceCpuLimit": "4",
        "resourceMemoryLimit": "16G",
        "accelerator": {
            "type": "NVIDIA_TESLA_T4",
            "count": "2",
            "resourceType": "NVIDIA_TESLA_T4",
            "resourceCount": "2",
        },
    }


def package(**parameters: Any) -> Pipeline:
    kinds = {"day": "STRING", "n": "NUMBER_INTEGER", "x": "NUMBER_DOUBLE", "on": "BOOLEAN", "all": "LIST"}
    declared = {name: {"parameterType": kind, "isOptional": True} for name, kind in kinds.items()}
    return Pipeline(
        spec={
            "pipelineInfo": {"name": "p"},
            "schemaVersion": "2.1.0",
            "root": {
                "dag": {"tasks": {}},
                "inputDefinitions": {"parameters": {**declared, "must": {"parameterType": "STRING"}}},
            },
        },
        parameters={"must": "x", **parameters},
    )


@pytest.mark.parametrize("options", [{}, TERRAFORM])
def test_a_parameter_may_be_the_scheduled_time(options: dict[str, Any]) -> None:
    one = job(run=package(day=TIME), options=options)
    assert [(told.rule, told.is_error) for told in found(one)] == [(rules.TARGET_CAVEAT, False)]
    assert PLACEHOLDER in next(iter(files(one).values()))
    read = read_back(one).workload
    assert isinstance(read, Pipeline)
    assert read.parameters == {"must": "x", "day": TIME}


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"other": 1}, "no parameter of that name"),
        ({"n": "1"}, "a whole number"),
        ({"n": 1.5}, "a whole number"),
        ({"n": True}, "not true"),
        ({"n": TIME}, "a scheduled time is text"),
        ({"on": 1}, "true or false"),
        ({"all": "x"}, "a list"),
        ({"day": 1}, "text"),
        ({"n": 2**53 + 1}, "doubles"),
        ({"x": 2**60}, "doubles"),
        ({"x": float("inf")}, "not a number"),
        ({"all": [{"deep": 2**54}]}, "doubles"),
    ],
)
def test_parameters_are_typed(parameters: dict[str, Any], said: str) -> None:
    (told,) = [one for one in found(job(run=package(**parameters))) if one.is_error]
    assert told.rule is rules.INVALID_PARAMETER
    assert said in told.message


def test_a_parameter_without_a_default_is_needed() -> None:
    run = package()
    (told,) = found(job(run=Pipeline(spec=run.spec, parameters={})))
    assert "no default" in told.message


def limits(**amounts: str) -> Container:
    return Container(image="i", resources=Resources(limits=amounts))


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (Container(image="i", args=(ScheduledTime("%Y-%m-%d", "UTC"),)), "in one way only"),
        (Container(image="i", args=(ScheduledTime(TIME.format, "Europe/Amsterdam"),)), "in one way only"),
        (Container(image="i", env={"DAY": TIME}), "no scheduled time for variables"),
        (package(day=ScheduledTime("%j", "UTC")), "in one way only"),
        (Container(image="i", resources=Resources(requests={"cpu": "1"})), "no requests"),
        (limits(**{"nvidia.com/gpu": "1"}), "no limit of nvidia.com/gpu"),
        (limits(cpu="two"), "not as an amount"),
        (limits(memory="1.5G"), "not as an amount"),
        (limits(memory="16k"), "not as an amount"),
        (limits(cpu="97"), "up to 96 CPUs"),
        (limits(cpu="0"), "up to 96 CPUs"),
        (limits(memory="1T"), "up to 624 GB"),
        (Container(image="i", pod={"accelerator": {"type": "nvidia.com/gpu", "count": 1}}), "no accelerator"),
        (Steps(steps=(step("a", service_account="x@y.z"), step("b"))), "one service account"),
        (Steps(steps=(step("a", args=("{{$.x}}",)),)), "expand"),
    ],
)
def test_what_is_refused(run: Any, said: str) -> None:
    told = [diagnostic for diagnostic in found(job(run=run)) if diagnostic.rule is not rules.TARGET_CAVEAT]
    assert len(told) == 1, told
    assert said in told[0].message


def test_a_near_name_is_offered() -> None:
    (told,) = found(job(run=Container(image="i", pod={"accelerator": {"type": "TESLA_T4", "count": 1}})))
    assert told.help == "did you mean NVIDIA_TESLA_T4?"


def test_limits_pick_a_machine_and_that_is_said() -> None:
    (told,) = found(job(run=MACHINE))
    assert told.rule is rules.TARGET_CAVEAT


amounts = st.fixed_dictionaries(
    {},
    optional={
        "cpu": st.integers(1, 96).map(str) | st.integers(1, 96000).map("{}m".format) | st.just("1.5") | st.just(".5"),
        "memory": st.integers(1, 600).map("{}G".format) | st.integers(1, 500).map("{}Gi".format) | st.just("999999K"),
    },
)


@given(amounts)
def test_any_amount_survives(given_: dict[str, str]) -> None:
    one = job(run=limits(**given_))
    assert read_back(one).workload == limits(**given_)
    assert {diagnostic.rule for diagnostic in found(one)} <= {rules.TARGET_CAVEAT}


def request(**job_: Any) -> dict[str, Any]:
    return {"createPipelineJobRequest": {"pipelineJob": job_}}


@pytest.mark.parametrize(
    "patch",
    [
        request(reservedIpRanges=["vertex"]),
        request(preflightValidations=True, pscInterfaceConfig={"networkAttachment": "a"}),
        request(pipelineSpec={"pipelineInfo": {"displayName": "Churn"}}, displayName="Churn"),
    ],
)
def test_a_patch_is_applied_and_read_back(patch: dict[str, Any]) -> None:
    one = job(options={"patch": patch})
    assert not found(one)
    read, plain = read_back(one), read_back(job())
    assert (read.workload, read.told, read.behaviour) == (plain.workload, plain.told, plain.behaviour)
    assert read.identity == {**plain.identity, "patch": patch}
    changed = json.loads(files(one)["weekly-churn/schedule.json"])
    changed["createPipelineJobRequest"]["pipelineJob"].pop("reservedIpRanges", None)
    changed["createPipelineJobRequest"]["pipelineJob"]["preflightValidations"] = False
    with pytest.raises(UnreadableArtifact):
        TARGET.read({"weekly-churn/schedule.json": json.dumps(changed)})


@pytest.mark.parametrize(
    ("patch", "remedy"),
    [
        ({"cron": "* * * * *"}, "cron_expression"),
        ({"displayName": "x"}, "name"),
        ({"maxRunCount": "1"}, "max_runs"),
        ({"allowQueueing": True}, "overlap"),
        (request(labels={"a": "b"}), "labels"),
        (request(serviceAccount="x"), "service_account"),
        (request(runtimeConfig={"failurePolicy": "x"}), "failure_policy"),
        (request(pipelineSpec={"deploymentSpec": {}}), "fields of run"),
        (request(pipelineSpec={"root": {"dag": {"tasks": {"x": {"triggerPolicy": {"condition": "y"}}}}}}), "weekly"),
        ({"createPipelineJobRequest": {"pipelineJobId": "x"}}, "id of its own"),
        (request(reservedIpRanges="x"), "a list"),
        ({"state": "PAUSED"}, "createPipelineJobRequest"),
    ],
)
def test_what_a_patch_cannot_do(patch: dict[str, Any], remedy: str) -> None:
    (told,) = found(job(options={"patch": patch}))
    assert told.rule is rules.UNSUPPORTED
    assert remedy in (told.help or "")


def test_terraform_has_its_own_way_to_patch() -> None:
    (told,) = found(job(options={**TERRAFORM, "patch": request(reservedIpRanges=["x"])}))
    assert "weekly-churn_override.tf.json" in (told.help or "")


def places(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, *path, key))]


@pytest.mark.parametrize("other", [None, 1, "x", [], {}, [1], {"x": 1}, True, 1.5])
@pytest.mark.parametrize("run", [CHAIN, MACHINE])
def test_every_change_is_seen(run: Any, other: Any) -> None:
    body = json.loads(files(job(run=run))["weekly-churn/schedule.json"])
    as_it_is = read_back(job(run=run))
    for place in places(body)[1:]:
        changed = copy.deepcopy(body)
        at = changed
        for key in place[:-1]:
            at = at[key]
        if json.dumps(at[place[-1]]) == json.dumps(other):
            continue
        at[place[-1]] = other
        with contextlib.suppress(UnreadableArtifact):
            assert TARGET.read({"weekly-churn/schedule.json": json.dumps(changed)}) != as_it_is, place
