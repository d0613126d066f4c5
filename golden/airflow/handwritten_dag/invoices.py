"""At 07:00 on the 1st of the month, Europe/Amsterdam.

Compiled by schedc from handwritten_dag.yaml, schedule `invoices`, digest
`2e17472f963ac14d`. Change it there: the next compile overwrites this file.
"""

from datetime import datetime, timezone

from airflow.timetables.trigger import CronTriggerTimetable

SCHEDULE = {
    "dag_id": "invoices",
    "description": "Send the invoices of the month",
    "doc_md": __doc__,
    "schedule": CronTriggerTimetable("0 7 1 * *", timezone="Europe/Amsterdam"),
    # The schedule has no start: this day is past, and never changes.
    "start_date": datetime(2000, 1, 1, tzinfo=timezone.utc),
    "catchup": False,
    "max_active_runs": 1,
    "is_paused_upon_creation": False,
    "default_args": {"owner": "billing-team", "retries": 3},
    "tags": ["schedc"],
}
