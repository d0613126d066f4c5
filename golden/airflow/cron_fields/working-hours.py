"""Every 30 minutes from 09:00 to 17:30 on weekdays, UTC.

Compiled by schedc from cron_fields.yaml, schedule `working-hours`, digest
`bc0974535138eec9`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="working-hours",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/30 9-17 * * 1-5", timezone="UTC"),
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
        name="working-hours",
        image="ghcr.io/acme/probe:0.3.0",
        cmds=["probe"],
    )
