"""Every 6 hours from 2026-12-01T03:20:00Z.

Compiled by schedc from intervals.yaml, schedule `every-six-hours`, digest
`3612ec81b7256f90`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="every-six-hours",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("20 3,9,15,21 * * *", timezone="UTC"),
    start_date=datetime(2026, 12, 1, 3, 20, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="every-six-hours",
        image="ghcr.io/acme/sync:2.0.0",
        cmds=["python", "-m", "sync"],
    )
