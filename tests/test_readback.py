"""What is written is read back as what was meant; a field is carried or refused, never dropped."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schedc.ir.schedule import Cache, Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron
from schedc.ir.workload import ConfigMapKey, Container, InitContainer, Resources, SecretKey
from schedc.records import fields, replace

sys.path.insert(0, str(Path(__file__).parent / "proof"))
from proof_oracle import wrong
from proof_schedules import START, TARGETS, calendar, compiled, cron, schedule

HOSTILE = (
    *("plain", "", " ", "it's", 'say "hi"', "back\\slash", "two\nlines", "ends\n", "{{ ds }}", "{% raw %}", "}} #}"),
    *("$(HOME)", "$$(HOME)", "$HOME", "{{$.inputs}}", "run.sh", "é 日本語 🎉", '"""', "# no", "-x", "a: b", "*", "~"),
    *("- a", "${x}", "%(x)s", "null", "1:30", "on", "\ttab", "-- schedc --", "digest: 0", "a\u2028b"),
)
texts = st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), max_size=12)
names = st.from_regex(r"[A-Z_][A-Z0-9_]{0,9}", fullmatch=True)
keys = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]", fullmatch=True)
containers = st.builds(
    Container,
    image=st.sampled_from(["i", "ghcr.io/acme/churn:1.4.0"]),
    command=st.none() | st.lists(texts, min_size=1, max_size=3).map(tuple),
    args=st.none() | st.lists(texts, max_size=3).map(tuple),
    env=st.dictionaries(
        names, texts | st.builds(SecretKey, keys, keys) | st.builds(ConfigMapKey, keys, keys), max_size=3
    ),
    resources=st.builds(Resources, requests=st.dictionaries(st.sampled_from(["cpu", "memory"]), st.just("2"))),
    service_account=st.none() | keys,
)
TEXTS = ("5 14 * * 3", "*/30 * * * *", "0 9 1,15 * 3", "30 2 * * *", "0 0 1-7 * +1", "0 9 * * 1#1", "15 3 L * *")


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    start = draw(st.none() | st.integers(START, START + 10**8))
    given_: dict[str, Any] = {
        "start": start,
        "end": draw(st.none() | st.integers(START + 2 * 10**8, START + 10**9)),
        "catchup": draw(st.sampled_from([None, Catchup.FALSE, Catchup.LATEST, *([Catchup.ALL] if start else [])])),
        "overlap": draw(st.none() | st.sampled_from(Overlap)),
        "retries": draw(st.integers(0, 2)),
        "timeout": draw(st.none() | st.just(1200)),
        "attempt_timeout": draw(st.none() | st.just(600)),
        "paused": draw(st.booleans()),
        "description": draw(st.none() | texts),
        "owner": draw(st.none() | texts),
        "labels": draw(st.dictionaries(keys, keys, max_size=2)),
        "run": draw(containers),
    }
    # Most targets refuse most of it: keep a random half.
    kept = {k: v for k, v in given_.items() if k in ("run", "description", "owner", "labels") or draw(st.booleans())}
    if kept.get("catchup") is Catchup.ALL and kept.get("start") is None:
        del kept["catchup"]
    zone = draw(st.sampled_from(["UTC", "Europe/Amsterdam"]))
    return schedule(Cron(calendar(draw(st.sampled_from(TEXTS))), zone), timezone=zone, **kept)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=schedules())
def test_what_compiles_is_read_back_as_it_was_meant(name: str, one: Schedule) -> None:
    made = compiled(one, name)
    if made.deployed is None:
        return
    back = made.deployed
    assert (back.workload, back.description, back.owner) == (one.run, one.description, one.owner)
    assert dict(back.labels) == dict(one.labels)
    assert back.digest is not None
    start = START if one.start is None else one.start
    assert wrong(one, back.told, [start - 5, start + 50], start + 60 * 86_400) is None


BASE = cron("5 14 * * 3", start=START, catchup=Catchup.FALSE)
OTHER: dict[str, Any] = {
    "name": "daily-churn",
    "trigger": Cron(calendar("6 14 * * 3"), "UTC"),
    "start": START + 30 * 86_400,
    "end": START + 300 * 86_400,
    "catchup": Catchup.ALL,
    "overlap": Overlap.QUEUE,
    "max_active_runs": 1,
    "max_runs": 9,
    "start_deadline": 77,
    "paused": True,
    "retries": 3,
    "timeout": 1234,
    "attempt_timeout": 123,
    "description": "other",
    "owner": "other",
    "labels": {"team": "other"},
    "cache": Cache.AS_COMPILED,
    "run": Container(image="other", command=("x",)),
}
NOT_CARRIED = {
    "timezone",  # the trigger holds it
    "written",
    "enabled",
    "deploy_to",
    "options",
    "node",
    "source",
    "applied_after",
}
INNER: dict[str, Any] = {
    "image": "other",
    "command": ("x",),
    "args": ("x",),
    "env": {"X": "y"},
    "resources": Resources(requests={"cpu": "3"}),
    "service_account": "other",
    "init_containers": (InitContainer(name="first", container=Container(image="other", command=("x",))),),
    "pod": {"priority_class": "high"},
}


def test_every_field_is_walked() -> None:
    assert {f.name for f in fields(Schedule)} == set(OTHER) | NOT_CARRIED
    assert {f.name for f in fields(Container)} == set(INNER)


def carried_or_refused(name: str, one: Schedule) -> None:
    base = BASE if name != "kubernetes" else replace(BASE, start=None)
    if name == "kubernetes" and one.start == BASE.start:
        one = replace(one, start=None)
    before, after = compiled(base, name), compiled(one, name)
    assert before.deployed is not None
    if after.deployed is None:
        return
    assert before.files != after.files
    assert before.deployed.digest != after.deployed.digest
    assert replace(before.deployed, digest=None) != replace(after.deployed, digest=None)


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("field", OTHER)
def test_a_field_is_carried_or_refused(name: str, field: str) -> None:
    carried_or_refused(name, replace(BASE, **{field: OTHER[field]}))


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("field", INNER)
def test_a_field_of_the_container_is_carried_or_refused(name: str, field: str) -> None:
    assert isinstance(BASE.run, Container)
    carried_or_refused(name, replace(BASE, run=replace(BASE.run, **{field: INNER[field]})))
