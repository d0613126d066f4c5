"""Every golden recurring run is what the API defines, and kfp takes its pipeline for what the schedule says."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from engine_worker import asked
from golden_cases import cases, compiled
from golden_files import GOLDEN, golden, shown
from json_differences import differences, fields
from recurring_run_api import RECURRING_RUN, refused, wrong
from schedc.ir.schedule import Cache, Schedule
from schedc.ir.workload import ConfigMapKey, Container, Pipeline, PodField, SecretKey, Step, Steps

BODIES = golden("kubeflow", "recurringrun.json")
_WORKER = Path(__file__).parents[1] / "targets" / "kubeflow" / "kubeflow_sdk_worker.py"


def _body(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def _inline(path: Path) -> dict[str, Any]:
    """The pipeline in the body, without the platform spec that may stand beside it."""
    spec = _body(path)["pipeline_spec"]
    return dict(spec.get("pipeline_spec", spec))


def test_there_are_recurring_runs() -> None:
    assert len(BODIES) >= 20
    assert len(golden("kubeflow", "pipeline.yaml")) == len(BODIES)


@pytest.mark.parametrize("path", BODIES, ids=shown)
def test_a_body_is_what_the_api_defines(path: Path) -> None:
    assert wrong(_body(path), RECURRING_RUN) == []
    assert refused(_body(path)) == []


@lru_cache(maxsize=1)
def _found() -> tuple[str, dict[Path, Any]]:
    """The releases that were asked, and their answer for each body."""
    files = [
        {f"{path.parent.name}/{one.name}": one.read_text("utf-8") for one in (path, path.with_name("pipeline.yaml"))}
        for path in BODIES
    ]
    found = asked(_WORKER, files)
    versions = ", ".join(f"{name} {release}" for name, release in found["versions"].items())
    return versions, dict(zip(BODIES, found["answers"], strict=True))


def _settled(value: Any) -> Any:
    """Without what a message leaves out because it is the default: false, and empty maps and lists."""
    if isinstance(value, dict):
        inner = {key: _settled(item) for key, item in value.items()}
        return {key: item for key, item in inner.items() if item is not False and item not in ({}, [])}
    return [_settled(item) for item in value] if isinstance(value, list) else value


@pytest.mark.engines
def test_kfp_loads_every_pipeline_and_writes_it_again(tell: Callable[[str], None]) -> None:
    versions, answers = _found()
    found, count = {}, 0
    for path, answer in answers.items():
        spec, body = _settled(_inline(path)), _body(path)
        assert answer["name"] == spec["pipelineInfo"]["name"]
        platform = (
            [_settled(body["pipeline_spec"]["platform_spec"])] if "platform_spec" in body["pipeline_spec"] else []
        )
        lines = differences(_settled(answer["spec"]), spec)
        lines += differences(_settled(answer["written"]), [spec, *platform], "written")
        found[shown(path)] = lines + differences(answer["body"], body)
        count += 2 * fields(spec) + fields(body)
    mistakes = sum(map(len, found.values()))
    tell(f"{versions}: {len(found)} pipelines loaded and written again, {count} fields compared, {mistakes} mismatches")
    assert not mistakes, {name: lines for name, lines in found.items() if lines}


def _schedule(path: Path) -> Schedule:
    folder, name, _ = path.relative_to(GOLDEN / "kubeflow").parts
    (case,) = [case for case in cases() if case.name == folder]
    (schedule,) = [one for one in compiled(case).schedules if one.name == name]
    return schedule


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _uncached(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _uncached(inner) for key, inner in value.items() if key != "cachingOptions"}
    return [_uncached(inner) for inner in value] if isinstance(value, list) else value


def _run(words: str) -> str:
    """What a kubelet makes of a text in a container where no variable of that name is set."""
    return re.sub(r"\$\$", "$", words)


def _variable(value: Any) -> Any:
    if isinstance(value, SecretKey | ConfigMapKey):
        return ["secret" if isinstance(value, SecretKey) else "config map", value.name, value.key]
    return ["field", value.path] if isinstance(value, PodField) else value


def _referred(executor: dict[str, Any]) -> dict[str, Any]:
    """Variables that an executor's part of the platform spec fills."""
    found: dict[str, Any] = {}
    for kind, label, name, key in (
        ("secret", "secretAsEnv", "secretName", "secretKey"),
        ("config map", "configMapAsEnv", "configMapName", "configMapKey"),
    ):
        for source in executor.get(label, ()):
            found |= {one["envVar"]: [kind, source[name], one[key]] for one in source["keyToEnv"]}
    return found | {one["name"]: ["field", one["fieldPath"]] for one in executor.get("fieldPathAsEnv", ())}


