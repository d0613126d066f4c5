"""At 03:00 every day, UTC.

Compiled by schedc from catchup.yaml, schedule `all`, digest `72f55480587cd1a6`.
Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="all",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 3 * * *", timezone="UTC"),
    start_date=datetime(2026, 12, 1, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="all",
        image="ghcr.io/acme/features:3.1.0",
        cmds=["features", "build"],
    )
