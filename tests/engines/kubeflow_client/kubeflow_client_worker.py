"""Runs under a Python with kfp and kfp-server-api: what do their clients send for a recurring run, and read back?

Reads JSON from stdin: {"runs": [{"body": ..., "package": text}], "mistakes": [body]}; a server on the loopback address
checks what arrives as the API server does. Writes JSON to stdout.
"""

# mypy: ignore-errors

import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "targets" / "kubeflow"))

import kfp
import kfp_server_api
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2
from loopback import serving
from recurring_run_api import RECURRING_RUN, refused, whole_numbers_as_text, wrong

PATH = "/apis/v2beta1/recurringruns"
STAMP = "2026-12-01T00:00:00Z"
MODELS = {
    "v2beta1RecurringRun": kfp_server_api.V2beta1RecurringRun,
    "v2beta1Trigger": kfp_server_api.V2beta1Trigger,
    "v2beta1CronSchedule": kfp_server_api.V2beta1CronSchedule,
    "v2beta1PeriodicSchedule": kfp_server_api.V2beta1PeriodicSchedule,
    "v2beta1RuntimeConfig": kfp_server_api.V2beta1RuntimeConfig,
}
NESTED = {
    "trigger": MODELS["v2beta1Trigger"],
    "cron_schedule": MODELS["v2beta1CronSchedule"],
    "periodic_schedule": MODELS["v2beta1PeriodicSchedule"],
    "runtime_config": MODELS["v2beta1RuntimeConfig"],
}


def complaints(body):
    """All that the API server would not take."""
    body = whole_numbers_as_text(body, RECURRING_RUN)
    found = wrong(body, RECURRING_RUN)
    if found:
        return found
    inline = body.get("pipeline_spec", {})
    spec = inline.get("pipeline_spec", inline)
    try:
        json_format.ParseDict(spec, pipeline_spec_pb2.PipelineSpec())
        if "platform_spec" in inline:
            json_format.ParseDict(inline["platform_spec"], pipeline_spec_pb2.PlatformSpec())
    except json_format.ParseError as error:
        return [f"body.pipeline_spec: {error}"]
    return refused(body)


def answer(method, path, text):
    if (method, path) == ("GET", "/apis/v2beta1/healthz"):
        return 200, {"multi_user": False}
    if (method, path) != ("POST", PATH):
        return 404, {"code": 5, "message": "Not Found", "details": []}
    body = json.loads(text)
    found = complaints(body)
    if found:
        return 400, {"code": 3, "message": "; ".join(found), "details": []}
    made = {"recurring_run_id": "9a2c", "created_at": STAMP, "updated_at": STAMP, "status": f"{body['mode']}D"}
    return 200, {**whole_numbers_as_text(body, RECURRING_RUN), **made}


def model(kind, value):
    """A model of the client's, as a program builds one; fails on a field that it does not have."""
    names = {key: name for name, key in kind.attribute_map.items()}
    return kind(**{names[k]: model(NESTED[k], v) if k in NESTED else v for k, v in value.items()})


def keywords(body, package):
    """The arguments of kfp.Client.create_recurring_run for the same run."""
    trigger = body["trigger"]
    (times,) = trigger.values()
    given = {
        "cron_expression": times.get("cron"),
        "interval_second": int(times["interval_second"]) if "interval_second" in times else None,
    }
    runtime = body.get("runtime_config", {})
    return {
        **given,
        "experiment_id": body.get("experiment_id"),
        "job_name": body["display_name"],
        "description": body["description"],
        "start_time": times.get("start_time"),
        "end_time": times.get("end_time"),
        "max_concurrency": int(body["max_concurrency"]),
        "no_catchup": body["no_catchup"],
        "params": runtime.get("parameters"),
        "pipeline_package_path": package,
        "enabled": body["mode"] == "ENABLE",
        "pipeline_root": runtime.get("pipeline_root"),
        "service_account": body.get("service_account"),
    }


def as_read(client, run):
    """What the client read from the answer, as it would send it, and the types of what it read."""
    plain = client.sanitize_for_serialization(run)
    own = {key: plain.pop(key) for key in ("recurring_run_id", "created_at", "updated_at", "status")}
    return {"body": plain, "own": own, "typed": hasattr(run.created_at, "tzinfo") and type(run).__name__}


def sent(url, arrived, run):
    config = kfp_server_api.Configuration(host=url)
    client = kfp_server_api.ApiClient(config)
    api = kfp_server_api.RecurringRunServiceApi(client)
    body = run["body"]
    returned = api.recurring_run_service_create_recurring_run(recurring_run=model(NESTED_IN, body))
    found = {"api": arrived[-1], "read": as_read(client, returned)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pipeline.yaml")
        path.write_text(run["package"], "utf-8")
        kfp.Client(host=url).create_recurring_run(**keywords(body, str(path)))
    return {**found, "client": arrived[-1]}


NESTED_IN = MODELS["v2beta1RecurringRun"]


def refusal(url, body):
    """What the client makes of a body that the API server would not take."""
    api = kfp_server_api.RecurringRunServiceApi(kfp_server_api.ApiClient(kfp_server_api.Configuration(host=url)))
    try:
        api.recurring_run_service_create_recurring_run(recurring_run=body)
    except kfp_server_api.ApiException as error:
        return {"status": error.status, "message": json.loads(error.body)["message"]}
    return None


def main(asked):
    with serving(answer) as (url, arrived):
        return {
            "versions": {name: version(name) for name in ("kfp", "kfp-server-api")},
            "models": {
                name: {key: kind.openapi_types[attribute] for attribute, key in kind.attribute_map.items()}
                for name, kind in MODELS.items()
            },
            "runs": [sent(url, arrived, run) for run in asked["runs"]],
            "mistakes": [refusal(url, body) for body in asked["mistakes"]],
        }


if __name__ == "__main__":
    json.dump(main(json.load(sys.stdin)), sys.stdout)
