"""Reads the pod of a Job back into the language's words."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from schedc.ir.workload import (
    ConfigMapKey,
    Container,
    EnvValue,
    InitContainer,
    PodField,
    Resources,
    ScheduledTime,
    SecretKey,
    Text,
)
from schedc.target import UnreadableArtifact
from schedc.targets.kubernetes.fields_read import CONTAINER, POD, fields
from schedc.targets.kubernetes.map_read import Box, is_patched, unknown
from schedc.targets.kubernetes.text_read import literal

_JOB_NAME = "metadata.labels['batch.kubernetes.io/job-name']"
_TIME_SCRIPT = "58465cd9099e36095189a9e62caf3d477b452d6bfbdcafa8a32e746f3e000ff8"
"""SHA-256 of the one script that is known to tell a scheduled time."""


def read_pod(template: Box, cronjob: str, accelerators: str | None) -> tuple[str, Container, int | None]:
    """The name of the one container, what runs, and the seconds that a try may take."""
    named = _accelerators(accelerators)
    found: dict[str, Any] = {}
    metadata = template.map("metadata", {})
    for theirs, ours in (("labels", "pod_labels"), ("annotations", "pod_annotations")):
        if theirs in metadata.data:
            found[ours] = metadata.texts(theirs)
    metadata.done()
    pod = template.map("spec")
    template.done()
    given = pod.data.get("securityContext")
    pod.constant("restartPolicy", "Never")
    pod.without("ephemeralContainers", "priority", "serviceAccount")
    attempt_timeout = pod.number("activeDeadlineSeconds", None)
    account = pod.text("serviceAccountName", None)
    found |= fields(pod, POD)
    if not found.get("pod_security_context", True) and is_patched(given):
        del found["pod_security_context"]
    inits = tuple(_init(box, cronjob, named) for box in pod.boxes("initContainers"))
    containers = pod.boxes("containers")
    pod.done()
    if len(containers) != 1:
        raise UnreadableArtifact(f"{pod.path}.containers: one container is known, not {len(containers)}")
    name = containers[0].text("name")
    parts = _container(containers[0], name, cronjob, named)
    if named:
        raise UnreadableArtifact(f"schedc/accelerator: no container is called {next(iter(named))}")
    found |= parts.pop("pod")
    return name, Container(**parts, service_account=account, init_containers=inits, pod=found), attempt_timeout


def _accelerators(text: str | None) -> dict[str, str]:
    named: dict[str, str] = {}
    for part in [] if text is None else text.split(" "):
        name, equals, resource = part.partition("=")
        if not name or not equals or not resource or name in named:
            raise UnreadableArtifact(f"schedc/accelerator: {part!r} is not known")
        named[name] = resource
    return named


def _init(box: Box, cronjob: str, named: dict[str, str]) -> InitContainer:
    name = box.text("name")
    return InitContainer(name=name, container=Container(**_container(box, name, cronjob, named)))


def _container(box: Box, name: str, cronjob: str, named: dict[str, str]) -> dict[str, Any]:
    image = box.text("image")
    command, args = _literals(box, "command"), _literals(box, "args")
    env, tells_time = _env(box)
    words: tuple[Text, ...] | None = command
    further: tuple[Text, ...] | None = args
    if tells_time:
        times, words = _timed_command(command or (), cronjob, f"{box.path}.command")
        for key in times:
            if key in env:
                raise UnreadableArtifact(f"{box.path}: {key} stands twice")
        env |= times
        further = None if args is None else tuple(_word(text, f"{box.path}.args") for text in args)
    pod = fields(box, CONTAINER)
    resources = box.map("resources", {})
    requests, limits = resources.texts("requests"), resources.texts("limits")
    resources.done()
    box.done()
    accelerator = named.pop(name, None)
    if accelerator is not None:
        count = limits.pop(accelerator, "")
        if not (count.isascii() and count.isdigit()) or count.startswith("0") or accelerator in requests:
            raise UnreadableArtifact(f"{box.path}: {accelerator} is not counted as an accelerator is")
        pod["accelerator"] = {"type": accelerator, "count": int(count)}
    return {
        "image": image,
        "command": words,
        "args": further,
        "env": env,
        "resources": Resources(requests=requests, limits=limits),
        "pod": pod,
    }


def _env(box: Box) -> tuple[dict[str, EnvValue], bool]:
    """The variables, and whether one more is the Job's name for the script that tells the time."""
    env: dict[str, EnvValue] = {}
    for variable in box.boxes("env"):
        key = variable.text("name")
        if key in env:
            raise UnreadableArtifact(f"{variable.path}: {key} stands twice")
        env[key] = _value(variable)
        variable.done()
    name = env.get("SCHEDC_JOB_NAME")
    if name == PodField(_JOB_NAME):
        del env["SCHEDC_JOB_NAME"]
        return env, True
    return env, False


def _value(variable: Box) -> EnvValue:
    source = variable.map("valueFrom", {})
    if not source.data:
        return literal(variable.text("value", ""), f"{variable.path}.value")
    if "fieldRef" in source.data:
        reference = source.map("fieldRef")
        reference.constant("apiVersion", "v1", default="v1")
        path = reference.text("fieldPath")
        reference.done()
        source.done()
        return PodField(path)
    for kind, made in (("secretKeyRef", SecretKey), ("configMapKeyRef", ConfigMapKey)):
        if kind in source.data:
            reference = source.map(kind)
            value = made(reference.text("name"), reference.text("key"))
            reference.constant("optional", False, default=False)
            reference.done()
            source.done()
            return value
    return unknown(f"{source.path}.{next(iter(source.data))}")


def _timed_command(
    texts: tuple[str, ...], cronjob: str, path: str
) -> tuple[dict[str, ScheduledTime], tuple[Text, ...]]:
    if (
        len(texts) < 5
        or texts[:2] != ("/bin/sh", "-c")
        or sha256(texts[2].encode("utf-8", "surrogatepass")).hexdigest() != _TIME_SCRIPT
        or texts[3:5] != ("schedc", cronjob)
    ):
        raise UnreadableArtifact(f"{path} is not the script that tells the scheduled time")
    times: dict[str, ScheduledTime] = {}
    rest = list(texts[5:])
    while rest and rest[0].startswith("env:"):
        name, equals, form = rest.pop(0).removeprefix("env:").partition("=")
        if not equals or name in times:
            raise UnreadableArtifact(f"{path}: the variable {name!r} is not one scheduled time")
        times[name] = ScheduledTime(form, "UTC")
    return times, tuple(_word(text, path) for text in rest)


def _word(text: str, path: str) -> Text:
    kind, _, rest = text.partition(":")
    if kind == "text":
        return rest
    if kind == "time":
        return ScheduledTime(rest, "UTC")
    raise UnreadableArtifact(f"{path}: {text!r} is neither text nor a time")


def _literals(box: Box, key: str) -> tuple[str, ...] | None:
    texts = box.strings(key)
    return None if texts is None else tuple(literal(text, f"{box.at(key)}[{i}]") for i, text in enumerate(texts))
