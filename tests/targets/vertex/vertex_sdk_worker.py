"""Runs under a Python with google-cloud-aiplatform and kfp: what do the real packages make of the artifacts?

Reads JSON from stdin, a list of {"body": text, "sdk": keywords or null}; writes one answer for each to stdout:
the body after a journey through the message `Schedule`, its pipeline as kfp reads it, and, for those with keywords,
the body that the SDK itself sends when it is asked for the same schedule.
"""

# mypy: ignore-errors

import contextlib
import json
import sys
import tempfile
from pathlib import Path
from unittest import mock

from google.cloud.aiplatform_v1 import Schedule
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2


def as_message(text):
    return json.loads(json_format.MessageToJson(Schedule.pb(Schedule.from_json(text))))


def as_sent(body, keywords):
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import aiplatform
    from google.cloud.aiplatform_v1.services.schedule_service import ScheduleServiceClient

    job = body["createPipelineJobRequest"]["pipelineJob"]
    _, project, _, location = body["createPipelineJobRequest"]["parent"].split("/")
    aiplatform.init(project=project, location=location, credentials=AnonymousCredentials(), api_transport="rest")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pipeline.json")
        path.write_text(json.dumps(job["pipelineSpec"]), "utf-8")
        made = aiplatform.PipelineJob(
            display_name=body["displayName"],
            template_path=str(path),
            pipeline_root=job["runtimeConfig"]["gcsOutputDirectory"],
            parameter_values=job["runtimeConfig"].get("parameterValues"),
            labels=job.get("labels"),
            project=project,
            location=location,
        )

        class Sent(Exception):
            pass

        patched = mock.patch.object(ScheduleServiceClient, "create_schedule", side_effect=Sent)
        with patched as create, contextlib.suppress(Sent):
            made.create_schedule(display_name=body["displayName"], cron=body["cron"], **keywords)
        schedule = create.call_args.kwargs["schedule"]
        return json.loads(json_format.MessageToJson(Schedule.pb(Schedule(schedule))))


def answer(asked):
    body = json.loads(asked["body"])
    spec = body["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"]
    parsed = json_format.ParseDict(spec, pipeline_spec_pb2.PipelineSpec())
    sent = as_sent(body, asked["sdk"]) if asked["sdk"] is not None else None
    return {"message": as_message(asked["body"]), "spec": json_format.MessageToDict(parsed), "sent": sent}


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        answers = [answer(asked) for asked in json.load(sys.stdin)]
    json.dump(answers, sys.stdout)
