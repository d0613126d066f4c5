"""Runs under a Python with google-cloud-aiplatform: what do its clients send for a schedule, and read back?

Reads JSON from stdin: {"bodies": [text], "mistakes": [text]}; a server on the loopback address checks what arrives
against the message `Schedule` and what its documentation says of each field. Writes JSON to stdout.
"""

# mypy: ignore-errors
# ruff: noqa: E402

import contextlib
import http.client
import json
import re
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

OUTPUT, sys.stdout = sys.stdout, sys.stderr  # the SDK logs to what it finds when it is imported

import yaml
from google.auth.credentials import AnonymousCredentials
from google.cloud import aiplatform
from google.cloud.aiplatform_v1 import CreatePipelineJobRequest, PipelineJob, Schedule
from google.cloud.aiplatform_v1.services.schedule_service import ScheduleServiceClient
from google.cloud.aiplatform_v1.services.schedule_service.transports.rest import ScheduleServiceRestTransport
from google.protobuf import json_format
from loopback import serving

STAMP = "2026-12-01T00:00:00Z"
SCHEDULES = re.compile(r"/v1/(projects/[^/]+/locations/[^/]+)/schedules(?:/([^/?]+))?(?:\?.*)?")


def documented(kind):
    """The names of a message's fields that its documentation calls required, and those that only the server writes."""
    found = re.findall(r"^ +(\w+) \([^)]*\):\n +(Required|Output only)\.", kind.__doc__, re.MULTILINE)
    return tuple({camel(name) for name, word in found if word == wanted} for wanted in ("Required", "Output only"))


def camel(name):
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


DOCUMENTED = {
    (): documented(Schedule),
    ("createPipelineJobRequest",): documented(CreatePipelineJobRequest),
    ("createPipelineJobRequest", "pipelineJob"): documented(PipelineJob),
    ("createPipelineJobRequest", "pipelineJob", "runtimeConfig"): documented(PipelineJob.RuntimeConfig),
}


def complaints(parent, text):
    """All that the service would not take, or would not heed."""
    try:
        json_format.Parse(text, Schedule.pb(Schedule()), ignore_unknown_fields=False)
    except json_format.ParseError as error:
        return [str(error)]
    body = json.loads(text)
    found = []
    for place, (required, output) in DOCUMENTED.items():
        at = body
        for key in place:
            at = at.get(key, {})
        found += [".".join((*place, key)) + " is required" for key in sorted(required - at.keys())]
        found += [".".join((*place, key)) + " is output only" for key in sorted(output & at.keys())]
    if body.get("createPipelineJobRequest", {}).get("parent") != parent:
        found.append("createPipelineJobRequest.parent is not the schedule's")
    return found


def service():
    """What answers as `projects.locations.schedules` does: create and get."""
    kept = {}

    def answer(method, path, text):
        match = SCHEDULES.fullmatch(path)
        if match and method == "GET" and match[0].partition("?")[0] in kept:
            return 200, kept[match[0].partition("?")[0]]
        if not match or method != "POST" or match[2]:
            return 404, {"error": {"code": 404, "message": path, "status": "NOT_FOUND"}}
        found = complaints(match[1], text)
        if found:
            return 400, {"error": {"code": 400, "message": "; ".join(found), "status": "INVALID_ARGUMENT"}}
        name = f"{match[1]}/schedules/{len(kept) + 1}"
        own = {"name": name, "state": "ACTIVE", "createTime": STAMP, "updateTime": STAMP, "nextRunTime": STAMP}
        kept[f"/v1/{name}"] = {"startTime": STAMP, **json.loads(text), **own}
        return 200, kept[f"/v1/{name}"]

    return answer


OWN = ("name", "state", "create_time", "update_time", "next_run_time")


def as_read(schedule, body):
    """What the client read, as the body was, and whether what the service adds was read too."""
    plain = json_format.MessageToDict(Schedule.pb(schedule))
    if "startTime" not in body:
        assert plain.pop("startTime") == STAMP
    own = {key: plain.pop(camel(key)) for key in OWN}
    return {"body": plain, "state": own["state"], "created": own["create_time"]}


