"""Every rule of the API server, the scheduler and the kubelet for the pod block, at its place."""

from __future__ import annotations

from typing import Any

import pytest
from kubernetes_jobs import findings, schedule
from kubernetes_pods import PREFERRED, REQUIRED
from schedc.diagnostics import rules
from schedc.ir.workload import Container, InitContainer, PodField, Resources

HERE = ("run", "container")
Path = tuple[str | int, ...]


def volume(**source: Any) -> dict[str, Any]:
    return {"volumes": ({"name": "a", **source},)}


def items(*entries: dict[str, Any]) -> dict[str, Any]:
    return volume(secret={"secret_name": "s", "items": entries})


def projected(**source: Any) -> dict[str, Any]:
    return volume(projected={"sources": (source,)})


def tolerate(**fields: Any) -> dict[str, Any]:
    return {"tolerations": (fields,)}


def mount(*mounts: dict[str, Any]) -> dict[str, Any]:
    return {"volume_mounts": tuple({"name": "a", "mount_path": "/a", **one} for one in mounts)}


def nodes(*tests: dict[str, Any], fields: Any = None) -> dict[str, Any]:
    term = {"match_expressions": tests, **({"match_fields": fields} if fields else {})}
    return {"affinity": {"node_affinity": {REQUIRED: {"node_selector_terms": (term,)}}}}


def near(**term: Any) -> dict[str, Any]:
    whole = {"topology_key": "zone", **term}
    return {"affinity": {"pod_affinity": {PREFERRED: ({"weight": 1, "pod_affinity_term": whole},)}}}


def a_test(operator: str, *values: str) -> dict[str, Any]:
    return {"key": "a", "operator": operator, "values": values}


TERM: Path = ("affinity", "node_affinity", REQUIRED, "node_selector_terms", 0)
NEAR: Path = ("affinity", "pod_affinity", PREFERRED, 0, "pod_affinity_term")
ITEM: Path = ("volumes", 0, "secret", "items")
SOURCE: Path = ("volumes", 0, "projected", "sources", 0)

