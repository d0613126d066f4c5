"""At 03:00 every day, UTC.

Compiled by schedc from pods.yaml, schedule `told-the-time`, digest
`807ce9c8082be1b0`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="told-the-time",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 3 * * *", timezone="UTC"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="told-the-time",
        image="ghcr.io/acme/features:3.1.0",
        cmds=["features", "build"],
        env_vars=[
            k8s.V1EnvVar(
                name="DAY",
                value='{{ logical_date.in_timezone("UTC").strftime("%Y-%m-%d") }}',
            ),
        ],
    )
