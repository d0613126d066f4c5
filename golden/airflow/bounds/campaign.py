"""At 08:00 every day, Europe/Madrid.

Compiled by schedc from bounds.yaml, schedule `campaign`, digest `73eb70f4824cea9f`.
Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="campaign",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 8 * * *", timezone="Europe/Madrid"),
    # 2027-01-04 08:00:00 in Europe/Madrid
    start_date=datetime(2027, 1, 4, 7, tzinfo=timezone.utc),
    # 2027-01-17 08:00:00 in Europe/Madrid
    end_date=datetime(2027, 1, 17, 7, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
    tags=["schedc"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="campaign",
        image="ghcr.io/acme/campaign:1.1.0",
        cmds=["campaign", "send"],
    )
