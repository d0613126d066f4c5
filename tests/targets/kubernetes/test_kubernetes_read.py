"""Edits by hand are read as what they mean, and what is not known is refused with its path."""

from __future__ import annotations

import pytest
from kubernetes_jobs import emitted, schedule
from schedc.ir.workload import Container
from schedc.target import UnreadableArtifact
from schedc.targets.kubernetes import TARGET

TEXT = emitted(
    schedule(labels={"team": "ml"}, run=Container(image="a", command=("run",), args=("x",), env={"A": "1"})),
)

MEANT = [
    ("concurrencyPolicy: Allow", "concurrencyPolicy: Forbid", lambda d: d.behaviour.busy == "wait_latest"),
    ("  concurrencyPolicy: Allow\n", "", lambda d: d.behaviour.busy == "start"),
    ("suspend: false", "suspend: true", lambda d: d.behaviour.paused),
    ("  suspend: false\n", "", lambda d: not d.behaviour.paused),
    ("      backoffLimit: 0\n", "", lambda d: d.behaviour.retries == 6),
    ("  failedJobsHistoryLimit: 1\n", "", lambda d: d.identity["failed_jobs_history_limit"] == 1),
    ("suspend: false", "startingDeadlineSeconds: 90", lambda d: d.behaviour.missed == "none"),
    ("suspend: false", "startingDeadlineSeconds: 86400", lambda d: d.behaviour.missed == "latest"),
    ('"5 14 * * *"', '"6 14 * * *"', lambda d: d.told.crons == ("6 14 * * *",)),
    ("team: ml", "team: ops", lambda d: d.labels == {"team": "ops"}),
    ("    schedc/digest:", "    acme/note:", lambda d: d.digest is None),
    ("- run", '- "$$$$(A)"', lambda d: d.workload.command == ("$$(A)",)),
    ("backoffLimit: 0", "backoffLimit: 0\n      completions: 1", lambda d: d.behaviour.retries == 0),
    ("# Digest", "# Something else", lambda d: d.digest is not None),
]


@pytest.mark.parametrize(("old", "new", "holds"), MEANT)
def test_an_edit_is_read_as_what_it_means(old: str, new: str, holds: object) -> None:
    assert old in TEXT
    assert callable(holds)
    assert holds(TARGET.read({"nightly.yaml": TEXT.replace(old, new)}))


UNKNOWN = [
    ("suspend: false", "suspended: false", "spec.suspended is not known"),
    ("suspend: false", "suspend: no", "'no' is not text"),
    ("suspend: false", "suspend: 'false'", "spec.suspend is not true or false"),
    ("suspend: false", "suspend: false\n  suspend: true", "spec.suspend stands twice"),
    ("suspend: false", "suspend: null", "spec.suspend"),
    ("  timeZone: UTC\n", "", "timeZone"),
    ("kind: CronJob", "kind: Job", "kind: 'Job' is not known"),
    ("batch/v1", "batch/v1beta1", "apiVersion"),
    ("kind: CronJob", "kind: CronJob\nstatus: {}", "status is not known"),
    ("backoffLimit: 0", "backoffLimit: 010", "backoffLimit"),
    ("backoffLimit: 0", "backoffLimit: -1", "is negative"),
    ("backoffLimit: 0", "backoffLimit: 0\n      completions: 2", "completions"),
    ("restartPolicy: Never", "restartPolicy: OnFailure", "restartPolicy"),
    ("restartPolicy: Never", "hostNetwork: true\n          restartPolicy: Never", "hostNetwork is not known"),
    ("concurrencyPolicy: Allow", "concurrencyPolicy: allow", "concurrencyPolicy"),
    ("suspend: false", "startingDeadlineSeconds: 0", "0 lets no run start"),
    ("- run", "- $(A)", "command[0]: $(A) is replaced"),
    ("- run", "- $é", "releases differ"),
    ('value: "1"', "valueFrom: {resourceFieldRef: {resource: cpu}}", "resourceFieldRef is not known"),
    ('value: "1"', 'value: "1"\n            - name: A', "A stands twice"),
    ('value: "1"', "value: 1", "value is not text"),
    ("- run", "- &x run\n            - *x", "is an alias"),
    ("- run", "- !!binary aGk=", "is not text"),
    ("schedc/digest:", "<<:", "a key of metadata.annotations"),
    ("- name: main", "- name: other\n            image: b\n          - name: main", "one container is known"),
    ("suspend: false", "suspend: false\n---\na: b", "not one YAML document"),
    ("suspend: false", "suspend: [", "not one YAML document"),
]


@pytest.mark.parametrize(("old", "new", "message"), UNKNOWN)
def test_what_is_not_known_is_refused_with_its_path(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(UnreadableArtifact) as caught:
        TARGET.read({"nightly.yaml": TEXT.replace(old, new)})
    assert message in str(caught.value)


NO_CRONJOBS = ["", "# nothing\n", "a", "- a", "\x00", "a: b", "{" * 2000, "a: &a [*a]", "[" * 50 + "]" * 50]


@pytest.mark.parametrize("text", NO_CRONJOBS, ids=range(len(NO_CRONJOBS)))
def test_what_is_no_cronjob(text: str) -> None:
    with pytest.raises(UnreadableArtifact):
        TARGET.read({"a.yaml": text})


def test_files_are_grouped_by_their_schedule() -> None:
    found = TARGET.paths(["b.yaml", "a.yaml", "README.md", "c/d.yaml"])
    assert list(found) == [("a", ("a.yaml",)), ("b", ("b.yaml",))]
