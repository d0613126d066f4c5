"""Each kind of change of a schedule: its category, and every line that is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from diffing import DAILY, compared, container, diff, merged, write

AMSTERDAM = {"timezone": "Europe/Amsterdam"}
AIRFLOW = {"deploy_to": ["airflow"]}
GAINED = "365 gained a year (7 a week)"

Case = tuple[dict[str, Any], dict[str, Any], str, list[str]]
CASES: dict[str, Case] = {
    # 52 Wednesdays; Amsterdam is one hour ahead of UTC in January.
    "a later hour": (
        {"cron_expression": "5 14 * * 3", **AMSTERDAM},
        {"cron_expression": "5 15 * * 3", **AMSTERDAM},
        "fires",
        [
            "kubernetes: 52 moved by +1 h a year (1 a week)",
            "first: Wed 2027-01-06 14:05+01:00 (13:05Z) -> 15:05+01:00 (14:05Z)",
            "cron_expression: 5 14 * * 3 -> 5 15 * * 3",
        ],
    ),
    # Summer time is from 28 March to 30 October: 4 + 30 + 31 + 30 + 31 + 31 + 30 + 30 = 217 days at 14:05.
    "another zone": (
        {"cron_expression": "5 14 * * *"},
        {"cron_expression": "5 14 * * *", **AMSTERDAM},
        "fires",
        [
            "kubernetes: 217 moved by -2 h a year (4.2 a week), 148 moved by -1 h a year (2.8 a week)",
            "first: Fri 2027-01-01 14:05+00:00 (14:05Z) -> 14:05+01:00 (13:05Z)",
            "timezone: UTC -> Europe/Amsterdam",
        ],
    ),
    # From Thursday to Sunday and on to Thursday are 3 and 4 days: Wednesday moves back to the Sunday before it. The
    # first Wednesday is 6 January and the first Sunday the 3rd; the last Wednesday is 29 December, after the 26th.
    "another day of the week": (
        {"cron_expression": "0 6 * * 3"},
        {"cron_expression": "0 6 * * 0"},
        "fires",
        [
            "kubernetes: 52 moved by -3 d a year (1 a week)",
            "first: Wed 2027-01-06 06:00+00:00 (06:00Z) -> Sun 2027-01-03 06:00+00:00 (06:00Z)",
            "cron_expression: 0 6 * * 3 -> 0 6 * * 0",
        ],
    ),
    "fewer days": (
        {},
        {"cron_expression": "0 6 * * 1-5"},
        "fires",
        [
            "kubernetes: 104 lost a year (2 a week)",
            "first: lost Sat 2027-01-02 06:00+00:00 (06:00Z)",
            "cron_expression: 0 6 * * * -> 0 6 * * 1-5",
        ],
    ),
    "more often": (
        {},
        {"cron_expression": "0 6,18 * * *"},
        "fires",
        [
            f"kubernetes: {GAINED}",
            "first: gained Fri 2027-01-01 18:00+00:00 (18:00Z)",
            "cron_expression: 0 6 * * * -> 0 6,18 * * *",
        ],
    ),
    # 31 + 31 + 30 + 31 + 30 + 31 days from July on.
    "an end in the range": (
        AIRFLOW,
        {**AIRFLOW, "end_time": "2027-07-01T00:00:00Z"},
        "fires",
        [
            "airflow: 184 lost a year (3.5 a week)",
            "first: lost Thu 2027-07-01 06:00+00:00 (06:00Z)",
            "end_time: added 2027-07-01T00:00:00Z",
        ],
    ),
    "an end beyond the range": (
        {**AIRFLOW, "end_time": "2030-01-01T00:00:00Z"},
        {**AIRFLOW, "end_time": "2031-01-01T00:00:00Z"},
        "fires",
        [
            "schedule: the same until 2028-01-01, and other instants after that",
            "first: gained Tue 2030-01-01 06:00+00:00 (06:00Z)",
            "end_time: 2030-01-01T00:00:00Z -> 2031-01-01T00:00:00Z",
        ],
    ),
    "a start that has passed": (
        AIRFLOW,
        {**AIRFLOW, "start_time": "2026-02-01T00:00:00Z"},
        "policy",
        [
            "airflow: now: where the start has passed by then, the latest instant since the start runs once",
            "when the DAG is deployed",
            "start_time: added 2026-02-01T00:00:00Z",
        ],
    ),
    # 02:30 does not exist on 28 March; Kubernetes runs nothing then, before and after.
    "what is left open is declared as it is": (
        {"cron_expression": "30 2 * * *", **AMSTERDAM},
        {"cron_expression": "30 2 * * *", **AMSTERDAM, "dst_gap": "skip", "dst_fold": "both"},
        "policy",
        ["dst_fold: added both", "dst_gap: added skip"],
    ),
    # robfig fires at no 02:30 on 28 March, whose 12:30 is gained, and at two on 31 October, of which the first is lost.
    "away from a clock change": (
        {"cron_expression": "30 2 * * *", **AMSTERDAM},
        {"cron_expression": "30 12 * * *", **AMSTERDAM},
        "fires",
        [
            "kubernetes: 364 moved by +10 h a year (7 a week), 1 lost in the year, 1 gained in the year",
            "first: Fri 2027-01-01 02:30+01:00 (01:30Z) -> 12:30+01:00 (11:30Z)",
            "gone at a clock change: 2027-03-28 02:30 does not exist: no run",
            "gone at a clock change: 2027-10-31 02:30 happens twice: runs both times",
            "cron_expression: 30 2 * * * -> 30 12 * * *",
        ],
    ),
    "the same times in other words": (
        {"cron_expression": "0 6 * * 1,2,3,4,5"},
        {"cron_expression": "0 6 * * MON-FRI"},
        "same",
        ["cron_expression: 0 6 * * 1,2,3,4,5 -> 0 6 * * MON-FRI"],
    ),
    "the same clock by another name": (
        {"timezone": "Europe/Amsterdam"},
        {"timezone": "Europe/Brussels"},
        "same",
        ["timezone: Europe/Amsterdam -> Europe/Brussels"],
    ),
    "overlap": (
        {},
        {"overlap": "replace"},
        "policy",
        ["kubernetes: engine.busy: start -> replace", "engine.limit: added 1", "overlap: added replace"],
    ),
    "retries": ({}, {"retries": 3}, "policy", ["retries: 0 -> 3"]),
    "a bound": ({"timeout_second": 600}, {"timeout_second": 900}, "policy", ["timeout_second: 600 -> 900"]),
    "paused": ({}, {"paused": True}, "policy", ["paused: false -> true"]),
    "an image": (
        {},
        container(image="ghcr.io/acme/churn:1.5.0"),
        "workload",
        ["run.container.image: ghcr.io/acme/churn:1.4.0 -> ghcr.io/acme/churn:1.5.0"],
    ),
    "a command": (
        {},
        container(command=["python", "-m", "churn.train", "--all"]),
        "workload",
        ["run.container.command: [python, -m, churn.train] -> [python, -m, churn.train, --all]"],
    ),
    "variables": (
        container(env={"A": "1", "B": {"secret": "s", "key": "k"}, "C": "x"}),
        container(env={"B": {"secret": "s", "key": "other"}, "C": "y", "D": ""}),
        "workload",
        [
            'run.container.env.A: removed "1"',
            "run.container.env.B: {secret: s, key: k} -> {secret: s, key: other}",
            "run.container.env.C: x -> y",
            'run.container.env.D: added ""',
        ],
    ),
    "resources and the pod": (
        container(resources={"limits": {"cpu": "1"}}),
        container(resources={"limits": {"cpu": "2"}}, node_selector={"disk": "ssd"}),
        "workload",
        ["run.container.node_selector.disk: added ssd", 'run.container.resources.limits.cpu: "1" -> "2"'],
    ),
    "metadata": (
        {"owner": "a-team", "labels": {"team": "a"}},
        {"owner": "b-team", "labels": {"stage": "prod"}, "description": "Retrain the model"},
        "metadata",
        [
            "description: added Retrain the model",
            "labels.stage: added prod",
            "labels.team: removed a",
            "owner: a-team -> b-team",
        ],
    ),
    "a namespace": (
        {},
        {"targets": {"kubernetes": {"namespace": "ml"}}},
        "fires",
        [
            "kubernetes: targets.kubernetes.namespace: added ml",
            "it is in another namespace: the old one fires on until it is deleted",
        ],
    ),
    "a name of its own on the engine": (
        AIRFLOW,
        {**AIRFLOW, "targets": {"airflow": {"dag_id": "other"}}},
        "fires",
        [
            "airflow: targets.airflow.dag_id: added other",
            "it is called other there, and was one: the old one fires on until it is deleted",
        ],
    ),
    "what an engine is": (
        {"targets": {"kubernetes": {"version": "1.30"}}},
        {"targets": {"kubernetes": {"version": "1.33"}}},
        "policy",
        ['kubernetes: targets.kubernetes.version: "1.30" -> "1.33"'],
    ),
    "one more target": (
        {},
        {"deploy_to": ["airflow", "kubernetes"]},
        "fires",
        [
            "airflow: added",
            "first: gained Fri 2027-01-01 06:00+00:00 (06:00Z)",
            GAINED,
            "now: the latest past instant runs once when the DAG is deployed",
            "deploy_to: [kubernetes] -> [airflow, kubernetes]",
        ],
    ),
    "disabled": (
        {},
        {"enabled": False},
        "fires",
        [
            "kubernetes: removed",
            "first: lost Fri 2027-01-01 06:00+00:00 (06:00Z)",
            "365 lost a year (7 a week)",
            "enabled: true -> false",
        ],
    ),
    "refused now": (
        {"overlap": "allow", "deploy_to": ["airflow"]},
        {"overlap": "replace", "deploy_to": ["airflow"]},
        "fires",
        ["airflow: refused now: SC301", "overlap: allow -> replace"],
    ),
    "refused before": (
        {"overlap": "replace", "deploy_to": ["airflow"]},
        {"overlap": "allow", "deploy_to": ["airflow"]},
        "fires",
        [
            "airflow: compiles now, and was refused: SC301",
            "first: gained Fri 2027-01-01 06:00+00:00 (06:00Z)",
            GAINED,
            "now: the latest past instant runs once when the DAG is deployed",
            "overlap: replace -> allow",
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_change(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, category, expected = CASES[case]
    said = compared(tmp_path, capsys, {"one": merged(DAILY, old)}, {"one": merged(DAILY, new)})
    head, *lines = said.blocks["one"]
    assert (head.split()[1], lines) == (category, expected), said
    assert said.code == (1 if case == "refused now" else 0)


def test_an_interval_from_another_start_moves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Kubeflow counts 90 minutes from the start: 16 a day, of which a quarter of an hour later is no neighbour's."""
    base = {**merged(DAILY, {"cron_expression": None, "deploy_to": ["kubeflow"]}), "catchup": True}
    old = {**base, "interval_second": 5400, "start_time": "2026-12-31T00:00:00Z"}
    new = {**base, "interval_second": 5400, "start_time": "2026-12-31T00:15:00Z"}
    said = compared(tmp_path, capsys, {"one": old}, {"one": new}, ("--from", "2027-01-01", "--until", "2027-01-11"))
    assert "kubeflow: 160 moved by +15 min in 10 days (112 a week)" in said.blocks["one"], said


