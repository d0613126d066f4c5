"""Hand edits that keep the meaning are read; whatever else stands in a DAG file is refused by name."""

from __future__ import annotations

import pytest
from airflow_jobs import IMAGE, emitted, read_text, schedule
from schedc.ir.schedule import Catchup
from schedc.ir.workload import Container, Resources, SecretKey
from schedc.target import UnreadableArtifact
from schedc.targets.airflow import TARGET

POD = emitted(
    schedule(
        start=1_764_586_800,
        timeout=60,
        run=Container(
            image=IMAGE,
            command=("python",),
            args=("--x", "{{ ds }}"),
            env={"A": "b", "S": SecretKey("db", "key")},
            resources=Resources(requests={"cpu": "1"}),
        ),
    )
)
BASH = emitted(schedule(run=Container(image=IMAGE, command=("python", "a b"), env={"A": "b"})), operator="bash")
DOCKER = emitted(schedule(run=Container(image=IMAGE, command=("python",), args=("x",))), operator="docker")
TWO = emitted(schedule(), version="2.11")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    catchup=False,\n    max_active_runs=16,\n", "    max_active_runs=16,\n    catchup=False,\n"),
        (") as dag:\n    Kub", ") as dag:\n    # a remark\n    run = Kub"),
        ('dag_id="weekly-churn"', "dag_id='weekly' '-churn'"),
        (
            'CronTriggerTimetable("5 14 * * 3", timezone="UTC")',
            'CronTriggerTimetable(timezone="UTC", cron="5 14 * * 3")',
        ),
        ("timezone.utc", "timezone(timedelta(0))"),
        ("datetime(2025, 12, 1, 11, tzinfo=timezone.utc)", "datetime(2025, 12, 1, hour=11, tzinfo=timezone.utc)"),
        ("timedelta(seconds=60)", "timedelta(minutes=1)"),
        (" as dag:", ":"),
        ("__doc__", '"other words"'),
    ],
)
def test_harmless_edits_change_nothing(old: str, new: str) -> None:
    assert old in POD
    if new == "timezone(timedelta(0))":
        with pytest.raises(UnreadableArtifact):
            read_text(POD.replace(old, new))
        return
    assert read_text(POD.replace(old, new)) == read_text(POD)


def test_other_values_are_read_as_they_stand() -> None:
    edited = POD.replace("catchup=False", "catchup=True").replace("max_active_runs=16", "max_active_runs=2")
    found = read_text(edited.replace('"retries": 0', '"retries": 7').replace('"python"', '"python3"'))
    assert found.told.catchup
    assert (found.behaviour.missed, found.behaviour.busy, found.behaviour.limit) == ("all", "wait_all", 2)
    assert found.behaviour.retries == 7
    assert isinstance(found.workload, Container)
    assert found.workload.command == ("python3",)