def _said(schedule: Schedule) -> dict[str, Any]:
    """Parameters and containers as the schedule has them."""
    run = schedule.run
    if isinstance(run, Pipeline):
        spec = _plain(run.spec)
        package = spec if schedule.cache is Cache.AS_COMPILED else _uncached(spec)
        return {"parameters": _plain(run.parameters), "package": _settled(package)}
    assert isinstance(run, Container | Steps)
    steps = run.steps if isinstance(run, Steps) else (Step(name=schedule.name, container=run),)
    return {
        step.name: {
            "image": step.container.image,
            "command": list(step.container.command or ()),
            "args": list(step.container.args or ()),
            "env": {key: _variable(value) for key, value in step.container.env.items()},
        }
        for step in steps
    }


def _read(schedule: Schedule, body: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The same, as kfp and kfp-kubernetes read the pipeline."""
    spec = answer["spec"]
    if isinstance(schedule.run, Pipeline):
        package = spec if schedule.cache is Cache.AS_COMPILED else _uncached(spec)
        return {"parameters": body.get("runtime_config", {}).get("parameters", {}), "package": _settled(package)}
    read = {}
    for label, task in spec["root"]["dag"]["tasks"].items():
        component = spec["components"][task["componentRef"]["name"]]
        executor = component["executorLabel"]
        container = spec["deploymentSpec"]["executors"][executor]["container"]
        texts = {one["name"]: _run(one["value"]) for one in container.get("env", ())}
        read[label] = {
            "image": container["image"],
            "command": list(map(_run, container.get("command", ()))),
            "args": list(map(_run, container.get("args", ()))),
            "env": texts | _referred(answer.get("executors", {}).get(executor, {})),
        }
    return read


@pytest.mark.engines
def test_the_pipeline_that_kfp_reads_is_the_schedule_s(tell: Callable[[str], None]) -> None:
    versions, answers = _found()
    found, count = {}, 0
    for path, answer in answers.items():
        schedule = _schedule(path)
        said = _said(schedule)
        found[shown(path)] = differences(_read(schedule, _body(path), answer), said)
        count += fields(said)
    mistakes = sum(map(len, found.values()))
    tell(f"{versions}: {len(found)} pipelines compared with schedules, {count} fields, {mistakes} mismatches")
    assert not mistakes, {name: lines for name, lines in found.items() if lines}


@pytest.mark.engines
@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("train-churn", ("parameters", "window_days"), "14"),
        ("train-churn", ("parameters", "window_days"), ...),
        ("train-churn", ("package", "deploymentSpec", "executors", "exec-train", "container", "image"), "other"),
        ("churn-steps", ("train", "image"), "other"),
        ("churn-steps", ("train", "command"), ["other"]),
        ("churn-steps", ("train", "args"), ["other"]),
        ("billing-export", ("billing-export", "env", "OTHER"), "x"),
        ("billing-export", ("billing-export", "env", "DB_PASSWORD"), ["secret", "billing-db", "other"]),
        ("billing-export", ("billing-export", "env", "BUCKET"), ...),
    ],
)
def test_a_change_of_the_pipeline_is_seen(name: str, place: tuple[str, ...], value: Any) -> None:
    (path,) = [path for path in BODIES if path.parent.name == name]
    schedule = _schedule(path)
    changed = copy.deepcopy(_read(schedule, _body(path), _found()[1][path]))
    at = changed
    for key in place[:-1]:
        at = at[key]
    if value is ...:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    assert differences(changed, _said(schedule))
