"""schedc: one schedule in; an Airflow DAG, a Kubeflow recurring run, a Vertex AI schedule or a CronJob out."""
