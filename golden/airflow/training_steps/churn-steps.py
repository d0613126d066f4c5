"""At 03:00 on weekdays, UTC.

Compiled by schedc from training_steps.yaml, schedule `churn-steps`, digest
`44956d178326d228`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="churn-steps",
    description="Retrain the churn model on working days",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 3 * * 1-5", timezone="UTC"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"owner": "ml-team", "retries": 1},
    tags=["schedc"],
) as dag:
    extract = KubernetesPodOperator(
        task_id="extract",
        name="churn-steps-extract",
        image="ghcr.io/acme/churn:1.4.0",
        cmds=["churn", "extract"],
        arguments=["--to", "/mnt/churn/raw"],
        env_vars=[
            k8s.V1EnvVar(
                name="WAREHOUSE",
                value_from=k8s.V1EnvVarSource(
                    secret_key_ref=k8s.V1SecretKeySelector(name="warehouse", key="url"),
                ),
            ),
        ],
    )

    features = KubernetesPodOperator(
        task_id="features",
        name="churn-steps-features",
        image="ghcr.io/acme/churn:1.4.0",
        cmds=["churn", "features"],
    )

    train = KubernetesPodOperator(
        task_id="train",
        name="churn-steps-train",
        image="ghcr.io/acme/churn-gpu:1.4.0",
        cmds=["churn", "train"],
        container_resources=k8s.V1ResourceRequirements(limits={"nvidia.com/gpu": 1}),
    )

    evaluate = KubernetesPodOperator(
        task_id="evaluate",
        name="churn-steps-evaluate",
        image="ghcr.io/acme/churn:1.4.0",
        cmds=["churn", "evaluate"],
    )

    extract >> features >> train
    [train, features] >> evaluate