def test_what_is_the_same_is_only_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = compared(tmp_path, capsys, {"one": DAILY, "two": DAILY}, {"two": DAILY, "one": DAILY})
    assert said.out == (
        f"compared from 2027-01-01 to before 2028-01-01, UTC: {tmp_path / 'old'} -> {tmp_path / 'new'}\n"
        "\nnothing changed; 2 unchanged\n"
    )
    assert (said.code, said.err) == (0, "")


def test_a_moved_file_is_another_text_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "old", {"one": DAILY})
    write(tmp_path / "new", {"one": DAILY}, 'sources = ["moved.yaml"]\n')
    (tmp_path / "new/s.yaml").rename(tmp_path / "new/moved.yaml")
    said = diff(capsys, str(tmp_path / "old"), str(tmp_path / "new"), "--fail-on", "metadata,workload,policy,fires")
    assert "the same but for the text of the artifacts: one" in said.out
    assert said.code == 0
    assert diff(capsys, str(tmp_path / "old"), str(tmp_path / "new"), "--fail-on", "same").code == 1


CONFIGS: dict[str, tuple[dict[str, Any], dict[str, Any], str, str, list[str]]] = {
    "defaults of the file": ({}, {"defaults": {"retries": 2}}, "", "", ["retries: 0 -> 2"]),
    "defaults of the repository": ({}, {}, "", "[defaults]\nretries = 2\n", ["retries: 0 -> 2"]),
    "options of a target": (
        {},
        {},
        "",
        "[targets.kubernetes]\nfailed_jobs_history_limit = 5\n",
        ["kubernetes: targets.kubernetes.failed_jobs_history_limit: 1 -> 5"],
    ),
    "an environment": (
        {},
        {},
        "[environments.prod]\nowner = 'a'\n",
        "[environments.prod]\nowner = 'b'\n",
        ["owner: a -> b"],
    ),
    "a value": (
        {},
        {},
        "[environments.prod]\n[values]\ntag = '1'\n",
        "[environments.prod]\n[values]\ntag = '2'\n",
        ["run.container.image: ghcr.io/acme/churn:1 -> ghcr.io/acme/churn:2"],
    ),
}


