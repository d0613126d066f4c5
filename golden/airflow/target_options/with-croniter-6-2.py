"""At 05:00 on the Monday-to-Friday day nearest to the 15th of the month, UTC.

Compiled by schedc from target_options.yaml, schedule `with-croniter-6-2`, digest
`0d750bdaf5e26ade`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="with-croniter-6-2",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 5 15W * *", timezone="UTC"),
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
        name="with-croniter-6-2",
        image="ghcr.io/acme/digest:1.0.0",
        cmds=["digest", "send"],
        env_vars=[k8s.V1EnvVar(name="STAGE", value="prod")],
    )
