"""At 02:30 every day, Europe/Amsterdam.

Compiled by schedc from clock_changes.yaml, schedule `shift-and-second`, digest
`0bc9e1967eab3706`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="shift-and-second",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 2 * * *", timezone="Europe/Amsterdam"),
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
        name="shift-and-second",
        image="ghcr.io/acme/ledger:8.0.1",
        cmds=["ledger", "settle"],
    )
