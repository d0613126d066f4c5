"""What the proof remembers: it finds what it would find if it followed everything, and tells it at the right place."""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest
from proof_schedules import ODD_ZONES, cron, node, random_cron
from schedc.diagnostics import Diagnostic, Severity
from schedc.diagnostics.sink import Allowance, Sink
from schedc.engines.model import CronError
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Fold, Gap
from schedc.node import Entry, Node
from schedc.proof import changes, courses, instants
from schedc.proof.instants import prove_instants
from schedc.records import fields, replace
from schedc.source import SourceFile, Span
from schedc.target import Told

_SEEDS = int(os.environ.get("SCHEDC_ORACLE_SEEDS", "60"))
_2033 = 1_988_150_400
_ZONES = (*ODD_ZONES, "Europe/Amsterdam", "America/New_York", "Europe/Dublin", "Asia/Gaza", "America/Nuuk")


def found(schedule: Schedule, told: Told, families: tuple[str, ...] = ("7",)) -> list[tuple[Any, ...]]:
    sink = Sink()
    prove_instants(schedule, told, families, "It", sink)
    return [(one.rule.code, one.message, one.notes, one.help, one.severity) for one in sink.found]


def asked(pick: Random) -> tuple[Schedule, Told, tuple[str, ...]]:
    zone = pick.choice(_ZONES)
    text = random_cron(pick)
    while len(text.split()) > 5 or any(sign in text for sign in "#LW+"):
        text = random_cron(pick)
    declared: dict[str, Any] = {}
    if pick.random() < 0.4 and text.split()[1] != "*":
        declared = {"gap": pick.choice([None, *Gap]), "fold": pick.choice([None, *Fold])}
    engine = pick.choice(["kubernetes", "kubeflow", "airflow", "vertex"])
    given = {"kubernetes": text, "kubeflow": f"0 {text}", "airflow": text, "vertex": f"TZ={zone} {text}"}[engine]
    families = pick.choice([("7",), ("7", "6.0"), ("3", "5")]) if engine == "airflow" else ()
    return (
        cron(text, zone, end=_2033, **declared),
        Told(engine=engine, crons=(given,), timezone=zone, end=_2033),
        families,
    )


