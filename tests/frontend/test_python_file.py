"""Schedules in Python: what they become, and the exact place of each mistake."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from frontend_reading import load_files, place
from schedc.ir.schedule import Catchup
from schedc.ir.triggers import Interval, Once
from schedc.ir.workload import ConfigMapKey, Container, ScheduledTime, SecretKey

HEAD = """\
from datetime import UTC, date, datetime, timedelta
import schedc
from schedc import ConfigMap, Container, Pipeline, Schedule, ScheduledTime, Secret
"""


@pytest.fixture(autouse=True)
def imports_stay_as_they_are() -> Iterator[None]:
    before = list(sys.path)
    yield
    assert sys.path == before


def test_a_schedule_is_named_by_its_variable_or_its_name(tmp_path: Path) -> None:
    text = HEAD + (
        'weekly_churn = Schedule("5 14 * * 3", run=Container("x"))\n'
        "alias = weekly_churn\n"
        'other = Schedule("5 14 * * 3", name="named", run=Container("x"))\n'
        'each = [Schedule("5 14 * * 3", name=f"each-{i}", run=Container("x")) for i in range(2)]\n'
    )
    loaded = load_files(tmp_path, {"a.py": text})
    assert loaded.found == []
    assert [s.name for s in loaded.schedules] == ["weekly-churn", "named", "each-0", "each-1"]


def test_values_become_what_they_mean_in_yaml(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
sync = Schedule(
    interval_second=timedelta(minutes=30),
    start_time=datetime(2026, 12, 1, tzinfo=UTC),
    catchup=False,
    retries=2,
    labels={"team": "ml"},
    deploy_to=("airflow", "kubernetes"),
    run=Container(
        "ghcr.io/acme/sync:2.0.0",
        args=["--window", "28d"],
        env={
            "STAGE": "prod",
            "PASSWORD": Secret("db", "password"),
            "HOST": ConfigMap("db", "host"),
            "DATE": ScheduledTime("%Y-%m-%d"),
        },
        resources={"requests": {"cpu": "2"}},
        service_account="sync",
    ),
)
"""
    )
    schedule = load_files(tmp_path, {"a.py": text}).only
    assert schedule.trigger == Interval(1796083200, 1800)
    assert (schedule.catchup, schedule.retries, dict(schedule.labels)) == (Catchup.FALSE, 2, {"team": "ml"})
    assert schedule.deploy_to == ("airflow", "kubernetes")
    assert schedule.written == "timedelta(minutes=30)"
    run = schedule.run
    assert isinstance(run, Container)
    assert (run.command, run.args, run.service_account) == (None, ("--window", "28d"), "sync")
    assert run.env == {
        "DATE": ScheduledTime("%Y-%m-%d", "UTC"),
        "HOST": ConfigMapKey("db", "host"),
        "PASSWORD": SecretKey("db", "password"),
        "STAGE": "prod",
    }
    assert run.resources.requests == {"cpu": "2"}


def test_a_naive_time_is_wall_time_in_the_schedules_zone(tmp_path: Path) -> None:
    text = HEAD + (
        "once = Schedule(run_once_start_time=datetime(2026, 12, 1, 6, 30),\n"
        '    timezone="Europe/Amsterdam", run=Container("x"))\n'
    )
    assert load_files(tmp_path, {"a.py": text}).only.trigger == Once(1796103000)


MANY = """\
weekly = Schedule(
    cron_expression="5 14 * * 9",
    timezone="Europe/Amsterdm",
    catchup="yes",
    retries=-1,
    run=Container(
        "ghcr.io/acme/churn:1.4.0",
        command=["python", 3],
        env={
            "STAGE": 5,
            "é": "x",
        },
        resources={"cpu": "2"},
        nam="x",
    ),
    labels={"a": 1},
)
"""


def test_every_keyword_has_its_place_in_calls_of_many_lines(tmp_path: Path) -> None:
    found = load_files(tmp_path, {"a.py": HEAD + MANY}).found
    assert [place(d) for d in found] == [
        ("SC107", 5, 31, "9"),
        ("SC112", 6, 14, '"Europe/Amsterdm"'),
        ("SC106", 7, 13, '"yes"'),
        ("SC106", 8, 13, "-1"),
        ("SC104", 11, 28, "3"),
        ("SC104", 13, 22, "5"),
        ("SC106", 14, 13, '"é"'),
        ("SC103", 16, 20, '"cpu"'),
        ("SC103", 17, 9, "nam"),
        ("SC104", 19, 18, "1"),
    ]


