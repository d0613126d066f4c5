"""At 02:15 every day, UTC.

Compiled by schedc from applied_after.yaml, schedule `nightly-from-december`, digest
`33dea0407a717449`. Change it there: the next compile overwrites this file.

Not to be deployed before 2026-12-02T00:00:00Z.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="nightly-from-december",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("15 2 * * *", timezone="UTC"),
    start_date=datetime(2026, 12, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="nightly-from-december",
        image="ghcr.io/acme/churn:1.4.0",
        cmds=["python", "-m", "churn.train"],
    )
