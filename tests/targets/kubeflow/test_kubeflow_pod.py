"""The pod block on Kubeflow: what its platform spec can say is written and read back, and the rest is refused."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubeflow_jobs import files, found, job, read_back
from schedc.capabilities import Feature, Yes
from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.workload import ConfigMapKey, Container, EnvValue, PodField, SecretKey, Step, Steps
from schedc.proof.policies import prove_workload
from schedc.records import replace
from schedc.target import UnreadableArtifact
from schedc.targets.kubeflow import TARGET
from schedc.targets.kubeflow.pod_read import read_platform

REQUIRED = "required_during_scheduling_ignored_during_execution"
PREFERRED = "preferred_during_scheduling_ignored_during_execution"
ZONE = {"match_expressions": ({"key": "zone", "operator": "In", "values": ("a", "b")},)}
NAME = {"match_fields": ({"key": "metadata.name", "operator": "NotIn", "values": ("n",)},)}
POD: dict[str, Any] = {
    "accelerator": {"type": "nvidia.com/gpu", "count": 2},
    "image_pull_policy": "Always",
    "image_pull_secrets": ("registry", "other"),
    "node_selector": {"pool": "ml"},
    "tolerations": (
        {"key": "gpu", "operator": "Exists", "effect": "NoExecute", "toleration_seconds": 30},
        {"operator": "Exists"},
        {"key": "k", "value": ""},
    ),
    "affinity": {
        "node_affinity": {
            REQUIRED: {"node_selector_terms": (ZONE, {**ZONE, **NAME})},
            PREFERRED: ({"weight": 5, "preference": NAME},),
        }
    },
    "pod_labels": {"team": "churn", "empty": ""},
    "pod_annotations": {"acme.example/note": 'a "b"\n$(X) $$'},
    "security_context": {
        "run_as_user": 1000,
        "run_as_group": 0,
        "run_as_non_root": True,
        "capabilities": {"drop": ("ALL",)},
    },
    "ttl_second_after_finished": 600,
    "volumes": (
        {"name": "claim", "persistent_volume_claim": {"claim_name": "claim"}},
        {"name": "conf", "config_map": {"name": "conf"}},
        {"name": "db", "secret": {"secret_name": "db", "optional": True}},
        {"name": "scratch", "empty_dir": {"medium": "Memory", "size_limit": "1Gi"}},
    ),
    "volume_mounts": (
        {"name": "claim", "mount_path": "/data", "sub_path": "in $(X)"},
        {"name": "conf", "mount_path": "/conf"},
        {"name": "db", "mount_path": "/db"},
        {"name": "scratch", "mount_path": "/tmp/x"},
    ),
}
ENV: dict[str, EnvValue] = {
    "A": "text",
    "B": SecretKey("db", "password"),
    "C": ConfigMapKey("conf", "mode"),
    "D": PodField("metadata.labels['team']"),
}
RUN = Container(image="i", command=("x",), env=ENV, pod=POD)
NEW = {"version": "2.17"}


def executor(run: Container) -> dict[str, Any]:
    body = json.loads(files(job(run=run))["weekly-churn/recurringrun.json"])
    executors = body["pipeline_spec"]["platform_spec"]["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    return dict(executors["exec-weekly-churn"])


def test_the_whole_block_survives() -> None:
    one = job(run=RUN, attempt_timeout=60, timeout=120, options=NEW)
    read = read_back(one)
    assert read.workload == RUN
    assert (read.behaviour.attempt_timeout, read.behaviour.timeout) == (60, 120)
    assert not found(one)


@pytest.mark.parametrize("field", [name for name in POD if name not in ("volumes", "volume_mounts", "accelerator")])
def test_each_field_survives_alone(field: str) -> None:
    run = Container(image="i", command=("x",), pod={field: POD[field]})
    assert read_back(job(run=run, options=NEW)).workload == run


@pytest.mark.parametrize("index", range(4))
def test_each_volume_survives_alone(index: int) -> None:
    pod = {"volumes": (POD["volumes"][index],), "volume_mounts": (POD["volume_mounts"][index],)}
    run = Container(image="i", command=("x",), pod=pod)
    assert read_back(job(run=run, options=NEW)).workload == run


def test_names_stand_in_the_old_field_and_in_the_new_one() -> None:
    made = executor(Container(image="i", command=("x",), pod={"image_pull_secrets": ("registry",)}))
    assert made == {
        "imagePullSecret": [
            {"secretName": "registry", "secretNameParameter": {"runtimeValue": {"constant": "registry"}}}
        ]
    }


def mounted(volume: dict[str, Any], **mount: Any) -> dict[str, Any]:
    name = volume["name"]
    return {"volumes": (volume,), "volume_mounts": ({"name": name, "mount_path": "/m", **mount},)}


SECRET = {"name": "db", "secret": {"secret_name": "db"}}
CLAIM = {"name": "c", "persistent_volume_claim": {"claim_name": "c"}}


@pytest.mark.parametrize(
    ("pod", "message"),
    [
        ({"accelerator": {"type": "NVIDIA_L4", "count": 1}}, "not a resource of Kubernetes"),
        (mounted({"name": "data", "secret": {"secret_name": "db"}}), "this one would be db"),
        (mounted({"name": "p", "projected": {"sources": ()}}), "projected volumes"),
        (mounted({"name": "db", "secret": {"secret_name": "db", "default_mode": 256}}), "default_mode"),
        (mounted({"name": "db", "secret": {"secret_name": "db", "items": ()}}), "items"),
        (mounted({"name": "c", "persistent_volume_claim": {"claim_name": "c", "read_only": True}}), "read_only"),
        (mounted({"name": "e", "empty_dir": {"size_limit": "much"}}), "not a quantity"),
        (mounted({"name": "tmp-dir-argo", "empty_dir": {}}), "of its own in every pod"),
        (mounted(SECRET, read_only=True), "read_only of a mount"),
        (mounted(SECRET, sub_path="x"), "sub_path of a mount, except"),
        (mounted(SECRET, mount_path="/kfp-launcher/"), "of its own at"),
        ({"volumes": (SECRET,)}, "mounted 0 times"),
        ({"affinity": {"pod_affinity": {}}}, "no release applies it"),
        ({"affinity": {"node_affinity": {}}}, "says nothing"),
        ({"affinity": {"node_affinity": {REQUIRED: {"node_selector_terms": ({},)}}}}, "passes over a term"),
        ({"pod_security_context": {"fs_group": 1}}, "of the pod"),
        ({"security_context": {"run_as_user": 1}}, "drops all capabilities"),
        ({"security_context": {"capabilities": {"drop": ("ALL",)}}}, "drops all capabilities"),
        ({"security_context": {"privileged": True}}, "privileged"),
        ({"pod_labels": {"pipelines.kubeflow.org/x": "y"}}, "itself"),
        ({"pod_annotations": {"a": "{{x}}"}}, "expand the {{"),
        ({"ttl_second_after_finished": 0}, "no time to live"),
    ],
)
def test_what_the_pod_cannot_have(pod: dict[str, Any], message: str) -> None:
    told = found(job(run=Container(image="i", command=("x",), pod=pod), options=NEW))
    assert any(message in diagnostic.message for diagnostic in told), told
    assert {diagnostic.rule for diagnostic in told} <= {rules.TARGET_LIMIT, rules.TEMPLATE_TEXT}


@pytest.mark.parametrize(("version", "allowed"), [("2.15", False), ("2.16", True)])
def test_a_folder_of_a_claim_needs_its_release(version: str, allowed: bool) -> None:
    run = Container(image="i", command=("x",), pod=mounted(CLAIM, sub_path="x"))
    assert bool(found(job(run=run, options={"version": version}))) is not allowed


@pytest.mark.parametrize(
    ("feature", "since"),
    [
        (Feature.VOLUMES, 5),
        (Feature.TOLERATIONS, 5),
        (Feature.RETRIES, 14),
        (Feature.AFFINITY, 14),
        (Feature.POD_LABELS, 14),
        (Feature.SECURITY_CONTEXT, 16),
        (Feature.TIMEOUT, 17),
        (Feature.TTL_AFTER_FINISHED, 17),
    ],
)
def test_what_a_release_brought(feature: Feature, since: int) -> None:
    for minor in (since - 1, since):
        answers = TARGET.capabilities.but(TARGET.by_version({"version": f"2.{minor}"}))
        assert isinstance(answers[feature], Yes) is (minor == since)


values = st.text(st.characters(codec="utf-8", exclude_characters="{"), max_size=8)
keys = st.from_regex(r"[a-z]{1,5}", fullmatch=True)
tolerations = st.fixed_dictionaries(
    {},
    optional={
        "key": keys,
        "operator": st.sampled_from(["Exists", "Equal"]),
        "value": values,
        "effect": st.just("NoSchedule"),
        "toleration_seconds": st.integers(0, 2**62),
    },
)
expressions = st.lists(
    st.fixed_dictionaries(
        {"key": keys, "operator": st.sampled_from(["In", "Exists", "Gt"])},
        optional={"values": st.lists(values, max_size=2).map(tuple)},
    ),
    min_size=1,
    max_size=2,
).map(tuple)
terms = st.lists(st.builds(lambda tests: {"match_expressions": tests}, expressions), min_size=1, max_size=2).map(tuple)
pods = st.fixed_dictionaries(
    {},
    optional={
        "image_pull_secrets": st.lists(keys, min_size=1, max_size=2, unique=True).map(tuple),
        "node_selector": st.dictionaries(keys, values, min_size=1, max_size=2),
        "pod_labels": st.dictionaries(keys, values, min_size=1, max_size=2),
        "pod_annotations": st.dictionaries(keys, values, min_size=1, max_size=2),
        "tolerations": st.lists(tolerations, min_size=1, max_size=2).map(tuple),
        "affinity": terms.map(lambda found: {"node_affinity": {REQUIRED: {"node_selector_terms": found}}}),
        "security_context": st.integers(0, 2**62).map(
            lambda user: {"run_as_user": user, "capabilities": {"drop": ("ALL",)}}
        ),
    },
)


@given(pods, st.dictionaries(keys.map(str.upper), values | st.builds(PodField, values), max_size=3))
def test_any_pod_survives(pod: dict[str, Any], env: dict[str, Any]) -> None:
    run = Container(image="i", command=("x",), pod=pod, env=env)
    one = job(run=run, options=NEW)
    assert read_back(one).workload == run
    assert not found(one)


def test_the_order_of_volumes_and_steps_means_nothing() -> None:
    turned = {**POD, "volumes": POD["volumes"][::-1], "volume_mounts": POD["volume_mounts"][::-1], "node_selector": {}}
    first = Step(name="z", container=Container(image="i", command=("x",), pod=turned))
    second = Step(name="a", container=Container(image="i", command=("x",), pod=TTL), after=("z",))
    one = job(run=Steps(steps=(first, second)), options=NEW)
    sink = Sink()
    prove_workload(one.schedule, read_back(one), "Kubeflow", sink)
    assert sink.found == []
    other = replace(second, after=())
    prove_workload(replace(one.schedule, run=Steps(steps=(first, other))), read_back(one), "Kubeflow", sink)
    assert [diagnostic.rule for diagnostic in sink.found] == [rules.WORKLOAD_DIFFERS]


TTL = {"ttl_second_after_finished": 600}


def places(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, *path, key))]


@pytest.mark.parametrize("other", [None, 1, "x", [], {}, [1], {"x": 1}, True, 1.5])
def test_every_change_of_the_platform_spec_is_seen(other: Any) -> None:
    body = json.loads(files(job(run=RUN, timeout=9, options=NEW))["weekly-churn/recurringrun.json"])
    platform = body["pipeline_spec"]["platform_spec"]
    as_it_is = read_platform(platform)
    for place in places(platform)[1:]:
        changed = copy.deepcopy(platform)
        at = changed
        for key in place[:-1]:
            at = at[key]
        if json.dumps(at[place[-1]]) == json.dumps(other):
            continue
        at[place[-1]] = other
        with contextlib.suppress(UnreadableArtifact, AttributeError, KeyError, TypeError, ValueError):
            assert read_platform(changed) != as_it_is, place
