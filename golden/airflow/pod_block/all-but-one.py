"""At 01:00 every day, UTC.

Compiled by schedc from pod_block.yaml, schedule `all-but-one`, digest
`ccd7f05efcdeaf3c`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from kubernetes.client import models as k8s

with DAG(
    dag_id="all-but-one",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 1 * * *", timezone="UTC"),
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
        name="all-but-one",
        image="ghcr.io/acme/ledger:8.0.1",
        image_pull_policy="Always",
        cmds=["ledger"],
        arguments=["settle"],
        env_vars=[
            k8s.V1EnvVar(
                name="BUCKET",
                value_from=k8s.V1EnvVarSource(
                    config_map_key_ref=k8s.V1ConfigMapKeySelector(
                        name="ledger",
                        key="bucket",
                    ),
                ),
            ),
            k8s.V1EnvVar(name="LITERAL", value="text"),
            k8s.V1EnvVar(
                name="NODE",
                value_from=k8s.V1EnvVarSource(
                    field_ref=k8s.V1ObjectFieldSelector(field_path="spec.nodeName"),
                ),
            ),
            k8s.V1EnvVar(
                name="PASSWORD",
                value_from=k8s.V1EnvVarSource(
                    secret_key_ref=k8s.V1SecretKeySelector(
                        name="ledger-db",
                        key="password",
                    ),
                ),
            ),
        ],
        env_from=[
            k8s.V1EnvFromSource(
                config_map_ref=k8s.V1ConfigMapEnvSource(name="ledger-defaults"),
            ),
            k8s.V1EnvFromSource(
                prefix="EXTRA_",
                secret_ref=k8s.V1SecretEnvSource(name="ledger-extra", optional=True),
            ),
        ],
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "1", "memory": "2Gi"},
            limits={"cpu": "2", "memory": "2Gi", "nvidia.com/gpu": 2},
        ),
        volume_mounts=[
            k8s.V1VolumeMount(name="tls", mount_path="/etc/ledger/tls", read_only=True),
            k8s.V1VolumeMount(name="settings", mount_path="/etc/ledger/settings"),
            k8s.V1VolumeMount(
                name="books",
                mount_path="/srv/ledger/books",
                sub_path="2026",
            ),
            k8s.V1VolumeMount(name="tmp", mount_path="/tmp"),
            k8s.V1VolumeMount(name="identity", mount_path="/var/run/identity"),
        ],
        container_security_context=k8s.V1SecurityContext(
            run_as_user=10001,
            run_as_non_root=True,
            read_only_root_filesystem=True,
            allow_privilege_escalation=False,
            capabilities=k8s.V1Capabilities(drop=["ALL"]),
            seccomp_profile=k8s.V1SeccompProfile(type="RuntimeDefault"),
        ),
        service_account_name="ledger",
        init_containers=[
            k8s.V1Container(
                name="migrate",
                image="ghcr.io/acme/ledger:8.0.1",
                command=["ledger", "migrate"],
                env=[
                    k8s.V1EnvVar(
                        name="PASSWORD",
                        value_from=k8s.V1EnvVarSource(
                            secret_key_ref=k8s.V1SecretKeySelector(
                                name="ledger-db",
                                key="password",
                            ),
                        ),
                    ),
                ],
                volume_mounts=[k8s.V1VolumeMount(name="tmp", mount_path="/tmp")],
            ),
        ],
        volumes=[
            k8s.V1Volume(
                name="tls",
                secret=k8s.V1SecretVolumeSource(
                    secret_name="ledger-tls",
                    items=[k8s.V1KeyToPath(key="tls.crt", path="tls.crt")],
                    default_mode=288,
                ),
            ),
            k8s.V1Volume(
                name="settings",
                config_map=k8s.V1ConfigMapVolumeSource(name="ledger-settings"),
            ),
            k8s.V1Volume(
                name="books",
                persistent_volume_claim=k8s.V1PersistentVolumeClaimVolumeSource(
                    claim_name="ledger-books",
                ),
            ),
            k8s.V1Volume(
                name="tmp",
                empty_dir=k8s.V1EmptyDirVolumeSource(size_limit="1Gi"),
            ),
            k8s.V1Volume(
                name="identity",
                projected=k8s.V1ProjectedVolumeSource(
                    sources=[
                        k8s.V1VolumeProjection(
                            service_account_token=k8s.V1ServiceAccountTokenProjection(
                                path="token",
                                audience="vault",
                                expiration_seconds=3600,
                            ),
                        ),
                        k8s.V1VolumeProjection(
                            config_map=k8s.V1ConfigMapProjection(name="ledger-ca"),
                        ),
                    ],
                ),
            ),
        ],
        tolerations=[
            k8s.V1Toleration(
                key="dedicated",
                operator="Equal",
                value="batch",
                effect="NoExecute",
                toleration_seconds=300,
            ),
        ],
        affinity=k8s.V1Affinity(
            node_affinity=k8s.V1NodeAffinity(
                required_during_scheduling_ignored_during_execution=k8s.V1NodeSelector(
                    node_selector_terms=[
                        k8s.V1NodeSelectorTerm(
                            match_expressions=[
                                k8s.V1NodeSelectorRequirement(
                                    key="topology.kubernetes.io/zone",
                                    operator="In",
                                    values=["europe-west4-a", "europe-west4-b"],
                                ),
                            ],
                        ),
                    ],
                ),
                preferred_during_scheduling_ignored_during_execution=[
                    k8s.V1PreferredSchedulingTerm(
                        weight=10,
                        preference=k8s.V1NodeSelectorTerm(
                            match_expressions=[
                                k8s.V1NodeSelectorRequirement(
                                    key="acme.example/spot",
                                    operator="Exists",
                                ),
                            ],
                        ),
                    ),
                ],
            ),
            pod_anti_affinity=k8s.V1PodAntiAffinity(
                required_during_scheduling_ignored_during_execution=[
                    k8s.V1PodAffinityTerm(
                        label_selector=k8s.V1LabelSelector(
                            match_labels={"app": "ledger"},
                        ),
                        topology_key="kubernetes.io/hostname",
                    ),
                ],
            ),
        ),
        security_context=k8s.V1PodSecurityContext(
            fs_group=10001,
            fs_group_change_policy="OnRootMismatch",
        ),
        node_selector={"acme.example/pool": "batch"},
        image_pull_secrets=[
            k8s.V1LocalObjectReference(name="ghcr"),
            k8s.V1LocalObjectReference(name="mirror"),
        ],
        priority_class_name="batch-high",
        labels={"app": "ledger"},
        annotations={"sidecar.istio.io/inject": "false"},
        termination_grace_period=60,
        full_pod_spec=k8s.V1Pod(
            spec=k8s.V1PodSpec(
                containers=[k8s.V1Container(name="base", working_dir="/srv/ledger")],
            ),
        ),
    )
