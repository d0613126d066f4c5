"""What is written is read back as what was meant, and validates against the schemas of Kubernetes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kubernetes_jobs import DAILY, DIGEST, emitted, read_back, schedule
from schedc.ir.calendar import Calendar, mask
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.workload import ConfigMapKey, Container, Resources, SecretKey

SLOW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ANY_TEXT = st.text(
    st.one_of(st.sampled_from("$(){}\n'\":#-\u00e9\u202e\u2028&*!|>%"), st.characters(exclude_categories=["Cs"])),
    max_size=30,
)
ARGUMENT = ANY_TEXT.filter(lambda text: "\0" not in text)
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}(\.[a-z]{1,5})?", fullmatch=True)
KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,10}", fullmatch=True)
VALUES = st.one_of(ARGUMENT, st.builds(SecretKey, NAMES, KEYS), st.builds(ConfigMapKey, NAMES, KEYS))
RESOURCES = st.builds(
    lambda cpu, memory: Resources(requests={"cpu": cpu, "memory": memory}, limits={"memory": memory}),
    st.sampled_from(["1", "500m", "0.5"]),
    st.sampled_from(["1Gi", "1e9", "123456"]),
)
CONTAINERS = st.builds(
    lambda image, command, args, env, resources, account: Container(
        image=image,
        command=command,
        args=args if command or args else None,
        env=env,
        resources=resources,
        service_account=account,
    ),
    st.sampled_from(["a", "ghcr.io/acme/train:1.4.0", "x@sha256:" + "0" * 64]),
    st.none() | st.lists(ARGUMENT, min_size=1, max_size=3).map(tuple),
    st.none() | st.lists(ARGUMENT, max_size=3).map(tuple),
    st.dictionaries(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True), VALUES, max_size=4),
    st.just(Resources()) | RESOURCES,
    st.none() | NAMES,
)
CALENDARS = st.builds(
    lambda minutes, hours, weekdays: Calendar(minutes=mask(minutes), hours=mask(hours), weekdays=mask(weekdays)),
    st.sets(st.integers(0, 59), min_size=1, max_size=3),
    st.sets(st.integers(0, 23), min_size=1, max_size=3),
    st.sets(st.integers(0, 6), min_size=1),
)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    seconds = st.none() | st.integers(1, 2**31 - 1)
    return schedule(
        draw(CALENDARS),
        draw(st.sampled_from(["UTC", "Europe/Amsterdam", "Asia/Kolkata"])),
        name=draw(st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)),
        run=draw(CONTAINERS),
        description=draw(st.none() | ANY_TEXT),
        owner=draw(st.none() | ANY_TEXT),
        labels=draw(st.dictionaries(st.from_regex(r"[a-z]{1,5}/[a-z]{1,5}", fullmatch=True), KEYS.filter(_is_label))),
        overlap=draw(st.sampled_from([None, Overlap.ALLOW, Overlap.SKIP, Overlap.REPLACE])),
        catchup=draw(st.sampled_from([None, Catchup.NONE, Catchup.FALSE])),
        start_deadline=draw(seconds),
        timeout=draw(seconds),
        attempt_timeout=draw(seconds),
        retries=draw(st.integers(0, 20)),
        paused=draw(st.booleans()),
    )


def _is_label(text: str) -> bool:
    return text[0] not in "_-" and text[-1] not in "_-"


@SLOW
@given(schedules(), st.sampled_from([{}, {"namespace": "ml", "failed_jobs_history_limit": 0}]))
def test_what_is_written_is_read_back(one: Schedule, options: dict[str, Any]) -> None:
    back = read_back(one, options)
    assert back.name == one.name
    assert back.digest == DIGEST
    assert back.workload == one.run
    assert (back.description, back.owner, back.labels) == (one.description, one.owner, one.labels)
    assert back.told.timezone == one.timezone
    behaviour = back.behaviour
    assert (behaviour.retries, behaviour.timeout) == (one.retries, one.timeout)
    assert (behaviour.attempt_timeout, behaviour.paused) == (one.attempt_timeout, one.paused)
    if one.start_deadline is not None:
        assert behaviour.start_deadline == one.start_deadline
    assert back.identity["namespace"] == options.get("namespace")
    assert back.identity["failed_jobs_history_limit"] == options.get("failed_jobs_history_limit", 1)


BEHAVIOURS: list[tuple[dict[str, Any], tuple[str, str, int | None]]] = [
    ({}, ("latest", "start", None)),
    ({"catchup": Catchup.FALSE}, ("latest", "start", None)),
    ({"catchup": Catchup.LATEST}, ("latest", "start", None)),
    ({"catchup": Catchup.NONE}, ("none", "start", None)),
    ({"catchup": Catchup.NONE, "start_deadline": 3600}, ("none", "start", None)),
    ({"start_deadline": 86_400}, ("latest", "start", None)),
    ({"overlap": Overlap.SKIP}, ("none", "skip", 1)),
    ({"overlap": Overlap.SKIP, "start_deadline": 3600}, ("none", "skip", 1)),
    ({"overlap": Overlap.REPLACE}, ("latest", "replace", 1)),
    ({"max_active_runs": 1}, ("latest", "wait_latest", 1)),
    ({"max_active_runs": 1, "catchup": Catchup.NONE}, ("none", "skip", 1)),
]


@pytest.mark.parametrize(("fields", "expected"), BEHAVIOURS)
def test_policies_are_read_back(fields: dict[str, Any], expected: tuple[str, str, int | None]) -> None:
    behaviour = read_back(schedule(**fields)).behaviour
    assert (behaviour.missed, behaviour.busy, behaviour.limit) == expected


validate = pytest.importorskip("kubernetes_validate", reason="needs kubernetes-validate for the schemas").validate
VERSIONS = ("1.27", "1.33", "1.37")

HAND_MADE: list[dict[str, Any]] = [
    {},
    {"paused": True, "overlap": Overlap.REPLACE, "retries": 6, "timeout": 60, "attempt_timeout": 30},
    {"catchup": Catchup.NONE, "max_active_runs": 1, "labels": {"on": "1", "a.b/c": ""}, "owner": "yes"},
    {"run": Container(image="a", command=("a",), args=(), env={"A": "1", "B": SecretKey("a", "1"), "C": "null"})},
    {"run": Container(image="a", resources=Resources(requests={"cpu": "1", "nvidia.com/gpu": "1"}))},
    {"description": "on\n---\nkind: Pod\n", "applied_after": 0},
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("fields", HAND_MADE)
def test_the_schema_takes_it(version: str, fields: dict[str, Any]) -> None:
    validate(yaml.safe_load(emitted(schedule(DAILY, **fields), {"namespace": "ml"})), version, strict=True)


@settings(SLOW, max_examples=60)
@given(schedules())
def test_the_schema_takes_every_schedule(one: Schedule) -> None:
    data = yaml.safe_load(emitted(one))
    for version in VERSIONS:
        validate(data, version, strict=True)


def test_the_schema_would_tell() -> None:
    data = yaml.safe_load(emitted(schedule()))
    data["spec"]["startTime"] = "2026-01-01"
    with pytest.raises(Exception, match="startTime"):
        validate(data, VERSIONS[0], strict=True)
