"""The body of a recurring run is what the API's own definition allows, field by field.

`recurring_run.swagger.json` is kubeflow/pipelines backend/api/v2beta1/swagger/recurring_run.swagger.json (Apache-2.0).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from kubeflow_jobs import files, job
from schedc.ir.schedule import Catchup
from schedc.ir.triggers import Interval
from schedc.ir.workload import Container, Pipeline
from schedc.target import Job

DEFINITIONS = json.loads((Path(__file__).parent / "recurring_run.swagger.json").read_text("utf-8"))["definitions"]
SPEC = {"pipelineInfo": {"name": "p"}, "schemaVersion": "2.1.0", "root": {"dag": {"tasks": {}}}}
ACCOUNT = Container(image="i", command=("x",), service_account="churn")


def wrong(value: Any, schema: dict[str, Any], path: str = "body") -> list[str]:
    """Where a value is not what a definition says; unknown and read-only fields count."""
    if "$ref" in schema:
        schema = DEFINITIONS[schema["$ref"].rpartition("/")[2]]
    kind = schema.get("type")
    if kind == "object":
        if not isinstance(value, dict):
            return [path]
        if "properties" not in schema:
            return []
        found = [f"{path}.{key}" for key in value if key not in schema["properties"]]
        found += [f"{path}.{k}" for k, p in schema["properties"].items() if k in value and p.get("readOnly")]
        known = {k: v for k, v in value.items() if k in schema["properties"]}
        return found + [w for k, v in known.items() for w in wrong(v, schema["properties"][k], f"{path}.{k}")]
    if kind == "boolean":
        return [] if isinstance(value, bool) else [path]
    assert kind == "string"
    forms = {"int64": r"-?\d+", "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"}
    fits = isinstance(value, str) and re.fullmatch(forms.get(schema.get("format", ""), r"(?s:.*)"), value)
    return [] if fits and value in schema.get("enum", [value]) else [path]


@pytest.mark.parametrize(
    "one",
    [
        job(),
        job(start=1_893_499_200, end=1_993_499_200, paused=True, description="x\ny", run=ACCOUNT),
        job(trigger=Interval(1_893_499_200, 5400), catchup=Catchup.ALL, options={"experiment_id": "e"}),
        job(run=Pipeline(spec=SPEC, parameters={"a": 1}), options={"pipeline_root": "s3://b"}),
    ],
)
def test_the_body_is_what_the_api_defines(one: Job) -> None:
    made = json.loads(files(one)["weekly-churn/recurringrun.json"])
    assert wrong(made, {"$ref": "#/definitions/v2beta1RecurringRun"}) == []


@pytest.mark.parametrize(
    "change", [{"namespace": "x"}, {"mode": "ON"}, {"max_concurrency": 1}, {"x": 1}, {"no_catchup": "true"}]
)
def test_the_check_sees_what_is_wrong(change: dict[str, Any]) -> None:
    made = json.loads(files(job())["weekly-churn/recurringrun.json"])
    assert wrong({**made, **change}, {"$ref": "#/definitions/v2beta1RecurringRun"})
