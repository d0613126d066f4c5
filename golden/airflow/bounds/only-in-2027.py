"""At 12:00 on the 1st of the month, in 2027, UTC.

Compiled by schedc from bounds.yaml, schedule `only-in-2027`, digest
`d56f37f8a2f81299`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="only-in-2027",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 12 1 * *", timezone="UTC"),
    start_date=datetime(2027, 1, 1, 12, tzinfo=timezone.utc),
    end_date=datetime(2027, 12, 1, 12, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="only-in-2027",
        image="ghcr.io/acme/campaign:1.1.0",
        cmds=["campaign", "audit"],
    )
