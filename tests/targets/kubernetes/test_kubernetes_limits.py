"""Everything that the API server would refuse is refused first, at its place, with a reason and a remedy."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kubernetes_jobs import DAILY, findings, schedule
from schedc.diagnostics import rules
from schedc.ir.calendar import Calendar, mask
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.triggers import Interval
from schedc.ir.workload import ConfigMapKey, Container, Resources, ScheduledTime, SecretKey, Step, Steps
from schedc.records import replace
from schedc.targets.kubernetes.quantity import NotAQuantity, quantity

MANAGED_BY = "app.kubernetes.io/managed-by"
HERE = ("run", "container")


def run(**fields: Any) -> dict[str, Any]:
    return {"run": Container(**{"image": "a", **fields})}


def requests(**amounts: str) -> dict[str, Any]:
    return run(resources=Resources(requests={name.replace("__", "/"): text for name, text in amounts.items()}))


REFUSED: list[tuple[dict[str, Any], tuple[str | int, ...], str]] = [
    ({"name": "a" * 53}, (), "has 53 characters"),
    (
        {"labels": {"app.kubernetes.io/managed-by": "me"}},
        ("labels", "app.kubernetes.io/managed-by"),
        "written by schedc",
    ),
    ({"labels": {"a b": "c"}}, ("labels", "a b"), "the key of the label 'a b'"),
    ({"labels": {"": "c"}}, ("labels", ""), "the key of the label ''"),
    ({"labels": {"/a": "c"}}, ("labels", "/a"), "prefix that is not a DNS name"),
    ({"labels": {"A.b/c": "c"}}, ("labels", "A.b/c"), "prefix that is not a DNS name"),
    ({"labels": {"a" * 64: "c"}}, ("labels", "a" * 64), "more than 63"),
    ({"labels": {"a": "b c"}}, ("labels", "a"), "the label 'a'"),
    ({"labels": {"a": "-b"}}, ("labels", "a"), "the label 'a'"),
    ({"labels": {"a": "b" * 64}}, ("labels", "a"), "has 64 characters"),
    ({"labels": {"a": "caf\u00e9"}}, ("labels", "a"), "the label 'a'"),
    ({"labels": {"a": "b\n"}}, ("labels", "a"), "the label 'a'"),
    ({"description": "x" * 262_144}, ("description",), "the annotations take"),
    ({"owner": "\ud800"}, ("owner",), "surrogate"),
    ({"max_active_runs": 2}, ("max_active_runs",), "cannot limit its active runs to 2"),
    ({"max_active_runs": 1, "overlap": Overlap.REPLACE}, ("max_active_runs",), "still be stopping"),
    ({"catchup": Catchup.NONE, "start_deadline": 86_400}, ("start_deadline_second",), "86400 seconds between"),
    ({"overlap": Overlap.SKIP, "start_deadline": 86_400}, ("start_deadline_second",), "86400 seconds between"),
    ({"catchup": Catchup.LATEST, "overlap": Overlap.SKIP}, ("overlap",), "cannot both"),
    ({"catchup": Catchup.LATEST, "start_deadline": 86_399}, ("start_deadline_second",), "missed longer ago"),
    ({"retries": 2**31}, ("retries",), "more than a CronJob can hold"),
    ({"attempt_timeout": 2**31}, ("attempt_timeout_second",), "more than a CronJob can hold"),
    ({"timeout": 9_223_372_037}, ("timeout_second",), "more than a CronJob can hold"),
    ({"start_deadline": 9_223_372_037}, ("start_deadline_second",), "more than a CronJob can hold"),
    (run(image=""), (*HERE, "image"), "the image is empty"),
    (run(image="  "), (*HERE, "image"), "the image is empty"),
    (run(image=" a"), (*HERE, "image"), "blanks"),
    (run(image="a\n"), (*HERE, "image"), "blanks"),
    (run(command=()), (*HERE, "command"), "empty list"),
    (run(args=()), (*HERE, "args"), "empty list"),
    (run(args=("a", "b\0")), (*HERE, "args", 1), "zero byte"),
    (run(command=("\udc00",)), (*HERE, "command", 0), "surrogate"),
    (run(service_account="A"), (*HERE, "service_account"), "the service account 'A'"),
    (run(env={"1A": "x"}), (*HERE, "env", "1A"), "the variable '1A'"),
    (run(env={"A B": "x"}), (*HERE, "env", "A B"), "the variable 'A B'"),
    (run(env={"": "x"}), (*HERE, "env", ""), "the variable ''"),
    (run(env={"..": "x"}), (*HERE, "env", ".."), "is a path"),
    (run(env={"A": "\0"}), (*HERE, "env", "A"), "zero byte"),
    (run(env={"A": SecretKey("a_b", "k")}), (*HERE, "env", "A", "secret"), "name of the secret"),
    (run(env={"A": SecretKey("", "k")}), (*HERE, "env", "A", "secret"), "name of the secret"),
    (run(env={"A": SecretKey("a", "k k")}), (*HERE, "env", "A", "key"), "the key 'k k'"),
    (run(env={"A": ConfigMapKey("a", "..k")}), (*HERE, "env", "A", "key"), "is a path"),
    (run(env={"A": ConfigMapKey("a", "")}), (*HERE, "env", "A", "key"), "the key ''"),
    (requests(cpu="two"), (*HERE, "resources", "requests", "cpu"), "is not a quantity"),
    (requests(cpu="-1"), (*HERE, "resources", "requests", "cpu"), "is negative"),
    (requests(cpu="1n1"), (*HERE, "resources", "requests", "cpu"), "is not a quantity"),
    (requests(gpu="1"), (*HERE, "resources", "requests", "gpu"), "not a resource of containers"),
    (requests(hugepages="1"), (*HERE, "resources", "requests", "hugepages"), "not a resource of containers"),
    (requests(nvidia__gpu="1"), (*HERE, "resources", "requests", "nvidia/gpu"), "no limit"),
    (run(resources=Resources(limits={"a.b/c": "0.5"})), (*HERE, "resources", "limits", "a.b/c"), "whole number"),
    (
        run(resources=Resources(requests={"cpu": "2"}, limits={"cpu": "1900m"})),
        (*HERE, "resources", "requests", "cpu"),
        "not at most its limit",
    ),
    (
        run(resources=Resources(requests={"a.b/c": "1"}, limits={"a.b/c": "2"})),
        (*HERE, "resources", "requests", "a.b/c"),
        "not equal to its limit",
    ),
    (run(resources=Resources(limits={"hugepages-2Mi": "4Mi"})), (*HERE, "resources"), "cpu or memory"),
    (run(args=("x" * 1_600_000,)), HERE, "are stored"),
    (run(resources=Resources(limits={"requests.a/b": "1"})), (*HERE, "resources", "limits", "requests.a/b"), "quotas"),
]


@pytest.mark.parametrize(("fields", "at", "message"), REFUSED)
def test_refused_at_its_place(fields: dict[str, Any], at: tuple[str | int, ...], message: str) -> None:
    found = [one for one in findings(schedule(at=at, **fields)) if message in one.message]
    assert found, message
    (one,) = found
    assert one.rule is rules.TARGET_LIMIT
    assert one.span is not None
    assert (one.span.start, one.span.end) in {(10, 20), (30, 40)}
    assert one.help
    assert len(one.notes) == 2
    assert one.notes[1].startswith("source: ")
    assert one.message.isprintable()


def test_a_zone_that_the_server_does_not_know() -> None:
    (one,) = findings(schedule(DAILY, "Local", at=("timezone",)))
    assert one.rule is rules.TARGET_LIMIT
    assert "refuses the zone 'Local'" in one.message
    assert one.span is not None
    assert one.span.start == 10


ACCEPTED: list[dict[str, Any]] = [
    {},
    {"name": "a" * 52},
    {"labels": {"example.com/a": "b.c_d-e", "A": ""}},
    {"max_active_runs": 1},
    {"catchup": Catchup.LATEST},
    {"catchup": Catchup.LATEST, "start_deadline": 86_400},
    {"catchup": Catchup.NONE, "start_deadline": 86_399},
    {"overlap": Overlap.SKIP, "start_deadline": 3600},
    {"timeout": 9_223_372_036},
    run(command=("a",), args=()),
    run(args=("$(HOME)", "{{ x }}", "caf\u00e9", "")),
    run(env={"A.b-C": "", "_": "x", "D": SecretKey("a.b", "K.k-k_1")}),
    run(resources=Resources(requests={"cpu": "1", "memory": "1e9"}, limits={"cpu": "1000m", "memory": "1G"})),
    run(resources=Resources(requests={"a.b/c": "1"}, limits={"a.b/c": "1"})),
    run(resources=Resources(limits={"hugepages-2Mi": "4Mi", "memory": "1Gi"})),
]


@pytest.mark.parametrize("fields", ACCEPTED)
def test_accepted(fields: dict[str, Any]) -> None:
    assert findings(schedule(**fields)) == []


def test_pausing_warns_of_what_resuming_starts() -> None:
    (one,) = findings(schedule(paused=True))
    assert one.rule is rules.TARGET_CAVEAT
    told = findings(schedule(paused=True, catchup=Catchup.NONE))
    assert rules.TARGET_CAVEAT not in [one.rule for one in told]


def test_a_large_cronjob_needs_server_side_apply() -> None:
    (one,) = findings(schedule(**run(args=("x" * 300_000,))))
    assert one.rule is rules.TARGET_CAVEAT
    assert "--server-side" in (one.help or "")


def test_what_is_refused_elsewhere_stops_nothing_here() -> None:
    steps = Steps(steps=(Step(name="a", container=Container(image="a")),))
    one = replace(schedule(run=steps, catchup=Catchup.LATEST, retries=2**31), trigger=Interval(0, 90))
    assert ["more than a CronJob can hold" in found.message for found in findings(one)] == [True]
    timed = Container(image="", command=("a",), env={"A": ScheduledTime("%Y", "UTC")})
    assert [found.message for found in findings(schedule(run=timed))] == ["the image is empty"]


@pytest.mark.parametrize(("minor", "refused"), [(33, True), (34, False)])
def test_variable_names_by_version(minor: int, refused: bool) -> None:
    assert bool(findings(schedule(**run(env={"1 A:é"[:4]: "x"})), {"version": f"1.{minor}"})) is refused


EVERY = Calendar(minutes=mask(range(0, 60, 30)))
LATEST: list[tuple[Calendar, str, bool]] = [
    (DAILY, "UTC", True),
    (DAILY, "Asia/Kolkata", True),
    (DAILY, "Europe/Amsterdam", False),
    (EVERY, "Europe/Amsterdam", True),
    (Calendar(minutes=1), "Europe/Amsterdam", True),
    (Calendar(minutes=1, hours=mask(range(0, 24, 6))), "UTC", True),
    (Calendar(minutes=1, hours=mask([0, 6, 12])), "UTC", False),
    (Calendar(minutes=mask([10, 40])), "UTC", True),
    (Calendar(minutes=mask([10, 50])), "UTC", False),
    (Calendar(minutes=1, hours=1, weekdays=mask([1])), "UTC", True),
    (Calendar(minutes=1, hours=1, weekdays=mask([1, 4])), "UTC", False),
    (Calendar(minutes=1, hours=1, days=mask([1])), "UTC", False),
    (Calendar(minutes=1, hours=mask([9]), weekdays=mask(range(1, 6))), "UTC", False),
]


@pytest.mark.parametrize(("calendar", "zone", "even"), LATEST)
def test_the_latest_run_needs_even_spacing(calendar: Calendar, zone: str, even: bool) -> None:
    found = findings(schedule(calendar, zone, catchup=Catchup.LATEST))
    assert [("evenly" in one.message, "mostRecentScheduleTime" in one.notes[0]) for one in found] == (
        [] if even else [(True, True)]
    )


QUANTITIES = [
    ("1", 10**9),
    ("500m", 5 * 10**8),
    ("0.5", 5 * 10**8),
    (".5", 5 * 10**8),
    ("1.", 10**9),
    ("+1", 10**9),
    ("1u", 1000),
    ("1n", 1),
    ("1.5Ki", 1536 * 10**9),
    ("1k", 10**12),
    ("1e3", 10**12),
    ("1E3", 10**12),
    ("1E", 10**27),
    ("2e-3", 2 * 10**6),
    ("1.5e-9", None),
    ("-0", 0),
]


@pytest.mark.parametrize(("text", "billionths"), QUANTITIES)
def test_quantities(text: str, billionths: int | None) -> None:
    if billionths is None:
        with pytest.raises(NotAQuantity, match="finer"):
            quantity(text)
    else:
        assert quantity(text) == billionths


NOT_QUANTITIES = [
    "",
    " 1",
    "1 ",
    "1\n",
    ".",
    "1.2.3",
    "1K",
    "1mi",
    "1e",
    "1e999999999",
    "16E",
    "0.1n",
    "-1",
    "1,5",
    "0x1",
]


@pytest.mark.parametrize("text", [*NOT_QUANTITIES, "\u0661"])
def test_not_quantities(text: str) -> None:
    with pytest.raises(NotAQuantity):
        quantity(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=10))
def test_any_text_is_a_quantity_or_not(text: str) -> None:
    with suppress(NotAQuantity):
        assert quantity(text) >= 0
