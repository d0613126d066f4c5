"""At 09:00 on weekdays, Asia/Kolkata.

Compiled by schedc from timezones.yaml, schedule `kolkata`, digest
`22f9e6de94a2f736`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="kolkata",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 9 * * 1-5", timezone="Asia/Kolkata"),
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
        name="kolkata",
        image="ghcr.io/acme/desk:1.3.0",
        cmds=["desk", "open"],
    )
