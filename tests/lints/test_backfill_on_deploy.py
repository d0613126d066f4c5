"""How many missed runs a deployment starts: by hand, by listing, and by what the engines' models do at that moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from compiling import CONTAINER, VERTEX, Result, compile_files, document
from hypothesis import given, settings
from hypothesis import strategies as st
from lowering_schedules import crons, intervals, schedule
from schedc.engines import airflow, kubeflow, robfig
from schedc.ir.occurrences import occurrences
from schedc.ir.schedule import Catchup
from schedc.ir.triggers import Interval, Trigger
from schedc.ir.zones import UTC
from schedc.lints.backfill_on_deploy import missed_runs
from schedc.proof_range import PROOF_START
from schedc.target import Deployed
from schedc.targets import target

_DAY = 86_400
_TOLD: dict[str, Any] = {"env": {"DAY": {"scheduled_time": "%Y-%m-%d"}}}
NEW_YEAR = "2026-01-01T00:00:00Z"
PAST = "2025-12-22T00:00:00Z"  # ten days before


def _compile(folder: Path, fields: dict[str, Any], targets: list[str], toml: str = "") -> Result:
    one = {"cron_expression": "0 4 * * *", **fields, "deploy_to": targets, "targets": {"vertex": VERTEX}}
    if one.get("interval_second"):
        del one["cron_expression"]
    one["targets"] = {name: VERTEX for name in targets if name == "vertex"}
    one["run"] = {"container": {**CONTAINER, **(_TOLD if targets == ["airflow"] else {})}}
    return compile_files(folder, {"one.yaml": document({"one": one}), "schedc.toml": toml}, lint=True)


def _told(result: Result) -> list[tuple[str | None, str]]:
    assert [d for d in result.found if d.is_error] == []
    return [(d.target, d.message) for d in result.found if d.rule.code == "SC226"]


def _missed(title: str, number: str) -> str:
    return f"{title} makes up for at least {number} missed run{'s' if number != '1' else ''}"


# fields, targets, schedc.toml, and who is told to make up for how many
TABLE: list[tuple[dict[str, Any], list[str], str, dict[str, str]]] = [
    (
        {"start_time": PAST, "catchup": "all"},
        ["airflow", "kubeflow"],
        "",
        {"airflow": _missed("Airflow", "10"), "kubeflow": _missed("Kubeflow Pipelines", "10")},
    ),
    ({"start_time": PAST}, ["vertex"], "", {"vertex": _missed("Vertex AI", "10")}),
    ({"start_time": PAST, "catchup": False}, ["airflow", "kubeflow"], "", {}),  # at most the latest one
    ({"start_time": PAST}, ["airflow", "kubeflow"], "", {}),
    ({"start_time": NEW_YEAR, "catchup": "all"}, ["airflow", "kubeflow"], "", {}),
    ({"start_time": "2025-12-31T04:00:00Z", "catchup": "all"}, ["airflow"], "", {"airflow": _missed("Airflow", "1")}),
    ({"start_time": "2025-12-31T04:00:01Z", "catchup": "all"}, ["airflow"], "", {}),
    (  # the promise is what counts, where there is one; the instant of the promise itself is not missed
        {"start_time": "2026-12-01T00:00:00Z", "catchup": "all"},
        ["airflow"],
        "applied_after = 2026-12-04T04:00:00Z",
        {"airflow": _missed("Airflow", "3")},
    ),
    ({"start_time": PAST, "catchup": "all"}, ["airflow"], "applied_after = 2025-12-22T00:00:00Z", {}),
    ({"start_time": PAST}, ["vertex"], "applied_after = 2026-01-05T00:00:00Z", {}),  # the start is left out then
    (
        {"start_time": PAST, "end_time": "2025-12-25T04:00:00Z", "catchup": "all"},
        ["airflow"],
        "",
        {"airflow": _missed("Airflow", "4")},
    ),
    ({"start_time": PAST, "max_runs": 3}, ["vertex"], "", {"vertex": _missed("Vertex AI", "3")}),
    (
        {"start_time": "2025-12-31T22:30:00Z", "interval_second": "45m", "catchup": "all"},  # 22:30 and 23:15
        ["airflow", "kubeflow"],
        "",
        {"airflow": _missed("Airflow", "2"), "kubeflow": _missed("Kubeflow Pipelines", "2")},
    ),
    (
        {"start_time": "2024-01-01T00:00:00Z", "interval_second": "30m", "catchup": "all"},
        ["airflow"],
        "",
        {"airflow": _missed("Airflow", "35,088")},  # 731 days of 48
    ),
    ({"start_time": PAST, "catchup": "all", "paused": True}, ["kubeflow"], "", {}),
    ({"start_time": PAST, "catchup": "all", "enabled": False}, ["airflow"], "", {}),
    ({"start_time": PAST, "catchup": "all"}, ["airflow"], "[lints]\nbackfill-on-deploy = false\n", {}),
]


@pytest.mark.parametrize(("fields", "targets", "toml", "told"), TABLE)
def test_by_hand(fields: dict[str, Any], targets: list[str], toml: str, told: dict[str, str], tmp_path: Path) -> None:
    assert dict(_told(_compile(tmp_path, fields, targets, toml))) == told


def test_it_is_said_once(tmp_path: Path) -> None:
    """With a number, and not beside it in the words of the target without one."""
    result = _compile(tmp_path, {"start_time": PAST}, ["vertex"])
    [found] = result.found
    assert found.notes == (
        "where the start has passed by then, every run that was due since starts at once",
        "counted from 2025-12-22 00:00+00:00 to 2026-01-01 00:00+00:00, since a compile knows no today",
    )
    assert [o.at_deploy for o in result.compilation.outputs] == [None]
    off = _compile(tmp_path, {"start_time": PAST}, ["vertex"], "[lints]\nbackfill-on-deploy = false\n")
    assert [d.rule.code for d in off.found] == ["SC306"]
    assert [o.at_deploy is None for o in off.compilation.outputs] == [False]


def test_a_one_off_in_the_past(tmp_path: Path) -> None:
    one = {"run_once_start_time": PAST, "run": {"container": CONTAINER}, "deploy_to": ["vertex"]}
    files = {"one.yaml": document({"one": {**one, "targets": {"vertex": VERTEX}}})}
    [found] = compile_files(tmp_path, files, lint=True).found
    assert (found.message, found.help) == (_missed("Vertex AI", "1"), "move run_once_start_time forward")


def test_what_stands_elsewhere_stays(tmp_path: Path) -> None:
    """That a redeployment repeats all of it is another thing."""
    result = _compile(tmp_path, {"start_time": PAST, "catchup": "all"}, ["kubeflow"])
    assert sorted(d.rule.code for d in result.found) == ["SC210", "SC226", "SC306"]


_triggers: st.SearchStrategy[Trigger] = crons() | intervals


@given(
    trigger=_triggers,
    since=st.integers(PROOF_START - 30 * _DAY, PROOF_START + 300 * _DAY),
    length=st.integers(-2 * _DAY, 40 * _DAY),
    end=st.none() | st.integers(PROOF_START, PROOF_START + 340 * _DAY),
    max_runs=st.none() | st.integers(1, 50),
)
@settings(max_examples=200, deadline=None)
def test_it_agrees_with_a_list_of_occurrences(
    trigger: Trigger, since: int, length: int, end: int | None, max_runs: int | None
) -> None:
    moment = since + length
    if isinstance(trigger, Interval) and trigger.seconds < 600:
        trigger = Interval(trigger.start, 600)
    one = schedule(trigger, start=since, end=end, max_runs=max_runs, applied_after=moment)
    last = moment - 1 if end is None else min(moment - 1, end)
    listed = len(list(occurrences(trigger, since, last)))
    assert missed_runs(one, since) == (listed if max_runs is None else min(listed, max_runs))


def _deployed(result: Result) -> dict[str, Deployed]:
    return {o.target: target(o.target).read({a.path: a.text for a in o.artifacts}) for o in result.compilation.outputs}


MODELLED: list[dict[str, Any]] = [
    {"cron_expression": "0 4 * * *"},
    {"cron_expression": "*/20 9-17 * * 1-5"},
    {"cron_expression": "0 0 28-31 * *", "end_time": "2026-02-01T00:00:00Z"},
    {"interval_second": "45m"},
    {"interval_second": "30m"},
    {"interval_second": "36h"},
]


@pytest.mark.parametrize("fields", MODELLED, ids=lambda fields: "-".join(map(str, fields.values())))
def test_it_agrees_with_what_the_engines_do_when_they_are_told(fields: dict[str, Any], tmp_path: Path) -> None:
    """The artifact as read back, run by the models from its start until nothing is due before the moment."""
    toml = "applied_after = 2026-02-10T12:34:00Z"
    fields = {**fields, "start_time": "2025-12-30T00:00:00Z", "catchup": "all"}
    result = _compile(tmp_path, fields, ["airflow", "kubeflow"], toml)
    moment = PROOF_START + 40 * _DAY + 12 * 3600 + 34 * 60
    found = {name: int(message.split()[-3].replace(",", "")) for name, message in _told(result) if name is not None}
    deployed = _deployed(result)
    assert found == {
        "airflow": _airflow(deployed["airflow"], moment),
        "kubeflow": _kubeflow(deployed["kubeflow"], moment),
    }
    assert {one.schedule.catchup for one in result.compilation.outputs} == {Catchup.ALL}


def _airflow(deployed: Deployed, moment: int) -> int:
    told = deployed.told
    timetable: Any = (
        airflow.DeltaTrigger(told.period)
        if told.period is not None
        else airflow.MultipleCronTrigger(tuple(airflow.read(text) for text in told.crons))
    )
    runs, last = 0, None
    while True:
        last = airflow.next_dagrun(
            timetable, UTC, start=told.start, end=told.end, catchup=told.catchup, last=last, now=moment
        )
        if last is None or last[1] >= moment:
            return runs
        runs += 1


def _kubeflow(deployed: Deployed, moment: int) -> int:
    told = deployed.told
    bounds: dict[str, Any] = {"start": told.start, "end": told.end, "no_catchup": not told.catchup, "now": moment}
    times = (
        kubeflow.periodic_times(told.period, moment, **bounds)
        if told.period is not None
        else kubeflow.cron_times(robfig.read_v1(told.crons[0]), UTC, moment, **bounds)
    )
    runs = 0
    for due in times:
        if due >= moment:
            break
        runs += 1
    return runs
