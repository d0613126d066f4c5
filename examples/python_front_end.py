"""What the Python front end adds: objects for references, timedelta and datetime for times, and loops."""

from datetime import UTC, datetime, timedelta

from schedc import ConfigMap, Container, Pipeline, Schedule, Secret

SCORE = Container(
    "ghcr.io/acme/scores:4.4.0",
    command=["scores", "compute"],
    env={
        "STAGE": "prod",
        "DB_PASSWORD": Secret("scores-db", "password"),
        "BUCKET": ConfigMap("scores", "bucket"),
    },
)

nightly_scores = Schedule(
    "20 1 * * *",
    timezone="UTC",
    retries=2,
    attempt_timeout_second=timedelta(minutes=30),
    deploy_to=["airflow", "kubernetes"],
    run=SCORE,
)

quarter_hourly_scores = Schedule(
    start_time=datetime(2026, 12, 1, 0, 5, tzinfo=UTC),
    end_time="2027-06-01T00:00:00Z",
    interval_second=timedelta(minutes=15),
    catchup=False,
    deploy_to=["airflow", "kubeflow"],
    run=SCORE,
)

weekly_training = Schedule(
    "0 2 * * 0",
    name="weekly-training",
    deploy_to=["kubeflow", "vertex"],
    run=Pipeline("train_pipeline/train.yaml", parameters={"window_days": 14, "features": ["recency"]}),
)

for _country in ("nl", "de"):
    globals()[f"report_{_country}"] = Schedule(
        "0 7 * * 1-5",
        timezone={"nl": "Europe/Amsterdam", "de": "Europe/Berlin"}[_country],
        deploy_to=["kubernetes"],
        run=Container("ghcr.io/acme/report:1.0.0", args=["--country", _country]),
    )
