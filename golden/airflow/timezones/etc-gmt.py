"""At 09:00 on weekdays, Etc/GMT+4.

Compiled by schedc from timezones.yaml, schedule `etc-gmt`, digest
`fce18ceeb33fbda1`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="etc-gmt",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 9 * * 1-5", timezone="Etc/GMT+4"),
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
        name="etc-gmt",
        image="ghcr.io/acme/desk:1.3.0",
        cmds=["desk", "open"],
    )
