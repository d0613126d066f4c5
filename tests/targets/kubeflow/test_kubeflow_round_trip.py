"""What is written is read back as it was meant, whatever the texts hold; and what is not known is not read."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubeflow_jobs import files, found, job, read_back
from schedc.diagnostics import rules
from schedc.ir.schedule import Cache, Catchup
from schedc.ir.workload import ConfigMapKey, Container, Pipeline, Resources, SecretKey
from schedc.target import UnreadableArtifact
from schedc.targets.kubeflow import TARGET

PIECES = (
    "$", "$$", "$(", "$(HOME)", "${x}", "{", "}", "{{", "'", '"', "\\", "\n", "\r\n", "\t", "#", ": ", "- ",
    "-- schedc --", "label x: y", "\u202e", "\u2028", "\x85", "\x7f", "\x00", "é", "\U0001f600", "[[ScheduledTime]]",
    "yes", "1e3", "~", "&a", "*", "!", "%", "|", ">", "@", "`", " ", "\ufeff", "---",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join)
names = st.from_regex(r"[B-J_][B-J0-9_]{0,6}", fullmatch=True)
kube = st.from_regex(r"[a-z][a-z0-9-]{0,5}[a-z0-9]", fullmatch=True)
containers = st.builds(
    Container,
    image=st.just("ghcr.io/acme/churn:1.4.0"),
    command=st.lists(texts, min_size=1, max_size=3).map(tuple),
    args=st.none() | st.lists(texts, max_size=3).map(tuple),
    env=st.dictionaries(
        names, texts | st.builds(SecretKey, kube, kube) | st.builds(ConfigMapKey, kube, kube), max_size=4
    ),
    resources=st.builds(
        Resources,
        requests=st.dictionaries(st.sampled_from(["cpu", "memory"]), st.just("1")),
        limits=st.dictionaries(st.sampled_from(["cpu", "memory"]), st.just("4Gi")),
    ),
    service_account=st.none() | kube,
)


@given(
    containers,
    st.none() | texts,
    st.none() | texts,
    st.dictionaries(texts, texts, max_size=3),
    st.integers(0, 5),
    st.none() | st.integers(1, 10**6),
    st.sampled_from([{}, {"service_account": "runner", "experiment_id": "e"}]),
)
def test_a_container_survives(
    run: Container,
    description: str | None,
    owner: str | None,
    labels: dict[str, str],
    retries: int,
    timeout: int | None,
    options: dict[str, Any],
) -> None:
    fields = {"description": description, "owner": owner, "labels": labels, "retries": retries}
    one = job(run=run, attempt_timeout=timeout, options=options, **fields)
    read = read_back(one)
    assert read.workload == run
    assert (read.description, read.owner, dict(read.labels)) == (description, owner, labels)
    assert (read.behaviour.retries, read.behaviour.attempt_timeout) == (retries, timeout)
    assert read.digest == one.digest
    words = [*(run.command or ()), *(run.args or ()), *(v for v in run.env.values() if isinstance(v, str))]
    assert {d.rule for d in found(one)} == (
        {rules.TEMPLATE_TEXT} if any("{{" in str(word) for word in words) else set()
    )


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(texts, plain, max_size=3), st.dictionaries(texts, plain, max_size=2), st.none() | texts)
def test_a_pipeline_survives(parameters: dict[str, Any], extra: dict[str, Any], description: str | None) -> None:
    spec = {
        "pipelineInfo": {"name": "p"},
        "schemaVersion": "2.1.0",
        "root": {"dag": {"tasks": {}}},
        "deploymentSpec": extra,
    }
    platform = {"platforms": {"kubernetes": extra}}
    run = Pipeline(spec=spec, platform=platform, parameters=parameters)
    read = read_back(job(run=run, cache=Cache.AS_COMPILED, description=description))
    assert read.workload == run
    assert read.description == description


@pytest.mark.parametrize(("paused", "catchup"), [(False, None), (True, Catchup.ALL)])
def test_times_and_policies_survive(paused: bool, catchup: Catchup | None) -> None:
    read = read_back(job(paused=paused, catchup=catchup, start=1_893_499_200, end=1_900_000_000, max_active_runs=2))
    assert read.told.engine == "kubeflow"
    assert read.told.crons == ("0 5 14 * * 3",)
    assert (read.told.start, read.told.end) == (1_893_499_199, 1_900_000_000)
    assert read.told.catchup is (catchup is Catchup.ALL)
    assert read.behaviour.paused is paused
    assert read.behaviour.missed == ("all" if catchup else "latest")
    assert read.behaviour.limit == 2


def change(edit: Callable[[dict[str, Any]], object]) -> dict[str, str]:
    made = files(job())
    path = "weekly-churn/recurringrun.json"
    body = json.loads(made[path])
    edit(body)
    return {**made, path: json.dumps(body)}


@pytest.mark.parametrize(
    "edit",
    [
        lambda b: b.update(plugins_input={}),
        lambda b: b.update(mode="MODE_UNSPECIFIED"),
        lambda b: b.update(no_catchup="false"),
        lambda b: b.update(max_concurrency="many"),
        lambda b: b.update(description="mine"),
        lambda b: b.pop("trigger"),
        lambda b: b["trigger"].update(periodic_schedule={}),
        lambda b: b["trigger"]["cron_schedule"].update(start_time="2030-01-01T00:00:00.5Z"),
        lambda b: b["trigger"]["cron_schedule"].update(timezone="UTC"),
        lambda b: b["pipeline_spec"].update(defaultPipelineRoot="gs://x"),
        lambda b: b["pipeline_spec"]["deploymentSpec"]["executors"]["exec-weekly-churn"]["container"].update(image="z"),
    ],
)
def test_what_is_not_known_is_not_read(edit: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(UnreadableArtifact):
        TARGET.read(change(edit))


def test_broken_files_are_not_read() -> None:
    made = files(job())
    for path in made:
        for text in ("", "{", "[]", '{"a": 1, "a": 2}', "\x00"):
            with pytest.raises(UnreadableArtifact):
                TARGET.read({**made, path: text})
    with pytest.raises(UnreadableArtifact):
        TARGET.read({})


RUN = Container(image="i", command=("x",), env={"A": "b", "S": SecretKey("s", "k")})


def leaves(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(p for key, item in inner for p in leaves(item, *path, key))]


@pytest.mark.parametrize("other", [None, 1, "x", [], {}, [1], {"x": 1}, True, 1.5])
def test_any_other_value_is_read_or_refused(other: Any) -> None:
    made = files(job(run=RUN, description="d"))
    path = next(p for p in made if p.endswith(".json"))
    for place in leaves(json.loads(made[path]))[1:]:
        body = json.loads(made[path])
        at = body
        for key in place[:-1]:
            at = at[key]
        at[place[-1]] = other
        with contextlib.suppress(UnreadableArtifact):
            TARGET.read({**made, path: json.dumps(body)})
