"""At 04:00 on the 1st of the month, UTC.

Compiled by schedc from references.yaml, schedule `billing-export`, digest
`4b3b0c358d6c5df1`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="billing-export",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 4 1 * *", timezone="UTC"),
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
        name="billing-export",
        image="ghcr.io/acme/billing:2.7.0",
        cmds=["billing", "export"],
        env_vars=[
            k8s.V1EnvVar(
                name="BUCKET",
                value_from=k8s.V1EnvVarSource(
                    config_map_key_ref=k8s.V1ConfigMapKeySelector(
                        name="billing",
                        key="bucket",
                    ),
                ),
            ),
            k8s.V1EnvVar(
                name="DB_PASSWORD",
                value_from=k8s.V1EnvVarSource(
                    secret_key_ref=k8s.V1SecretKeySelector(
                        name="billing-db",
                        key="password",
                    ),
                ),
            ),
            k8s.V1EnvVar(name="LOG_LEVEL", value="info"),
        ],
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "500m", "memory": "1Gi"},
            limits={"memory": "2Gi"},
        ),
        service_account_name="billing-exporter",
    )
