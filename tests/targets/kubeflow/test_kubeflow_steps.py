"""Steps on Kubeflow: a task for each, in their order, with one service account and the policies of the schedule."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubeflow_jobs import files, found, job, read_back
from schedc.diagnostics import rules
from schedc.ir.schedule import Cache
from schedc.ir.workload import Container, Step, Steps
from schedc.target import UnreadableArtifact
from schedc.targets.kubeflow import TARGET


def step(name: str, *after: str, **fields: Any) -> Step:
    return Step(name=name, container=Container(image="i", **{"command": (name,), **fields}), after=after)


CHAIN = Steps(steps=(step("extract"), step("load", "extract"), step("train", "load", "extract")))


def tasks(run: Steps, **fields: Any) -> Any:
    made = files(job(run=run, **fields))
    body = json.loads(made["weekly-churn/recurringrun.json"])["pipeline_spec"]
    return body.get("pipeline_spec", body)["root"]["dag"]["tasks"]


def test_each_step_is_a_task_after_those_that_it_names() -> None:
    made = tasks(CHAIN, retries=2)
    assert {name: task["dependentTasks"] for name, task in made.items()} == {
        "extract": [],
        "load": ["extract"],
        "train": ["load", "extract"],
    }
    for name, task in made.items():
        assert task["componentRef"] == {"name": f"comp-{name}"}
        assert task["taskInfo"] == {"name": name}
        assert task["cachingOptions"] == {"enableCache": False}
        assert task["retryPolicy"]["maxRetryCount"] == 2


def test_the_cache_may_be_left_on() -> None:
    assert all(task["cachingOptions"]["enableCache"] for task in tasks(CHAIN, cache=Cache.AS_COMPILED).values())


@pytest.mark.parametrize(
    "run",
    [
        CHAIN,
        Steps(steps=(step("weekly-churn"),)),
        Steps(steps=(step("only"),)),
        Steps(steps=(step("a", service_account="x"), step("b", "a", service_account="x"))),
    ],
)
def test_steps_survive(run: Steps) -> None:
    read = read_back(job(run=run, retries=1, attempt_timeout=60))
    assert read.workload == run
    assert (read.behaviour.retries, read.behaviour.attempt_timeout) == (1, 60)
    assert not found(job(run=run))


words = st.text(max_size=6).filter(lambda text: "{{" not in text)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]([a-z0-9-]{0,4}[a-z0-9])?", fullmatch=True),
        st.lists(words, min_size=1, max_size=2),
        min_size=1,
        max_size=4,
    ),
    st.data(),
)
def test_any_graph_survives(commands: dict[str, list[str]], data: st.DataObject) -> None:
    names = sorted(commands)
    steps = tuple(
        step(
            name, *data.draw(st.lists(st.sampled_from(names[:i]), unique=True) if i else st.just([])), args=tuple(args)
        )
        for i, (name, args) in enumerate(sorted(commands.items()))
    )
    assert read_back(job(run=Steps(steps=steps))).workload == Steps(steps=steps)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ((step("a", service_account="x"), step("b")), "one service account"),
        ((step("a"), step("a-driver")), "its own task before a"),
        ((step("a", command=None),), "needs the command"),
        ((step("a", env={"KFP_POD_NAME": "x"}),), "itself"),
        ((step("a", args=("{{x}}",)),), "expand"),
    ],
)
def test_what_steps_cannot_have(steps: tuple[Step, ...], message: str) -> None:
    (diagnostic,) = found(job(run=Steps(steps=steps)))
    assert message in diagnostic.message
    assert diagnostic.rule in (rules.TARGET_LIMIT, rules.TEMPLATE_TEXT)


@pytest.mark.parametrize(
    "edit",
    [
        lambda tasks: tasks["load"].pop("dependentTasks"),
        lambda tasks: tasks["load"].update(dependentTasks=["other"]),
        lambda tasks: tasks["load"].update(retryPolicy={}),
        lambda tasks: tasks["load"].update(triggerPolicy={"condition": "false"}),
        lambda tasks: tasks["load"].update(inputs={"parameters": {"x": {}}}),
        lambda tasks: tasks.pop("load"),
    ],
)
def test_what_is_not_known_is_not_read(edit: Any) -> None:
    made = files(job(run=CHAIN))
    path = "weekly-churn/recurringrun.json"
    body = json.loads(made[path])
    edit(body["pipeline_spec"]["root"]["dag"]["tasks"])
    import yaml

    package = yaml.safe_dump(body["pipeline_spec"])
    with pytest.raises(UnreadableArtifact):
        TARGET.read({path: json.dumps(body), "weekly-churn/pipeline.yaml": package})
