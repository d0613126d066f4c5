"""What the Vertex AI target refuses or warns of beyond its capabilities."""

from __future__ import annotations

from typing import Any

import pytest
from schedc.diagnostics import Rule, rules
from schedc.ir.calendar import Calendar, mask
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container, Pipeline
from schedc.targets.vertex import TARGET
from vertex_jobs import found, job

SPEC: dict[str, Any] = {
    "pipelineInfo": {"name": "p"},
    "schemaVersion": "2.1.0",
    "root": {
        "dag": {"tasks": {}},
        "inputDefinitions": {"parameters": {"n": {"parameterType": "NUMBER_INTEGER", "isOptional": True}}},
    },
}
THIRTEENTH = Calendar(minutes=1, hours=1, days=mask([13]), weekdays=mask([5]), either=True)
TERRAFORM = {"options": {"format": "terraform"}}


def with_container(**fields: Any) -> dict[str, Any]:
    return {"run": Container(**{"image": "i", **fields})}


@pytest.mark.parametrize(
    ("fields", "rule", "said"),
    [
        ({"trigger": Cron(THIRTEENTH, "UTC")}, rules.UNSUPPORTED, "cannot say these days"),
        ({"start": 10**9}, rules.TARGET_CAVEAT, "everything that was due since"),
        ({"max_runs": 2**63}, rules.TARGET_LIMIT, "max_runs in 64 bits"),
        ({"max_active_runs": 2**63}, rules.TARGET_LIMIT, "max_active_runs in 64 bits"),
        ({"end": 10**12}, rules.TARGET_LIMIT, "years 1970 to 9999"),
        ({"labels": {"Team": "ml"}}, rules.TARGET_LIMIT, "the label Team"),
        ({"labels": {"team": "ML"}}, rules.TARGET_LIMIT, "the label team"),
        ({"labels": {"team": "x" * 65}}, rules.TARGET_LIMIT, "the label team"),
        ({"labels": {"1": "x"}}, rules.TARGET_LIMIT, "the label 1"),
        ({"labels": {"vertex-ai-pipelines-run-billing-id": "x"}}, rules.TARGET_LIMIT, "for itself"),
        ({"labels": {f"l{i}": "x" for i in range(65)}}, rules.TARGET_LIMIT, "64 labels"),
        ({"description": "x" * 1024}, rules.TARGET_LIMIT, "1024 characters"),
        (with_container(args=("{{$.inputs}}",)), rules.TEMPLATE_TEXT, "{{$"),
        (with_container(args=("$(HOME)",)), rules.TEMPLATE_TEXT, "$(HOME)"),
        (with_container(command=("kill $$",)), rules.TEMPLATE_TEXT, "$$"),
        (with_container(env={"A": "$$x"}), rules.TEMPLATE_TEXT, "$$"),
        (with_container(env={"A": "{{$}}"}), rules.TEMPLATE_TEXT, "{{$"),
        (with_container(service_account="churn"), rules.TARGET_LIMIT, "e-mail"),
        ({"run": Pipeline(spec=SPEC, parameters={"n": "x"})}, rules.INVALID_PARAMETER, "a whole number"),
        ({"run": Pipeline(spec=SPEC, parameters={"n": 1}), **TERRAFORM}, rules.TARGET_LIMIT, "only text"),
        ({**with_container(args=("$${x}",), env={}), **TERRAFORM}, rules.TEMPLATE_TEXT, "Terraform"),
        ({"description": "%%{x}", **TERRAFORM}, rules.TEMPLATE_TEXT, "Terraform"),
    ],
)
def test_what_is_told(fields: dict[str, Any], rule: Rule, said: str) -> None:
    told = found(job(**fields))
    assert rule in [d.rule for d in told]
    assert any(said in d.message for d in told)
    assert all(d.rule in (rule, rules.TEMPLATE_TEXT) for d in told)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"labels": {"team": "ml-1_x", "empty": ""}},
        with_container(args=("$( date )", "${HOME}", "{{ x }}", "a$b", "$")),
        with_container(env={"A": "$(HOME)"}, service_account="a@b"),
        {"run": Pipeline(spec=SPEC, parameters={"n": 1})},
    ],
)
def test_what_is_fine(fields: dict[str, Any]) -> None:
    assert found(job(**fields)) == []


def test_what_must_be_given() -> None:
    assert {f.name for f in TARGET.options if f.required} == {"project", "location", "gcs_output_directory"}
