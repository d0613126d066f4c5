"""Kubernetes CronJobs, as people write them, as Helm and Kustomize render them, and as a cluster gives them back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from schedc.diagnostics import Severity, rules
from schedc.diagnostics.sink import Sink
from schedc.engines import kubernetes as engine
from schedc.engines.model import CronError
from schedc.importing.cron_words import expression
from schedc.importing.cronjob_pod import Taker
from schedc.importing.keys import Keys, pruned
from schedc.importing.source import Found, Item, Path, Settings, Source
from schedc.importing.workload_words import container_words
from schedc.ir.words import calendar_words
from schedc.ir.workload import Container, ScheduledTime
from schedc.node import Node
from schedc.source import Span
from schedc.target import Deployed, Told, UnreadableArtifact
from schedc.targets import target
from schedc.yaml_writer import dump

_VERSIONS = ("batch/v1", "batch/v1beta1", "batch/v2alpha1")
_SERVER = (
    *("creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields"),
    *("resourceVersion", "selfLink", "uid", "clusterName"),
)
"""What an API server writes, and no effect comes from."""
_NOTES_OF_TOOLS = (
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
    "meta.helm.sh/release-name",
    "meta.helm.sh/release-namespace",
)
_MANAGED_BY = "app.kubernetes.io/managed-by"
_LATEST_MINOR = 37


def recognises(item: Item) -> bool:
    kind, version = (item.node.get(key) if item.node else None for key in ("kind", "apiVersion"))
    return kind is not None and kind.value == "CronJob" and (version is None or str(version.value) in _VERSIONS)


def read(item: Item, settings: Settings, sink: Sink) -> Iterator[Found]:
    assert item.node is not None
    named = item.node.get("metadata", "name") or item.node.get("metadata", "generateName")
    name = named.value if named is not None and isinstance(named.value, str) else "cronjob"
    reader = _Reader(item.node, name, settings, sink.within(name))
    found = reader.found()
    if found is not None:
        yield found


class _Reader:
    """One CronJob; `lost` are the paths that were reported or mean nothing, `edits` what is put in their place."""

    def __init__(self, node: Node, name: str, settings: Settings, sink: Sink) -> None:
        self.node, self.name, self.settings, self.sink = node, name, settings, sink
        self.lost: list[Path] = []
        self.edits: dict[Path, Any] = {}
        self.patch: list[Path] = []
        self.places: dict[Path, Span] = {}
        self.remarks: list[str] = []
        self.written = ""
        self.given: dict[str, Any] | None = None

    def found(self) -> Found | None:
        root = Keys(self.node, (), self.sink, self.lost)
        root.take("apiVersion")
        root.take("kind")
        root.ignore("status")
        self._metadata(root.map("metadata"))
        spec = root.map("spec")
        root.done()
        told = self._told(spec)
        self._spec(spec)
        job_template = spec.map("jobTemplate")
        spec.done()
        self._job(job_template)
        if told is None:
            return None
        deployed = self._deployed(told)
        return None if deployed is None else self._found(told, deployed)

    def _metadata(self, keys: Keys) -> None:
        for key in ("name", "namespace", "labels"):
            keys.take(key)
        if "generateName" in keys.left:
            keys.lose("generateName", "a schedule has one name, so that applying it twice makes one CronJob")
        keys.ignore(*_SERVER)
        if "ownerReferences" in keys.left:
            keys.lose("ownerReferences", "a CronJob that belongs to another object is deleted with it")
        if "finalizers" in keys.left:
            self._patch(keys, "finalizers")
        labels = self.node.get("metadata", "labels", _MANAGED_BY)
        if labels is not None and labels.value != "schedc":
            self.lost.append(("metadata", "labels", _MANAGED_BY))
            self.sink.add(
                rules.NOT_CARRIED,
                f"the label {_MANAGED_BY} is not carried: {labels.value}",
                labels.span,
                notes=("schedc writes its own; take the CronJob out of what manages it now",),
                severity=Severity.NOTE,
            )
        promised = self.node.get("metadata", "annotations", "schedc/applied-after")
        if promised is not None:
            self.sink.add(
                rules.ASSUMED,
                f"it was compiled under a promise that stands in no schedule: applied_after {promised.value}",
                promised.span,
                help="write applied_after into schedc.toml, or give --applied-after",
            )
        notes = keys.map("annotations")
        given = notes.left.get("schedc/patch")
        if given is not None:
            self.given = _patch_of(given.node)
            self.lost += [("metadata", "annotations", "schedc/patch")]
        notes.ignore(*_NOTES_OF_TOOLS)
        for key in list(notes.left):
            if key.startswith("schedc/"):
                notes.take(key)
            else:
                self._patch(notes, key)
        keys.done()

    def _patch(self, keys: Keys, key: str) -> None:
        """Carry a key in `targets.kubernetes.patch`, if it takes it."""
        from schedc.targets.kubernetes.patch import problems

        path = (*keys.path, key)
        entry = keys.left[key]
        patch: Any = entry.node.plainly()
        for step in reversed(path):
            patch = {step: patch}
        found = next(iter(problems(patch, _LATEST_MINOR)), None)
        if found is not None:
            keys.lose(key, found[1], found[2])
            return
        keys.take(key)
        self.patch.append(path)
        self.places[("targets", "kubernetes", "patch", *path)] = entry.node.span

    def _told(self, spec: Keys) -> Told | None:
        """What the controller goes by; None after it was told why there is no such thing here."""
        text = spec.one("schedule", str)
        zone = spec.one("timeZone", str)
        place = spec.place("schedule") or self.node.span
        if text is None:
            self._refuse("it has no schedule", place)
            return None
        self.places[("cron_expression",)] = place
        self.written = cron = text
        prefix = next((one for one in ("TZ=", "CRON_TZ=") if text.startswith(one)), None)
        if prefix is not None:
            named, _, cron = text.partition(" ")
            inner = named.removeprefix(prefix)
            cron = cron.strip()
            self.sink.add(
                rules.ASSUMED,
                f"the zone {inner or 'UTC'} stands inside of the schedule, where Kubernetes takes none any more",
                place,
                notes=(
                    "older releases go by it; new ones refuse to create such a CronJob, and go by it once it is there",
                ),
                help="the zone is in timezone now, which becomes timeZone",
            )
            if zone is not None and zone != inner:
                message = f"the zone inside of the schedule counts, and not timeZone: {zone}"
                self.sink.add(rules.ASSUMED, message, spec.place("timeZone"))
            zone = inner or "UTC"
        self.places[("timezone",)] = spec.place("timeZone") or place
        self.edits[("spec", "schedule")] = cron
        try:
            reading = engine.read(cron)
        except CronError as error:
            self._refuse(f"the engine refuses {cron!r}: {error}", place)
            return None
        if reading.delay is not None:
            self._refuse(
                f"{cron!r} counts from the moment at which the CronJob was created, which no source tells",
                place,
                "write interval_second and start_time by hand",
            )
            return None
        if zone is None:
            zone = self.settings.controller_timezone or "UTC"
            if self.settings.controller_timezone is None:
                self.sink.add(
                    rules.ASSUMED,
                    "it has no timeZone: UTC was taken, and the zone of its cluster's controller counts",
                    place,
                    notes=("kube-controller-manager goes by the clock of its machine, which is UTC on most clusters",),
                    help="give --controller-timezone ZONE",
                )
        problem = engine.time_zone_problem(zone)
        if problem is not None:
            self._refuse(f"the zone {zone!r} is none: {problem}", self.places[("timezone",)])
            return None
        self.edits[("spec", "timeZone")] = zone
        return Told(engine="kubernetes", crons=(cron,), timezone=zone)

    def _refuse(self, why: str, place: Span, help: str | None = None) -> None:
        self.sink.add(rules.NOT_IMPORTED, f"{self.name} is not imported: {why}", place, help=help)

    def _spec(self, spec: Keys) -> None:
        policy = spec.one("concurrencyPolicy", str)
        self._note(spec, "concurrencyPolicy", ("max_active_runs",), ("overlap",))
        if policy is not None and policy not in ("Allow", "Forbid", "Replace"):
            self._drop(spec, "concurrencyPolicy", f"Kubernetes knows no policy {policy[:60]!r}")
        deadline = spec.one("startingDeadlineSeconds", int)
        self._note(spec, "startingDeadlineSeconds", ("start_deadline_second",))
        if deadline is not None and deadline <= 0:
            why = "a deadline of 0 lets no run start" if deadline == 0 else "a deadline is not negative"
            self._drop(spec, "startingDeadlineSeconds", why)
        spec.one("suspend", bool)
        self._note(spec, "suspend", ("paused",))
        for key, ours in (
            ("successfulJobsHistoryLimit", "successful_jobs_history_limit"),
            ("failedJobsHistoryLimit", "failed_jobs_history_limit"),
        ):
            spec.one(key, int)
            self._note(spec, key, ("targets", "kubernetes", ours))

    def _note(self, keys: Keys, key: str, *paths: Path) -> None:
        if key in keys.taken:
            for path in paths:
                self.places[path] = keys.taken[key].node.span

    def _drop(self, keys: Keys, key: str, why: str, help: str | None = None) -> None:
        """Report a key that was taken already."""
        keys.left[key] = keys.taken[key]
        keys.lose(key, why, help)

    def _job(self, template: Keys) -> None:
        metadata = template.map("metadata")
        metadata.ignore(*_SERVER)
        for kind in ("labels", "annotations"):
            if kind in metadata.left:
                self._patch(metadata, kind)
        metadata.done()
        job = template.map("spec")
        template.done()
        job.default("completions", 1)
        job.default("parallelism", 1)
        job.default("completionMode", "NonIndexed")
        job.default("suspend", False)
        job.default("manualSelector", False)
        for key, ours in (
            ("backoffLimit", "retries"),
            ("activeDeadlineSeconds", "timeout_second"),
            ("ttlSecondsAfterFinished", "run"),
        ):
            job.one(key, int)
            self._note(job, key, (ours,))
        if "podReplacementPolicy" in job.left:
            self._patch(job, "podReplacementPolicy")
        pod_template = job.map("template")
        job.done("a run of a schedule is one pod, tried again by retries")
        Taker(self.lost, self.edits, self.places, self._patch).pod(pod_template)

    def _deployed(self, told: Told) -> Deployed | None:
        """What the reader of the target says of everything that was not reported."""
        data = pruned(self.node.plainly(), [*self.lost, *self.patch])
        data["apiVersion"] = "batch/v1"
        data.setdefault("metadata", {})["name"] = self.name
        for path, value in self.edits.items():
            _put(data, path, value)
        template = data["spec"].get("jobTemplate")
        if isinstance(template, dict) and not template.get("metadata"):
            template.pop("metadata", None)
        try:
            text = dump(data)
            return target("kubernetes").read({"cronjob.yaml": text})
        except UnreadableArtifact as error:
            self._refuse(str(error), self.node.span)
        except UnicodeEncodeError:
            self._refuse("it holds half of a surrogate pair", self.node.span)
        return None

    def _found(self, told: Told, deployed: Deployed) -> Found:
        reading = engine.read(told.crons[0])
        text = expression(told.crons[0], reading.calendar)
        assert text is not None, "five fields of this engine have words"
        if text != " ".join(told.crons[0].split()):
            self.remarks.append(f"Kubernetes reads {told.crons[0]} as: {calendar_words(reading.calendar)}")
        behaviour = deployed.behaviour
        assert isinstance(deployed.workload, Container)
        fields: dict[str, Any] = {"cron_expression": text, "timezone": told.timezone}
        if told.timezone == "UTC":
            del fields["timezone"]
        if behaviour.busy == "replace":
            fields["overlap"] = "replace"
        elif behaviour.limit == 1:
            fields["max_active_runs"] = 1
        _set(fields, "start_deadline_second", behaviour.start_deadline)
        if behaviour.paused:
            fields["paused"] = True
        if behaviour.retries:
            fields["retries"] = behaviour.retries
        _set(fields, "timeout_second", behaviour.timeout)
        _set(fields, "attempt_timeout_second", behaviour.attempt_timeout)
        _set(fields, "description", deployed.description)
        _set(fields, "owner", deployed.owner)
        if deployed.labels:
            fields["labels"] = dict(sorted(deployed.labels.items()))
        fields["run"] = {"container": container_words(deployed.workload)}
        own = self._options({**deployed.identity, "tells_time": _tells_time(deployed.workload)})
        if own:
            fields["targets"] = {"kubernetes": own}
        rule = self.node.get("metadata", "annotations", "schedc/rule")
        self.places.setdefault(("name",), self.node.nearest("metadata", "name"))
        return Found(
            name=self.name,
            place=self.node.span,
            fields=fields,
            places=self.places,
            written=self.written,
            told=told,
            deployed=deployed,
            digest=deployed.digest,
            rule=str(rule.value) if rule is not None else "",
            remarks=tuple(self.remarks),
        )

    def _options(self, identity: Mapping[str, Any]) -> dict[str, Any]:
        own: dict[str, Any] = {}
        _set(own, "namespace", identity["namespace"])
        for key, usual in (("successful_jobs_history_limit", 3), ("failed_jobs_history_limit", 1)):
            if identity[key] != usual:
                own[key] = identity[key]
        if identity.get("tells_time"):
            own["scheduled_time"] = "job_name"
        patch: dict[str, Any] = {}
        for path in self.patch:
            node = self.node.get(*path)
            assert node is not None
            _put(patch, path, node.plainly())
        patch = self.given if self.given is not None else patch
        if patch:
            own["patch"] = patch
        return own


def _patch_of(node: Node) -> dict[str, Any] | None:
    """The patch that an artifact of schedc says it was made with."""
    try:
        found = json.loads(str(node.value))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _tells_time(run: Container) -> bool:
    """Whether a part of the container is the scheduled time."""
    parts = [*(run.command or ()), *(run.args or ()), *run.env.values()]
    return any(isinstance(one, ScheduledTime) for one in parts) or any(
        _tells_time(one.container) for one in run.init_containers
    )


def _set(fields: dict[str, Any], name: str, value: Any) -> None:
    if value is not None:
        fields[name] = value


def _put(data: Any, path: Path, value: Any) -> None:
    for step in path[:-1]:
        data = data.setdefault(step, {}) if isinstance(data, dict) else data[step]
    data[path[-1]] = value


SOURCE = Source(
    name="cronjob",
    title="Kubernetes CronJobs (YAML or JSON)",
    targets=("kubernetes",),
    recognises=recognises,
    read=read,
)
