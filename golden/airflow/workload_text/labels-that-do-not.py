"""At 06:45 on weekdays, UTC.

Compiled by schedc from workload_text.yaml, schedule `labels-that-do-not`, digest
`5f22c6c27b9425c2`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="labels-that-do-not",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("45 6 * * 1-5", timezone="UTC"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc", "Team=Data & AI = fun"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="labels-that-do-not",
        image="ghcr.io/acme/report:1.0.0",
        cmds=["report", "send"],
    )