@pytest.mark.parametrize("seed", range(_SEEDS))
def test_a_change_that_is_not_followed_again_holds_nothing_new(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every change followed, from every origin with a search of its own, the same is found."""
    schedule, told, families = asked(Random(seed))
    instants._known.clear()
    quickly = found(schedule, told, families)
    instants._known.clear()
    monkeypatch.setattr(changes, "_memory", lambda *_: None)
    monkeypatch.setattr(courses, "_search", lambda clock, origin: ((origin,), 0))
    monkeypatch.setattr(courses, "_is_undisturbed", lambda *_: False)
    monkeypatch.setattr(courses, "FORGETS", 34 * 86_400)
    assert found(schedule, told, families) == quickly
    instants._known.clear()


def placed(schedule: Schedule, text: str, **written: str) -> Schedule:
    """The schedule as it stands in another file, with some fields written there."""
    file = SourceFile("other.yaml", text)
    entries = {}
    for name, value in written.items():
        at = text.index(value)
        entries[name] = Entry(Span(file, at, at), Node(value, Span(file, at, at + len(value)), value))
    return replace(schedule, node=Node(entries, Span(file, 0, 1)))


OPEN = cron("30 2 * * *", "Europe/Amsterdam")
TOLD = Told(engine="kubernetes", crons=("30 2 * * *",), timezone="Europe/Amsterdam")


def told_of(schedule: Schedule, told: Told, sink: Sink | None = None) -> list[Diagnostic]:
    sink = sink or Sink()
    prove_instants(schedule, told, (), "It", sink)
    return sink.found


def test_each_schedule_is_told_at_its_own_place() -> None:
    text = "x: 30 2 * * *\ny: Europe/Amsterdam\n"
    first = told_of(placed(OPEN, text, cron_expression="30 2 * * *"), TOLD)
    second = told_of(placed(OPEN, "#" * 9 + text, cron_expression="30 2 * * *"), TOLD)
    assert [one.message for one in first] == [one.message for one in second]
    assert [one.span.start for one in first if one.span] == [3]
    assert [one.span.start for one in second if one.span] == [12]


def test_a_place_is_the_first_that_is_written() -> None:
    wrong = Told(engine="kubernetes", crons=("15 12 * * *",), timezone="Australia/Lord_Howe")
    schedule = cron("15 12 * * *", "Australia/Lord_Howe")
    text = "x: 15 12 * * *\ny: Australia/Lord_Howe\n"
    with_zone = placed(schedule, text, cron_expression="15 12 * * *", timezone="Australia/Lord_Howe")
    without = placed(schedule, text, cron_expression="15 12 * * *")
    assert [one.span.start for one in told_of(with_zone, wrong) if one.span] == [text.index("Australia")]
    assert [one.span.start for one in told_of(without, wrong) if one.span] == [3]


def test_strictness_and_allowances_are_those_of_the_sink_at_hand() -> None:
    lax, strict, allowed = Sink("a"), Sink("a"), Sink("a")
    strict.be_strict()
    allowed.allow("a", Allowance("SC403", "known", OPEN.node.span))
    warned, refused = told_of(OPEN, TOLD, lax), told_of(OPEN, TOLD, strict)
    assert [one.severity for one in warned] == [Severity.WARNING]
    assert [one.severity for one in refused] == [Severity.ERROR]
    assert warned[0].rule.code == "SC403"
    assert told_of(OPEN, TOLD, allowed) == []


def test_a_strict_sink_hears_of_no_step_after_an_error() -> None:
    """What is unknown of a closed engine is a warning first, and what robfig/cron would do there comes after it."""
    told = Told(engine="vertex", crons=("TZ=Antarctica/Troll 30 1 * * *",), timezone="Antarctica/Troll")
    schedule = cron("30 1 * * *", "Antarctica/Troll")
    lax, strict = Sink(), Sink()
    strict.be_strict()
    assert [one.rule.code for one in told_of(schedule, told, lax)] == ["SC403", "SC401"]
    assert [one.rule.code for one in told_of(schedule, told, strict)] == ["SC403"]
    assert (lax.errors, strict.errors) == (1, 1)


def test_two_versions_of_an_engine_that_do_the_same_are_told_of_once() -> None:
    told = Told(engine="airflow", crons=("30 2 1,29,31 * *",), timezone="Europe/Amsterdam")
    sink = Sink()
    prove_instants(cron("30 2 1,29,31 * *", "Europe/Amsterdam"), told, ("7", "5"), "It", sink)
    assert [one.rule.code for one in sink.found] == ["SC403"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start", 1_767_225_700),
        ("end", 1_900_000_000),
        ("max_runs", 3),
        ("applied_after", 1_900_000_000),
        ("timezone", "Europe/Berlin"),
    ],
)
def test_other_questions_are_other_entries(name: str, value: Any) -> None:
    instants._known.clear()
    told_of(OPEN, TOLD)
    told_of(replace(OPEN), TOLD)
    assert len(instants._known) == 1
    told_of(replace(OPEN, **{name: value}), TOLD)
    assert len(instants._known) == 2


def test_everything_that_an_engine_is_told_is_in_the_question() -> None:
    others: dict[str, Any] = {
        "crons": ("31 2 * * *",),
        "timezone": "UTC",
        "engine": "kubeflow",
        "period": 60,
        "catchup": True,
    }
    for one in fields(Told):
        instants._known.clear()
        told_of(OPEN, TOLD)
        try:
            told_of(OPEN, replace(TOLD, **{one.name: others.get(one.name, 1_900_000_000)}))
        except (CronError, LookupError):
            continue
        assert len(instants._known) == 2, one.name


def test_a_node_of_a_field_is_written() -> None:
    """What `placed` makes is what a reader makes: a field that is there is true."""
    assert bool(node({"timezone": "UTC"}).get("timezone"))


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Pacific/Chatham", "America/Havana"])
@pytest.mark.parametrize("days", ["1 * *", "2 * *", "5 * *", "29 * *"])
def test_a_day_of_the_month_meets_a_change_in_some_years_only(
    zone: str, days: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"15 12 {days}"
    schedule, told = cron(text, zone, end=_2033), Told(engine="kubernetes", crons=(text,), timezone=zone, end=_2033)
    instants._known.clear()
    quickly = found(schedule, told)
    instants._known.clear()
    monkeypatch.setattr(changes, "_memory", lambda *_: None)
    assert found(schedule, told) == quickly
    instants._known.clear()
