"""Every golden recurring run is posted by the real clients to a server that checks it as the API server does.

`SCHEDC_SDK_PYTHON` names the Python of an environment with kfp and kfp-server-api in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from engine_worker import asked
from golden_files import golden, shown
from json_differences import differences, fields
from recurring_run_api import DEFINITIONS, RECURRING_RUN, whole_numbers_as_text

pytestmark = pytest.mark.engines

BODIES = golden("kubeflow", "recurringrun.json")
_WORKER = Path(__file__).with_name("kubeflow_client_worker.py")


def _body(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


_PLAIN = _body(next(path for path in BODIES if path.parent.name == "train-churn"))
MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "a field that there is not": ({**_PLAIN, "timezone": "UTC"}, "body.timezone"),
    "a field of the server's own": ({**_PLAIN, "recurring_run_id": "9a2c"}, "body.recurring_run_id"),
    "another type": ({**_PLAIN, "no_catchup": "true"}, "body.no_catchup"),
    "no word of the mode": ({**_PLAIN, "mode": "ON"}, "body.mode"),
    "a time without a zone": (
        {**_PLAIN, "trigger": {"cron_schedule": {"cron": "0 0 2 * * *", "start_time": "2027-01-01T00:00:00"}}},
        "body.trigger.cron_schedule.start_time",
    ),
    "too many at once": ({**_PLAIN, "max_concurrency": "11"}, "body.max_concurrency"),
    "a field that no pipeline has": (
        {**_PLAIN, "pipeline_spec": {**_PLAIN["pipeline_spec"], "schedule": "x"}},
        "body.pipeline_spec",
    ),
    "a type that no pipeline has": (
        {**_PLAIN, "pipeline_spec": {**_PLAIN["pipeline_spec"], "schemaVersion": 2}},
        "body.pipeline_spec",
    ),
}


@lru_cache(maxsize=1)
def _answers() -> dict[str, Any]:
    runs = [{"body": _body(path), "package": path.with_name("pipeline.yaml").read_text("utf-8")} for path in BODIES]
    answers = dict(asked(_WORKER, {"runs": runs, "mistakes": [body for body, _ in MISTAKES.values()]}))
    return {
        **answers,
        "runs": dict(zip(BODIES, answers["runs"], strict=True)),
        "mistakes": dict(zip(MISTAKES, answers["mistakes"], strict=True)),
    }


def _arrived(request: dict[str, str]) -> dict[str, Any]:
    assert (request["method"], request["path"]) == ("POST", "/apis/v2beta1/recurringruns")
    assert request["type"] == "application/json"
    return dict(json.loads(request["text"]))


def _read(run: dict[str, Any]) -> dict[str, Any]:
    """What the client read, its times as text in UTC again."""
    body = dict(run["read"]["body"])
    kinds = {
        kind: {key: value.replace("+00:00", "Z") for key, value in times.items()}
        for kind, times in body["trigger"].items()
    }
    return {**body, "trigger": kinds}


def test_the_api_client_sends_every_body_and_reads_the_answer(tell: Callable[[str], None]) -> None:
    answers, found = _answers(), {}
    for path in BODIES:
        run, body = answers["runs"][path], _body(path)
        found[shown(path)] = differences(_arrived(run["api"]), body) + differences(_read(run), body)
        assert run["read"]["typed"] == "V2beta1RecurringRun"
        assert run["read"]["own"] == {
            "recurring_run_id": "9a2c",
            "created_at": "2026-12-01T00:00:00+00:00",
            "updated_at": "2026-12-01T00:00:00+00:00",
            "status": f"{body['mode']}D",
        }
    count = sum(fields(_body(path)) for path in BODIES)
    wrong = sum(map(len, found.values()))
    release = answers["versions"]["kfp-server-api"]
    runs = f"{len(found)} recurring runs posted and read back"
    tell(f"kfp-server-api {release}: {runs}, {2 * count} fields compared, {wrong} mismatches")
    assert len(found) >= 20
    assert not wrong, {name: lines for name, lines in found.items() if lines}


def _as_the_client_would(body: dict[str, Any]) -> dict[str, Any]:
    """kfp.Client always sends parameters, and so an empty map where there are none; and it sends the pipeline as a
    message writes it, which leaves out that a step is not cached and depends on none.
    """
    runtime = body.get("runtime_config", {})
    spec = _without_defaults(body["pipeline_spec"])
    return {**body, "runtime_config": {**runtime, "parameters": runtime.get("parameters", {})}, "pipeline_spec": spec}


def _without_defaults(value: Any) -> Any:
    if isinstance(value, dict):
        defaults: tuple[tuple[str, Any], ...] = (("enableCache", False), ("dependentTasks", []))
        return {k: _without_defaults(v) for k, v in value.items() if (k, v) not in defaults}
    return [_without_defaults(item) for item in value] if isinstance(value, list) else value


def test_kfp_s_own_client_sends_the_same(tell: Callable[[str], None]) -> None:
    answers, found = _answers(), {}
    for path in BODIES:
        sent = whole_numbers_as_text(_arrived(answers["runs"][path]["client"]), RECURRING_RUN)
        found[shown(path)] = differences(sent, _as_the_client_would(_body(path)))
    count = sum(fields(_body(path)) for path in BODIES)
    wrong = sum(map(len, found.values()))
    release = answers["versions"]["kfp"]
    tell(f"kfp.Client {release}: {len(found)} recurring runs created, {count} fields compared, {wrong} mismatches")
    assert not wrong, {name: lines for name, lines in found.items() if lines}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_server_refuses_what_is_wrong(name: str) -> None:
    refusal = _answers()["mistakes"][name]
    assert refusal["status"] == 400
    assert refusal["message"].startswith(MISTAKES[name][1])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("trigger", "cron_schedule", "cron"), "0 1 2 * * 0"),
        (("max_concurrency",), 10),
        (("no_catchup",), None),
        (("runtime_config", "parameters", "window_days"), "14"),
        (("runtime_config", "parameters", "register"), 1),
        (("pipeline_spec", "root", "dag", "tasks", "train", "taskInfo", "name"), "other"),
    ],
)
def test_a_change_on_the_way_is_seen(place: tuple[str, ...], value: Any) -> None:
    path = next(path for path in BODIES if path.parent.name == "train-churn")
    arrived = _arrived(_answers()["runs"][path]["api"])
    at = arrived
    for key in place[:-1]:
        at = at[key]
    assert place[-1] in at
    at[place[-1]] = value
    assert len(differences(arrived, _body(path))) == 1
    del at[place[-1]]
    assert differences(arrived, _body(path)) == [f"$.{'.'.join(place)} is missing"]


def test_the_client_and_the_definition_know_the_same_fields() -> None:
    words = {"string": "str", "boolean": "bool", "object": "object"}
    models = _answers()["models"]
    for name, model in models.items():
        properties = DEFINITIONS[name]["properties"]
        assert model.keys() == properties.keys(), name
        for key, schema in properties.items():
            kind = model[key].split("(")[0]
            if "$ref" in schema:
                assert kind.lower() == schema["$ref"].rpartition("/")[2].lower(), (name, key)
            elif schema.get("format") == "date-time":
                assert kind == "datetime", (name, key)
            else:
                assert kind in (words[schema["type"]], "dict"), (name, key)