# source after HEAD (its first line is line 4), code, line, column, marked text, a part of the help
PLACES = [
    ('x = Schedule("* * *", run=Container("x"))\n', "SC107", 4, 15, "* * *", "the month"),
    ('x = schedc.Schedule(\n  "0 25 * * *",\n  run=schedc.Container("x"))\n', "SC107", 5, 6, "25", None),
    ('é = "é"; x = Schedule("0 25 * * *", run=Container("x"))\n', "SC107", 4, 26, "25", None),
    ('x = Schedule("0 3 * * *",\n  run=Container(\n    image=4))\n', "SC104", 6, 11, "4", "quote it"),
    ('x = Schedule("0 3 * * *",\n  run=3)\n', "SC104", 5, 7, "3", None),
    ('x = Schedule("0 3 * * *")\n', "SC105", 4, 5, "Schedule", "say what it runs"),
    ('x = Schedule(run=Container("x"))\n', "SC201", 4, 5, "Schedule", "give one of"),
    ('x = Schedule("0 3 * * *", name="Bad", run=Container("x"))\n', "SC118", 4, 32, '"Bad"', "call it bad"),
    ('xs = [Schedule("0 3 * * *", run=Container("x"))]\n', "SC105", 4, 7, "Schedule", "assign it to a variable"),
    ('x = Schedule(\n  "0 3 * * *",\n  concurrencyPolicy="Forbid")\n', "SC103", 6, 3, "concurrencyPolicy", "overlap"),
    ('x = Schedule("0 3 * * *", catchp=True)\n', "SC103", 4, 27, "catchp", "did you mean catchup?"),
    (
        'x = Schedule("0 3 * * *", run=Container("x"), start_time=datetime(2027, 3, 28, 2, 30), '
        'timezone="Europe/Amsterdam")\n',
        "SC205",
        4,
        58,
        "datetime(2027, 3, 28, 2, 30)",
        "write 2027-03-28T03:00:00+02:00",
    ),
    ("x = 1 +\n", "SC116", 4, 8, "\n", None),
    ("  raise_me = 1 / 0\n".lstrip(), "SC116", 4, 1, "raise_me = 1 / 0", None),
    ("def f():\n    return {}['a']\nf()\n", "SC116", 5, 5, "return {}['a']", None),
    ("import nothing_of_that_name\n", "SC116", 4, 1, "import nothing_of_that_name", None),
    ("raise SystemExit(3)\n", "SC116", 4, 1, "raise SystemExit(3)", None),
    ("y = 1\n", "SC105", 1, 1, "", "NAME = Schedule"),
]


@pytest.mark.parametrize(("source", "code", "line", "column", "marked", "help_"), PLACES)
def test_places(source: str, code: str, line: int, column: int, marked: str, help_: str | None, tmp_path: Path) -> None:
    found = load_files(tmp_path, {"a.py": HEAD + source}).found
    assert [place(d) for d in found] == [(code, line, column, marked)]
    assert (found[0].help is None) if help_ is None else (help_ in (found[0].help or ""))