REFUSED: list[tuple[dict[str, Any], Path, str]] = [
    ({"node_selector": {"a b": "c"}}, ("node_selector", "a b"), "the key 'a b'"),
    ({"node_selector": {"a": "b c"}}, ("node_selector", "a"), "the value 'b c'"),
    ({"priority_class": "High"}, ("priority_class",), "the name of the priority class 'High'"),
    ({"image_pull_secrets": ("A",)}, ("image_pull_secrets", 0), "the name of the secret 'A'"),
    ({"image_pull_secrets": ("a", "a")}, ("image_pull_secrets", 1), "stands twice"),
    ({"pod_labels": {"A.b/c": "c"}}, ("pod_labels", "A.b/c"), "prefix that is not a DNS name"),
    ({"pod_labels": {"job-name": "c"}}, ("pod_labels", "job-name"), "written by the Job"),
    ({"pod_labels": {"a": "x" * 64}}, ("pod_labels", "a"), "has 64 characters"),
    ({"pod_annotations": {"a b": ""}}, ("pod_annotations", "a b"), "the key 'a b'"),
    ({"pod_annotations": {"a": "x" * 262_144}}, ("pod_annotations",), "at most 262144"),
    (
        {"pod_annotations": {"kubernetes.io/config.mirror": ""}},
        ("pod_annotations", "kubernetes.io/config.mirror"),
        "one node",
    ),
    (
        {"pod_annotations": {"container.apparmor.security.beta.kubernetes.io/x": "unconfined"}},
        ("pod_annotations", "container.apparmor.security.beta.kubernetes.io/x"),
        "no container is called 'x'",
    ),
    ({"pod_annotations": {"a": "\ud800"}}, (), "surrogate"),
    (tolerate(operator="Exists", value="x"), ("tolerations", 0, "value"), "takes no value"),
    (tolerate(operator="Equal"), ("tolerations", 0), "another operator than Exists"),
    (tolerate(value="x"), ("tolerations", 0), "another operator than Exists"),
    (tolerate(key="a", value="b c"), ("tolerations", 0, "value"), "the value 'b c'"),
    (tolerate(key="a b"), ("tolerations", 0, "key"), "the key 'a b'"),
    (tolerate(key="a", toleration_seconds=1), ("tolerations", 0, "toleration_seconds"), "another effect"),
    (
        tolerate(key="a", effect="NoSchedule", toleration_seconds=1),
        ("tolerations", 0, "toleration_seconds"),
        "another effect",
    ),
    (
        tolerate(key="a", effect="NoExecute", toleration_seconds=2**63),
        ("tolerations", 0, "toleration_seconds"),
        "beyond 64 bits",
    ),
    ({"volumes": ({"name": "A", "empty_dir": {}},)}, ("volumes", 0, "name"), "the volume 'A'"),
    (
        {"volumes": ({"name": "a", "empty_dir": {}}, {"name": "a", "empty_dir": {}})},
        ("volumes", 1, "name"),
        "two volumes are called a",
    ),
    (volume(secret={"secret_name": "A"}), ("volumes", 0, "secret", "secret_name"), "the secret 'A'"),
    (volume(config_map={"name": "A"}), ("volumes", 0, "config_map", "name"), "the config map 'A'"),
    (
        volume(persistent_volume_claim={"claim_name": "A"}),
        ("volumes", 0, "persistent_volume_claim", "claim_name"),
        "the claim 'A'",
    ),
    (volume(empty_dir={"size_limit": "x"}), ("volumes", 0, "empty_dir", "size_limit"), "is not a quantity"),
    (items({"key": "a b", "path": "x"}), (*ITEM, 0, "key"), "the key 'a b'"),
    (items({"key": "a", "path": "/x"}), (*ITEM, 0, "path"), "is absolute"),
    (items({"key": "a", "path": "x/../y"}), (*ITEM, 0, "path"), "holds a '..'"),
    (items({"key": "a", "path": "..x"}), (*ITEM, 0, "path"), "begins with '..'"),
    (items({"key": "a", "path": "x"}, {"key": "b", "path": "x"}), (*ITEM, 1, "path"), "two files"),
    (projected(secret={"name": "A"}), (*SOURCE, "secret", "name"), "the secret 'A'"),
    (
        projected(service_account_token={"path": "../x"}),
        (*SOURCE, "service_account_token", "path"),
        "holds a '..'",
    ),
    (
        projected(service_account_token={"path": "x", "expiration_seconds": 2**32 + 1}),
        (*SOURCE, "service_account_token", "expiration_seconds"),
        "out of range",
    ),
    (
        projected(downward_api={"items": ({"path": "x", "field_path": "spec.nodeName"},)}),
        (*SOURCE, "downward_api", "items", 0, "field_path"),
        "no field of a pod",
    ),
    (
        volume(
            projected={
                "sources": (
                    {"service_account_token": {"path": "x"}},
                    {"secret": {"name": "s", "items": ({"key": "k", "path": "x"},)}},
                )
            }
        ),
        ("volumes", 0, "projected", "sources", 1, "secret", "items", 0, "path"),
        "two files",
    ),
    (nodes(), TERM, "matches no node"),
    (nodes(a_test("In")), (*TERM, "match_expressions", 0), "has no values"),
    (nodes(a_test("Exists", "a")), (*TERM, "match_expressions", 0, "values"), "takes no values"),
    (nodes(a_test("Gt", "1", "2")), (*TERM, "match_expressions", 0, "values"), "takes one whole number"),
    (nodes(a_test("Lt", "x")), (*TERM, "match_expressions", 0, "values"), "takes one whole number"),
    (nodes(a_test("NotIn", "a b")), (*TERM, "match_expressions", 0, "values", 0), "the value 'a b'"),
    (
        nodes(a_test("Exists"), fields=({"key": "metadata.name", "operator": "In", "values": ("a", "b")},)),
        (*TERM, "match_fields", 0, "values"),
        "takes one value",
    ),
    (near(topology_key="a b"), (*NEAR, "topology_key"), "the key 'a b'"),
    (near(namespaces=("A",)), (*NEAR, "namespaces", 0), "the namespace 'A'"),
    (
        near(label_selector={"match_expressions": (a_test("Gt", "1"),)}),
        (*NEAR, "label_selector", "match_expressions", 0, "operator"),
        "no operator Gt",
    ),
    (
        near(namespace_selector={"match_labels": {"a": "b c"}}),
        (*NEAR, "namespace_selector", "match_labels", "a"),
        "the value 'b c'",
    ),
    ({"pod_security_context": {"fs_group": 2**31}}, ("pod_security_context", "fs_group"), "is more than"),
    (
        {"pod_security_context": {"supplemental_groups": (2**31,)}},
        ("pod_security_context", "supplemental_groups", 0),
        "is more than",
    ),
    ({"security_context": {"run_as_user": 2**31}}, ("security_context", "run_as_user"), "is more than"),
    (
        {"security_context": {"seccomp_profile": {"type": "Localhost"}}},
        ("security_context", "seccomp_profile"),
        "needs a localhost_profile",
    ),
    (
        {"security_context": {"seccomp_profile": {"type": "Unconfined", "localhost_profile": "a"}}},
        ("security_context", "seccomp_profile"),
        "needs a localhost_profile",
    ),
    (
        {"security_context": {"seccomp_profile": {"type": "Localhost", "localhost_profile": "/a"}}},
        ("security_context", "seccomp_profile", "localhost_profile"),
        "is absolute",
    ),
    (
        {"security_context": {"capabilities": {"add": ("CAP_NET_ADMIN",)}}},
        ("security_context", "capabilities", "add", 0),
        "no Linux capability",
    ),
    (
        {"security_context": {"privileged": True, "allow_privilege_escalation": False}},
        ("security_context", "allow_privilege_escalation"),
        "privileged",
    ),
    (
        {"security_context": {"run_as_user": 0}, "pod_security_context": {"run_as_non_root": True}},
        ("security_context", "run_as_user"),
        "user 0 is root",
    ),
    (mount({}, {"mount_path": "/a/"}), ("volume_mounts", 1, "mount_path"), "is mounted twice"),
    (mount({"sub_path": "../x"}), ("volume_mounts", 0, "sub_path"), "holds a '..'"),
    (mount({"sub_path": "/x"}), ("volume_mounts", 0, "sub_path"), "is absolute"),
    (mount({"mount_path": "/a:b"}), ("volume_mounts", 0, "mount_path"), "colon"),
    ({"working_dir": "app"}, ("working_dir",), "not an absolute path"),
    ({"env_from": ({"secret": "A"},)}, ("env_from", 0, "secret"), "the name 'A'"),
    ({"env_from": ({"config_map": "a", "prefix": "1"},)}, ("env_from", 0, "prefix"), "the prefix '1'"),
    ({"accelerator": {"type": "NVIDIA_L4", "count": 1}}, ("resources", "accelerator", "type"), "device plugin"),
    ({"accelerator": {"type": "kubernetes.io/x", "count": 1}}, ("resources", "accelerator", "type"), "device plugin"),
]

