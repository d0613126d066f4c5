"""Schedules that a real scheduler can work off in a minute, and what they are compiled to."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compiling import compile_files
from schedc.ir.schedule import Schedule

_AMSTERDAM, _MORNINGS, _DAILY, _YEARLY = "Europe/Amsterdam", "30 6 * * 1-5", "0 0 * * *", "0 5 1 1 *"
_NOTHING = {"import": "airflow.providers.standard.operators.empty.EmptyOperator"}
"""Its runs need no worker: what is asked is when they are made."""

SLOW = 60
"""Seconds that a run takes whose schedule bounds it by three; its copy without the bound is quicker."""
_SLOW = f'[ "$AIRFLOW_CTX_DAG_ID" = too-slow ] && exec sleep {SLOW}; exec sleep 6'
LITERAL = (
    "{{ ds }}",
    "{{ logical_date }}{{ undefined.name }}",
    "{% raw %}",
    "{% for x in y %}",
    "{# no comment #}",
    "}} %}",
    "$(X)",
    "$$(X)",
    "$X ${X} `id` $(id)",
    'it\'s "here"',
    "back\\slash \\n",
    "two\nlines",
    "ends\n",
    "run.sh",
    "*",
    "~",
    "",
    " é 日本語 🎉",
    "%(x)s {0}",
)
"""Words that some reader on the way to the process would change, if it were asked."""


def _shell(script: str, *args: Any, **env: Any) -> dict[str, Any]:
    return {"container": _container(script, *args, **env)}


def _container(script: str, *args: Any, **env: Any) -> dict[str, Any]:
    return {"image": "not/used:here", "command": ["bash", "-c", script], "args": ["bash", *args], "env": env}


def _window(start: str, end: str | None, **more: Any) -> dict[str, Any]:
    """A schedule that catches up between two times."""
    return {"catchup": True, "start_time": start, **({"end_time": end} if end else {}), **more}


_AT = {"scheduled_time": "%Y-%m-%dT%H.%M"}
_DAY = {"scheduled_time": "day %j of %y, 100%% {{ ds }}"}
_WRITE = 'printf "%s\\0" "$@" "$TEXT" "$DAY" > "$OUT/as-written.$AT"'

SCHEDULES: dict[str, dict[str, Any]] = {
    # Catch-up: every instant of a window, both ends of which are instants.
    "every-morning": _window("2025-03-03T06:30", "2025-03-18T06:30", cron_expression=_MORNINGS),
    "between-instants": _window("2025-03-03T06:30:01", "2025-03-14T06:29:59", cron_expression=_MORNINGS),
    "quarters": _window("2021-01-01", "2024-12-31", cron_expression="0 12 1 */3 *"),
    "last-days": _window("2024-02-01", "2025-03-31", cron_expression="15 23 L * *", timezone="America/New_York"),
    "first-mondays": _window("2024-01-01", "2024-12-31", cron_expression="0 4 * * MON#1"),
    "every-90-minutes": _window("2025-06-01T00:10", "2025-06-01T17:59", interval_second=5400),
    "every-15-seconds": _window("2025-06-01", "2025-06-01T00:02", cron_expression="*/15 * * * * *"),
    "few-days": _window("2025-03-03", "2025-03-07", cron_expression=_DAILY),
    "few-years": _window("2022-01-01", "2024-12-31", cron_expression=_YEARLY),
    "several-texts": _window("2024-01-01", "2024-06-30", cron_expression="0 4 10 * MON#2"),
    # Clock changes in the window.
    "spring-gap": _window(
        "2025-03-27", "2025-04-02T12:00", cron_expression="30 2 * * *", timezone=_AMSTERDAM, dst_gap="shift"
    ),
    "autumn-fold": _window(
        "2025-10-23", "2025-10-29T12:00", cron_expression="30 2 * * *", timezone=_AMSTERDAM, dst_fold="second"
    ),
    "past-the-gap": _window("2025-03-27", "2025-04-02T12:00", cron_expression="30 7 * * *", timezone=_AMSTERDAM),
    "past-the-fold": _window("2025-10-23", "2025-10-29T12:00", cron_expression="30 7 * * *", timezone=_AMSTERDAM),
    "hours-of-spring": _window(
        "2025-03-29T22:00", "2025-03-30T06:00", cron_expression="0 * * * *", timezone=_AMSTERDAM
    ),
    "hours-of-autumn": _window(
        "2025-10-25T22:00", "2025-10-26T06:00", cron_expression="0 * * * *", timezone=_AMSTERDAM
    ),
    "southern-sundays": _window(
        "2025-03-01", "2025-05-01", cron_expression="0 9 * * SUN", timezone="Australia/Lord_Howe"
    ),
    # No catch-up: at most the latest instant that was missed, then what comes.
    "latest-year": {"cron_expression": _YEARLY, "start_time": "2022-01-01", "catchup": False},
    "no-start": {"cron_expression": "0 3 * * *"},
    "over-and-done": {
        "cron_expression": _YEARLY,
        "start_time": "2022-01-01",
        "end_time": "2024-12-31",
        "catchup": False,
    },
    "live": {"cron_expression": "*/20 * * * * *", "start_time": "2025-01-01", "catchup": False},
    # Pauses, limits, failures.
    "paused": _window("2025-03-03", "2025-03-07", cron_expression=_DAILY, paused=True),
    "one-at-a-time": _window(
        "2025-05-01", "2025-05-03", cron_expression=_DAILY, max_active_runs=1, run=_shell("sleep 1")
    ),
    "three-at-a-time": _window(
        "2025-05-01", "2025-05-06", cron_expression=_DAILY, max_active_runs=3, run=_shell("sleep 1")
    ),
    "too-slow": _window("2025-05-01", "2025-05-01", cron_expression=_DAILY, timeout_second=3, run=_shell(_SLOW)),
    "try-too-slow": _window(
        "2025-05-01", "2025-05-01", cron_expression=_DAILY, attempt_timeout_second=2, run=_shell("exec sleep 100")
    ),
    "tried-again": _window(
        "2025-05-01",
        "2025-05-01",
        cron_expression=_DAILY,
        retries=2,
        run=_shell('echo try >> "$OUT/tries"; [ "$(wc -l < "$OUT/tries")" = 3 ]'),
        default_args={"retry_delay": 0},
    ),
    "tried-once": _window("2025-05-01", "2025-05-01", cron_expression=_DAILY, run=_shell("exit 1")),
    # What a run is given.
    "as-written": _window(
        "2025-03-29",
        "2025-03-31T12:00",
        cron_expression="30 2 * * *",
        timezone=_AMSTERDAM,
        dst_gap="shift",
        run=_shell(_WRITE, *LITERAL, TEXT="\n".join(LITERAL), AT=_AT, DAY=_DAY),
    ),
    "time-in-a-word": _window(
        "2025-10-26T02:00+02:00",
        "2025-10-26T04:00+01:00",
        cron_expression="30 * * * *",
        timezone=_AMSTERDAM,
        run=_shell('echo "$1" >> "$OUT/words"', _AT),
    ),
    "in-steps": _window(
        "2025-05-01",
        "2025-05-01",
        cron_expression=_DAILY,
        run={
            "steps": {
                "a-report": {**_container('echo report >> "$OUT/steps"'), "after": ["train"]},
                "extract": _container('echo extract >> "$OUT/steps"'),
                "train": {**_container('echo train >> "$OUT/steps"'), "after": ["extract"]},
            }
        },
    ),
    "by-hand": _window("2025-03-03", "2025-03-07", cron_expression=_MORNINGS, emit="schedule"),
}
BY_HAND = """\
from airflow.providers.common.compat.sdk import DAG
from airflow.providers.standard.operators.empty import EmptyOperator
from schedule_by_hand import SCHEDULE

