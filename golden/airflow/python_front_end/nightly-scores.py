"""At 01:20 every day, UTC.

Compiled by schedc from python_front_end.py, schedule `nightly-scores`, digest
`b0ba64a3ce093945`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timedelta, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="nightly-scores",
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
        name="nightly-scores",
        image="ghcr.io/acme/scores:4.4.0",
        cmds=["scores", "compute"],
        env_vars=[
            k8s.V1EnvVar(
                name="BUCKET",
                value_from=k8s.V1EnvVarSource(
                    config_map_key_ref=k8s.V1ConfigMapKeySelector(
                        name="scores",
                        key="bucket",
                    ),
                ),
            ),
            k8s.V1EnvVar(
                name="DB_PASSWORD",
                value_from=k8s.V1EnvVarSource(
                    secret_key_ref=k8s.V1SecretKeySelector(
                        name="scores-db",
                        key="password",
                    ),
                ),
            ),
            k8s.V1EnvVar(name="STAGE", value="prod"),
        ],
        execution_timeout=timedelta(seconds=1800),
    )
