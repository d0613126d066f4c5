"""At 05:00 on Mondays, UTC.

Compiled by schedc from target_options.yaml, schedule `on-airflow-2`, digest
`d765a04ba2992fbc`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG

with DAG(
    dag_id="on-airflow-2",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 5 * * 1", timezone="UTC"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    max_active_tasks=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="on-airflow-2",
        image="ghcr.io/acme/digest:1.0.0",
        cmds=["digest", "send"],
        env_vars=[k8s.V1EnvVar(name="STAGE", value="prod")],
        namespace="mail",
        in_cluster=True,
        deferrable=True,
    )
