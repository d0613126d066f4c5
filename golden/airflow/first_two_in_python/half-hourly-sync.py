"""Every 30 minutes from 2026-12-01T00:00:00Z.

Compiled by schedc from first_two_in_python.py, schedule `half-hourly-sync`, digest
`bdcf0ac48abc8ce6`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="half-hourly-sync",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/30 * * * *", timezone="UTC"),
    start_date=datetime(2026, 12, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="half-hourly-sync",
        image="ghcr.io/acme/sync:2.0.0",
        cmds=["python", "-m", "sync"],
    )
