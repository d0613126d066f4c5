"""At 22:00 on the last day of the month, UTC.

Compiled by schedc from day_rules.yaml, schedule `last-day`, digest
`34eb04af6056a6ea`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="last-day",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 22 L * *", timezone="UTC"),
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
        name="last-day",
        image="ghcr.io/acme/books:5.2.0",
        cmds=["books", "close"],
    )
