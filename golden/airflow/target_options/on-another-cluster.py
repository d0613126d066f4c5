"""At 05:00 on Mondays, UTC.

Compiled by schedc from target_options.yaml, schedule `on-another-cluster`, digest
`e761de3e9f197c9c`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="on-another-cluster",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 5 * * 1", timezone="UTC"),
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
        name="on-another-cluster",
        image="ghcr.io/acme/digest:1.0.0",
        cmds=["digest", "send"],
        env_vars=[k8s.V1EnvVar(name="STAGE", value="prod")],
        kubernetes_conn_id="batch",
        cluster_context="batch-prod",
        config_file="/etc/airflow/kubeconfig",
        startup_timeout_seconds=600,
        on_finish_action="delete_succeeded_pod",
    )