# what a source does with x = Schedule(...), the code that is told, and a part of the message
ODD = [
    ("raise BaseException('stop')", "SC116", "raised BaseException: stop"),
    ("raise GeneratorExit", "SC116", "raised GeneratorExit"),
    ("class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "SC116", "raised E: an error that"),
    ("x = " + "(" * 1000 + ")" * 1000, "SC116", "nested"),
    ("x = " + "-" * 100_000 + "1", "SC116", "nested too deeply"),
    ("loop = {}\nloop['a'] = loop\nx = Schedule('@daily', labels=loop)", "SC106", "holds itself"),
    ("loop = []\nloop.append(loop)\nx = Schedule('@daily', deploy_to=loop)", "SC106", "holds itself"),
    ("many = 'x'\nfor _ in range(8): many = [many] * 10\nx = Schedule('@daily', deploy_to=many)", "SC106", "100,000"),
    ("x = Schedule('@daily', name=5)", "SC104", "as a name, found a whole number"),
    ("x = Schedule('@daily', name=10**5000)", "SC104", "as a name"),
    ("x = Schedule('@daily', retries=10**5000, run=Container('x'))", "SC106", "400 digits"),
    ("x = Schedule('@daily', labels={1: 'a'}, run=Container('x'))", "SC104", "as a key"),
    ("x = Schedule('@daily', owner='\\ud83d', run=Container('x'))", "SC106", "U+D83D"),
    ("x = Schedule('@daily', labels={'\\udc00': 'x'}, run=Container('x'))", "SC106", "U+DC00"),
    ("x = Schedule('@daily', run=Container('x', args=['\\udcff']))", "SC106", "U+DCFF"),
    (
        "class M(dict):\n    def items(self): raise KeyError('no')\n"
        "x = Schedule('@daily', labels=M(), run=Container('x'))",
        "SC116",
        "raised KeyError",
    ),
    ("import sys\nsys.path = ['nowhere']\nraise ValueError", "SC116", "ValueError"),
    ("import sys\nsys.path.clear()\nraise ValueError", "SC116", "ValueError"),
]


@pytest.mark.parametrize(("source", "code", "message"), ODD, ids=range(len(ODD)))
def test_odd_sources_are_told_and_do_no_harm(source: str, code: str, message: str, tmp_path: Path) -> None:
    loaded = load_files(tmp_path, {"a.py": HEAD + source + "\n"})
    assert loaded.schedules == []
    assert [d.rule.code for d in loaded.found] == [code]
    assert message in loaded.found[0].message


def test_derived_types_become_the_plain_ones(tmp_path: Path) -> None:
    text = HEAD + (
        "from enum import IntEnum, StrEnum\n"
        "class Team(StrEnum):\n    ML = 'ml'\n"
        "class Tries(IntEnum):\n    TWO = 2\n"
        "class Loud(str):\n    def __str__(self): return self.upper()\n"
        "x = Schedule('@daily', name=Loud('x'), owner=Team.ML, retries=Tries.TWO,\n"
        "    labels={Loud('a'): Loud('b')}, run=Container(Loud('x')))\n"
    )
    schedule = load_files(tmp_path, {"a.py": text}).only
    assert (schedule.name, schedule.owner, schedule.retries, dict(schedule.labels)) == ("x", "ml", 2, {"a": "b"})
    kinds = {type(v) for v in (schedule.name, schedule.owner, *schedule.labels, *schedule.labels.values())}
    assert (kinds, type(schedule.retries)) == ({str}, int)


def test_what_a_source_prints_is_no_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD + "print('here')\nx = Schedule('@daily', run=Container('x'))\n"
    assert load_files(tmp_path, {"a.py": text}).only.name == "x"
    assert capsys.readouterr() == ("", "here\n")


def test_a_source_leaves_the_folder_and_may_hold_dataclasses(tmp_path: Path) -> None:
    before = Path.cwd()
    text = (
        "from __future__ import annotations\n"
        + HEAD
        + (
            "import os\nfrom dataclasses import dataclass\nos.chdir('/')\n"
            "@dataclass\nclass Job:\n    image: str\n"
            "x = Schedule('@daily', run=Container(Job('x').image))\n"
        )
    )
    assert load_files(tmp_path, {"a.py": text}).only.name == "x"
    assert Path.cwd() == before


def test_arguments_that_are_not_written_at_the_call_are_told_at_the_call(tmp_path: Path) -> None:
    text = (
        HEAD
        + 'fields = {"retries": "x", "labels": {"v": 1}}\nx = Schedule("0 3 * * *", run=Container("x"), **fields)\n'
    )
    found = load_files(tmp_path, {"a.py": text}).found
    assert [place(d)[:3] for d in found] == [("SC104", 5, 5), ("SC104", 5, 5)]
    assert [d.replacement for d in found] == [None, None]


def test_a_failed_source_hides_no_other(tmp_path: Path) -> None:
    good = HEAD + 'x = Schedule("0 3 * * *", run=Container("x"))\n'
    loaded = load_files(tmp_path, {"a.py": "1 / 0\n", "b.py": good})
    assert [s.name for s in loaded.schedules] == ["x"]
    assert [d.rule.code for d in loaded.found] == ["SC116"]


def test_now_is_the_same_instant_under_every_zone_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEAD + 'x = Schedule(interval_second=3600, start_time=datetime.now(), run=Container("x"))\n'
    for zone in ("Asia/Tokyo", "America/New_York", "UTC"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        began = int(time.time())
        loaded = load_files(tmp_path, {"a.py": text})
        assert began <= (loaded.schedules[0].start or 0) <= time.time()
        (found,) = loaded.found
        assert place(found) == ("SC115", 4, 47, "datetime.now()")
        assert "is taken as the instant 20" in found.message
    monkeypatch.undo()
    time.tzset()


def test_now_with_a_zone_is_an_instant(tmp_path: Path) -> None:
    text = HEAD + (
        "x = Schedule(interval_second=3600, start_time=datetime.now(UTC).replace(microsecond=0),\n"
        '    run=Container("x"))\n'
    )
    assert load_files(tmp_path, {"a.py": text}).only.start is not None
