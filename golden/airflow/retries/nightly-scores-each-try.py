"""At 01:20 every day, UTC.

Compiled by schedc from retries.yaml, schedule `nightly-scores-each-try`, digest
`59dae8b635e96b15`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timedelta, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="nightly-scores-each-try",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("20 1 * * *", timezone="UTC"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 2},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="nightly-scores-each-try",
        image="ghcr.io/acme/scores:4.4.0",
        cmds=["scores", "compute"],
        execution_timeout=timedelta(seconds=1800),
    )