with DAG(**SCHEDULE):
    EmptyOperator(task_id="run")
"""
"""A DAG that somebody wrote for the module `schedule_by_hand`, which is compiled with `emit: schedule`."""

ONLY_ON_3 = ("several-texts",)
"""Schedules that take several cron expressions, for which Airflow 2 has no timetable."""

FAILS = ("too-slow", "try-too-slow", "tried-once")
"""Schedules whose runs are to fail."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An edit of a compiled DAG that makes it break its schedule, and how that must be told."""

    schedule: str
    pattern: str
    replacement: str
    told: str


FAULTS = {
    "shifted-cron": Fault("few-days", r'"0 0 ', '"1 0 ', "no run at 2025-03-03T00:00:00Z"),
    "shifted-zone": Fault(
        "past-the-gap", f'timezone="{_AMSTERDAM}"', 'timezone="UTC"', "2025-03-27T07:30:00Z is no instant of it"
    ),
    "catchup-on": Fault("latest-year", "catchup=False", "catchup=True", "2022-01-01T05:00:00Z was missed, and is not"),
    "catchup-off": Fault("few-days", "catchup=True", "catchup=False", "no run at 2025-03-03T00:00:00Z"),
    "end-dropped": Fault("few-years", r" +end_date=.*\n", "", "2025-01-01T05:00:00Z is no instant of it"),
    "end-moved": Fault(
        "few-days", "end_date=datetime.2025, 3, 7,", "end_date=datetime(2025, 3, 6,", "no run at 2025-03-07"
    ),
    "start-moved": Fault(
        "few-days", "start_date=datetime.2025, 3, 3,", "start_date=datetime(2025, 3, 2,", "2025-03-02"
    ),
    "limit-raised": Fault(
        "one-at-a-time", "max_active_runs=1", "max_active_runs=3", "runs active at a time, and not 1"
    ),
    "not-paused": Fault("paused", "is_paused_upon_creation=True", "is_paused_upon_creation=False", "it is not paused"),
    "time-unlimited": Fault("too-slow", r" +dagrun_timeout=.*\n", "", "came to success, and not to failed"),
}


