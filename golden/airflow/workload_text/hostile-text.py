"""At 06:45 on weekdays, UTC.

Compiled by schedc from workload_text.yaml, schedule `hostile-text`, digest
`fd15663745f3022d`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, literal
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    dag_id="hostile-text",
    description='It\'s "the" report:\nline two {{ ds }} $(HOME) {x} ${y} \\ # - é \U0001f680',
    doc_md=__doc__,
    schedule=CronTriggerTimetable("45 6 * * 1-5", timezone="UTC"),
    # The schedule has no start: this day is past, and never changes.
    start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"owner": 'team "data" {{ x }}', "retries": 0},
    tags=["schedc"],
) as dag:
    BashOperator(
        task_id="run",
        doc="Runs on the worker itself, in place of a container of ghcr.io/acme/report:1.0.0",
        bash_command=literal(
            "exec sh -c \\\n  'echo \"$(date)\" '\"'\"'{{ ds }}'\"'\"' $(STAGE) $$(X) {{$.inputs}} ; printf '\"'\"'%s\\n'\"'\"' \"é\"'",
        ),
        env={
            "GREETING": literal('hello "{{ name }}" $(WORLD)\nsecond line'),
            "STAGE": "prod",
        },
        append_env=True,
        skip_on_exit_code=None,
    )
