"""What the API server itself makes of CronJobs: its decoding, its defaults and its validation."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from golden_files import GOLDEN, golden, shown
from schedc.engines.kubernetes import schedule_problem, time_zone_problem
from schedc.ir import zones

pytestmark = pytest.mark.engines

Ask = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
CRON_JOBS = golden("kubernetes", ".yaml")
CASES = Path(__file__).parents[2] / "conformance" / "kubernetes" / "robfig_v3.jsonl.gz"
PLAIN = (GOLDEN / "kubernetes/references/billing-export.yaml").read_text("utf-8")
POD = "spec.jobTemplate.spec.template.spec"


def create(text: str) -> dict[str, Any]:
    return {"ask": "create", "yaml": text}


def test_every_golden_is_stored_as_it_is_written(kubernetes: Ask, release: str, tell: Callable[[str], None]) -> None:
    texts = [path.read_text("utf-8") for path in CRON_JOBS]
    values, wrong = 0, []
    for path, text, answer in zip(CRON_JOBS, texts, kubernetes([create(text) for text in texts]), strict=True):
        if "errors" in answer or answer["warnings"]:
            wrong.append((shown(path), answer.get("errors"), answer["warnings"]))
            continue
        for place, written, stored in pairs(yaml.safe_load(text), answer["object"]):
            values += 1
            if written != stored or type(written) is not type(stored):
                wrong.append((shown(path), f"{place}: {written!r}", [f"stored as {stored!r}"]))
    tell(f"Kubernetes {release}, API server: {len(texts)} CronJobs, {values} values, {len(wrong)} mismatches")
    assert not wrong, wrong[:5]
    assert len(texts) >= 40
    assert values > 20 * len(texts)


def pairs(written: Any, stored: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each value that is written beside what is stored for it. What is stored besides is a default."""
    if isinstance(written, dict) and isinstance(stored, dict):
        for key, value in written.items():
            yield from pairs(value, stored.get(key, "nothing"), f"{place}.{key}")
    elif isinstance(written, list) and isinstance(stored, list) and len(written) == len(stored):
        for i, value in enumerate(written):
            yield from pairs(value, stored[i], f"{place}[{i}]")
    else:
        yield place, written, stored


# What stands in the artifact, what stands there instead, and what the API server says.
MISTAKES = [
    ("  schedule:", "  schedul:", 'unknown field "spec.schedul"'),
    ("backoffLimit:", "backOffLimit:", 'unknown field "spec.jobTemplate.spec.backOffLimit"'),
    ("  suspend: false", "  suspend: false\n  suspend: false", 'key "suspend" already set in map'),
    ("suspend: false", 'suspend: "false"', "cannot unmarshal string into Go struct field CronJobSpec.spec.suspend"),
    ("HistoryLimit: 3", 'HistoryLimit: "3"', "of type int32"),
    ("batch/v1", "batch/v1beta1", "posted to the CronJobs of batch/v1"),
    ("kind: CronJob", "kind: CronJobs", 'no kind "CronJobs" is registered'),
    ("0 4 1 * *", "0 0 31 2 x", 'spec.schedule: Invalid value: "0 0 31 2 x": failed to parse int from x'),
    ("0 4 1 * *", "0 4 * * 7", "end of range (7) above maximum (6)"),
    ("0 4 1 * *", "0 0 4 1 * *", "expected exactly 5 fields, found 6"),
    ("0 4 1 * *", "TZ=UTC 0 4 1 * *", "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"),
    ("timeZone: UTC", "timeZone: Mars/Phobos", 'spec.timeZone: Invalid value: "Mars/Phobos": unknown time zone'),
    ("timeZone: UTC", "timeZone: europe/amsterdam", "unknown time zone europe/amsterdam"),
    ("timeZone: UTC", "timeZone: Local", "timeZone must be an explicit time zone"),
    ("timeZone: UTC", 'timeZone: ""', "timeZone must be nil or non-empty string"),
    ("name: billing-export", f"name: {'a' * 53}", "must be no more than 52 characters"),
    ("name: billing-export", "name: Billing", "a lowercase RFC 1123 subdomain must consist of"),
    ("managed-by: schedc", "managed-by: sche dc", 'metadata.labels: Invalid value: "sche dc": a valid label must be'),
    ("app.kubernetes.io/managed-by", "app kubernetes", "name part must consist of alphanumeric characters"),
    ("concurrencyPolicy: Allow", "concurrencyPolicy: allow", 'supported values: "Allow", "Forbid", "Replace"'),
    (
        *("  suspend:", "  startingDeadlineSeconds: -1\n  suspend:"),
        "spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0",
    ),
    ("JobsHistoryLimit: 3", "JobsHistoryLimit: -1", "spec.successfulJobsHistoryLimit: Invalid value: -1"),
    ("JobsHistoryLimit: 1", "JobsHistoryLimit: -1", "spec.failedJobsHistoryLimit: Invalid value: -1"),
    ("backoffLimit: 0", "backoffLimit: -1", "spec.jobTemplate.spec.backoffLimit: Invalid value: -1"),
    ("backoffLimit: 0", "activeDeadlineSeconds: -1", "spec.activeDeadlineSeconds: Invalid value: -1"),
    ("backoffLimit: 0", "manualSelector: true", "spec.jobTemplate.spec.manualSelector: Unsupported value: true"),
    ("restartPolicy: Never", "restartPolicy: Always", f"{POD}.restartPolicy: Required value: valid values"),
    ("restartPolicy: Never", "priorityClassName: High", f"{POD}.priorityClassName: Invalid value"),
    ("            image: ghcr.io/acme/billing:2.7.0\n", "", f"{POD}.containers[0].image: Required value"),
    ("- name: main", "- name: Main", f"{POD}.containers[0].name: Invalid value"),
    ("name: billing-db", "name: Billing_DB", "secretKeyRef.name: Invalid value"),
    ("name: BUCKET", "name: BUC=KET", f"{POD}.containers[0].env[0].name: Invalid value"),
    ('cpu: "500m"', 'cpu: "half"', "quantities must match the regular expression"),
    ('memory: "2Gi"', 'memory: "512Mi"', "must be less than or equal to memory limit of 512Mi"),
]


