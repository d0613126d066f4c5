"""What is written, by table."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from kubernetes_jobs import DAILY, emitted, job, schedule
from schedc.engines import kubernetes as engine
from schedc.ir.calendar import ALL_DAYS, ALL_WEEKDAYS, Calendar, mask, same
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.workload import ConfigMapKey, Container, Resources, SecretKey
from schedc.targets.kubernetes import TARGET

MINUTE = Calendar()
EITHER = Calendar(minutes=1, hours=1, days=mask([1, 15]), weekdays=mask([1]), either=True)


def test_the_whole_text() -> None:
    one = schedule(
        Calendar(minutes=mask([5]), hours=mask([14]), weekdays=mask([3])),
        "Europe/Amsterdam",
        name="weekly-churn",
        description="Retrain the churn model",
        owner="churn-team",
        labels={"team": "ml", "on": "1.0"},
        overlap=Overlap.SKIP,
        retries=2,
        timeout=3600,
        attempt_timeout=900,
        run=Container(
            image="ghcr.io/acme/churn:1.4.0",
            command=("python", "-m", "churn.train"),
            args=("--window", "28d"),
            env={"STAGE": "prod", "DB_PASSWORD": SecretKey("churn-db", "password"), "A": ConfigMapKey("c", "k")},
            resources=Resources(requests={"memory": "4Gi", "cpu": "2"}, limits={"cpu": "2"}),
            service_account="trainer",
        ),
    )
    assert emitted(one, {"namespace": "ml"}) == WHOLE


WHOLE = """\
# Written by schedc from nightly.yaml, schedule weekly-churn. Change it there, not here.
# Runs every day at 14:05 UTC
# Digest 0123456789abcdef
apiVersion: batch/v1
kind: CronJob
metadata:
  name: weekly-churn
  namespace: ml
  labels:
    app.kubernetes.io/managed-by: schedc
    "on": "1.0"
    team: ml
  annotations:
    schedc/description: "Retrain the churn model"
    schedc/digest: "0123456789abcdef"
    schedc/owner: churn-team
    schedc/rule: "every day at 14:05 UTC"
    schedc/source: "nightly.yaml: weekly-churn"
spec:
  schedule: "5 14 * * 3"
  timeZone: Europe/Amsterdam
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 59
  suspend: false
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 1
  jobTemplate:
    spec:
      backoffLimit: 2
      activeDeadlineSeconds: 3600
      template:
        spec:
          restartPolicy: Never
          activeDeadlineSeconds: 900
          serviceAccountName: trainer
          containers:
          - name: main
            image: ghcr.io/acme/churn:1.4.0
            command:
            - python
            - "-m"
            - churn.train
            args:
            - "--window"
            - "28d"
            env:
            - name: A
              valueFrom:
                configMapKeyRef:
                  name: c
                  key: k
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: churn-db
                  key: password
            - name: STAGE
              value: prod
            resources:
              requests:
                cpu: "2"
                memory: "4Gi"
              limits:
                cpu: "2"
"""

POLICIES: list[tuple[dict[str, Any], str, int | None]] = [
    ({}, "Allow", None),
    ({"overlap": Overlap.ALLOW}, "Allow", None),
    ({"overlap": Overlap.REPLACE}, "Replace", None),
    ({"overlap": Overlap.SKIP}, "Forbid", 59),
    ({"overlap": Overlap.SKIP, "start_deadline": 300}, "Forbid", 300),
    ({"max_active_runs": 1}, "Forbid", None),
    ({"catchup": Catchup.FALSE}, "Allow", None),
    ({"catchup": Catchup.LATEST}, "Allow", None),
    ({"catchup": Catchup.NONE}, "Allow", 59),
    ({"catchup": Catchup.NONE, "start_deadline": 30}, "Allow", 30),
    ({"start_deadline": 7200}, "Allow", 7200),
]


@pytest.mark.parametrize(("fields", "policy", "deadline"), POLICIES)
def test_policies(fields: dict[str, Any], policy: str, deadline: int | None) -> None:
    spec = yaml.safe_load(emitted(schedule(**fields)))["spec"]
    assert spec["concurrencyPolicy"] == policy
    assert spec.get("startingDeadlineSeconds") == deadline


CALENDARS = [
    (MINUTE, "* * * * *"),
    (DAILY, "5 14 * * *"),
    (Calendar(minutes=mask(range(0, 60, 5))), "*/5 * * * *"),
    (Calendar(minutes=1, hours=mask([9]), weekdays=mask(range(1, 6))), "0 9 * * 1-5"),
    (Calendar(minutes=1, hours=1, days=mask(range(1, 32, 2))), "0 0 1-31/2 * *"),
    (EITHER, "0 0 1,15 * 1"),
    (Calendar(minutes=1, hours=1, days=ALL_DAYS, weekdays=mask([1]), either=True), "0 0 * * *"),
    (Calendar(minutes=1, hours=1, days=mask([1]), weekdays=ALL_WEEKDAYS, either=True), "0 0 * * *"),
    (Calendar(minutes=1, hours=1, days=0, weekdays=mask([1]), either=True), "0 0 * * 1"),
    (Calendar(minutes=1, hours=1, days=mask([1]), weekdays=0, either=True), "0 0 1 * *"),
    (Calendar(minutes=1, hours=1, days=mask([1]), months=mask([1, 4, 7, 10])), "0 0 1 */3 *"),
]


@pytest.mark.parametrize(("calendar", "text"), CALENDARS)
def test_cron_text_means_the_calendar(calendar: Calendar, text: str) -> None:
    assert yaml.safe_load(emitted(schedule(calendar)))["spec"]["schedule"] == text
    assert same(engine.read(text).calendar, calendar)


def test_options() -> None:
    options = {"namespace": "ml", "successful_jobs_history_limit": 0, "failed_jobs_history_limit": 7}
    data = yaml.safe_load(emitted(schedule(paused=True), options))
    assert data["metadata"]["namespace"] == "ml"
    assert data["spec"]["successfulJobsHistoryLimit"] == 0
    assert data["spec"]["failedJobsHistoryLimit"] == 7
    assert data["spec"]["suspend"] is True


def test_the_promise_is_written() -> None:
    data = yaml.safe_load(emitted(schedule(applied_after=1_796_083_200)))
    assert data["metadata"]["annotations"]["schedc/applied-after"] == "2026-12-01T00:00:00Z"


def test_nothing_gets_out_of_a_comment() -> None:
    (artifact,) = next(iter(TARGET.emit(job(schedule(), words="a\nkind: Pod\u2028b\u202ec\r\x85d"))))
    head = artifact.text.split("apiVersion", 1)[0]
    assert all(line.startswith("# ") for line in head.removesuffix("\n").split("\n"))
    assert head.isascii()
    assert head.isprintable() or set(head) - {"\n"}
    assert yaml.safe_load(artifact.text)["kind"] == "CronJob"


@pytest.mark.parametrize(("minor", "refused"), [(21, True), (26, True), (27, False), (33, False), (37, False)])
def test_without_a_time_zone_field_nothing_is_honoured(minor: int, refused: bool) -> None:
    from schedc.capabilities import Feature, No

    answers = TARGET.capabilities.but(TARGET.by_version({"version": f"1.{minor}"}))
    assert isinstance(answers[Feature.CRON], No) is refused
