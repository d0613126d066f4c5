"""At 06:00 on the 1st Monday of the month, UTC.

Compiled by schedc from day_rules.yaml, schedule `first-monday`, digest
`190bab40bdfea7b5`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="first-monday",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 6 * * 1#1", timezone="UTC"),
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
        name="first-monday",
        image="ghcr.io/acme/books:5.2.0",
        cmds=["books", "close"],
    )
