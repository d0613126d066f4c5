"""What of containers, pods and steps lies outside what Kubeflow's pipelines can say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.workload import ConfigMapKey, Container, PodField, SecretKey, Steps
from schedc.patterns import pattern
from schedc.pipeline_spec import texts
from schedc.targets.kubeflow.pod import HELD_RESOURCES, PREFERRED, REQUIRED

_LAUNCHER = "kubeflow/pipelines backend/src/v2/component/launcher_v2.go NewLauncherV2"
_COMPILER = "kubeflow/pipelines backend/src/v2/compiler/argocompiler/container.go addContainerExecutorTemplate"
_DRIVER = "kubeflow/pipelines backend/src/v2/driver/k8s.go extendPodSpecPatch"
_TASKS = "kubeflow/pipelines backend/src/v2/compiler/argocompiler/dag.go"
_ARGO = "Argo Workflows replaces {{...}} in the arguments of a template, and Kubeflow's launcher {{$...}}"
_RESERVED = pattern(r"(?:KFP|ARGO|METADATA_GRPC_SERVICE|ML_PIPELINE_SERVICE)_.*|NAMESPACE")
"""Variables that Kubeflow's compiler, its launcher and Argo set for themselves, and would be broken without."""
_RESERVED_METADATA = ("pipelines.kubeflow.org/", "scheduledworkflows.kubeflow.org/", "workflows.argoproj.io/")
_RESERVED_PATHS = frozenset({"/kfp-launcher", "/gcs", "/s3", "/minio", "/.local", "/.cache", "/.config"})
_RESERVED_VOLUMES = pattern(
    r"kfp-launcher|(?:gcs|s3|minio|dot-local|dot-cache|dot-config)-scratch|var-run-argo|tmp-dir-argo|ca-bundle|oci-\d+"
)
_RESOURCE = pattern(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?/[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_QUANTITY = pattern(r"[0-9]+(\.[0-9]+)?([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?")
_SUB_PATH_SINCE = 16

Place = tuple[str | int, ...]


def container_limits(schedule: Schedule, run: Container, here: Place, minor: int, sink: Sink) -> None:
    """Tells the sink what Kubeflow cannot hold of a container at `here`; `minor` is the version's second number."""
    if not run.command:
        sink.add(
            rules.TARGET_LIMIT,
            "Kubeflow needs the command of the container",
            schedule.place(*here),
            notes=(f"its launcher takes the place of the image's entrypoint and does not know it ({_LAUNCHER})",),
            help="write the image's entrypoint as command",
        )
    no_templates(schedule, {"image": run.image, "command": run.command, "args": run.args}, here, sink)
    no_templates(schedule, {"env": {name: _texts(value) for name, value in run.env.items()}}, here, sink)
    no_templates(schedule, run.pod, here, sink)
    for name in run.env:
        if _RESERVED.fullmatch(name):
            sink.add(
                rules.TARGET_LIMIT,
                f"Kubeflow sets the variable {name} itself",
                schedule.place(*here, "env", name),
                notes=("kubeflow/pipelines backend/src/v2/compiler/argocompiler/common.go commonEnvs",),
                help="give the variable another name",
            )
    for kind, amounts in (("requests", run.resources.requests), ("limits", run.resources.limits)):
        for name in amounts:
            if (kind, name) not in HELD_RESOURCES:
                message = f"Kubeflow's pipelines have no field for {kind} of {name}; they hold cpu and memory"
                help = "leave it out"
                if "/" in name:
                    amount = amounts[name] if amounts[name].isdigit() else "1"
                    help = f"write it as accelerator: {{type: {name}, count: {amount}}} under resources"
                sink.add(rules.TARGET_LIMIT, message, schedule.place(*here, "resources", kind, name), help=help)
    accelerator = run.pod.get("accelerator")
    if accelerator is not None and not _RESOURCE.fullmatch(accelerator["type"]):
        sink.add(
            rules.TARGET_LIMIT,
            f"{accelerator['type']} is not a resource of Kubernetes, and Kubeflow asks for accelerators by theirs",
            schedule.place(*here, "resources", "accelerator", "type"),
            notes=("kubeflow/pipelines backend/src/v2/driver/driver.go initPodSpecPatch",),
            help="write the resource, such as nvidia.com/gpu, and pick the model by node_selector",
        )
    if run.pod.get("ttl_second_after_finished", 1) == 0:
        sink.add(
            rules.TARGET_LIMIT,
            "Kubeflow reads 0 seconds as no time to live at all",
            schedule.place(*here, "ttl_second_after_finished"),
            notes=("kubeflow/pipelines backend/src/v2/compiler/argocompiler/argo.go buildTTLStrategy",),
            help="write 1 or more",
        )
    _volumes(schedule, run.pod, here, minor, sink)
    _affinity(schedule, run.pod.get("affinity"), here, sink)
    _security(schedule, run.pod, here, sink)
    for name in ("pod_labels", "pod_annotations"):
        for key in run.pod.get(name, {}):
            if key.startswith(_RESERVED_METADATA):
                sink.add(
                    rules.TARGET_LIMIT,
                    f"Kubeflow sets {key} itself",
                    schedule.place(*here, name, key),
                    notes=(_COMPILER,),
                    help="use a key of your own",
                )


def steps_limits(schedule: Schedule, run: Steps, minor: int, sink: Sink) -> None:
    """Tells the sink what Kubeflow cannot hold of steps."""
    names = {step.name for step in run.steps}
    first = run.steps[0].container
    for step in run.steps:
        here = ("run", "steps", step.name)
        container_limits(schedule, step.container, here, minor, sink)
        if step.name.endswith("-driver") and step.name.removesuffix("-driver") in names:
            sink.add(
                rules.TARGET_LIMIT,
                f"Kubeflow calls its own task before {step.name.removesuffix('-driver')} {step.name}",
                schedule.place(*here),
                notes=(_TASKS,),
                help="call the step something else",
            )
        one_for_all = (
            ("service account", "service_account", step.container.service_account != first.service_account),
            ("time to live", "ttl_second_after_finished", _ttl(step.container) != _ttl(first)),
        )
        for what, field, differs in one_for_all:
            if differs:
                sink.add(
                    rules.TARGET_LIMIT,
                    f"Kubeflow has one {what} for all steps of a run",
                    schedule.place(*here, field),
                    notes=("kubeflow/pipelines backend/api/v2beta1/recurring_run.proto, PipelineConfig",),
                    help="give every step the same one",
                )


def _ttl(container: Container) -> Any:
    return container.pod.get("ttl_second_after_finished")


def no_templates(schedule: Schedule, parts: Any, here: Place, sink: Sink) -> None:
    """Tells the sink of texts that Argo or the launcher would expand."""
    for path, text in texts(parts):
        if "{{" in text:
            sink.add(
                rules.TEMPLATE_TEXT,
                "Kubeflow would expand the {{ in this text, and it has no escape for it",
                schedule.place(*here, *path),
                notes=(_ARGO,),
                help="build the braces in the program, or read the text from a file of the image",
            )


def _texts(value: Any) -> Any:
    if isinstance(value, SecretKey | ConfigMapKey):
        return {"name": value.name, "key": value.key}
    return {"field": value.path} if isinstance(value, PodField) else value


def _volumes(schedule: Schedule, pod: Mapping[str, Any], here: Place, minor: int, sink: Sink) -> None:
    mounts: dict[str, list[int]] = {}
    for i, mount in enumerate(pod.get("volume_mounts", ())):
        mounts.setdefault(mount["name"], []).append(i)
    for i, volume in enumerate(pod.get("volumes", ())):
        place: Place = (*here, "volumes", i)
        kind, source = next((key, value) for key, value in volume.items() if key != "name")
        known = _SOURCES.get(kind)
        if known is None:
            _no_field(schedule, f"{kind} volumes", place, sink)
            continue
        field, words = known
        for word in source:
            if word not in words:
                _no_field(schedule, f"{word} of a {kind} volume", (*place, kind, word), sink)
        own = source[field] if field else volume["name"]
        if own != volume["name"]:
            sink.add(
                rules.TARGET_LIMIT,
                f"Kubeflow calls a volume after what is in it, so this one would be {own}, and not {volume['name']}",
                schedule.place(*place, "name"),
                notes=(_DRIVER,),
                help=f"call the volume {own}, here and in volume_mounts",
            )
        if _RESERVED_VOLUMES.fullmatch(volume["name"]):
            message = f"Kubeflow has a volume {volume['name']} of its own in every pod"
            sink.add(rules.TARGET_LIMIT, message, schedule.place(*place, "name"), notes=(_COMPILER,))
        if kind == "empty_dir" and not _QUANTITY.fullmatch(source.get("size_limit", "0")):
            message = f"{source['size_limit']} is not a quantity, and Kubeflow's driver would end on it"
            sink.add(rules.TARGET_LIMIT, message, schedule.place(*place, kind, "size_limit"), notes=(_DRIVER,))
        times = len(mounts.get(volume["name"], ()))
        if times != 1:
            sink.add(
                rules.TARGET_LIMIT,
                f"Kubeflow mounts a volume once, and {volume['name']} is mounted {times} times",
                schedule.place(*place, "name"),
                notes=(_DRIVER,),
            )
    kinds = {volume["name"]: set(volume) for volume in pod.get("volumes", ())}
    for i, mount in enumerate(pod.get("volume_mounts", ())):
        _mount(schedule, mount, kinds[mount["name"]], (*here, "volume_mounts", i), minor, sink)


_SOURCES: dict[str, tuple[str | None, frozenset[str]]] = {
    "secret": ("secret_name", frozenset({"secret_name", "optional"})),
    "config_map": ("name", frozenset({"name", "optional"})),
    "persistent_volume_claim": ("claim_name", frozenset({"claim_name"})),
    "empty_dir": (None, frozenset({"medium", "size_limit"})),
}
"""The field that a volume is called after, and the words that the platform spec has."""


def _mount(schedule: Schedule, mount: Mapping[str, Any], kinds: set[str], place: Place, minor: int, sink: Sink) -> None:
    if "read_only" in mount:
        _no_field(schedule, "read_only of a mount", (*place, "read_only"), sink)
    if "sub_path" in mount:
        if "persistent_volume_claim" not in kinds:
            _no_field(schedule, "sub_path of a mount, except of a claim", (*place, "sub_path"), sink)
        elif minor < _SUB_PATH_SINCE:
            sink.add(
                rules.TARGET_LIMIT,
                "Kubeflow has sub_path since 2.16",
                schedule.place(*place, "sub_path"),
                notes=("kubeflow/pipelines pull request 12595",),
                help='declare targets.kubeflow.version: "2.16" if the cluster has it',
            )
    if mount["mount_path"].rstrip("/") in _RESERVED_PATHS:
        message = f"Kubeflow mounts a volume of its own at {mount['mount_path']}"
        sink.add(rules.TARGET_LIMIT, message, schedule.place(*place, "mount_path"), notes=(_COMPILER,))


def _no_field(schedule: Schedule, what: str, place: Place, sink: Sink) -> None:
    sink.add(
        rules.TARGET_LIMIT,
        f"Kubeflow has no field for {what}",
        schedule.place(*place),
        notes=("kubeflow/pipelines kubernetes_platform/proto/kubernetes_executor_config.proto",),
        help="leave it out, or add it with targets.kubeflow.patch where its platform spec has a word for it",
    )


def _affinity(schedule: Schedule, affinity: Mapping[str, Any] | None, here: Place, sink: Sink) -> None:
    if affinity is None:
        return
    place: Place = (*here, "affinity")
    for kind in affinity:
        if kind != "node_affinity":
            sink.add(
                rules.TARGET_LIMIT,
                f"Kubeflow has a field for {kind}, and no release applies it",
                schedule.place(*place, kind),
                notes=("kubeflow/pipelines issue 13810",),
                help="use node_affinity",
            )
    nodes = affinity.get("node_affinity", {})
    terms: list[tuple[Place, Mapping[str, Any]]] = [
        ((REQUIRED, "node_selector_terms", i), term)
        for i, term in enumerate(nodes.get(REQUIRED, {}).get("node_selector_terms", ()))
    ]
    terms += [((PREFERRED, i, "preference"), one["preference"]) for i, one in enumerate(nodes.get(PREFERRED, ()))]
    if not terms and set(affinity) <= {"node_affinity"}:
        sink.add(rules.TARGET_LIMIT, "affinity says nothing", schedule.place(*place), help="leave it out")
    for path, term in terms:
        if not term:
            sink.add(
                rules.TARGET_LIMIT,
                "Kubeflow passes over a term without expressions",
                schedule.place(*place, "node_affinity", *path),
                notes=(_DRIVER,),
            )


def _security(schedule: Schedule, pod: Mapping[str, Any], here: Place, sink: Sink) -> None:
    if "pod_security_context" in pod:
        _no_field(schedule, "a security context of the pod", (*here, "pod_security_context"), sink)
    context = pod.get("security_context")
    if context is None:
        return
    place: Place = (*here, "security_context")
    identity = {"run_as_user", "run_as_group", "run_as_non_root"}
    for word in context:
        if word not in identity and word != "capabilities":
            _no_field(schedule, f"{word} of a security context", (*place, word), sink)
    if context.get("capabilities") != {"drop": ("ALL",)} or not identity & set(context):
        sink.add(
            rules.TARGET_LIMIT,
            "Kubeflow sets a user or group, and drops all capabilities wherever it does",
            schedule.place(*place),
            notes=(_DRIVER,),
            help="write capabilities: {drop: [ALL]} beside run_as_user, run_as_group or run_as_non_root",
        )