OWN_OF_CONTAINERS = ("security_context", "volume_mounts", "working_dir", "env_from", "accelerator")


@pytest.mark.parametrize(("pod", "path", "message"), REFUSED)
def test_refused_at_its_place(pod: dict[str, Any], path: Path, message: str) -> None:
    run = Container(image="a", pod=pod)
    (found,) = [one for one in findings(schedule(run=run, at=(*HERE, *path))) if one.is_error]
    assert message in found.message
    assert found.rule is rules.TARGET_LIMIT
    assert found.help
    assert len(found.notes) == 2
    assert found.span is not None
    assert (found.span.start, found.span.end) in ((10, 20), (30, 40))


@pytest.mark.parametrize(
    ("pod", "path", "message"), [one for one in REFUSED if next(iter(one[0])) in OWN_OF_CONTAINERS]
)
def test_init_containers_keep_the_same_rules(pod: dict[str, Any], path: Path, message: str) -> None:
    inner = {key: value for key, value in pod.items() if key in OWN_OF_CONTAINERS}
    outer = {key: value for key, value in pod.items() if key not in OWN_OF_CONTAINERS}
    init = InitContainer(name="b", container=Container(image="a", pod=inner))
    run = Container(image="a", pod=outer, init_containers=(init,))
    (found,) = findings(schedule(run=run, at=(*HERE, "init_containers", 0, *path)))
    assert message in found.message
    assert found.span is not None
    assert found.span.start == 10


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("main",), "main container"),
        (("a", "a"), "stands twice"),
        (("A",), "lower-case"),
        (("a" * 64,), "64 characters"),
    ],
)
def test_names_of_init_containers(names: tuple[str, ...], message: str) -> None:
    inits = tuple(InitContainer(name=name, container=Container(image="a")) for name in names)
    place = (*HERE, "init_containers", len(names) - 1, "name")
    (found,) = findings(schedule(run=Container(image="a", init_containers=inits), at=place))
    assert message in found.message
    assert found.span is not None
    assert found.span.start == 10


@pytest.mark.parametrize("kind", ["requests", "limits"])
def test_an_accelerator_is_named_once(kind: str) -> None:
    amounts = {"requests": {}, "limits": {"nvidia.com/gpu": "1"}, kind: {"nvidia.com/gpu": "1"}}
    pod = {"accelerator": {"type": "nvidia.com/gpu", "count": 1}}
    found = findings(schedule(run=Container(image="a", resources=Resources(**amounts), pod=pod)))
    assert [one.message for one in found] == ["nvidia.com/gpu stands under requests or limits too"]


FIELDS = [
    ("metadata.name", "1.27", True),
    ("metadata.labels['a.b/c']", "1.27", True),
    ("metadata.annotations['A.b/c']", "1.27", True),
    ("metadata.labels", "1.27", False),
    ("metadata.labels['a b']", "1.27", False),
    ("spec.nodeName", "1.27", True),
    ("status.hostIPs", "1.28", False),
    ("status.hostIPs", "1.29", True),
    ("status.phase", "1.33", False),
    ("limits.cpu", "1.33", False),
]


@pytest.mark.parametrize(("path", "version", "taken"), FIELDS)
def test_fields_of_the_pod_in_variables(path: str, version: str, taken: bool) -> None:
    run = Container(image="a", env={"A": PodField(path)})
    found = findings(schedule(run=run), {"version": version})
    assert [one.rule for one in found] == ([] if taken else [rules.TARGET_LIMIT])
