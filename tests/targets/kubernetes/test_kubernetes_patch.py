"""A patch brings what schedc has no word for, and nothing else; a hand edit is no patch."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from compiling import WEEKLY, compile_files, document
from kubernetes_jobs import emitted, findings, read_back, schedule
from kubernetes_validate import validate
from schedc.compile import check_artifacts
from schedc.diagnostics.sink import Sink
from schedc.ir.workload import Container
from schedc.target import UnreadableArtifact
from schedc.targets.kubernetes import TARGET
from schedc.targets.kubernetes.patch import FREE

VERSIONS = ("1.27", "1.29", "1.30", "1.31", "1.33", "1.37")
_POD = ("spec", "jobTemplate", "spec", "template", "spec")


def at(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    for key in reversed(path):
        value = {key: value}
    assert isinstance(value, dict)
    return value


def pod(**fields: Any) -> dict[str, Any]:
    return at(_POD, fields)


def example(known: Any) -> Any:
    """A value of a type."""
    if isinstance(known, dict):
        return {("a.b/c" if key == "*" else key): example(inner) for key, inner in known.items()}
    if isinstance(known, list):
        return [example(known[0])]
    return {str: "$(A) {{ x }}", bool: True, int: 7}[known]


WHOLE = example(FREE)


def taken(known: dict[str, Any], version: str) -> dict[str, Any]:
    """The patch without what this version does not take."""
    patch = deepcopy(known)
    for found in findings(schedule(), {"patch": patch, "version": version}):
        assert "is not in use before" in found.message
        *path, last = found.message.split(" ")[0].split(".")
        here = patch
        for key in path:
            here = here[key]
        del here[last]
    assert findings(schedule(), {"patch": patch, "version": version}) == []
    return patch


@pytest.mark.parametrize("version", VERSIONS)
def test_every_field_that_a_patch_may_bring_is_one_of_kubernetes(version: str) -> None:
    patch = taken(WHOLE, version)
    data = yaml.safe_load(emitted(schedule(), {"patch": patch}))
    assert data["spec"]["jobTemplate"]["spec"]["template"]["spec"]["hostNetwork"] is True
    validate(data, version, strict=True)
    assert (patch == WHOLE) is (version == "1.37")


def test_a_patch_is_read_back_beside_everything_else() -> None:
    run = Container(image="a", pod={"pod_security_context": {"fs_group": 1}, "pod_labels": {"a": "b"}})
    for one in (
        schedule(run=run, owner="o"),
        schedule(),
        schedule(run=Container(image="a", pod={"pod_annotations": {}})),
    ):
        plain, patched = read_back(one), read_back(one, {"patch": WHOLE})
        assert patched.identity["patch"] == WHOLE
        assert plain.identity["patch"] is None
        assert (patched.workload, patched.owner, patched.labels) == (one.run, one.owner, one.labels)
        assert patched.behaviour == plain.behaviour
        assert {**patched.identity, "patch": None} == dict(plain.identity)


PROTECTED: list[tuple[tuple[str, ...], str]] = [
    (("spec", "schedule"), "cron_expression"),
    (("spec", "timeZone"), "timezone"),
    (("spec", "concurrencyPolicy"), "overlap"),
    (("spec", "suspend"), "paused"),
    (("spec", "startingDeadlineSeconds"), "start_deadline_second"),
    (("spec", "failedJobsHistoryLimit"), "failed_jobs_history_limit"),
    (("spec", "jobTemplate", "spec", "backoffLimit"), "retries"),
    (("spec", "jobTemplate", "spec", "podFailurePolicy"), "retries"),
    (("spec", "jobTemplate", "spec", "activeDeadlineSeconds"), "timeout_second"),
    (("spec", "jobTemplate", "spec", "ttlSecondsAfterFinished"), "ttl_second_after_finished"),
    (("spec", "jobTemplate", "spec", "managedBy"), "controller"),
    (("metadata", "name"), "rename"),
    (("metadata", "namespace"), "namespace"),
    (("metadata", "labels", "a"), "labels"),
    (("metadata", "annotations", "schedc/digest"), "schedc"),
    (("metadata", "annotations", "schedc/patch"), "schedc"),
    (("spec", "jobTemplate", "spec", "template", "metadata", "labels", "a"), "pod_labels"),
    (("metadata", "ownerReferences"), "deleted"),
    ((*_POD, "priority"), "priority_class"),
    ((*_POD, "containers"), "run.container"),
    ((*_POD, "initContainers"), "init_containers"),
    ((*_POD, "serviceAccount"), "service_account"),
    ((*_POD, "nodeSelector", "a"), "node_selector"),
    ((*_POD, "affinity", "podAffinity"), "affinity"),
    ((*_POD, "securityContext", "runAsUser"), "pod_security_context"),
    (("spec",), "cron_expression"),
    (_POD, "attempt_timeout_second"),
]


@pytest.mark.parametrize(("path", "field"), PROTECTED)
@pytest.mark.parametrize("value", ["x", None, [], 1])
def test_what_carries_instants_policy_or_ownership_is_refused(path: tuple[str, ...], field: str, value: Any) -> None:
    (found,) = findings(schedule(), {"patch": at(path, value)})
    assert found.message == f"{'.'.join(path)} cannot be patched"
    assert field in (found.help or "")


MISTAKES: list[tuple[dict[str, Any], str]] = [
    (pod(hostNetwrok=True), "hostNetwrok is no field"),
    (pod(hostNetwork="true"), "hostNetwork is not true or false"),
    (pod(topologySpreadConstraints=[{"maxSkew": True}]), "maxSkew is not a whole number"),
    (pod(hostUsers=False, resources={"limits": {"cpu": "1"}}), "resources is not in use before Kubernetes 1.34"),
    (pod(dnsPolicy=1), "dnsPolicy is not text"),
    (pod(dnsConfig="x"), "dnsConfig is not a mapping"),
    (pod(dnsConfig={}), "dnsConfig sets nothing"),
    (pod(dnsConfig=None), "dnsConfig sets nothing"),
    (pod(hostAliases=[]), "hostAliases is not a list"),
    (pod(hostAliases=[{"ip": 1}]), "hostAliases.ip is not text"),
    (pod(topologySpreadConstraints=[{"labelSelector": {"a": "b"}}]), "labelSelector.a is no field"),
    ({"spec": {}}, "spec sets nothing"),
    ({"extra": 1}, "extra is no field"),
    (at(("metadata", "annotations", "a"), 1), "metadata.annotations.a is not text"),
]


@pytest.mark.parametrize(("patch", "message"), MISTAKES)
def test_a_mistake_is_told(patch: dict[str, Any], message: str) -> None:
    (found,) = findings(schedule(), {"patch": patch})
    assert message in found.message


def test_a_selector_in_a_list_may_be_empty() -> None:
    spread = {"maxSkew": 1, "topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {}}
    patch = pod(topologySpreadConstraints=[spread])
    assert findings(schedule(), {"patch": patch}) == []
    assert read_back(schedule(), {"patch": patch}).identity["patch"] == patch


TEXT = emitted(schedule(), {"patch": pod(hostNetwork=True, dnsPolicy="Default")})
EDITS = [
    ("hostNetwork: true", "hostNetwork: false", "is not what schedc/patch says"),
    ("          hostNetwork: true\n", "", "which is not there"),
    ("hostNetwork: true", "hostNetwork: true\n          hostPID: true", "hostPID is not known"),
    ("schedc/patch:", "other:", "is not known"),
    ('\\"dnsPolicy\\": \\"Default\\", ', "", "dnsPolicy is not known"),
]


@pytest.mark.parametrize(("old", "new", "message"), EDITS)
def test_a_hand_edit_is_no_patch(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(UnreadableArtifact, match=message):
        TARGET.read({"nightly.yaml": TEXT.replace(old, new)})


@pytest.mark.parametrize(("path", "field"), PROTECTED)
def test_the_reader_takes_nothing_known_from_a_patch(path: tuple[str, ...], field: str) -> None:
    """Also where a hand writes both the field and the note of a patch."""
    data = yaml.safe_load(emitted(schedule(run=Container(image="a", service_account="x"))))
    if path in (("metadata", "annotations", "schedc/patch"),):
        return
    here = data
    for key in path[:-1]:
        here = here.setdefault(key, {})
    here.setdefault(path[-1], "x")
    data["metadata"]["annotations"]["schedc/patch"] = json.dumps(at(path, deepcopy(here[path[-1]])))
    with pytest.raises(UnreadableArtifact):
        TARGET.read({"nightly.yaml": yaml.safe_dump(data)})


def test_a_patch_of_other_options_is_told(tmp_path: Path) -> None:
    """As `schedc verify` sees it: each file is a true artifact, of other options."""
    options = {"namespace": "ml", "patch": pod(hostNetwork=True)}
    source = {**WEEKLY, "targets": {"kubernetes": options}}
    result = compile_files(tmp_path, {"schedules/a.yaml": document({"weekly": source})}, ["kubernetes"])
    assert result.errors == []
    (one,), files = result.schedules, {"weekly.yaml": result.texts()["kubernetes/weekly.yaml"]}
    for key, value in (("patch", pod(hostNetwork=False)), ("patch", None), ("namespace", None), ("namespace", "x")):
        sink = Sink()
        check_artifacts(one, TARGET, {**options, key: value}, files, sink)
        (found,) = sink.found
        assert found.message.startswith(f"Kubernetes CronJob carries another {key}: ")


def test_a_refused_patch_is_shown_at_its_place(tmp_path: Path) -> None:
    source = {**WEEKLY, "targets": {"kubernetes": {"patch": {"spec": {"schedule": "* * * * *"}}}}}
    text = document({"weekly": source})
    result = compile_files(tmp_path, {"schedules/a.yaml": text}, ["kubernetes"])
    (found,) = result.found
    assert found.span is not None
    assert text[found.span.start : found.span.end] == '"* * * * *"'
    assert found.help == "use cron_expression"
