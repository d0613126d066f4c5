"""What is written is read back as it was meant, whatever the texts hold; and what is not known is not read."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Cache, Overlap
from schedc.ir.workload import Container, Pipeline
from schedc.target import Job, UnreadableArtifact
from schedc.targets.vertex import TARGET
from vertex_jobs import files, job, read_back

PIECES = (
    "$", "$$", "$(", "$(HOME)", "${x}", "$${", "%{", "%%{", "{", "}", "{{", "{{$", "'", '"', "\\", "\n", "\r\n", "#",
    "-- schedc --", "label x: y", ": ", "\u202e", "\u2028", "\x85", "\x7f", "\x00", "é", "\U0001f600", " ",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join)
containers = st.builds(
    Container,
    image=st.just("ghcr.io/acme/churn:1.4.0"),
    command=st.none() | st.lists(texts, max_size=3).map(tuple),
    args=st.none() | st.lists(texts, max_size=3).map(tuple),
    env=st.dictionaries(st.from_regex(r"[A-Z_][A-Z0-9_]{0,6}", fullmatch=True), texts, max_size=4),
    service_account=st.none() | st.just("churn@acme.iam"),
)
labels = st.dictionaries(st.sampled_from(["team", "tier"]), st.sampled_from(["ml", ""]), max_size=2)
formats = st.sampled_from([{}, {"format": "terraform", "service_account": "d@e"}, {"failure_policy": "fail_slow"}])


def held(one: Job) -> bool:
    sink = Sink()
    TARGET.limits(one, sink)
    return not sink.errors


@given(containers, st.none() | texts, st.none() | texts, labels, formats)
def test_a_container_survives(
    run: Container,
    description: str | None,
    owner: str | None,
    labels: dict[str, str],
    options: dict[str, Any],
) -> None:
    one = job(run=run, description=description, owner=owner, labels=labels, options=options)
    assume(held(one))
    read = read_back(one)
    assert read.workload == run
    assert (read.description, read.owner, dict(read.labels)) == (description, owner, labels)
    assert read.digest == one.digest


@given(st.dictionaries(texts, texts, max_size=3), st.none() | texts, formats)
def test_a_pipeline_survives(parameters: dict[str, str], written: str | None, options: dict[str, Any]) -> None:
    info = {"name": "p"} if written is None else {"name": "p", "description": written}
    declared = {name: {"parameterType": "STRING"} for name in parameters}
    root = {"dag": {"tasks": {}}, "inputDefinitions": {"parameters": declared}}
    run = Pipeline(spec={"pipelineInfo": info, "schemaVersion": "2.1.0", "root": root}, parameters=parameters)
    one = job(run=run, cache=Cache.AS_COMPILED, options=options)
    assume(held(one))
    assert read_back(one).workload == run


@pytest.mark.parametrize(
    ("fields", "busy", "limit"),
    [
        ({}, "start", None),
        ({"overlap": Overlap.ALLOW}, "start", None),
        ({"overlap": Overlap.SKIP}, "skip", 1),
        ({"overlap": Overlap.QUEUE}, "wait_all", 1),
        ({"max_active_runs": 4}, "skip", 4),
    ],
)
def test_policies_survive(fields: dict[str, Any], busy: str, limit: int | None) -> None:
    for options in ({}, {"format": "terraform"}):
        read = read_back(job(start=1_893_499_200, max_runs=5, options=options, **fields))
        assert (read.behaviour.missed, read.behaviour.busy, read.behaviour.limit) == ("none", busy, limit)
        assert (read.told.engine, read.told.crons) == ("vertex", ("TZ=UTC 5 14 * * 3",))
        assert (read.told.start, read.told.end, read.told.max_runs) == (1_893_499_199, None, 5)
        assert read.identity["project"] == "acme-ml"


def job_of(body: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = body["createPipelineJobRequest"]["pipelineJob"]
    return made


@pytest.mark.parametrize(
    "edit",
    [
        lambda b: b.update(catchUp=True),
        lambda b: b.update(allowQueueing=True),
        lambda b: b.update(cron="5 14 * * 3"),
        lambda b: b.update(maxRunCount=7),
        lambda b: b.update(startTime="2030-13-01T00:00:00Z"),
        lambda b: b.pop("maxConcurrentRunCount"),
        lambda b: b["createPipelineJobRequest"].update(pipelineJobId="x"),
        lambda b: b["createPipelineJobRequest"].update(parent="projects/x"),
        lambda b: job_of(b).update(serviceAccount="a@b", templateUri="x"),
        lambda b: job_of(b)["pipelineSpec"].update(defaultPipelineRoot="gs://x"),
        lambda b: job_of(b)["pipelineSpec"]["pipelineInfo"].update(description="mine"),
        lambda b: job_of(b)["runtimeConfig"].update(parameters={}),
        lambda b: job_of(b)["runtimeConfig"].update(parameterValues={"a": 1}),
    ],
)
def test_what_is_not_known_is_not_read(edit: Callable[[dict[str, Any]], object]) -> None:
    (path, text), *_ = files(job()).items()
    body = json.loads(text)
    edit(body)
    with pytest.raises(UnreadableArtifact):
        TARGET.read({path: json.dumps(body)})


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1, "a": 2}', '{"resource": {}}'])
def test_broken_files_are_not_read(text: str) -> None:
    for path in ("weekly-churn/schedule.json", "weekly-churn.tf.json"):
        with pytest.raises(UnreadableArtifact):
            TARGET.read({path: text})
    with pytest.raises(UnreadableArtifact):
        TARGET.read({})


RUN = Container(image="i", command=("x",), env={"A": "b"})


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
