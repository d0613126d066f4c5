"""At 06:45 on weekdays, UTC.

Compiled by schedc from workload_text.yaml, schedule `labels-that-fit-everywhere`,
digest `542e94046d926797`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="labels-that-fit-everywhere",
    description="Send the morning report",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("45 6 * * 1-5", timezone="UTC"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"owner": "data-team", "retries": 0},
    tags=["schedc", "cost-center=4711", "team=data"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="labels-that-fit-everywhere",
        image="ghcr.io/acme/report:1.0.0",
        cmds=["report", "send"],
    )
