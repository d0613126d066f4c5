"""At 09:00 on the 13th of the month or on Fridays, UTC.

Compiled by schedc from ambiguous_days.yaml, schedule `either`, digest
`315f3f788fd2b5d9`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="either",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 9 13 * 5", timezone="UTC"),
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
        name="either",
        image="ghcr.io/acme/report:1.0.0",
        cmds=["report", "send"],
    )
