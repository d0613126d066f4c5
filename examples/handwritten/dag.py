"""A hand-written DAG beside `invoices.py`, which schedc compiles from examples/handwritten_dag.yaml."""

from airflow.sdk import DAG, task
from invoices import SCHEDULE

with DAG(**SCHEDULE):

    @task
    def send() -> None:
        """Send the invoices of the month before."""

    send()