@pytest.mark.parametrize(("good", "bad", "words"), MISTAKES, ids=[bad.strip()[:40] for _, bad, _ in MISTAKES])
def test_a_planted_mistake_is_refused(kubernetes: Ask, good: str, bad: str, words: str) -> None:
    assert good in PLAIN
    (answer,) = kubernetes([create(PLAIN.replace(good, bad, 1))])
    assert words in "\n".join(answer.get("errors", ["accepted"]))
    assert "object" not in answer


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        ("name: DB_PASSWORD", "name: BUCKET", 'env[1]: hides previous definition of "BUCKET"'),
        ("name: billing-export", "name: billing.export", "a DNS label is recommended"),
    ],
)
def test_what_the_api_server_only_warns_of(kubernetes: Ask, good: str, bad: str, words: str) -> None:
    (answer,) = kubernetes([create(PLAIN.replace(good, bad, 1))])
    assert words in "\n".join(answer["warnings"])
    assert "object" in answer


def test_schedules_are_refused_in_the_words_of_the_model(
    kubernetes: Ask, release: str, tell: Callable[[str], None]
) -> None:
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        texts = sorted({json.loads(line)["cron"] for line in lines if "cron" in line})
    same_for_all(kubernetes, tell, f"Kubernetes {release}, schedules", "schedule", texts, schedule_problem)
    assert len(texts) > 1500


def test_zones_are_refused_in_the_words_of_the_model(
    kubernetes: Ask, release: str, tell: Callable[[str], None]
) -> None:
    names = sorted(zones.names())
    odd = [
        "",
        "local",
        "LOCAL",
        "Local",
        "utc",
        "Utc",
        "../UTC",
        "./UTC",
        "Europe//Rome",
        "/UTC",
        "UTC/",
        "-UTC",
        "Zürich",
    ]
    odd += ["Europe/-Rome", "America/North_Dakota/New_Salem_", "Mars/Phobos", "UTC+1", "CEST", "Europe/Amsterdam "]
    names += odd + [name.lower() for name in names] + [name.replace("/", "//") for name in names]
    same_for_all(kubernetes, tell, f"Kubernetes {release}, zones", "timeZone", names, time_zone_problem)


def same_for_all(
    kubernetes: Ask,
    tell: Callable[[str], None],
    title: str,
    field: str,
    texts: list[str],
    model: Callable[[str], str | None],
) -> None:
    """The API server refuses the same values of a field of `spec` as a model, in words that the model knows."""
    document = yaml.safe_load(PLAIN)
    questions = []
    for text in texts:
        document["spec"][field] = text
        questions.append(create(json.dumps(document)))
    wrong, refused = [], 0
    for text, answer in zip(texts, kubernetes(questions), strict=True):
        told = answer.get("errors", [])
        modelled = model(text)
        refused += modelled is not None
        words = [one for one in told if one.startswith(f"spec.{field}: ") and one.endswith(modelled or "")]
        if told if modelled is None else not words:
            wrong.append((text, told, modelled))
    tell(f"{title}: {len(texts)} asked, {refused} refused, {len(wrong)} mismatches")
    assert not wrong, wrong[:5]
    assert 0 < refused < len(texts)
