"""Every golden Vertex AI schedule is created by the real clients, on a server that checks it as the service documents.

`SCHEDC_SDK_PYTHON` names the Python of an environment with google-cloud-aiplatform in it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from engine_worker import asked
from golden_files import golden, shown
from json_differences import differences, fields

pytestmark = pytest.mark.engines

BODIES = golden("vertex", "schedule.json")
_WORKER = Path(__file__).with_name("vertex_client_worker.py")
JOB = ("createPipelineJobRequest", "pipelineJob")
NOT_IN_THE_SDK: dict[str, list[str]] = {}
"""Places in golden bodies that PipelineJob and create_schedule have no argument for: none today."""


def _body(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def _changed(value: Any, *place: str) -> dict[str, Any]:
    """A golden body with parameters, changed at one place; `...` drops it."""
    body = _body(_trained())
    at = body
    for key in place[:-1]:
        at = at[key]
    if value is ...:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    return body


def _trained() -> Path:
    return next(path for path in BODIES if path.parent.name == "train-churn")


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "a field that there is not": (_changed("UTC", "timezone"), 'no field named "timezone"'),
    "a field that no job has": (_changed(1, *JOB, "priority"), 'no field named "priority"'),
    "another type": (_changed("many", "maxConcurrentRunCount"), "maxConcurrentRunCount"),
    "a text for a truth value": (_changed("yes", "allowQueueing"), "allowQueueing"),
    "a time without a zone": (_changed("2027-01-01T00:00:00", "startTime"), "startTime"),
    "no word of the policy": (_changed("FAST", *JOB, "runtimeConfig", "failurePolicy"), "failurePolicy"),
    "both requests": (_changed({}, "createNotebookExecutionJobRequest"), "oneof"),
    "a required field is gone": (_changed(..., "maxConcurrentRunCount"), "maxConcurrentRunCount is required"),
    "another one": (_changed(..., *JOB, "runtimeConfig", "gcsOutputDirectory"), "gcsOutputDirectory is required"),
    "a field of the service's own": (_changed("PAUSED", "state"), "state is output only"),
}


@lru_cache(maxsize=1)
def _answers() -> dict[str, Any]:
    bodies = [path.read_text("utf-8") for path in BODIES]
    found = asked(_WORKER, {"bodies": bodies, "mistakes": [json.dumps(body) for body, _ in MISTAKES.values()]})
    return {
        **found,
        "answers": dict(zip(BODIES, found["answers"], strict=True)),
        "mistakes": dict(zip(MISTAKES, found["mistakes"], strict=True)),
    }


def _arrived(request: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    assert request["method"] == "POST"
    path = f"/v1/{body['createPipelineJobRequest']['parent']}/schedules"
    assert request["path"].partition("?")[0] == path
    assert request["type"] == "application/json"
    return dict(json.loads(request["text"]))


def _told(name: str, found: dict[str, list[str]], times: int, tell: Callable[[str], None]) -> None:
    """Says what was compared, and holds it to no mismatch."""
    count = times * sum(fields(_body(path)) for path in BODIES)
    wrong = sum(map(len, found.values()))
    release = f"google-cloud-aiplatform {_answers()['version']}"
    tell(f"{release}: {len(found)} schedules {name}, {count} fields compared, {wrong} mismatches")
    assert len(found) >= 20
    assert not wrong, {place: lines for place, lines in found.items() if lines}


def test_the_generated_client_sends_every_body_and_reads_the_answer(tell: Callable[[str], None]) -> None:
    found = {}
    for path, answer in _answers()["answers"].items():
        body = _body(path)
        sent = differences(_arrived(answer["generated"], body), body)
        found[shown(path)] = sent + differences(answer["read"]["body"], body)
        assert (answer["read"]["state"], answer["read"]["created"]) == ("ACTIVE", "2026-12-01T00:00:00Z")
    _told("created by ScheduleServiceClient over REST and read back", found, 2, tell)


def test_the_sdk_sends_the_same_schedule(tell: Callable[[str], None]) -> None:
    found = {}
    for path, answer in _answers()["answers"].items():
        body = _body(path)
        assert answer["left"] == NOT_IN_THE_SDK.get(shown(path), [])
        found[shown(path)] = differences(_arrived(answer["sdk"], body), body)
    left = sum(map(len, NOT_IN_THE_SDK.values()))
    _told(f"created by PipelineJob.create_schedule, {left} fields without an argument", found, 1, tell)


def test_the_documentation_names_what_is_required_and_what_is_the_service_s_own() -> None:
    documented = {place: (set(required), set(own)) for place, (required, own) in _answers()["documented"].items()}
    assert documented[""][0] == {"displayName", "maxConcurrentRunCount"}
    assert {"state", "createTime", "catchUp"} <= documented[""][1]
    assert documented["createPipelineJobRequest"] == ({"parent", "pipelineJob"}, set())
    assert "state" in documented[".".join(JOB)][1]
    assert documented[f"{'.'.join(JOB)}.runtimeConfig"] == ({"gcsOutputDirectory"}, set())


@pytest.mark.parametrize("name", MISTAKES)
def test_the_service_refuses_what_is_wrong(name: str) -> None:
    refusal = _answers()["mistakes"][name]
    assert refusal["status"] == 400
    assert MISTAKES[name][1] in refusal["message"]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("cron",), "TZ=UTC 1 2 * * 0"),
        (("maxConcurrentRunCount",), 10),
        ((*JOB, "runtimeConfig", "parameterValues", "window_days"), "14"),
        ((*JOB, "runtimeConfig", "parameterValues", "register"), 1),
        ((*JOB, "pipelineSpec", "root", "dag", "tasks", "train", "taskInfo", "name"), "other"),
    ],
)
@pytest.mark.parametrize("client", ["generated", "sdk"])
def test_a_change_on_the_way_is_seen(client: str, place: tuple[str, ...], value: Any) -> None:
    body = _body(_trained())
    arrived = _arrived(_answers()["answers"][_trained()][client], body)
    for change in (value, None):
        changed = copy.deepcopy(arrived)
        at = changed
        for key in place[:-1]:
            at = at[key]
        if change is None:
            del at[place[-1]]
        else:
            at[place[-1]] = change
        assert len(differences(changed, body)) == 1
