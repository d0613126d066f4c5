"""What is written is read back as what was asked for, and is formatted as its readers' tools would leave it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from airflow_jobs import DIGEST, candidates, first, job, options, read_text, schedules
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schedc.ir.schedule import Catchup, Schedule
from schedc.ir.triggers import Cron, Interval
from schedc.target import Deployed

OPERATORS = ("kubernetes", "docker", "bash")
SLOW = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _same(found: Deployed, one: Schedule, chosen: Mapping[str, Any]) -> None:
    assert found.name == one.name
    assert found.digest == DIGEST
    assert (found.description, found.owner, found.labels) == (one.description, one.owner, one.labels)
    assert found.workload == one.run
    behaviour = found.behaviour
    is_all = one.catchup is Catchup.ALL
    assert behaviour.missed == ("all" if is_all else "latest")
    limit = one.max_active_runs or {"allow": None, "queue": 1}.get(one.overlap.value if one.overlap else "", 16)
    waits = "wait_all" if is_all else "wait_latest"
    assert (behaviour.limit, behaviour.busy) == (limit, "start" if limit is None else waits)
    assert (behaviour.paused, behaviour.retries) == (one.paused, one.retries)
    assert (behaviour.timeout, behaviour.attempt_timeout) == (one.timeout, one.attempt_timeout)
    told = found.told
    assert told.engine == ("airflow-2" if chosen.get("version", "3").startswith("2") else "airflow")
    assert (told.end, told.catchup) == (one.end, is_all)
    if isinstance(one.trigger, Interval):
        assert (told.period, told.start) == (one.trigger.seconds, one.start)
    else:
        assert isinstance(one.trigger, Cron)
        assert told.timezone == one.trigger.timezone
        assert told.start in ((946_684_800,) if one.start is None else (one.start, one.start - 1))
    for name, value in chosen.items():
        if name not in ("version", "operator", "tags"):
            assert found.identity[name] == value
    assert tuple(found.identity["tags"]) == tuple(chosen.get("tags", ("schedc",)))


@pytest.mark.parametrize("operator", OPERATORS)
@SLOW
@given(st.data())
def test_reading_is_the_inverse_of_writing(operator: str, data: st.DataObject) -> None:
    one, chosen = data.draw(schedules(operator)), data.draw(options(operator))
    for text in candidates(one, **chosen):
        assert text.endswith(")\n")
        assert "\r" not in text
        _same(read_text(text), one, chosen)


@SLOW
@given(schedules(), st.text(max_size=80), st.text(min_size=1, max_size=40))
def test_no_word_and_no_file_name_leaves_the_docstring(one: Schedule, words: str, origin: str) -> None:
    text = first(job(one, words=words, origin=origin)).text
    tree = ast.parse(text)
    doc = ast.get_docstring(tree, clean=False)
    assert doc is not None
    assert f"digest\n`{DIGEST}`" in doc or f"digest `{DIGEST}`" in doc
    assert text.startswith(f'"""{doc}"""\n\nfrom datetime import')
    assert read_text(text).digest == DIGEST


@pytest.mark.parametrize("operator", OPERATORS)
def test_files_are_as_ruff_leaves_them(operator: str, tmp_path: Path) -> None:
    written: list[int] = []

    @settings(
        SLOW, max_examples=60, database=None, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False
    )
    @given(schedules(operator), options(operator), st.text(max_size=80))
    def write(one: Schedule, chosen: Mapping[str, Any], words: str) -> None:
        for text in _emit(one, chosen, words):
            (tmp_path / f"dag{len(written)}.py").write_text(text, "utf-8", newline="\n")
            written.append(1)

    write()
    assert len(written) >= 60
    ruff = [sys.executable, "-m", "ruff"]
    for arguments in (
        ["format", "--isolated", "--diff", "--quiet"],
        ["check", "--isolated", "--quiet", "--preview", "--select", "AIR,I,F,E4,E7,E9,W,D300,B,PLE"],
    ):
        done = subprocess.run([*ruff, *arguments, str(tmp_path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[:3000] + done.stderr[:1000]


def _emit(one: Schedule, chosen: Mapping[str, Any], words: str) -> list[str]:
    from schedc.targets.airflow import TARGET

    return [artifacts[0].text for artifacts in TARGET.emit(job(one, words=words, **chosen))]