@pytest.mark.parametrize("case", CONFIGS)
def test_what_comes_from_elsewhere_shows(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, before, after, expected = CONFIGS[case]
    config = 'sources = ["s.yaml"]\n'
    one = merged(DAILY, container(image="ghcr.io/acme/churn:${values.tag}") if case == "a value" else {})
    write(tmp_path / "old", {"one": one}, config + before, **old)
    write(tmp_path / "new", {"one": one}, config + after, **new)
    env = ["--env", "prod"] if "environments" in before else []
    said = diff(capsys, str(tmp_path / "old"), str(tmp_path / "new"), "--from", "2027-01-01", *env)
    assert said.blocks["one"][1:] == expected, said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 0),
        (("--fail-on", "fires"), 0),
        (("--fail-on", "workload"), 1),
        (("--fail-on", "fires,workload"), 1),
        (("--fail-on", "metadata, policy"), 0),
        (("--fail-on", "nonsense"), 2),
        (("--until", "2026-01-01"), 2),
        (("--until", "2300-01-01T00:00:00Z"), 2),
        (("--env", "prod"), 2),
        (("--env", "../x"), 2),
        (("--schedule", "two"), 2),
        (("--target", "nowhere"), 2),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = merged(DAILY, container(image="ghcr.io/acme/churn:2"))
    said = compared(tmp_path, capsys, {"one": DAILY}, {"one": changed}, ("--from", "2027-01-01", *arguments))
    assert said.code == code, said


