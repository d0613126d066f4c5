"""schedc: one schedule in; an Airflow DAG, a Kubeflow recurring run, a Vertex AI schedule or a CronJob out."""

from schedc.frontend.python_api import ConfigMap, Container, Pipeline, Schedule, ScheduledTime, Secret, Steps

__all__ = ["ConfigMap", "Container", "Pipeline", "Schedule", "ScheduledTime", "Secret", "Steps"]