def with_generated_client(url, text):
    body = json.loads(text)
    credentials = AnonymousCredentials()
    transport = ScheduleServiceRestTransport(host=urlsplit(url).netloc, credentials=credentials, url_scheme="http")
    client = ScheduleServiceClient(transport=transport)
    parent = body["createPipelineJobRequest"]["parent"]
    return as_read(client.create_schedule(parent=parent, schedule=Schedule.from_json(text)), body)


def taken(body, *path):
    """The value at a path, taken out of the body; None where there is none."""
    at = body
    for key in path[:-1]:
        at = at.get(key, {})
    return at.pop(path[-1], None)


def number(text):
    return None if text is None else int(text)


def places(value, path=""):
    """Every place below that holds something."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in places(inner, f"{path}.{key}" if path else key)]
    return [path]


def with_sdk(url, text):
    """Creates the same schedule as a program would; what it has no argument for is told, and is not created."""
    body = json.loads(text)
    request = ("createPipelineJobRequest",)
    job = (*request, "pipelineJob")
    _, project, _, location = taken(body, *request, "parent").split("/")
    aiplatform.init(
        project=project, location=location, credentials=AnonymousCredentials(), api_transport="rest", api_endpoint=url
    )
    with tempfile.TemporaryDirectory() as folder:
        # Not JSON: the SDK reads it as YAML, to which an escaped half of a surrogate pair is a character of its own.
        path = Path(folder, "pipeline.yaml")
        path.write_text(yaml.safe_dump(taken(body, *job, "pipelineSpec")), "utf-8")
        name = taken(body, "displayName")
        policy = taken(body, *job, "runtimeConfig", "failurePolicy")
        made = aiplatform.PipelineJob(
            display_name=name,
            template_path=str(path),
            pipeline_root=taken(body, *job, "runtimeConfig", "gcsOutputDirectory"),
            parameter_values=taken(body, *job, "runtimeConfig", "parameterValues"),
            encryption_spec_key_name=taken(body, *job, "encryptionSpec", "kmsKeyName"),
            labels=taken(body, *job, "labels"),
            failure_policy=policy and policy.removeprefix("PIPELINE_FAILURE_POLICY_FAIL_").lower(),
        )
    made.create_schedule(
        display_name=name,
        cron=taken(body, "cron"),
        start_time=taken(body, "startTime"),
        end_time=taken(body, "endTime"),
        allow_queueing=taken(body, "allowQueueing") or False,
        max_run_count=number(taken(body, "maxRunCount")),
        max_concurrent_run_count=number(taken(body, "maxConcurrentRunCount")),
        max_concurrent_active_run_count=number(taken(body, "maxConcurrentActiveRunCount")),
        service_account=taken(body, *job, "serviceAccount"),
        network=taken(body, *job, "network"),
    )
    return sorted(places(body))


def refusal(url, text):
    """The status and message of a body as text: no client writes one that is wrong."""
    parent = json.loads(text).get("createPipelineJobRequest", {}).get("parent", "projects/p/locations/l")
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    with contextlib.closing(connection):
        connection.request("POST", f"/v1/{parent}/schedules", text, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        return {"status": reply.status, "message": json.loads(reply.read()).get("error", {}).get("message")}


def main(asked):
    with serving(service()) as (url, arrived):
        answers = []
        for text in asked["bodies"]:
            found = {"read": with_generated_client(url, text), "generated": arrived[-1]}
            found["left"] = with_sdk(url, text)
            answers.append({**found, "sdk": [one for one in arrived if one["method"] == "POST"][-1]})
        return {
            "version": version("google-cloud-aiplatform"),
            "documented": {".".join(place): [sorted(names) for names in pair] for place, pair in DOCUMENTED.items()},
            "answers": answers,
            "mistakes": [refusal(url, text) for text in asked["mistakes"]],
        }


if __name__ == "__main__":
    json.dump(main(json.load(sys.stdin)), OUTPUT)
