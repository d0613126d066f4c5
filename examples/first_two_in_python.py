"""The same two, as a ZenML user writes them: the import is another one, and `run` says what they run."""

from datetime import datetime, timedelta

from schedc import Container, Schedule

schedule = Schedule(
    cron_expression="5 14 * * 3", run=Container("ghcr.io/acme/churn:1.4.0", ["python", "-m", "churn.train"])
)

half_hourly_sync = Schedule(
    start_time=datetime(2026, 12, 1),
    interval_second=timedelta(minutes=30),
    run=Container("ghcr.io/acme/sync:2.0.0", command=["python", "-m", "sync"]),
)
