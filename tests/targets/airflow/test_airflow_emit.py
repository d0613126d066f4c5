"""DAG files, line by line."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_jobs import DIGEST, IMAGE, WEEKLY, candidates, emitted, first, job, schedule
from schedc.ir.calendar import Calendar, mask
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Interval
from schedc.ir.workload import Container, Resources, SecretKey
from schedc.targets.airflow import TARGET

START = 1_764_586_800
WHOLE = '''"""At 14:05 on Wednesdays, in Europe/Amsterdam.

Compiled by schedc from churn.yaml, schedule `weekly-churn`, digest
`0123456789abcdef`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG, literal
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="weekly-churn",
    description="Retrain the churn model",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("5 14 * * 3", timezone="Europe/Amsterdam"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={"owner": "churn-team", "retries": 0},
    tags=["ml", "stage=prod"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="weekly-churn",
        image="ghcr.io/acme/churn:1.4.0",
        cmds=["python", "-m", "churn.train"],
        arguments=["--day", literal("{{ ds }}"), "$$(HOME)"],
        env_vars=[
            k8s.V1EnvVar(
                name="PASSWORD",
                value_from=k8s.V1EnvVarSource(
                    secret_key_ref=k8s.V1SecretKeySelector(name="db", key="password"),
                ),
            ),
            k8s.V1EnvVar(name="STAGE", value="prod"),
        ],
        container_resources=k8s.V1ResourceRequirements(requests={"cpu": "2"}),
        service_account_name="trainer",
        namespace="ml",
    )
'''


def test_a_whole_file() -> None:
    run = Container(
        image=IMAGE,
        command=("python", "-m", "churn.train"),
        args=("--day", "{{ ds }}", "$(HOME)"),
        env={"STAGE": "prod", "PASSWORD": SecretKey("db", "password")},
        resources=Resources(requests={"cpu": "2"}),
        service_account="trainer",
    )
    said: dict[str, Any] = {
        "description": "Retrain the churn model",
        "owner": "churn-team",
        "labels": {"stage": "prod"},
    }
    one = schedule(WEEKLY, "Europe/Amsterdam", max_active_runs=1, run=run, **said)
    asked = job(one, words="at 14:05 on Wednesdays, in Europe/Amsterdam", tags=("ml",), namespace="ml")
    assert first(asked).text == WHOLE


def test_airflow_2_has_its_own_imports_and_counts_tasks_of_all_runs() -> None:
    text = emitted(schedule(max_active_runs=40), version="2.11")
    pair = "try:\n    from airflow.sdk import DAG\nexcept ImportError:\n    from airflow import DAG\n"
    assert pair in text
    assert "max_active_runs=40,\n    max_active_tasks=40,\n" in text
    assert "max_active_tasks" not in emitted(schedule(max_active_runs=40), version="3.0")


LINES = [
    ({"catchup": Catchup.ALL, "start": START}, {}, "catchup=True,"),
    ({"catchup": Catchup.LATEST}, {}, "catchup=False,"),
    ({}, {}, "max_active_runs=16,"),
    ({"overlap": Overlap.ALLOW}, {}, "max_active_runs=1000000,"),
    ({"overlap": Overlap.QUEUE, "catchup": Catchup.ALL, "start": START}, {}, "max_active_runs=1,"),
    ({"max_active_runs": 3}, {}, "max_active_runs=3,"),
    ({"paused": True}, {}, "is_paused_upon_creation=True,"),
    ({"retries": 2}, {}, 'default_args={"retries": 2},'),
    ({"timeout": 3600}, {}, "dagrun_timeout=timedelta(seconds=3600),"),
    ({"attempt_timeout": 60}, {}, "execution_timeout=timedelta(seconds=60),"),
    ({"start": START}, {}, "start_date=datetime(2025, 12, 1, 11, tzinfo=timezone.utc),"),
    ({"end": START + 1}, {}, "end_date=datetime(2025, 12, 1, 11, 0, 1, tzinfo=timezone.utc),"),
    ({"applied_after": START}, {}, "Not to be deployed before 2025-12-01T11:00:00Z."),
    ({}, {"dag_id": "team.churn"}, 'dag_id="team.churn",'),
    ({}, {"tags": ()}, "tags=[],"),
    ({}, {"in_cluster": True}, "in_cluster=True,"),
    ({}, {"operator": "docker"}, "mount_tmp_dir=False,"),
    ({"run": Container(image=IMAGE, command=("python", "a.sh"))}, {"operator": "bash"}, "\"exec python 'a.sh'\","),
    ({"run": Container(image=IMAGE, command=("a", "b"), args=("c",))}, {"operator": "bash"}, '"exec a b \\\\\\n  c",'),
]


@pytest.mark.parametrize(("fields", "options", "line"), LINES, ids=[line for _, _, line in LINES])
def test_line(fields: dict[str, Any], options: dict[str, Any], line: str) -> None:
    lines = [one.strip() for one in emitted(schedule(**fields), **options).splitlines()]
    assert any(one == line or one.endswith("=" + line) for one in lines)


def test_an_interval_keeps_its_phase_and_its_first_instant() -> None:
    def text(one: Schedule) -> str:
        found: list[str] = candidates(one)
        assert len(found) == 1
        return found[0]

    plain = text(schedule(Interval(START, 5400), start=START, catchup=Catchup.ALL))
    assert "schedule=DeltaTriggerTimetable(timedelta(seconds=5400))," in plain
    assert "start_date=datetime(2025, 12, 1, 11, tzinfo=timezone.utc)," in plain
    later = text(schedule(Interval(START, 5400), start=START + 1, catchup=Catchup.ALL))
    assert "start_date=datetime(2025, 12, 1, 12, 30, tzinfo=timezone.utc)," in later


def test_candidates_vary_the_hours_and_the_start() -> None:
    found = candidates(schedule(Calendar(minutes=1, weekdays=mask([1])), "Europe/Amsterdam", start=START))
    seen = [
        tuple(line.strip() for line in text.splitlines() if "schedule=" in line or "start_d" in line) for text in found
    ]
    assert len(seen) == 6
    assert 'CronTriggerTimetable("0 * * * 1", timezone="Europe/Amsterdam")' in seen[0][0]
    assert seen[1][1] == "start_date=datetime(2025, 12, 1, 10, 59, 59, tzinfo=timezone.utc),"
    assert 'CronTriggerTimetable("0 *,0 * * 1"' in seen[2][0]
    assert seen[4][0].startswith("schedule=MultipleCronTriggerTimetable(")


def test_the_order_of_mappings_changes_no_byte() -> None:
    def text(*names: str) -> str:
        mapping = {name: name for name in names}
        run = Container(image=IMAGE, env=mapping, resources=Resources(limits=mapping))
        return str(emitted(schedule(labels=mapping, run=run)))

    assert text("A", "B", "C") == text("C", "A", "B")


def test_every_file_says_where_it_came_from() -> None:
    text = emitted(schedule())
    assert "churn.yaml" in text
    assert DIGEST in text
    assert "airflow" in text
    assert "dag" in text  # both words, or Airflow's safe mode passes the file over


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "the latest past instant"),
        ({"start": START}, "where the start has passed by then"),
        ({"paused": True}, "unpaused"),
        ({"catchup": Catchup.ALL, "start": START}, "every instant"),
    ],
)
def test_what_a_deployment_starts(fields: dict[str, Any], words: str) -> None:
    assert words in str(TARGET.at_deploy(job(schedule(**fields))))


def test_paths() -> None:
    assert list(TARGET.paths(["b.py", "a.py", "x/y.py", "README.md"])) == [("a", ("a.py",)), ("b", ("b.py",))]
