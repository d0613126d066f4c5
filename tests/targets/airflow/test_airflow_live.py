"""Real Airflows import the DAG files, keep their timetables, and give their tasks the literal text."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow_engine import VARIABLES, engine
from airflow_jobs import HOSTILE, IMAGE, candidates, read_text, schedule
from schedc.ir.calendar import Calendar, mask
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Interval
from schedc.ir.workload import ConfigMapKey, Container, Resources, SecretKey

pytestmark = pytest.mark.engines

Tell = Callable[[str], None]
_WORKER = Path(__file__).with_name("airflow_import_worker.py")
_START = 1_764_586_800
_TEXTS = tuple(text for text in HOSTILE if "\x00" not in text)
_ENV = {f"TEXT_{i}": text for i, text in enumerate(_TEXTS)}
_MONDAYS = Calendar(minutes=1, weekdays=mask([1]))


def _schedules() -> list[tuple[Schedule, str]]:
    hostile = Container(image=IMAGE, command=("python", *_TEXTS), args=_TEXTS, env=_ENV)
    pod = Container(
        image="registry/{{ image }}",
        command=hostile.command,
        args=hostile.args,
        env={**_ENV, "KEY": SecretKey("db", "password"), "MAP": ConfigMapKey("settings", "url")},
        resources=Resources(requests={"cpu": "250m"}, limits={"memory": "4Gi"}),
        service_account="trainer",
    )
    said: dict[str, Any] = {"owner": "team {{ x }}", "description": "{{ x }}\n", "labels": {"a": "{{ b }}"}}
    every: dict[str, Any] = {"start": _START, "end": _START + 10**8, "timeout": 60, "attempt_timeout": 30, "retries": 2}
    return [
        (
            schedule(name="pod", run=pod, **said),
            "kubernetes",
        ),
        (schedule(name="docker", run=hostile, **every), "docker"),
        (schedule(name="bash", run=hostile, paused=True, overlap=Overlap.ALLOW), "bash"),
        (schedule(Interval(_START, 5400), name="interval", start=_START, catchup=Catchup.ALL), "kubernetes"),
        (schedule(_MONDAYS, "Europe/Amsterdam", name="mondays", start=_START), "kubernetes"),
    ]


@pytest.fixture(scope="module", params=VARIABLES)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("dags")
    airflow = engine(request.param, home)
    texts = {}
    for one, operator in _schedules():
        for i, text in enumerate(candidates(one, operator=operator, version=airflow.version, dag_id="DAG_ID")):
            name = f"{one.name}-{i}"
            texts[name] = text.replace('dag_id="DAG_ID"', f'dag_id="{name}"')
            (folder / f"{name}.py").write_text(texts[name], "utf-8")
    found = json.loads(airflow.run(str(_WORKER), str(folder), home=home))
    assert isinstance(found, dict)
    assert found["version"] == airflow.release
    return {**found, "texts": texts}


def test_every_file_is_imported_without_a_warning(report: dict[str, Any], tell: Tell) -> None:
    assert report["errors"] == {}
    assert report["warnings"] == []
    assert report["dags"].keys() == report["texts"].keys()
    count = len(report["texts"])
    tell(f"Airflow {report['version']} imports: {count} DAG files of hostile text, 0 errors, 0 warnings")


def test_what_airflow_holds_is_what_is_read(report: dict[str, Any], tell: Tell) -> None:
    for name, dag in report["dags"].items():
        found = read_text(report["texts"][name], name)
        told, timetable = found.told, dag["timetable"]
        if told.period is not None:
            assert timetable["delta"] == told.period
        else:
            crons = timetable.get("expressions") or [timetable["expression"]]
            assert (tuple(crons), timetable["timezone"]) == (told.crons, told.timezone)
        assert (dag["start"], dag["end"], dag["catchup"]) == (told.start, told.end, told.catchup)
        assert (dag["description"], dag["retries"]) == (found.description, found.behaviour.retries)
        assert found.owner in (None, dag["owner"])
        assert dag["tags"] == sorted(["schedc", *(f"{key}={value}" for key, value in found.labels.items())])
        assert dag["max_active_runs"] == (found.behaviour.limit or 1_000_000)
        assert found.digest is not None
        assert found.digest in dag["doc_md"]
    count = len(report["dags"])
    tell(f"Airflow {report['version']} serializes: {count} DAGs compared with what schedc reads of them, 0 mismatches")


def _tell_texts(tell: Tell, report: dict[str, Any], operator: str) -> None:
    tell(f"Airflow {report['version']} {operator}: {3 * len(_TEXTS)} texts as written, 0 mismatches")


def _kubelet(text: str) -> str:
    """What a kubelet makes of a text in a container without variables: its `expansion.Expand`."""
    made, at, raw = b"", 0, text.encode()
    while at < len(raw):
        if raw[at : at + 1] == b"$" and at + 1 < len(raw):
            after = raw[at + 1 : at + 2]
            assert after != b"(" or b")" not in raw[at:], text
            made += b"$" if after == b"$" else b"$" + chr(after[0]).encode()
            at += 2
            continue
        made += raw[at : at + 1]
        at += 1
    return made.decode()


def test_a_pod_is_given_the_literal_text(report: dict[str, Any], tell: Tell) -> None:
    pod = report["dags"]["pod-0"]
    assert pod["image"] == "registry/{{ image }}"
    assert [_kubelet(one) for one in pod["cmds"]] == ["python", *_TEXTS]
    assert [_kubelet(one) for one in pod["arguments"]] == list(_TEXTS)
    values = {one["name"]: _kubelet(one["value"]) for one in pod["env_vars"] if "value" in one}
    assert values == _ENV
    sources = {one["name"]: one["value_from"] for one in pod["env_vars"] if "value_from" in one}
    assert sources == {
        "KEY": {"secret_key_ref": {"name": "db", "key": "password"}},
        "MAP": {"config_map_key_ref": {"name": "settings", "key": "url"}},
    }
    assert pod["resources"] == {"requests": {"cpu": "250m"}, "limits": {"memory": "4Gi"}}
    assert pod["service_account_name"] == "trainer"
    _tell_texts(tell, report, "KubernetesPodOperator")


def test_docker_is_given_the_literal_text(report: dict[str, Any], tell: Tell) -> None:
    task = report["dags"]["docker-0"]
    assert task["image"] == IMAGE
    assert (task["entrypoint"], task["command"]) == (["python", *_TEXTS], list(_TEXTS))
    assert task["environment"] == _ENV
    _tell_texts(tell, report, "DockerOperator")


def test_bash_is_given_the_literal_text(report: dict[str, Any], tell: Tell) -> None:
    task = report["dags"]["bash-0"]
    assert task["env"] == _ENV
    show = "import sys; print(sys.argv[1:])"
    command = task["bash_command"].replace("exec python", f'exec python3 -c "{show}"', 1)
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, errors="strict")
    assert done.stdout.strip() == str([*_TEXTS, *_TEXTS])
    _tell_texts(tell, report, "BashOperator")
