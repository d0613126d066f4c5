"""At 05:00 on Mondays, UTC.

Compiled by schedc from target_options.yaml, schedule `on-docker`, digest
`88b296929c54a1cc`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.docker.operators.docker import DockerOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="digest.on_docker",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 5 * * 1", timezone="UTC"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["mail", "weekly"],
) as dag:
    DockerOperator(
        task_id="run",
        image="ghcr.io/acme/digest:1.0.0",
        entrypoint=["digest", "send"],
        environment={"STAGE": "prod"},
        auto_remove="force",
        mount_tmp_dir=False,
        docker_url="tcp://docker:2375",
        docker_conn_id="ghcr",
        network_mode="bridge",
    )
