"""Every 90 minutes from 2026-12-01T00:00:00Z.

Compiled by schedc from intervals.yaml, schedule `every-ninety-minutes-with-catchup`,
digest `f7c6ae700c29f8b1`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timedelta, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import DeltaTriggerTimetable

with DAG(
    dag_id="every-ninety-minutes-with-catchup",
    doc_md=__doc__,
    schedule=DeltaTriggerTimetable(timedelta(seconds=5400)),
    start_date=datetime(2026, 12, 1, tzinfo=timezone.utc),
    end_date=datetime(2027, 3, 1, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="every-ninety-minutes-with-catchup",
        image="ghcr.io/acme/sync:2.0.0",
        cmds=["python", "-m", "sync"],
    )
