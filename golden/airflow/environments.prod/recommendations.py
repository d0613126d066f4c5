"""At 03:10 every day, Europe/Amsterdam.

Compiled by schedc from environments.yaml, schedule `recommendations`, digest
`d966844527a73579`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="recommendations",
    description="Rebuild the recommendations (prod)",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("10 3 * * *", timezone="Europe/Amsterdam"),
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
        name="recommendations",
        image="ghcr.io/acme/recommend:6.0.2",
        cmds=["recommend", "build"],
        env_vars=[
            k8s.V1EnvVar(name="PRICE", value="${5}"),
            k8s.V1EnvVar(name="STAGE", value="prod"),
        ],
    )
