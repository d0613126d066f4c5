"""Reads a CronJob back: what the cluster will do with it, or which of its keys is not known here.

Strict: a key, a type or a spelling that is not known is an error, never skipped. What the API server fills in where a
key is absent is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from schedc.ir.triggers import Cron
from schedc.ir.workload import ConfigMapKey, Container, EnvValue, Resources, SecretKey
from schedc.target import Behaviour, Deployed, Told, UnreadableArtifact
from schedc.targets.kubernetes_times import spacing

_SCALARS: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:int": lambda text: int(text) if re.fullmatch(r"-?(0|[1-9][0-9]*)", text) else None,
    "tag:yaml.org,2002:bool": {"true": True, "false": False}.get,
}
"""Gives None for a spelling that YAML 1.1 and 1.2 read differently."""
_HASH = re.compile(r"[0-9a-f]{16}")
_BUSY = {"Allow": "start", "Forbid": "wait_latest", "Replace": "replace"}


def read(files: Mapping[str, str]) -> Deployed:
    """What the one file of a schedule says. Raises `UnreadableArtifact`."""
    if len(files) != 1:
        raise UnreadableArtifact(f"a CronJob is one file, not {len(files)}")
    root = _Map(_load(next(iter(files.values()))), "")
    root.constant("apiVersion", "batch/v1")
    root.constant("kind", "CronJob")
    metadata, spec = root.map("metadata"), root.map("spec")
    root.done()

    name = metadata.text("name")
    namespace = metadata.text("namespace", None)
    labels = metadata.texts("labels")
    notes = metadata.texts("annotations")
    metadata.done()
    labels.pop("app.kubernetes.io/managed-by", None)
    digest = notes.pop("schedc/digest", None)
    if digest is not None and not _HASH.fullmatch(digest):
        raise UnreadableArtifact("metadata.annotations: schedc/digest is not a digest")
    notes.pop("schedc/rule", None)
    notes.pop("schedc/source", None)

    cron, zone = spec.text("schedule"), spec.text("timeZone", None)
    if zone is None:
        raise UnreadableArtifact("spec has no timeZone: the zone of the controller's machine would count")
    policy = spec.text("concurrencyPolicy", "Allow")
    if policy not in _BUSY:
        raise UnreadableArtifact(f"spec.concurrencyPolicy: {policy!r} is not known")
    deadline = spec.number("startingDeadlineSeconds", None)
    if deadline == 0:
        raise UnreadableArtifact("spec.startingDeadlineSeconds: 0 lets no run start")
    paused = spec.boolean("suspend", False)
    history = spec.number("successfulJobsHistoryLimit", 3), spec.number("failedJobsHistoryLimit", 1)
    template = spec.map("jobTemplate")
    spec.done()
    job = template.map("spec")
    template.done()
    job.constant("completions", 1, default=1)
    job.constant("parallelism", 1, default=1)
    job.constant("completionMode", "NonIndexed", default="NonIndexed")
    job.constant("suspend", False, default=False)
    retries = job.number("backoffLimit", 6)
    timeout = job.number("activeDeadlineSeconds", None)
    pod_template = job.map("template")
    job.done()
    pod = pod_template.map("spec")
    pod_template.done()
    pod.constant("restartPolicy", "Never")
    attempt_timeout = pod.number("activeDeadlineSeconds", None)
    account = pod.text("serviceAccountName", None)
    containers = pod.list("containers")
    pod.done()
    if len(containers) != 1:
        raise UnreadableArtifact(f"{pod.path}.containers: one container is known, not {len(containers)}")
    container_name, workload = _container(_Map(containers[0], f"{pod.path}.containers[0]"), account)

    never_late = deadline is not None and (deadline < 60 or deadline < _closest(cron, zone))
    identity: dict[str, Any] = {
        "container": container_name,
        "failed_jobs_history_limit": history[1],
        "namespace": namespace,
        "successful_jobs_history_limit": history[0],
    }
    description, owner = notes.pop("schedc/description", None), notes.pop("schedc/owner", None)
    identity["applied_after"] = notes.pop("schedc/applied-after", None)
    identity["annotations"] = notes
    assert retries is not None
    return Deployed(
        name=name,
        digest=digest,
        told=Told(engine="kubernetes", crons=(cron,), timezone=zone),
        behaviour=Behaviour(
            missed="none" if never_late else "latest",
            busy="skip" if policy == "Forbid" and never_late else _BUSY[policy],
            limit=None if policy == "Allow" else 1,
            start_deadline=deadline,
            paused=paused,
            retries=retries,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
        ),
        workload=workload,
        description=description,
        owner=owner,
        labels=labels,
        identity=identity,
    )


def _closest(cron: str, zone: str) -> int:
    """The smallest distance of two runs, in seconds; 60, the least there is, where the engine cannot read the text."""
    from schedc.engines import kubernetes as engine
    from schedc.engines.model import CronError

    try:
        reading = engine.read(cron)
        return spacing(Cron(reading.calendar, zone)).smallest
    except (CronError, LookupError, ValueError):
        return 60


def _container(box: _Map, account: str | None) -> tuple[str, Container]:
    name, image = box.text("name"), box.text("image")
    command = box.literals("command")
    args = box.literals("args")
    env: dict[str, EnvValue] = {}
    for i, item in enumerate(box.list("env", ())):
        variable = _Map(item, f"{box.path}.env[{i}]")
        key = variable.text("name")
        if key in env:
            raise UnreadableArtifact(f"{variable.path}: {key} stands twice")
        env[key] = _value(variable)
        variable.done()
    resources = box.map("resources", {})
    requests, limits = resources.texts("requests"), resources.texts("limits")
    resources.done()
    box.done()
    return name, Container(
        image=image,
        command=command,
        args=args,
        env=env,
        resources=Resources(requests=requests, limits=limits),
        service_account=account,
    )


def _value(variable: _Map) -> EnvValue:
    source = variable.map("valueFrom", {})
    if not source.data:
        return _literal(variable.text("value", ""), f"{variable.path}.value")
    for kind, made in (("secretKeyRef", SecretKey), ("configMapKeyRef", ConfigMapKey)):
        if kind in source.data:
            reference = source.map(kind)
            value = made(reference.text("name"), reference.text("key"))
            reference.constant("optional", False, default=False)
            reference.done()
            source.done()
            return value
    return _unknown(f"{source.path}.{next(iter(source.data))}")


def _literal(text: str, path: str) -> str:
    """What Kubernetes makes of a text that it expands, where that depends on no variable and no release."""
    parts, rest = [], text
    while rest:
        before, found, rest = rest.partition("$")
        parts.append(before)
        if not found:
            break
        if rest.startswith("$"):
            parts.append("$")
            rest = rest[1:]
        elif rest.startswith("(") and ")" in rest:
            raise UnreadableArtifact(f"{path}: {found}{rest[: rest.index(')') + 1]} is replaced when a pod starts")
        elif rest and ord(rest[0]) > 127:
            raise UnreadableArtifact(f"{path}: releases differ in what they make of ${rest[0]}")
        else:
            parts.append("$")
    return "".join(parts)


def _unknown(path: str) -> NoReturn:
    raise UnreadableArtifact(f"{path.lstrip('.')} is not known")


class _Map:
    """A mapping whose keys are taken one by one; `done` refuses what nobody took."""

    def __init__(self, data: Any, path: str) -> None:
        if not isinstance(data, dict):
            raise UnreadableArtifact(f"{path or 'the document'} is not a mapping")
        self.data = dict(data)
        self.path = path

    def _take(self, key: str, kind: type, wanted: str, default: Any) -> Any:
        where = f"{self.path}.{key}".lstrip(".")
        if key not in self.data:
            if default is ...:
                raise UnreadableArtifact(f"{where} is missing")
            return default
        value = self.data.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise UnreadableArtifact(f"{where} is not {wanted}")
        return value

    def text(self, key: str, default: Any = ...) -> Any:
        return self._take(key, str, "text", default)

    def number(self, key: str, default: int | None) -> int | None:
        value: int | None = self._take(key, int, "a whole number", default)
        if value is not None and value < 0:
            raise UnreadableArtifact(f"{self.path}.{key} is negative")
        return value

    def boolean(self, key: str, default: bool) -> bool:
        return bool(self._take(key, bool, "true or false", default))

    def list(self, key: str, default: Any = ...) -> list[Any]:
        return list(self._take(key, list, "a list", default))

    def map(self, key: str, default: Any = ...) -> _Map:
        return _Map(self._take(key, dict, "a mapping", default), f"{self.path}.{key}".lstrip("."))

    def texts(self, key: str) -> dict[str, str]:
        found = self._take(key, dict, "a mapping", {})
        for name, value in found.items():
            if not isinstance(value, str):
                raise UnreadableArtifact(f"{self.path}.{key}.{name} is not text".lstrip("."))
        return dict(found)

    def literals(self, key: str) -> tuple[str, ...] | None:
        if key not in self.data:
            return None
        texts = []
        for i, text in enumerate(self.list(key)):
            if not isinstance(text, str):
                raise UnreadableArtifact(f"{self.path}.{key}[{i}] is not text")
            texts.append(_literal(text, f"{self.path}.{key}[{i}]"))
        return tuple(texts)

    def constant(self, key: str, value: Any, default: Any = ...) -> None:
        found = self._take(key, type(value), "of the known type", default)
        if found != value:
            raise UnreadableArtifact(f"{self.path}.{key}: {found!r} is not known".lstrip("."))

    def done(self) -> None:
        for key in self.data:
            _unknown(f"{self.path}.{key}")


def _load(text: str) -> Any:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node: Any = yaml.compose(text, loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableArtifact(f"not one YAML document: {error}") from error
    if node is None:
        raise UnreadableArtifact("the file is empty")
    return _plain(node, "", set(), 0)


def _plain(node: Any, path: str, seen: set[int], depth: int) -> Any:
    """The data of a YAML node; aliases, double keys and every spelling that YAML versions disagree on are refused."""
    where = path or "the document"
    if id(node) in seen:
        raise UnreadableArtifact(f"{where} is an alias")
    if depth > 40:
        raise UnreadableArtifact(f"{where} is nested too deeply")
    seen.add(id(node))
    if node.id == "scalar":
        known = _SCALARS.get(node.tag)
        value = None if known is None else known(node.value)
        if value is None:
            raise UnreadableArtifact(f"{where}: {node.value!r} is not text, a whole number, true or false")
        return value
    if node.id == "sequence" and node.tag == "tag:yaml.org,2002:seq":
        return [_plain(item, f"{path}[{i}]", seen, depth + 1) for i, item in enumerate(node.value)]
    if node.id == "mapping" and node.tag == "tag:yaml.org,2002:map":
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = _plain(key_node, f"a key of {where}", seen, depth + 1)
            if not isinstance(key, str):
                raise UnreadableArtifact(f"a key of {where} is not text")
            if key in result:
                raise UnreadableArtifact(f"{path}.{key} stands twice".lstrip("."))
            result[key] = _plain(value_node, f"{path}.{key}".lstrip("."), seen, depth + 1)
        return result
    raise UnreadableArtifact(f"{where} has the tag {node.tag}")
