"""Digests of the first release. They change only when the meaning of a schedule does, and never by a release of schedc.

A difference here is a promise that breaks: everybody's artifacts would be written anew. Mend the code, not the table.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from compiling import CONTAINER, VERTEX, WEEKLY, Result, compile_files, compile_one, document
from golden_cases import Case, compiled
from schedc.ir.canonical import digest
from schedc.targets import names

DIGESTS: dict[tuple[str, str, str], str] = {
    ("first_two.yaml", "half-hourly", "airflow"): "7305c1ad6d7ef153",
    ("first_two.yaml", "half-hourly", "kubeflow"): "7305c1ad6d7ef153",
    ("first_two.yaml", "half-hourly", "vertex"): "c9a2191544ec29f7",
    ("first_two.yaml", "weekly", "airflow"): "dcc3a30191d05801",
    ("first_two.yaml", "weekly", "kubeflow"): "dcc3a30191d05801",
    ("first_two.yaml", "weekly", "kubernetes"): "dcc3a30191d05801",
    ("first_two.yaml", "weekly", "vertex"): "780d7fb452b8a949",
    ("first_two_in_python.py", "half-hourly-sync", "airflow"): "bdcf0ac48abc8ce6",
    ("first_two_in_python.py", "half-hourly-sync", "kubeflow"): "bdcf0ac48abc8ce6",
    ("first_two_in_python.py", "half-hourly-sync", "vertex"): "f22f2d0284330b99",
    ("first_two_in_python.py", "schedule", "airflow"): "d98905336eecabcf",
    ("first_two_in_python.py", "schedule", "kubeflow"): "d98905336eecabcf",
    ("first_two_in_python.py", "schedule", "kubernetes"): "d98905336eecabcf",
    ("first_two_in_python.py", "schedule", "vertex"): "e92776f59920c419",
    ("weekly_churn.yaml", "weekly-churn", "airflow"): "dfa7c14a16aed96f",
    ("weekly_churn.yaml", "weekly-churn", "kubernetes"): "5e204b7c1e28034d",
    ("intervals.yaml", "every-ninety-minutes-with-catchup", "airflow"): "f7c6ae700c29f8b1",
    ("intervals.yaml", "every-ninety-minutes-with-catchup", "kubeflow"): "f7c6ae700c29f8b1",
    ("intervals.yaml", "every-six-hours", "airflow"): "3612ec81b7256f90",
    ("intervals.yaml", "every-six-hours", "kubeflow"): "3612ec81b7256f90",
    ("intervals.yaml", "every-six-hours", "vertex"): "f18a8d6678024462",
    ("one_off.yaml", "migrate-features", "airflow"): "63ba28248c730587",
    ("one_off.yaml", "migrate-features", "kubeflow"): "63ba28248c730587",
    ("one_off.yaml", "migrate-features", "vertex"): "5e8dbcb38c4aa575",
    ("day_rules.yaml", "first-monday", "airflow"): "190bab40bdfea7b5",
    ("day_rules.yaml", "first-monday", "kubeflow"): "190bab40bdfea7b5",
    ("workload_text.yaml", "hostile-text", "airflow"): "fd15663745f3022d",
    ("workload_text.yaml", "hostile-text", "kubernetes"): "f29f70180be0d1a1",
    ("references.yaml", "billing-export", "airflow"): "4b3b0c358d6c5df1",
    ("references.yaml", "billing-export", "kubeflow"): "4b3b0c358d6c5df1",
    ("references.yaml", "billing-export", "kubernetes"): "4b3b0c358d6c5df1",
    ("overlap.yaml", "queue", "airflow"): "9472034286d85971",
    ("overlap.yaml", "queue", "kubeflow"): "9472034286d85971",
    ("overlap.yaml", "skip", "kubernetes"): "d5914d6674e9dddf",
    ("catchup.yaml", "all", "airflow"): "72f55480587cd1a6",
    ("catchup.yaml", "all", "kubeflow"): "72f55480587cd1a6",
    ("bounds.yaml", "campaign", "airflow"): "73eb70f4824cea9f",
    ("bounds.yaml", "campaign", "kubeflow"): "73eb70f4824cea9f",
    ("bounds.yaml", "campaign", "vertex"): "8b7cda0f3d01ecd8",
    ("pipeline.yaml", "train-churn", "kubeflow"): "bd69b6dd4720771d",
    ("pipeline.yaml", "train-churn", "vertex"): "01244700785f9d80",
    ("pipeline.yaml", "train-churn-as-compiled", "kubeflow"): "785da4f43522dd33",
    ("pipeline.yaml", "train-churn-as-compiled", "vertex"): "765bdd67f411f9ba",
    ("target_options.yaml", "as-terraform", "vertex"): "4a1a08380dbc2750",
    ("target_options.yaml", "in-a-namespace", "kubernetes"): "642152cbeda16fa2",
    ("target_options.yaml", "in-an-experiment", "kubeflow"): "be011b157df2fbfb",
    ("target_options.yaml", "on-airflow-2", "airflow"): "d765a04ba2992fbc",
    ("target_options.yaml", "on-another-cluster", "airflow"): "e761de3e9f197c9c",
    ("target_options.yaml", "on-docker", "airflow"): "88b296929c54a1cc",
    ("target_options.yaml", "with-croniter-6-2", "airflow"): "0d750bdaf5e26ade",
    ("retries.yaml", "nightly-scores", "airflow"): "fca6c91601595ed7",
    ("retries.yaml", "nightly-scores", "kubernetes"): "fca6c91601595ed7",
    ("retries.yaml", "nightly-scores-each-try", "airflow"): "59dae8b635e96b15",
    ("retries.yaml", "nightly-scores-each-try", "kubeflow"): "59dae8b635e96b15",
    ("retries.yaml", "nightly-scores-each-try", "kubernetes"): "59dae8b635e96b15",
    ("retries.yaml", "strict-deadline", "kubernetes"): "b5505d264bf74427",
}

_DIGEST = re.compile(r"[0-9a-f]{16}")


@pytest.mark.parametrize(("example", "schedule", "target"), DIGESTS, ids=lambda one: one)
def test_a_digest_never_changes(example: str, schedule: str, target: str) -> None:
    outputs = compiled(Case(f"examples/{example}")).compilation.outputs
    (output,) = [o for o in outputs if (o.schedule.name, o.target) == (schedule, target)]
    for artifact in output.artifacts:
        assert DIGESTS[example, schedule, target] in artifact.text
    assert set(_DIGEST.findall("".join(a.text for a in output.artifacts))) == {DIGESTS[example, schedule, target]}


WRITTEN = """
defaults:
  timezone: Europe/Amsterdam
