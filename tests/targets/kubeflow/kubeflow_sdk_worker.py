"""Runs under a Python with kfp, kfp-kubernetes and kfp-server-api: what do the real packages make of the artifacts?

Reads JSON from stdin, a list of {path: text}; writes {"versions": ..., "answers": [...]} to stdout: what each package
made of it.
"""

# mypy: ignore-errors

import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import kfp_server_api
import yaml
from google.protobuf import json_format
from kfp import compiler, components
from kfp.kubernetes import kubernetes_executor_config_pb2 as platform_pb2
from kfp.pipeline_spec import pipeline_spec_pb2

PACKAGES = ("kfp", "kfp-kubernetes", "kfp-server-api")


def parsed(message, value):
    """A message of plain data and back; fails on a key that the message does not have."""
    return json_format.MessageToDict(json_format.ParseDict(value, message))


def as_server_model(kind, value):
    """A model of the API client and back; fails on a key that it does not have."""
    names = {key: name for name, key in kind.attribute_map.items()}
    nested = {
        "trigger": kfp_server_api.V2beta1Trigger,
        "cron_schedule": kfp_server_api.V2beta1CronSchedule,
        "periodic_schedule": kfp_server_api.V2beta1PeriodicSchedule,
        "runtime_config": kfp_server_api.V2beta1RuntimeConfig,
    }
    given = {names[k]: as_server_model(nested[k], v) if k in nested else v for k, v in value.items()}
    return kind(**given)


def answer(files):
    (body_path,) = [p for p in files if p.endswith("recurringrun.json")]
    (package_path,) = [p for p in files if p.endswith("pipeline.yaml")]
    body = json.loads(files[body_path])
    documents = list(yaml.safe_load_all(files[package_path]))
    loaded = components.load_component_from_text(files[package_path])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pipeline.yaml")
        compiler.Compiler().compile(loaded, str(path))
        written = list(yaml.safe_load_all(path.read_text("utf-8")))
    run = as_server_model(kfp_server_api.V2beta1RecurringRun, body)
    result = {
        "name": loaded.pipeline_spec.pipeline_info.name,
        "spec": parsed(pipeline_spec_pb2.PipelineSpec(), documents[0]),
        "written": written,
        "body": kfp_server_api.ApiClient().sanitize_for_serialization(run),
    }
    if len(documents) > 1:
        result["platform"] = parsed(pipeline_spec_pb2.PlatformSpec(), documents[1])
        executors = documents[1]["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
        result["executors"] = {
            label: parsed(platform_pb2.KubernetesExecutorConfig(), config) for label, config in executors.items()
        }
    return result


if __name__ == "__main__":
    answers = [answer(files) for files in json.load(sys.stdin)]
    json.dump({"versions": {name: version(name) for name in PACKAGES}, "answers": answers}, sys.stdout)