REFUSED = [
    (POD, "with DAG(", "import os\nwith DAG(", "nothing else"),
    (POD, "with DAG(", "print(1)\nwith DAG(", "nothing else"),
    (POD, "from kubernetes.client import models as k8s", "from os import path as k8s", "a call of k8s"),
    (POD, "from airflow.sdk import DAG", "from os import system\nfrom airflow.sdk import DAG", "that nothing uses"),
    (POD, "from airflow.sdk import DAG", "from .sdk import DAG", "an import of"),
    (POD, "catchup=False", "catchup=bool(0)", "a call of bool"),
    (POD, "catchup=False", "catchup=not True", "no plain value"),
    (POD, "catchup=False", "catchup=0", "the value of catchup"),
    (POD, "    catchup=False,\n", "", "no catchup"),
    (POD, "    max_active_runs=16,\n", "", "no max_active_runs"),
    (POD, "max_active_runs=16", "max_active_runs=True", "the value of max_active_runs"),
    (POD, "max_active_runs=16", "max_active_runs=0", "no active run"),
    (POD, "max_active_runs=16", "max_active_runs=16, max_active_tasks=0", "below"),
    (POD, "catchup=False", "catchup=False, depends_on_past=True", "the argument depends_on_past"),
    (POD, "catchup=False", "catchup=False, jinja_environment_kwargs={}", "the argument jinja_environment_kwargs"),
    (POD, "catchup=False", 'catchup=False, params={"ref": "a.b"}', "looks like a reference"),
    (POD, 'CronTriggerTimetable("5 14 * * 3", timezone="UTC")', '"5 14 * * 3"', "the value of schedule"),
    (POD, ', timezone="UTC")', ")", "the arguments of CronTriggerTimetable"),
    (POD, ', timezone="UTC")', ', timezone="UTC", interval=timedelta(1))', "the arguments of CronTriggerTimetable"),
    (POD, 'CronTriggerTimetable("5 14', 'CronTriggerTimetable("1 1 * * 1", "5 14', "the arguments of"),
    (POD, ", tzinfo=timezone.utc)", ")", "without tzinfo"),
    (POD, "datetime(2025", "datetime.now(2025", "a call of datetime.now"),
    (POD, "datetime(2025, 12", "datetime(2025, 13", "month must be in 1..12"),
    (POD, '{"retries": 0}', "{}", "no retries"),
    (POD, '"retries": 0', '"retries": 0, "image": "x"', "image in default_args"),
    (POD, '"retries": 0', '"retries": -1', "the value of retries"),
    (POD, '"retries": 0', '**{"retries": 0}', "a key that is no text"),
    (POD, 'image="', 'image=f"', None),
    (POD, '"--x"', '"{{ ds }}"', "a Jinja template"),
    (POD, '"--x"', '"$(HOME)"', "Kubernetes expands"),
    (POD, '"--x"', '"a\\n"', "line ends"),
    (POD, '"--x"', "1", "no text"),
    (POD, 'literal("{{ ds }}")', 'literal("a", "b")', "the arguments of literal"),
    (POD, 'task_id="run",', 'task_id="run", privileged=True,', "the argument privileged"),
    (POD, 'task_id="run",', "", "without a task_id"),
    (POD, 'task_id="run",', '**{"task_id": "run"},', "spread with"),
    (POD, 'name="S"', 'name="A"', "two variables A"),
    (POD, 'value="b"', 'value="b", value_from=None', "one value"),
    (POD, "k8s.V1SecretKeySelector", "k8s.V1ConfigMapKeySelector", "expected k8s.V1SecretKeySelector"),
    (POD, "k8s.V1SecretKeySelector", "k8s.V1Job", "a call of k8s.V1Job"),
    (POD, "KubernetesPodOperator(\n", "DAG(\n", "a task that is made with DAG"),
    (BASH, "exec python", "python", "no exec"),
    (BASH, "'a b'", "$HOME", "shell syntax"),
    (BASH, "'a b'", "a; b", "shell syntax"),
    (BASH, "'a b'", "a.sh", "the name of a file"),
    (BASH, "skip_on_exit_code=None", "skip_on_exit_code=99", "exit code"),
    (BASH, "append_env=True", "append_env=False", "inherit"),
    (BASH, "Runs on the worker itself", "Runs", "which image"),
    (DOCKER, "mount_tmp_dir=False", "mount_tmp_dir=True", "AIRFLOW_TMP_DIR"),
    (DOCKER, 'command=["x"]', 'command=["x.sh"]', "the name of a file"),
    (TWO, "CronTriggerTimetable", "MultipleCronTriggerTimetable", "Airflow 2 does not have"),
    (TWO, "    max_active_tasks=16,\n", "", "no max_active_tasks"),
    (TWO, "except ImportError:", "except Exception:", "no pair of imports"),
]


@pytest.mark.parametrize(("text", "old", "new", "reason"), REFUSED)
def test_refused(text: str, old: str, new: str, reason: str | None) -> None:
    assert old in text
    edited = text.replace(old, new)
    if reason is None:
        with pytest.raises(UnreadableArtifact):
            read_text(edited)
        return
    with pytest.raises(UnreadableArtifact, match="line [0-9]+: .*" + reason.replace("**", r"\*\*")):
        read_text(edited)


@pytest.mark.parametrize(
    "text", ["", "x", "def f(:", "\0", "(" * 5000, "1" + "+1" * 50_000, "'\\d'", "with DAG() as dag:\n    pass\n"]
)
def test_other_python_is_refused(text: str) -> None:
    with pytest.raises(UnreadableArtifact):
        read_text(text)


def test_other_files_are_refused() -> None:
    with pytest.raises(UnreadableArtifact):
        TARGET.read({})
    with pytest.raises(UnreadableArtifact):
        TARGET.read({"a.py": POD, "b.py": POD})


def test_a_file_that_schedc_did_not_write_has_no_digest() -> None:
    text = emitted(schedule(catchup=Catchup.LATEST))
    assert read_text(text.partition('"""\n\n')[2]).digest is None
