"""At 09:00 on weekdays, Europe/Amsterdam.

Compiled by schedc from handwritten_dag.yaml, schedule `reminders`, digest
`81d818e149a0aa01`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="reminders",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 9 * * 1-5", timezone="Europe/Amsterdam"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0, "retry_delay": 60},
    tags=["schedc"],
    max_consecutive_failed_dag_runs=3,
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="reminders",
        image="ghcr.io/acme/billing:2.7.0",
        cmds=["billing", "remind"],
    )
