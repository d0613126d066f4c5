"""At 04:30 every day, Europe/Amsterdam.

Compiled by schedc from nightly_inference.yaml, schedule `score-customers`, digest
`d1f41c1025dc1766`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="score-customers",
    description="Score all customers with last night's data",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 4 * * *", timezone="Europe/Amsterdam"),
    # 2026-12-01 00:00:00 in Europe/Amsterdam
    start_date=datetime(2026, 11, 30, 23, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=2,
    is_paused_upon_creation=False,
    default_args={"owner": "crm-team", "retries": 2},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="score-customers",
        image="ghcr.io/acme/score:5.1.0",
        cmds=["score", "run"],
        arguments=[
            "--night",
            '{{ logical_date.in_timezone("Europe/Amsterdam").strftime("%Y-%m-%d") }}',
        ],
        env_vars=[
            k8s.V1EnvVar(name="MODEL", value="churn-2026-11"),
            k8s.V1EnvVar(
                name="RUN_HOUR_UTC",
                value='{{ logical_date.in_timezone("UTC").strftime("%Y%m%dT%H%M%S") }}',
            ),
        ],
    )
