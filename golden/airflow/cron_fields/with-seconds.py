"""At second 30 of the minutes :00, :05, :10, :15, :20, :25, :30, :35, :40, :45, :50 and
:55 past every hour, UTC.

Compiled by schedc from cron_fields.yaml, schedule `with-seconds`, digest
`2ef522e2d0f1d95a`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="with-seconds",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/5 * * * * 30", timezone="UTC"),
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
        name="with-seconds",
        image="ghcr.io/acme/probe:0.3.0",
        cmds=["probe"],
    )
