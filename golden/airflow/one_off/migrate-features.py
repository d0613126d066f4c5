"""Once, at 2027-01-15T21:30:00Z.

Compiled by schedc from one_off.yaml, schedule `migrate-features`, digest
`63ba28248c730587`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="migrate-features",
    description="Move the feature store to the new schema",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 21 15 1 *", timezone="UTC"),
    start_date=datetime(2027, 1, 15, 21, 30, tzinfo=timezone.utc),
    end_date=datetime(2027, 1, 15, 21, 30, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="migrate-features",
        image="ghcr.io/acme/features:3.1.0",
        cmds=["python", "-m", "features.migrate"],
    )
