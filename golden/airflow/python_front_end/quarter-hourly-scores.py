"""Every 15 minutes from 2026-12-01T00:05:00Z.

Compiled by schedc from python_front_end.py, schedule `quarter-hourly-scores`, digest
`e473b4453ffe2e4a`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="quarter-hourly-scores",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("5,20,35,50 * * * *", timezone="UTC"),
    start_date=datetime(2026, 12, 1, 0, 5, tzinfo=timezone.utc),
    end_date=datetime(2027, 6, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="quarter-hourly-scores",
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
    )
