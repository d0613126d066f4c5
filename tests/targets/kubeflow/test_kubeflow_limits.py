"""What the Kubeflow target refuses or warns of beyond its capabilities."""

from __future__ import annotations

from typing import Any

import pytest
from kubeflow_jobs import CONTAINER, WEDNESDAY, found, job
from schedc.capabilities import Feature, No, Yes
from schedc.diagnostics import Rule, rules
from schedc.ir.calendar import Calendar, mask
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.triggers import Cron, Interval
from schedc.ir.workload import Container, Pipeline, Resources, SecretKey
from schedc.targets.kubeflow import TARGET

SECOND_MONDAY = Calendar(minutes=1, hours=1, days=mask(range(8, 15)), weekdays=mask([1]))
SPEC: dict[str, Any] = {
    "pipelineInfo": {"name": "p"},
    "schemaVersion": "2.1.0",
    "root": {
        "dag": {"tasks": {}},
        "inputDefinitions": {
            "parameters": {
                "n": {"parameterType": "NUMBER_INTEGER", "isOptional": True},
                "s": {"parameterType": "STRING"},
            }
        },
    },
}


def with_container(**fields: Any) -> dict[str, Any]:
    return {"run": Container(**{"image": "i", "command": ("x",), **fields})}


def with_parameters(**values: Any) -> dict[str, Any]:
    return {"run": Pipeline(spec=SPEC, parameters=values)}


@pytest.mark.parametrize(
    ("fields", "rule", "said"),
    [
        ({"trigger": Cron(SECOND_MONDAY, "UTC")}, rules.UNSUPPORTED, "cannot say these days"),
        ({"trigger": Cron(Calendar(seconds=3), "UTC")}, rules.UNSUPPORTED, "less than 60 seconds apart"),
        ({"trigger": Interval(10**9, 59), "catchup": Catchup.ALL}, rules.UNSUPPORTED, "less than 60 seconds apart"),
        ({"trigger": Interval(10**9, 5400)}, rules.UNSUPPORTED, "only with catchup: true"),
        ({"trigger": Cron(WEDNESDAY, "Europe/Amsterdam")}, rules.UNSUPPORTED, "the cluster's time zone, UTC"),
        ({"options": {"cluster_timezone": "Europe/Amsterdam"}}, rules.UNSUPPORTED, "not in UTC"),
        ({"options": {"cluster_timezone": "Mars"}}, rules.UNKNOWN_TIMEZONE, "Mars"),
        ({"max_active_runs": 11}, rules.TARGET_LIMIT, "1 to 10 active runs"),
        ({"overlap": Overlap.QUEUE}, rules.UNSUPPORTED, "only with catchup: true"),
        ({"catchup": Catchup.ALL}, rules.TARGET_CAVEAT, "redeployment"),
        ({"start": -5}, rules.TARGET_LIMIT, "years 1970 to 9999"),
        (with_container(command=None), rules.TARGET_LIMIT, "needs the command"),
        (with_container(command=()), rules.TARGET_LIMIT, "needs the command"),
        (with_container(args=("{{workflow.name}}",)), rules.TEMPLATE_TEXT, "{{"),
        (with_container(env={"A": "{{$.x}}"}), rules.TEMPLATE_TEXT, "{{"),
        (with_container(env={"KFP_POD_NAME": "x"}), rules.TARGET_LIMIT, "KFP_POD_NAME"),
        (with_container(env={"NAMESPACE": "x"}), rules.TARGET_LIMIT, "NAMESPACE"),
        (with_container(env={"A": SecretKey("{{x}}", "k")}), rules.TEMPLATE_TEXT, "{{"),
        (with_container(resources=Resources(limits={"nvidia.com/gpu": "1"})), rules.TARGET_LIMIT, "nvidia.com/gpu"),
        (with_parameters(s="{{x}}"), rules.TEMPLATE_TEXT, "{{"),
        (with_parameters(), rules.INVALID_PARAMETER, "s: "),
        (with_parameters(s="x", n=2**53 + 1), rules.INVALID_PARAMETER, "not exactly a double"),
        (with_parameters(s=1), rules.INVALID_PARAMETER, "it takes text"),
        (with_parameters(s="x", z=1), rules.INVALID_PARAMETER, "no parameter of that name"),
        ({**with_parameters(s="x"), "retries": 1}, rules.UNSUPPORTED, "single tasks"),
    ],
)
def test_what_is_told(fields: dict[str, Any], rule: Rule, said: str) -> None:
    told = [d for d in found(job(**fields)) if d.is_error or d.rule is rule]
    assert [d.rule for d in told] == [rule]
    assert said in told[0].message
    assert (
        told[0].help or told[0].notes or rule in (rules.TARGET_LIMIT, rules.INVALID_PARAMETER, rules.UNKNOWN_TIMEZONE)
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"run": CONTAINER, "options": {"cluster_timezone": "Etc/UTC"}},
        {"trigger": Cron(WEDNESDAY, "Europe/Amsterdam"), "options": {"cluster_timezone": "Europe/Amsterdam"}},
        with_container(args=("$(date)", "a } } b", "${x}")),
        with_parameters(s="x", n=2**53),
        {"max_active_runs": 10},
    ],
)
def test_what_is_fine(fields: dict[str, Any]) -> None:
    assert found(job(**fields)) == []


@pytest.mark.parametrize(
    ("options", "feature", "can"),
    [
        ({}, Feature.TIMEZONE, False),
        ({"cluster_timezone": "Europe/Amsterdam"}, Feature.TIMEZONE, True),
        ({}, Feature.RETRIES, True),
        ({"version": "2.13"}, Feature.RETRIES, False),
        ({"version": "2.4"}, Feature.RESOURCES, False),
        ({"version": "2.5"}, Feature.RESOURCES, True),
    ],
)
def test_answers_by_version_and_zone(options: dict[str, Any], feature: Feature, can: bool) -> None:
    answer = TARGET.capabilities.but(TARGET.by_version(options))[feature]
    assert isinstance(answer, Yes if can else No)
