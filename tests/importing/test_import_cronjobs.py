"""CronJobs: what becomes of each key, and that none is lost in silence."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from importing_cases import imported
from schedc.importing.source import Path as KeyPath

GOLDEN = Path(__file__).parents[2] / "golden" / "kubernetes"
PLAIN: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "CronJob",
    "metadata": {"name": "churn"},
    "spec": {
        "schedule": "5 14 * * 3",
        "timeZone": "UTC",
        "jobTemplate": {
            "spec": {
                "backoffLimit": 0,
                "template": {
                    "spec": {
                        "restartPolicy": "Never",
                        "containers": [{"name": "main", "image": "ghcr.io/acme/churn:1.4.0"}],
                    }
                },
            }
        },
    },
}
JOB = ("spec", "jobTemplate", "spec")
POD = (*JOB, "template", "spec")
PATCH = ("targets", "kubernetes", "patch")
MAIN = (*POD, "containers", 0)


def changed(*path: str | int, value: Any) -> str:
    """The plain CronJob with one value more."""
    data = copy.deepcopy(PLAIN)
    here: Any = data
    for step in path[:-1]:
        here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
    here[path[-1]] = value
    return json.dumps(data, indent=1)


def fields_of(text: str) -> dict[str, Any]:
    (fields,) = yaml.safe_load(imported(text).text)["schedules"].values()
    assert isinstance(fields, dict)
    return fields


def test_the_plain_one_is_carried_whole() -> None:
    result = imported(json.dumps(PLAIN))
    assert result.codes == []
    assert fields_of(json.dumps(PLAIN)) == {
        "cron_expression": "5 14 * * 3",
        "deploy_to": ["kubernetes"],
        "run": {"container": {"image": "ghcr.io/acme/churn:1.4.0"}},
    }


CARRIED: list[tuple[KeyPath, Any, KeyPath, Any]] = [
    (("spec", "timeZone"), "Asia/Kolkata", ("timezone",), "Asia/Kolkata"),
    (("spec", "concurrencyPolicy"), "Forbid", ("max_active_runs",), 1),
    (("spec", "concurrencyPolicy"), "Replace", ("overlap",), "replace"),
    (("spec", "startingDeadlineSeconds"), 90, ("start_deadline_second",), 90),
    (("spec", "suspend"), True, ("paused",), True),
    (("spec", "failedJobsHistoryLimit"), 0, ("targets", "kubernetes", "failed_jobs_history_limit"), 0),
    (("metadata", "namespace"), "ml", ("targets", "kubernetes", "namespace"), "ml"),
    (("metadata", "labels"), {"team": "a"}, ("labels",), {"team": "a"}),
    (
        ("metadata", "annotations"),
        {"a/b": "c"},
        ("targets", "kubernetes", "patch", "metadata", "annotations", "a/b"),
        "c",
    ),
    ((*JOB, "backoffLimit"), 4, ("retries",), 4),
    ((*JOB, "activeDeadlineSeconds"), 60, ("timeout_second",), 60),
    ((*JOB, "ttlSecondsAfterFinished"), 60, ("run", "container", "ttl_second_after_finished"), 60),
    ((*JOB, "template", "metadata"), {"labels": {"a": "b"}}, ("run", "container", "pod_labels"), {"a": "b"}),
    ((*POD, "activeDeadlineSeconds"), 30, ("attempt_timeout_second",), 30),
    ((*POD, "serviceAccount"), "robot", ("run", "container", "service_account"), "robot"),
    ((*POD, "nodeSelector"), {"gpu": "yes"}, ("run", "container", "node_selector"), {"gpu": "yes"}),
    ((*POD, "hostNetwork"), True, (*PATCH, *POD, "hostNetwork"), True),
    ((*POD, "securityContext"), {"runAsUser": 5}, ("run", "container", "pod_security_context", "run_as_user"), 5),
    ((*MAIN, "command"), ["a", "$$b"], ("run", "container", "command"), ["a", "$b"]),
    ((*MAIN, "workingDir"), "/w", ("run", "container", "working_dir"), "/w"),
    ((*MAIN, "env"), [{"name": "A"}], ("run", "container", "env"), {"A": ""}),
    ((*MAIN, "env"), [{"name": "A", "value": "${values.b}"}], ("run", "container", "env"), {"A": "$${values.b}"}),
    ((*MAIN, "resources"), {"limits": {"cpu": 0.5}}, ("run", "container", "resources", "limits", "cpu"), "0.5"),
]


@pytest.mark.parametrize(("path", "value", "ours", "wanted"), CARRIED, ids=lambda one: str(one)[:60])
def test_a_key_is_carried(path: KeyPath, value: Any, ours: KeyPath, wanted: Any) -> None:
    text = changed(*path, value=value)
    assert imported(text).codes == []
    here: Any = fields_of(text)
    for step in ours:
        here = here[step]
    assert here == wanted


WITHOUT_EFFECT: list[tuple[KeyPath, Any]] = [
    (("status",), {"active": [{"name": "x"}]}),
    (("metadata", "managedFields"), [{"manager": "kubectl"}]),
    (("metadata", "creationTimestamp"), None),
    (("metadata", "resourceVersion"), "5"),
    (("metadata", "annotations"), {"kubectl.kubernetes.io/last-applied-configuration": "{}"}),
    (("spec", "concurrencyPolicy"), "Allow"),
    (("spec", "suspend"), False),
    (("spec", "successfulJobsHistoryLimit"), 3),
    ((*JOB, "completions"), 1),
    ((*JOB, "template", "metadata"), {"creationTimestamp": None}),
    ((*POD, "dnsPolicy"), "ClusterFirst"),
    ((*POD, "securityContext"), {}),
    ((*POD, "terminationGracePeriodSeconds"), 30),
    ((*MAIN, "terminationMessagePath"), "/dev/termination-log"),
    ((*MAIN, "resources"), {}),
    ((*MAIN, "tty"), False),
]


@pytest.mark.parametrize(("path", "value"), WITHOUT_EFFECT, ids=lambda one: str(one)[:60])
def test_a_key_without_effect_is_left_out(path: KeyPath, value: Any) -> None:
    text = changed(*path, value=value)
    assert imported(text).codes == []
    assert fields_of(text) == fields_of(json.dumps(PLAIN))


_OPTIONAL = {"name": "s", "key": "k", "optional": True}
REPORTED: list[tuple[KeyPath, Any, str]] = [
    (("metadata", "ownerReferences"), [{"uid": "1"}], "SC701"),
    (("metadata", "generateName"), "churn-", "SC701"),
    (("spec", "concurrencyPolicy"), "Sometimes", "SC701"),
    (("spec", "startingDeadlineSeconds"), 0, "SC701"),
    (("spec", "startingDeadlineSeconds"), "soon", "SC701"),
    (("spec", "schedule"), "@every 5m", "SC702"),
    (("spec", "schedule"), "5 14 * * 8", "SC702"),
    (("spec", "schedule"), 5, "SC702"),
    (("spec", "timeZone"), "Mars/Olympus", "SC702"),
    ((*JOB, "parallelism"), 2, "SC701"),
    ((*JOB, "podFailurePolicy"), {"rules": []}, "SC701"),
    ((*POD, "restartPolicy"), "OnFailure", "SC701"),
    ((*POD, "priority"), 5, "SC701"),
    ((*POD, "volumes"), [{"name": "a", "hostPath": {"path": "/"}}], "SC701"),
    ((*MAIN, "livenessProbe"), {"exec": {}}, "SC701"),
    ((*MAIN, "command"), ["echo", "$(NAME)"], "SC701"),
    ((*MAIN, "env"), [{"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}], "SC701"),
    ((*MAIN, "env"), [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}], "SC701"),
    (
        (*MAIN, "env"),
        [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k", "optional": True}}}],
        "SC701",
    ),
    ((*MAIN, "env"), [{"name": "DB_PASSWORD", "value": "hV8x2Lq9Zt4W1"}], "SC705"),
    ((*MAIN, "args"), ["--token=ghp_0123456789abcdefghijABCDEFGHIJ012345"], "SC705"),
]


@pytest.mark.parametrize(("path", "value", "code"), REPORTED, ids=lambda one: str(one)[:60])
def test_what_is_not_carried_is_reported(path: KeyPath, value: Any, code: str) -> None:
    result = imported(changed(*path, value=value))
    assert code in result.codes
    assert "hV8x2Lq9Zt4W1" not in result.text
    assert "ghp_" not in result.text
    assert "SC706" not in result.codes


_FREE = ("labels", "annotations", "nodeSelector", "matchLabels", "limits", "requests")
_NO_EFFECT = ("status", "managedFields")


def _mappings(data: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    if isinstance(data, dict):
        if not path or path[-1] not in _FREE:
            yield path
        for key, value in data.items():
            if key not in _NO_EFFECT:
                yield from _mappings(value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _mappings(value, (*path, i))


def _full() -> dict[str, Any]:
    """A CronJob with most of what there is, less what schedc notes beside it."""
    data = yaml.safe_load((GOLDEN / "pod_block" / "all-of-it.yaml").read_text("utf-8"))
    notes = data["metadata"]["annotations"]
    data["metadata"]["annotations"] = {k: v for k, v in notes.items() if k == "schedc/accelerator"}
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("path", list(_mappings(_full())), ids=lambda path: ".".join(map(str, path)) or "root")
def test_an_unknown_key_anywhere_is_reported(path: KeyPath) -> None:
    data = _full()
    here: Any = data
    for step in path:
        here = here[step]
    here["xUnknown"] = {"y": 1}
    result = imported(json.dumps(data, indent=1))
    lost = [d for d in result.found if d.rule.code in ("SC701", "SC702")]
    said = " ".join(d.message + " ".join(d.notes) for d in lost)
    assert "xUnknown" in said, [d.message for d in result.found]
    assert "SC706" not in result.codes


def test_the_zone_of_the_controller_is_assumed_or_given() -> None:
    data = copy.deepcopy(PLAIN)
    del data["spec"]["timeZone"]
    text = json.dumps(data)
    assert imported(text).codes == ["SC703"]
    assert "timezone" not in fields_of(text)
    given = imported(text, controller_timezone="Europe/Amsterdam")
    assert given.codes == []
    assert "timezone: Europe/Amsterdam" in given.text


def test_what_is_left_out_of_the_job_is_the_engines_own() -> None:
    data = copy.deepcopy(PLAIN)
    del data["spec"]["jobTemplate"]["spec"]["backoffLimit"]
    assert fields_of(json.dumps(data))["retries"] == 6


@pytest.mark.parametrize(
    ("wrap", "count"),
    [
        (lambda one: {"apiVersion": "v1", "kind": "List", "items": [one, one]}, 2),
        (lambda one: {"apiVersion": "batch/v1", "kind": "CronJobList", "items": [one]}, 1),
        (lambda one: [one, {"kind": "Service"}], 1),
    ],
)
def test_lists_are_taken_apart(wrap: Any, count: int) -> None:
    result = imported(json.dumps(wrap(PLAIN)))
    assert len(result.imported.found) == count
    assert len({one.name for one in result.imported.found}) == count
