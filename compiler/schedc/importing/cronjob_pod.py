"""Which parts of a pod template are carried: every key is known, reported, or without effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schedc.importing.keys import Keys, lose, shown
from schedc.importing.source import Path
from schedc.node import Node
from schedc.source import Span
from schedc.target import UnreadableArtifact
from schedc.targets.kubernetes import pod_words as words
from schedc.targets.kubernetes.expansion import escape
from schedc.targets.kubernetes.text_read import literal

Patch = Callable[[Keys, str], None]
"""Carries a key of a mapping in a patch, or reports it."""

_PATCHED = (
    *("automountServiceAccountToken", "dnsConfig", "dnsPolicy", "enableServiceLinks", "hostAliases", "hostIPC"),
    *("hostNetwork", "hostPID", "hostUsers", "hostname", "nodeName", "os", "overhead", "preemptionPolicy"),
    *("readinessGates", "resourceClaims", "resources", "runtimeClassName", "schedulerName", "schedulingGates"),
    *("setHostnameAsFQDN", "shareProcessNamespace", "subdomain", "topologySpreadConstraints"),
)
_POD_DEFAULTS = {
    "dnsPolicy": "ClusterFirst",
    "enableServiceLinks": True,
    "hostIPC": False,
    "hostNetwork": False,
    "hostPID": False,
    "initContainers": [],
    "schedulerName": "default-scheduler",
    "securityContext": {},
    "shareProcessNamespace": False,
    "terminationGracePeriodSeconds": 30,
    "tolerations": [],
    "volumes": [],
    "imagePullSecrets": [],
    "affinity": {},
    "nodeSelector": {},
}
"""What counts without the key, too."""
_CONTAINER_DEFAULTS: dict[str, Any] = {
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "stdin": False,
    "stdinOnce": False,
    "tty": False,
    "resources": {},
    "env": [],
    "envFrom": [],
    "volumeMounts": [],
    "securityContext": {},
}
_VOLUME_KINDS = frozenset(theirs for _, theirs, below in words.VOLUME if below is not None)


class Taker:
    """What is gathered on the way: paths that are lost, what is put in the place of others, and places."""

    def __init__(self, lost: list[Path], edits: dict[Path, Any], places: dict[Path, Span], patch: Patch) -> None:
        self.lost, self.edits, self.places, self.patch = lost, edits, places, patch

    def pod(self, template: Keys) -> None:
        metadata = template.map("metadata")
        metadata.ignore("creationTimestamp")
        metadata.take("labels")
        metadata.take("annotations")
        metadata.done()
        spec = template.map("spec")
        template.done()
        for key, value in _POD_DEFAULTS.items():
            spec.default(key, value)
        self._restarts(spec)
        self._account(spec)
        dropped = self._volumes(spec)
        for key in ("nodeSelector", "priorityClassName", "terminationGracePeriodSeconds", "activeDeadlineSeconds"):
            spec.take(key)
        self._place(spec, "activeDeadlineSeconds", ("attempt_timeout_second",))
        self._word(spec, "imagePullSecrets", [(("name", "name", None),)])
        self._word(spec, "affinity", words.AFFINITY)
        self._word(spec, "tolerations", [words.TOLERATION])
        self._security(spec)
        for key in _PATCHED:
            if key in spec.left:
                self.patch(spec, key)
        self._containers(spec, "initContainers", dropped)
        self._containers(spec, "containers", dropped)
        spec.done()

    def _restarts(self, spec: Keys) -> None:
        policy = spec.one("restartPolicy", str)
        path = (*spec.path, "restartPolicy")
        if policy == "Never":
            return
        self.edits[path] = "Never"
        if "restartPolicy" not in spec.taken:
            return
        if policy == "OnFailure":
            why = "a retry is a new pod, which starts with empty volumes and may run on another node"
        else:
            why = "a Job takes Never or OnFailure, and a schedule knows retries alone"
        spec.left["restartPolicy"] = spec.taken["restartPolicy"]
        before = len(self.lost)
        spec.lose("restartPolicy", why, "Never is written; look at what a second try finds")
        del self.lost[before:]

    def _account(self, spec: Keys) -> None:
        old, new = spec.take("serviceAccount"), spec.take("serviceAccountName")
        if old is not None:
            self.lost.append((*spec.path, "serviceAccount"))
            if new is None:
                self.edits[*spec.path, "serviceAccountName"] = old.value

    def _security(self, spec: Keys) -> None:
        inner = spec.left.get("securityContext")
        if inner is None or not isinstance(inner.node.value, dict):
            return
        spec.take("securityContext")
        keys = Keys(inner.node, (*spec.path, "securityContext"), spec.sink, self.lost)
        for _, theirs, below in words.POD_SECURITY_CONTEXT:
            node = keys.take(theirs)
            if node is not None and below is not None:
                self._known(node, below, (*keys.path, theirs), keys)
        for key in list(keys.left):
            self.patch(keys, key)

    def _volumes(self, spec: Keys) -> set[str]:
        """The names of volumes that are lost."""
        dropped = set()
        for i, node in enumerate(spec.list("volumes")):
            path = (*spec.path, "volumes", i)
            other = [key for key in node.value if key != "name"] if isinstance(node.value, dict) else ["it"]
            kinds = [key for key in other if key in _VOLUME_KINDS]
            if len(kinds) == 1 and other == kinds:
                kind = node.get(kinds[0])
                if kind is not None and kind.value is None:
                    self.edits[*path, kinds[0]] = {}
                mode = node.get(kinds[0], "defaultMode")
                if mode is not None and mode.value == 0o644:
                    self.lost.append((*path, kinds[0], "defaultMode"))
                self._known(node, words.VOLUME, path, spec)
                continue
            named = node.get("name")
            if named is not None:
                dropped.add(str(named.value))
            says = " and ".join(other) or "nothing"
            self._lose(spec, path, node.span, f"its kind is {says}; known are {', '.join(sorted(_VOLUME_KINDS))}")
        return dropped

    def _containers(self, spec: Keys, key: str, dropped: set[str]) -> None:
        for i, node in enumerate(spec.list(key)):
            path = (*spec.path, key, i)
            if key == "containers" and i > 0:
                self._lose(spec, path, node.span, "a run of a schedule is one container, with what runs before it")
                continue
            policy = node.get("restartPolicy")
            if policy is not None:
                self._lose(spec, path, node.span, "it is a sidecar, which runs beside the container")
                continue
            self._container(Keys(node, path, spec.sink, self.lost), dropped, main=key == "containers")

    def _container(self, keys: Keys, dropped: set[str], main: bool) -> None:
        for key, value in _CONTAINER_DEFAULTS.items():
            keys.default(key, value)
        for key in ("name", "image", "imagePullPolicy", "workingDir"):
            keys.take(key)
        base: Path = ("run", "container")
        if main:
            for key, ours in (("image", "image"), ("command", "command"), ("args", "args"), ("env", "env")):
                self._place(keys, key, (*base, ours))
        for key in ("command", "args"):
            for i, node in enumerate(keys.list(key)):
                self._text(keys, node, (*keys.path, key, i))
                if main:
                    self.places[*base, key, i] = node.span
        self._env(keys, base if main else ())
        for i, node in enumerate(keys.list("envFrom")):
            reference = (("name", "name", None), ("optional", "optional", None))
            table = (("prefix", "prefix", None), ("secret", "secretRef", reference), ("map", "configMapRef", reference))
            self._known(node, table, (*keys.path, "envFrom", i), keys)
        for i, node in enumerate(keys.list("volumeMounts")):
            path = (*keys.path, "volumeMounts", i)
            name = node.get("name")
            if name is not None and name.value in dropped:
                self._lose(keys, path, node.span, "its volume is not carried")
            else:
                self._known(node, words.VOLUME_MOUNT, path, keys)
        self._word(keys, "securityContext", words.SECURITY_CONTEXT)
        resources = keys.map("resources")
        for kind in ("requests", "limits"):
            amounts = resources.map(kind)
            for resource, entry in list(amounts.left.items()):
                amounts.take(resource)
                if not isinstance(entry.node.value, str) and entry.node.written is not None:
                    self.edits[*amounts.path, resource] = entry.node.written
        resources.done()
        keys.done("schedc has no word for it")

    def _env(self, keys: Keys, base: Path) -> None:
        names: dict[str, tuple[Path, Node]] = {}
        for i, node in enumerate(keys.list("env")):
            path = (*keys.path, "env", i)
            inner = Keys(node, path, keys.sink, self.lost)
            name = inner.one("name", str)
            if name is None:
                self._lose(keys, path, node.span, "it has no name")
                continue
            if name in names:
                earlier, place = names[name]
                self._lose(keys, earlier, place.span, f"{name} is set again, and the last one counts")
            names[name] = (path, node)
            value = inner.take("value")
            if value is not None:
                self._text(keys, value, (*path, "value"))
                if base:
                    self.places[*base, "env", name] = value.span
            source = inner.map("valueFrom")
            for kind in ("secretKeyRef", "configMapKeyRef"):
                reference = source.map(kind)
                reference.take("name")
                reference.take("key")
                reference.default("optional", False)
                reference.done("what a variable refers to must be there")
            field = source.map("fieldRef")
            field.take("fieldPath")
            field.default("apiVersion", "v1")
            field.done()
            if source.left:
                others = ", ".join(source.left)
                self._lose(keys, path, node.span, f"{others} is no reference that schedc knows")
                continue
            inner.done()

    def _text(self, keys: Keys, node: Node, path: Path) -> None:
        """A text in which Kubernetes replaces `$(NAME)`: here each text is what it says."""
        if not isinstance(node.value, str):
            return
        try:
            literal(node.value, "")
        except UnreadableArtifact as error:
            before = len(self.lost)
            why = f"{str(error).removeprefix(': ')}, and text is literal in a schedule"
            self._lose(keys, path, node.span, why)
            del self.lost[before:]
            self.edits[path] = escape(node.value)

    def _word(self, keys: Keys, key: str, table: Any) -> None:
        node = keys.take(key)
        if node is not None:
            self._known(node, table, (*keys.path, key), keys)

    def _known(self, node: Node, table: Any, path: Path, keys: Keys) -> None:
        """Report what a table of words does not know; what is null says nothing."""
        if isinstance(table, list):
            for i, item in enumerate(node.value if isinstance(node.value, list) else []):
                self._known(item, table[0], (*path, i), keys)
            return
        if not isinstance(node.value, dict) or table is None:
            return
        known = {theirs: below for _, theirs, below in table}
        for key, entry in node.value.items():
            here = (*path, key)
            if entry.node.value is None and here not in self.edits:
                self.lost.append(here)
            elif key not in known:
                if here not in self.lost:
                    self._lose(keys, here, entry.key, "schedc has no word for it")
            elif known[key] is not None:
                self._known(entry.node, known[key], here, keys)

    def _lose(self, keys: Keys, path: Path, place: Span, why: str) -> None:
        lose(keys.sink, shown(path), place, why)
        self.lost.append(path)

    def _place(self, keys: Keys, key: str, path: Path) -> None:
        entry = keys.taken.get(key) or keys.left.get(key)
        if entry is not None:
            self.places[path] = entry.node.span
