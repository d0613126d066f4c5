"""At 06:15 every day, Europe/Amsterdam.

Compiled by schedc from release.yaml, schedule `checkout-report`, digest
`d8b354903a069e34`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="checkout-report",
    description="Daily report of the checkout, prod",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("15 6 * * *", timezone="Europe/Amsterdam"),
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
        name="checkout-report",
        image="ghcr.io/acme/checkout-report:2026.11.3",
        cmds=["report", "send"],
        env_vars=[k8s.V1EnvVar(name="STAGE", value="prod")],
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "1", "memory": "1Gi"},
        ),
    )
