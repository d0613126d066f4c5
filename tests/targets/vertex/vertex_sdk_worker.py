"""Runs under a Python with google-cloud-aiplatform and kfp: what do their messages make of the artifacts?

Reads JSON from stdin, a list of bodies as text; writes {"versions": ..., "answers": [...]} to stdout: each body after a
journey through the message `Schedule`, and its pipeline as kfp reads it.
"""

# mypy: ignore-errors

import json
import sys
from importlib.metadata import version

from google.cloud.aiplatform_v1 import Schedule
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2


def answer(text):
    message = json_format.Parse(text, Schedule.pb(Schedule()), ignore_unknown_fields=False)
    spec = json.loads(text)["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"]
    parsed = json_format.ParseDict(spec, pipeline_spec_pb2.PipelineSpec())
    return {"message": json_format.MessageToDict(message), "spec": json_format.MessageToDict(parsed)}


if __name__ == "__main__":
    versions = {name: version(name) for name in ("google-cloud-aiplatform", "kfp")}
    json.dump({"versions": versions, "answers": list(map(answer, json.load(sys.stdin)))}, sys.stdout)