def test_of_a_side_with_mistakes_the_rest_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The broken schedule is neither removed nor the same: it is not compared."""
    broken = merged(DAILY, {"cron_expression": "61 * * * *"})
    said = compared(
        tmp_path, capsys, {"one": DAILY, "two": DAILY}, {"one": merged(DAILY, {"retries": 1}), "two": broken}
    )
    assert said.code == 1
    assert said.blocks["one"][1:] == ["retries: 0 -> 1"]
    assert "not compared, since one side could not be read: two\n" in said.out
    assert f"{tmp_path}/new/s.yaml" in said.err
    assert f"note: in {tmp_path}/new" in said.err


def test_what_cannot_be_read_at_all_removes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "old", {"one": DAILY})
    (write(tmp_path / "new", {}) / "s.yaml").write_text("schedules: {one: [", "utf-8")
    said = diff(capsys, str(tmp_path / "old"), str(tmp_path / "new"))
    assert said.code == 2
    assert "removed" not in said.out
    assert "not compared, since one side could not be read: one\n" in said.out


def test_one_schedule_is_picked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = merged(DAILY, {"retries": 1})
    said = compared(tmp_path, capsys, {"one": DAILY, "two": DAILY}, {"one": new, "two": new}, ("--schedule", "two"))
    assert set(said.blocks) == {"two"}
    assert said.out.endswith("1 schedule changed (1 policy), 0 unchanged\n")


def test_environments_are_compared_in_turn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One that only the new side has brings all of its schedules."""
    write(tmp_path / "old", {"one": DAILY}, 'sources = ["s.yaml"]\n[environments.prod]\n')
    write(
        tmp_path / "new", {"one": DAILY}, 'sources = ["s.yaml"]\n[environments.prod]\nretries = 1\n[environments.dev]\n'
    )
    said = diff(capsys, str(tmp_path / "old"), str(tmp_path / "new"), "--env", "all", "--from", "2027-01-01")
    dev, prod = said.out.split("\nprod:\n")
    assert "\ndev:\n" in dev
    assert f'one  fires     added "at 06:00 every day", UTC\n  kubernetes: {GAINED}' in dev
    assert prod.startswith('\none  policy    "at 06:00 every day", UTC\n  retries: 0 -> 1\n')
    assert "there is no environment dev" in said.err
    assert said.code == 0


def test_a_schedule_of_every_second_is_compared_as_far_as_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """31,536,000 instants a year are not listed: the range ends at 12 whole days."""
    every = merged(DAILY, {"cron_expression": "* * * * * *"})
    other = merged(every, {"cron_expression": "*/2 * * * * *"})
    said = compared(tmp_path, capsys, {"one": every}, {"one": other})
    assert "schedule: 518,400 lost in 12 days (302,400 a week)" in said.blocks["one"], said
    assert "kubernetes: refused as before: SC301" in said.blocks["one"], said


def test_two_of_one_name_hide_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "old", {"one": DAILY}, 'sources = ["s.yaml", "more"]\n')
    write(tmp_path / "old/more", {"one": DAILY})
    write(tmp_path / "new", {"one": DAILY, "two": DAILY})
    said = diff(capsys, str(tmp_path / "old"), str(tmp_path / "new"), "--from", "2027-01-01")
    assert said.blocks["two"][0].startswith("two  fires     added ")
    assert "two schedules are called one" in said.err
    assert said.code == 1
