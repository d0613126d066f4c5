"""At 14:05 on Wednesdays, UTC.

Compiled by schedc from first_two_in_python.py, schedule `schedule`, digest
`d98905336eecabcf`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="schedule",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("5 14 * * 3", timezone="UTC"),
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
        name="schedule",
        image="ghcr.io/acme/churn:1.4.0",
        cmds=["python", "-m", "churn.train"],
    )
