"""Real tasks run: the scheduled time, the order of steps, retries and timeouts of one try."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from airflow_engine import run
from airflow_jobs import emitted, schedule
from schedc.ir import zones
from schedc.ir.workload import Container, ScheduledTime, Step, Steps

pytestmark = pytest.mark.engines

_WORKER = Path(__file__).with_name("airflow_run_worker.py")


def _version(home: Path) -> str:
    found = run("-c", "from importlib.metadata import version; print(version('apache-airflow'))", home=home)
    return ".".join(found.split(".")[:2])


def _instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


INSTANTS = [
    _instant(text)
    for text in (
        "2027-01-01T00:00:00+00:00",
        "2027-03-28T00:59:59+00:00",  # a second before Amsterdam's clock goes forward
        "2027-03-28T01:00:00+00:00",
        "2027-10-31T00:30:00+00:00",  # 02:30 for the first time
        "2027-10-31T01:30:00+00:00",  # 02:30 for the second time
        "2028-12-31T23:30:00+00:00",  # already the next year in Amsterdam
    )
]
FORMATS = [
    ScheduledTime("%Y-%m-%dT%H:%M:%S", "Europe/Amsterdam"),
    ScheduledTime("%Y-%m-%d %H:%M", "UTC"),
    ScheduledTime('%j of %y, 100%% \\ "x" {{ ds }} é $(%Y)', "Asia/Kolkata"),
    ScheduledTime("%H", "America/St_Johns"),
    ScheduledTime("no directive", "Australia/Lord_Howe"),
]


def _text(time: ScheduledTime, instant: int) -> str:
    wall = datetime.fromtimestamp(zones.zone(time.timezone).wall(instant), UTC)
    return wall.strftime(time.format)


def test_a_task_is_told_its_scheduled_time(tmp_path: Path) -> None:
    home, folder, out = tmp_path / "home", tmp_path / "dags", tmp_path / "out"
    folder.mkdir()
    show = 'printf "%s\\n" "$@" "$T0" "$T1" "$T2" "$T3" "$T4" >> "$OUT"'
    by_env = Container(
        image="x",
        command=("sh", "-c", show, "sh"),
        args=("literal", FORMATS[0], *FORMATS[2:4]),
        env={f"T{i}": time for i, time in enumerate(FORMATS)},
    )
    one = schedule(name="times", run=by_env)
    (folder / "times.py").write_text(emitted(one, version=_version(home), operator="bash"), "utf-8")
    found = json.loads(run(str(_WORKER), str(folder), json.dumps({"times": INSTANTS}), home=home, OUT=str(out)))
    assert [one["state"] for one in found["times"]] == ["success"] * len(INSTANTS)
    wanted = [
        line
        for instant in INSTANTS
        for line in ("literal", *(_text(one, instant) for one in (FORMATS[0], *FORMATS[2:4], *FORMATS)))
    ]
    assert out.read_text("utf-8").splitlines() == wanted


def test_a_run_without_a_logical_date_fails(tmp_path: Path) -> None:
    home, folder, out = tmp_path / "home", tmp_path / "dags", tmp_path / "out"
    if _version(home).startswith("2"):
        pytest.skip("in Airflow 2 every run has a logical date")
    folder.mkdir()
    run_ = Container(image="x", command=("touch",), args=(str(out), ScheduledTime("fixed", "UTC")))
    text = emitted(schedule(name="by-hand", run=run_), version=_version(home), operator="bash")
    (folder / "by_hand.py").write_text(text, "utf-8")
    found = json.loads(run(str(_WORKER), str(folder), json.dumps({"by-hand": [None]}), home=home))
    assert found["by-hand"][0]["tasks"]["run"][0] == "failed"
    assert not out.exists()


def _say(word: str) -> Container:
    return Container(image="x", command=("sh", "-c", f'echo {word} >> "$OUT"'))


def test_steps_run_in_their_order(tmp_path: Path) -> None:
    home, folder, out = tmp_path / "home", tmp_path / "dags", tmp_path / "out"
    folder.mkdir()
    steps = (
        Step(name="a-report", container=_say("report"), after=("train", "check")),
        Step(name="check", container=_say("check"), after=("train",)),
        Step(name="extract", container=_say("extract")),
        Step(name="train", container=_say("train"), after=("extract",)),
    )
    text = emitted(schedule(name="steps", run=Steps(steps=steps)), version=_version(home), operator="bash")
    (folder / "steps.py").write_text(text, "utf-8")
    found = json.loads(run(str(_WORKER), str(folder), json.dumps({"steps": INSTANTS[:1]}), home=home, OUT=str(out)))
    assert found["steps"][0]["state"] == "success"
    assert out.read_text("utf-8").split() == ["extract", "train", "check", "report"]


def test_a_try_is_bounded_and_repeated(tmp_path: Path) -> None:
    home, folder, out = tmp_path / "home", tmp_path / "dags", tmp_path / "out"
    folder.mkdir()
    slow = Container(image="x", command=("sh", "-c", 'echo try >> "$OUT"; sleep 60'))
    fields: dict[str, Any] = {"run": slow, "retries": 2, "attempt_timeout": 2}
    quick = {"default_args": {"retry_delay": 1}}
    text = emitted(schedule(name="slow", **fields), version=_version(home), operator="bash", **quick)
    (folder / "slow.py").write_text(text, "utf-8")
    found = json.loads(run(str(_WORKER), str(folder), json.dumps({"slow": INSTANTS[:1]}), home=home, OUT=str(out)))
    assert found["slow"][0]["state"] == "failed"
    assert found["slow"][0]["tasks"]["run"] == ["failed", 3]
    assert out.read_text("utf-8").split() == ["try"] * 3
