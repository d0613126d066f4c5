"""At 02:00 on Saturdays, UTC.

Compiled by schedc from gpu_training.yaml, schedule `train-ranker`, digest
`9a928f953b73eac5`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timedelta, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="train-ranker",
    description="Train the ranking model",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 2 * * 6", timezone="UTC"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={"owner": "search-team", "retries": 1},
    tags=["schedc", "team=search", "tier=batch"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="train-ranker",
        image="ghcr.io/acme/ranker:3.4.1",
        image_pull_policy="IfNotPresent",
        cmds=["python", "-m", "ranker.train"],
        arguments=["--epochs", "20", "--data", "/data"],
        env_vars=[
            k8s.V1EnvVar(
                name="BUCKET",
                value_from=k8s.V1EnvVarSource(
                    config_map_key_ref=k8s.V1ConfigMapKeySelector(
                        name="ranker",
                        key="bucket",
                    ),
                ),
            ),
            k8s.V1EnvVar(name="OMP_NUM_THREADS", value="8"),
            k8s.V1EnvVar(
                name="POD_NAME",
                value_from=k8s.V1EnvVarSource(
                    field_ref=k8s.V1ObjectFieldSelector(field_path="metadata.name"),
                ),
            ),
            k8s.V1EnvVar(
                name="WANDB_API_KEY",
                value_from=k8s.V1EnvVarSource(
                    secret_key_ref=k8s.V1SecretKeySelector(name="wandb", key="api-key"),
                ),
            ),
        ],
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "8", "memory": "48Gi"},
            limits={"memory": "64Gi", "nvidia.com/gpu": 1},
        ),
        volume_mounts=[
            k8s.V1VolumeMount(name="data", mount_path="/data", read_only=True),
            k8s.V1VolumeMount(name="scratch", mount_path="/dev/shm"),
        ],
        service_account_name="ranker",
        volumes=[
            k8s.V1Volume(
                name="data",
                persistent_volume_claim=k8s.V1PersistentVolumeClaimVolumeSource(
                    claim_name="ranker-data",
                    read_only=True,
                ),
            ),
            k8s.V1Volume(
                name="scratch",
                empty_dir=k8s.V1EmptyDirVolumeSource(
                    medium="Memory",
                    size_limit="16Gi",
                ),
            ),
        ],
        tolerations=[
            k8s.V1Toleration(
                key="nvidia.com/gpu",
                operator="Exists",
                effect="NoSchedule",
            ),
        ],
        node_selector={"acme.example/pool": "gpu-l4"},
        image_pull_secrets=[k8s.V1LocalObjectReference(name="ghcr")],
        priority_class_name="batch-low",
        annotations={"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"},
        termination_grace_period=120,
        execution_timeout=timedelta(seconds=21600),
    )