schedules:
  one:
    cron_expression: "5 14 * * 3"
    labels: {team: churn, stage: prod}
    run:
      container: {image: "ghcr.io/acme/churn:1.4.0", command: [python], env: {A: "1", B: "2"}}
    targets:
      vertex: {project: acme, location: europe-west4, gcs_output_directory: "gs://acme/runs"}
"""
SAME = {
    "comments and empty lines": "# what it is for\n" + WRITTEN.replace("  one:", "\n  # weekly\n  one: # here"),
    "key order": """
schedules:
  one:
    targets:
      vertex: {location: europe-west4, gcs_output_directory: "gs://acme/runs", project: acme}
    run:
      container: {env: {B: "2", A: "1"}, command: [python], image: "ghcr.io/acme/churn:1.4.0"}
    labels: {stage: prod, team: churn}
    cron_expression: "5 14 * * 3"
defaults:
  timezone: Europe/Amsterdam
""",
    "no defaults": WRITTEN.replace("defaults:\n  timezone: Europe/Amsterdam\n", "").replace(
        "    labels", "    timezone: Europe/Amsterdam\n    labels"
    ),
    "quotes and flow": json.dumps(
        {
            "schedules": {
                "one": {
                    **WEEKLY,
                    "timezone": "Europe/Amsterdam",
                    "labels": {"team": "churn", "stage": "prod"},
                    "run": {
                        "container": {
                            "image": "ghcr.io/acme/churn:1.4.0",
                            "command": ["python"],
                            "env": {"A": "1", "B": "2"},
                        }
                    },
                }
            }
        }
    ),
    "the same times in other words": WRITTEN.replace('"5 14 * * 3"', '"05 14 * * WED"'),
    "defaults written out": WRITTEN.replace("    labels", "    retries: 0\n    paused: false\n    labels"),
    "another schedule before it": WRITTEN.replace(
        "schedules:\n",
        'schedules:\n  zero: {cron_expression: "@daily", deploy_to: [airflow], run: {container: {image: a}}}\n',
    ),
}


def _one(result: Result) -> dict[str, str]:
    assert result.errors == []
    return {path: text for path, text in result.texts().items() if "/one" in path}


def test_where_and_how_a_schedule_is_written_changes_no_byte(tmp_path: Path) -> None:
    first = _one(compile_files(tmp_path / "first", {"a.yaml": WRITTEN}, _TARGETS))
    assert len(first) >= len(_TARGETS)
    for name, text in SAME.items():
        assert _one(compile_files(tmp_path / name, {"a.yaml": text}, _TARGETS)) == first, name
    assert _one(compile_files(tmp_path / "moved", {"deep/er/a.yaml": WRITTEN}, _TARGETS)) == first


_TARGETS = ("airflow", "kubernetes", "vertex")


CHANGES: dict[str, dict[str, Any]] = {
    "cron_expression": {"cron_expression": "6 14 * * 3"},
    "timezone": {"timezone": "Asia/Kolkata"},
    "end_time": {"end_time": "2030-01-01T00:00:00Z"},
    "start_time": {"start_time": "2026-12-01T00:00:00Z"},
    "catchup": {"catchup": False},
    "overlap": {"overlap": "allow"},
    "max_active_runs": {"max_active_runs": 1},
    "max_runs": {"max_runs": 3},
    "start_deadline_second": {"start_deadline_second": 60},
    "dst_gap": {"timezone": "Asia/Kolkata", "dst_gap": "skip"},
    "dst_fold": {"timezone": "Asia/Kolkata", "dst_fold": "second"},
    "paused": {"paused": True},
    "retries": {"retries": 1},
    "timeout_second": {"timeout_second": 60},
    "attempt_timeout_second": {"attempt_timeout_second": 60},
    "description": {"description": "x"},
    "owner": {"owner": "x"},
    "labels": {"labels": {"a": "b"}},
    "cache": {"cache": "as_compiled"},
    "image": {"run": {"container": {**CONTAINER, "image": "ghcr.io/acme/churn:1.4.1"}}},
    "command": {"run": {"container": {**CONTAINER, "command": ["python"]}}},
    "args": {"run": {"container": {**CONTAINER, "args": ["--all"]}}},
    "no args": {"run": {"container": {**CONTAINER, "args": []}}},
    "env": {"run": {"container": {**CONTAINER, "env": {"A": "1"}}}},
    "secret": {"run": {"container": {**CONTAINER, "env": {"A": {"secret": "a", "key": "b"}}}}},
    "config map": {"run": {"container": {**CONTAINER, "env": {"A": {"config_map": "a", "key": "b"}}}}},
    "requests": {"run": {"container": {**CONTAINER, "resources": {"requests": {"cpu": "1"}}}}},
    "limits": {"run": {"container": {**CONTAINER, "resources": {"limits": {"cpu": "1"}}}}},
    "service account": {"run": {"container": {**CONTAINER, "service_account": "a"}}},
}


def test_every_change_of_meaning_is_another_digest(tmp_path: Path) -> None:
    found = {"nothing": _digest(tmp_path, {})}
    for name, change in CHANGES.items():
        found[name] = _digest(tmp_path, change)
    twins = {a: b for a in found for b in found if a < b and found[a] == found[b]}
    assert twins == {}


def _digest(folder: Path, change: dict[str, Any]) -> str:
    (schedule,) = compile_one(folder, {**WEEKLY, **change}, ("kubernetes",)).schedules
    return digest(schedule, {})


@pytest.mark.parametrize(
    ("target", "option"),
    [
        ("airflow", {"tags": ["ml"]}),
        ("kubernetes", {"namespace": "ml"}),
        ("kubeflow", {"experiment_id": "e"}),
        ("vertex", {"failure_policy": "fail_fast"}),
    ],
)
def test_an_option_changes_the_digest_of_its_target_only(target: str, option: dict[str, Any], tmp_path: Path) -> None:
    def digests(own: dict[str, Any]) -> dict[str, str]:
        options = {"vertex": VERTEX, target: {**(VERTEX if target == "vertex" else {}), **own}}
        result = compile_one(tmp_path, {**WEEKLY, "targets": options})
        assert result.errors == []
        return {o.target: next(iter(set(_DIGEST.findall(o.artifacts[0].text)))) for o in result.compilation.outputs}

    before, after = digests({}), digests(option)
    assert {name for name in names() if before[name] != after[name]} == {target}


def test_the_name_is_part_of_the_digest(tmp_path: Path) -> None:
    result = compile_files(tmp_path, {"a.yaml": document({"one": WEEKLY, "two": WEEKLY})})
    first, second = (digest(one, {}) for one in result.schedules)
    assert first != second
