"""The Terraform form is what the provider's schema takes, and the provider makes the body of the API of it.

The schema is written down here as data, from the provider's source: the provider itself is a program that only its
registry hands out, so that it is not asked.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from golden_files import golden, shown
from json_differences import differences, fields
from schedc.targets.vertex.terraform import terraform

KIND = "google_vertex_ai_schedule"
SCHEMA = json.loads(Path(__file__).with_name(f"{KIND}.json").read_text("utf-8"))["arguments"]
FILES = golden("vertex", ".tf.json")
BODIES = golden("vertex", "schedule.json")


def _is_json(value: Any) -> bool:
    try:
        return isinstance(value, str) and isinstance(json.loads(value), dict)
    except ValueError:
        return False


def _texts(values: Any) -> bool:
    return all(isinstance(value, str) for value in values)


TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "json": _is_json,
    "map of strings": lambda value: isinstance(value, dict) and _texts(value.values()),
    "list of strings": lambda value: isinstance(value, list) and _texts(value),
}


def wrong(value: Any, schema: dict[str, Any], path: str = KIND) -> list[str]:
    """Where a block is not what the schema says. Terraform converts some types; that counts as wrong here."""
    if not isinstance(value, dict):
        return [path]
    found = [f"{path}.{key} is unknown" for key in value if key not in schema or not key]
    for key, one in schema.items():
        here = f"{path}.{key}"
        needed = one.get("") == "required" if isinstance(one, dict) else one.startswith("required ")
        if key and key not in value:
            found += [f"{here} is required"] * needed
        elif isinstance(one, dict):
            found += wrong(value[key], one, here)
        elif key and not TYPES[one.partition(" ")[2]](value[key]):
            found.append(f"{here} is no {one.partition(' ')[2]}")
    return found


def _evaluated(value: Any) -> Any:
    """What Terraform reads: `$${` and `%%{` are the signs themselves, and `${` or `%{` would be a template."""
    if isinstance(value, dict):
        return {_evaluated(key): _evaluated(inner) for key, inner in value.items()}
    if not isinstance(value, str):
        return value
    assert not re.search(r"(?<!\$)\$\{|(?<!%)%\{", value), value
    return value.replace("$${", "${").replace("%%{", "%{")


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def _as_body(value: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What the provider sends: names of the API, the pipeline as an object, and maps as they are."""
    made: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(schema[key], dict):
            made[_camel(key)] = _as_body(inner, schema[key])
        else:
            made[_camel(key)] = json.loads(inner) if schema[key].endswith(" json") else inner
    return made


def _sent(resource: dict[str, Any]) -> dict[str, Any]:
    """The body; project and location stand in its address."""
    body = _as_body(_evaluated(resource), SCHEMA)
    parent = f"projects/{body.pop('project')}/locations/{body.pop('location')}"
    assert body["createPipelineJobRequest"]["parent"] == parent
    return body


def _resource(text: str) -> dict[str, Any]:
    whole = json.loads(text)
    assert whole.keys() == {"resource"}
    assert whole["resource"].keys() == {KIND}
    ((label, resource),) = whole["resource"][KIND].items()
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", label)
    return dict(resource)


def test_golden_files_are_what_the_schema_takes(tell: Callable[[str], None]) -> None:
    found = {shown(path): wrong(_resource(path.read_text("utf-8")), SCHEMA) for path in FILES}
    mistakes = sum(map(len, found.values()))
    tell(f"{KIND} of hashicorp/google 7, as documented: {len(found)} files, {mistakes} mismatches")
    assert found
    assert not mistakes, found


def _has_texts_only(body: dict[str, Any]) -> bool:
    return _texts(body["createPipelineJobRequest"]["pipelineJob"]["runtimeConfig"].get("parameterValues", {}).values())


def test_every_golden_body_is_sent_by_terraform_as_it_is(tell: Callable[[str], None]) -> None:
    bodies = {shown(path): json.loads(path.read_text("utf-8")) for path in BODIES}
    fit = {name: body for name, body in bodies.items() if _has_texts_only(body)}
    found = {}
    for name, body in fit.items():
        _, project, _, location = body["createPipelineJobRequest"]["parent"].split("/")
        resource = _resource(json.dumps(terraform(body, {"project": project, "location": location})))
        found[name] = wrong(resource, SCHEMA) + differences(_sent(resource), body)
    count = sum(map(fields, fit.values()))
    mistakes = sum(map(len, found.values()))
    left = len(bodies) - len(fit)
    tell(
        f"{KIND}: {len(fit)} schedules, {left} with parameters that it cannot hold, {count} fields compared, "
        f"{mistakes} mismatches"
    )
    assert len(fit) >= 20
    assert not mistakes, {name: lines for name, lines in found.items() if lines}


def test_templates_of_terraform_stay_literal() -> None:
    body = json.loads(BODIES[0].read_text("utf-8"))
    job = body["createPipelineJobRequest"]["pipelineJob"]
    job["pipelineSpec"]["pipelineInfo"]["description"] = "${a} %{ if b } $${c} %%{d} $ { % {"
    job["labels"] = {"${a}": "%{b}"}
    _, project, _, location = body["createPipelineJobRequest"]["parent"].split("/")
    resource = _resource(json.dumps(terraform(body, {"project": project, "location": location})))
    assert differences(_sent(resource), body) == []


JOB = ("create_pipeline_job_request", "pipeline_job")


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("time_zone",), "UTC", "time_zone is unknown"),
        (("state",), "PAUSED", "state is unknown"),
        (("max_concurrent_run_count",), 10, "max_concurrent_run_count is no string"),
        (("max_concurrent_run_count",), ..., "max_concurrent_run_count is required"),
        (("location",), ..., "location is required"),
        (("allow_queueing",), "true", "allow_queueing is no bool"),
        (("create_pipeline_job_request",), [], "create_pipeline_job_request"),
        (JOB, ..., "pipeline_job is required"),
        ((*JOB, "pipelineSpec"), "{}", "pipelineSpec is unknown"),
        ((*JOB, "pipeline_spec"), {"root": {}}, "pipeline_spec is no json"),
        ((*JOB, "pipeline_spec"), "{", "pipeline_spec is no json"),
        ((*JOB, "runtime_config", "gcs_output_directory"), ..., "gcs_output_directory is required"),
        ((*JOB, "runtime_config", "parameter_values"), {"n": 1}, "parameter_values is no map of strings"),
        ((*JOB, "encryption_spec", "kms_key_name"), ..., "kms_key_name is required"),
        ((*JOB, "labels"), ["a"], "labels is no map of strings"),
    ],
)
def test_the_check_sees_what_is_wrong(place: tuple[str, ...], value: Any, said: str) -> None:
    resource = copy.deepcopy(_resource(FILES[0].read_text("utf-8")))
    at = resource
    for key in place[:-1]:
        at = at[key]
    if value is ...:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    (found,) = wrong(resource, SCHEMA)
    assert found.endswith(said)


@pytest.mark.parametrize("place", [("cron",), (*JOB, "pipeline_spec"), (*JOB, "runtime_config", "failure_policy")])
def test_a_changed_or_dropped_field_is_seen(place: tuple[str, ...]) -> None:
    resource = _resource(FILES[0].read_text("utf-8"))
    body = _sent(resource)
    for value in ("{}", None):
        changed = copy.deepcopy(resource)
        at = changed
        for key in place[:-1]:
            at = at[key]
        if value is None:
            del at[place[-1]]
        else:
            at[place[-1]] = value
        assert differences(_sent(changed), body)
