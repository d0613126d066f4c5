"""At 14:05 on Wednesdays, Europe/Amsterdam.

Compiled by schedc from weekly_churn.yaml, schedule `weekly-churn`, digest
`dfa7c14a16aed96f`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="weekly-churn",
    description="Retrain the churn model",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("5 14 * * 3", timezone="Europe/Amsterdam"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={"owner": "churn-team", "retries": 0},
    tags=["ml"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="weekly-churn",
        image="ghcr.io/acme/churn:1.4.0",
        cmds=["python", "-m", "churn.train"],
        arguments=["--window", "28d"],
        env_vars=[
            k8s.V1EnvVar(
                name="DB_PASSWORD",
                value_from=k8s.V1EnvVarSource(
                    secret_key_ref=k8s.V1SecretKeySelector(
                        name="churn-db",
                        key="password",
                    ),
                ),
            ),
            k8s.V1EnvVar(name="STAGE", value="prod"),
        ],
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "2", "memory": "4Gi"},
        ),
    )