def compiled(folder: Path, version: str) -> dict[str, tuple[Schedule, str]]:
    """Each schedule, and its DAG file for a release of Airflow such as 3.1, by name."""
    skipped = ONLY_ON_3 if version.startswith("2") else ()
    written = {name: _written(fields, version) for name, fields in SCHEDULES.items() if name not in skipped}
    source = json.dumps({"schedules": written}, ensure_ascii=False)
    made = compile_files(folder, {"live.yaml": source}, ["airflow"])
    assert made.errors == []
    texts = made.texts()
    return {one.name: (one, texts[f"airflow/{one.name}.py"]) for one in made.schedules}


def write(folder: Path, texts: Mapping[str, str], packed: bool) -> None:
    """Puts DAG files into a folder; `packed` puts those that need no worker into one archive, as Airflow allows.

    Airflow 2 with SQLite reads one file in each turn of its scheduler.
    """
    with zipfile.ZipFile(folder / "packed.zip", "w") if packed else nullcontext() as archive:
        for name, text in texts.items():
            if archive is None or "BashOperator" in text:
                (folder / f"{name}.py").write_text(text, "utf-8")
            else:
                archive.writestr(f"{name}.py", text)


def faulty(text: str, name: str) -> str:
    """A compiled DAG with one fault, under an id of its own."""
    fault = FAULTS[name]
    found, edits = re.subn(fault.pattern, fault.replacement, text)
    assert edits == 1, (name, text)
    renamed = found.replace(f'dag_id="{fault.schedule}"', f'dag_id="{name}"')
    assert renamed != found
    return renamed


def _written(fields: dict[str, Any], version: str) -> dict[str, Any]:
    own: dict[str, Any] = {name: fields[name] for name in ("emit", "default_args") if name in fields}
    given = {name: value for name, value in fields.items() if name not in own}
    if "run" in given:
        own["operator"] = "bash"
    elif "emit" not in own:
        own["operator"] = _NOTHING
    return {**given, "deploy_to": ["airflow"], "targets": {"airflow": {"version": version, **own}}}
