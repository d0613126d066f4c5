"""What the API server would refuse, and what the CronJob controller would do otherwise than the schedule says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.triggers import Cron
from schedc.ir.workload import ConfigMapKey, Container, ScheduledTime, SecretKey
from schedc.source import Span
from schedc.target import Job
from schedc.targets import kubernetes_names as names
from schedc.targets.kubernetes_manifest import MANAGED_BY, deadline, manifest, notes
from schedc.targets.kubernetes_quantity import UNIT, NotAQuantity, quantity
from schedc.targets.kubernetes_times import spacing

_INT32 = 2**31 - 1
_LONGEST_DURATION = (2**63 - 1) // 10**9
"""Seconds; Go counts nanoseconds in 63 bits."""
_NAME_LENGTH = 52
_ANNOTATIONS = 256 * 1024
_REQUEST = 3 * 512 * 1024
_CONTAINER = ("run", "container")
_STANDARD_RESOURCES = frozenset({"cpu", "memory", "ephemeral-storage"})

_VALIDATE_BATCH = "kubernetes/kubernetes pkg/apis/batch/validation/validation.go"
_VALIDATE_CORE = "kubernetes/kubernetes pkg/apis/core/validation/validation.go"
_SYNTAX = "k8s.io/apimachinery pkg/util/validation/validation.go"
_CONTROLLER = "kubernetes/kubernetes pkg/controller/cronjob/cronjob_controllerv2.go, syncCronJob"


@dataclass(frozen=True, slots=True)
class _Report:
    job: Job
    sink: Sink

    def refuse(self, path: tuple[str | int, ...], message: str, why: str, source: str, help: str) -> None:
        self._add(self.job.schedule.place(*path), message, why, source, help)

    def refuse_key(self, path: tuple[str, ...], key: str, message: str, why: str, source: str, help: str) -> None:
        """At the key of a mapping instead of its value."""
        mapping = self.job.schedule.node.get(*path)
        span = mapping.key_span(key) if mapping else self.job.schedule.place(*path)
        self._add(span, message, why, source, help)

    def _add(self, span: Span, message: str, why: str, source: str, help: str) -> None:
        self.sink.add(rules.TARGET_LIMIT, message, span, notes=(why, f"source: {source}"), help=help)


def limits(job: Job, sink: Sink) -> None:
    """Tells the sink everything about a job that a cluster would refuse, or honour with a caveat."""
    report = _Report(job, sink)
    _metadata(report)
    _zone(report)
    _policies(report)
    _numbers(report)
    run = job.schedule.run
    if isinstance(run, Container):
        _container(report, run)
        _environment(report, run)
        _resources(report, run)
        if isinstance(job.schedule.trigger, Cron) and not any(isinstance(v, ScheduledTime) for v in run.env.values()):
            _size(report)


def _size(report: _Report) -> None:
    size = _bytes_of(manifest(report.job))
    if size > _REQUEST:
        report.refuse(
            _CONTAINER,
            f"the CronJob takes about {size} bytes, and at most {_REQUEST} are stored",
            "etcd takes no larger request unless its operator allows it",
            "https://etcd.io/docs/v3.5/dev-guide/limit/",
            "put long text into a config map or into the image",
        )
    elif size > _ANNOTATIONS:
        report.sink.add(
            rules.TARGET_CAVEAT,
            f"the CronJob takes about {size} bytes, too many for kubectl apply",
            report.job.schedule.place(*_CONTAINER),
            notes=(
                f"it keeps a copy in an annotation, and annotations take at most {_ANNOTATIONS} bytes",
                "source: https://kubernetes.io/docs/reference/using-api/server-side-apply/",
            ),
            help="apply it with kubectl apply --server-side",
        )


def _bytes_of(data: Any) -> int:
    """About what the data takes as JSON."""
    if isinstance(data, dict):
        return sum(_bytes_of(key) + _bytes_of(value) + 2 for key, value in data.items()) + 2
    if isinstance(data, list):
        return sum(_bytes_of(item) + 1 for item in data) + 2
    return len(data.encode("utf-8", "replace")) + 2 if isinstance(data, str) else len(str(data))


def _metadata(report: _Report) -> None:
    schedule = report.job.schedule
    problem = names.dns_label(schedule.name, _NAME_LENGTH)
    if problem:
        report.refuse(
            (),
            f"the name of a CronJob {problem}",
            "a Job's name is that of its CronJob and 11 characters more, and 63 are the limit",
            f"{_VALIDATE_BATCH}, ValidateCronJobCreate",
            f"choose a name of at most {_NAME_LENGTH} lower-case letters, digits and hyphens",
        )
    for key, value in schedule.labels.items():
        if key == MANAGED_BY:
            report.refuse_key(
                ("labels",),
                key,
                f"the label {MANAGED_BY} is written by schedc",
                "it tells which CronJobs schedc wrote",
                "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/",
                "choose another key",
            )
        if problem := names.qualified_name(key):
            report.refuse_key(
                ("labels",),
                key,
                f"the key of the label {_shown(key)} {problem}",
                "Kubernetes takes an optional DNS prefix with a slash, and a name of at most 63 characters",
                f"{_SYNTAX}, IsQualifiedName",
                "choose a key of letters, digits, '-', '_' and '.'",
            )
        if problem := names.label_value(value):
            report.refuse(
                ("labels", key),
                f"the label {_shown(key)} {problem}",
                "the value of a label in Kubernetes is at most 63 letters, digits, '-', '_' and '.'",
                f"{_SYNTAX}, IsValidLabelValue",
                "say it in the description, which takes any text",
            )
    _texts_of(report, {"description": schedule.description, "owner": schedule.owner})
    size = sum(len(key) + len(text.encode("utf-8", "replace")) for key, text in notes(report.job).items())
    if size > _ANNOTATIONS:
        report.refuse(
            ("description",),
            f"the annotations take {size} bytes, and at most {_ANNOTATIONS} are allowed",
            "description and owner are annotations of the CronJob",
            "k8s.io/apimachinery pkg/api/validation/objectmeta.go, ValidateAnnotations",
            "shorten the description",
        )


def _texts_of(report: _Report, texts: dict[str, str | None]) -> None:
    for field, text in texts.items():
        if text is not None and _is_broken(text):
            report.refuse((field,), *_broken(field))


def _zone(report: _Report) -> None:
    from schedc.engines.kubernetes import time_zone_problem

    trigger = report.job.schedule.trigger
    if not isinstance(trigger, Cron):
        return
    problem = time_zone_problem(trigger.timezone)
    if problem:
        report.refuse(
            ("timezone",),
            f"the API server refuses the zone {_shown(trigger.timezone)}",
            problem,
            f"{_VALIDATE_BATCH}, validateTimeZone",
            "choose a zone of the IANA database by its name",
        )


def _policies(report: _Report) -> None:
    schedule = report.job.schedule
    if schedule.max_active_runs is not None and schedule.max_active_runs != 1:
        report.refuse(
            ("max_active_runs",),
            f"a CronJob cannot limit its active runs to {schedule.max_active_runs}",
            "its concurrency policy allows any number of active Jobs or one",
            _CONTROLLER,
            "write max_active_runs: 1, or leave it out",
        )
    if schedule.max_active_runs is not None and schedule.overlap is Overlap.REPLACE:
        report.refuse(
            ("max_active_runs",),
            "a replaced run may still be stopping when the next one starts",
            "with the policy Replace the old Job is deleted in the background and the new one started at once",
            f"{_CONTROLLER} and deleteJob",
            "leave max_active_runs out, or choose overlap: skip",
        )
    _deadline(report)
    if schedule.catchup is Catchup.LATEST:
        _latest(report)
    if schedule.paused and deadline(schedule) is None:
        report.sink.add(
            rules.TARGET_CAVEAT,
            "when this CronJob is resumed, the newest missed run starts at once",
            schedule.place("paused"),
            notes=("source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-suspension",),
            help="catchup: none or start_deadline_second prevents it",
        )


def _deadline(report: _Report) -> None:
    schedule = report.job.schedule
    seconds = schedule.start_deadline
    asked = "catchup" if schedule.catchup is Catchup.NONE else "overlap" if schedule.overlap is Overlap.SKIP else None
    if seconds is None and asked is not None:
        report.sink.add(
            rules.TARGET_CHOICE,
            f"a run that cannot start within {deadline(schedule)} seconds is given up",
            schedule.place(asked),
            notes=(f"source: {_CONTROLLER}, startingDeadlineSeconds",),
            help="choose another time with start_deadline_second",
        )
    if seconds is None or asked is None or not isinstance(schedule.trigger, Cron):
        return
    smallest = spacing(schedule.trigger).smallest
    if seconds >= smallest:
        value = "catchup: none" if asked == "catchup" else "overlap: skip"
        report.refuse(
            ("start_deadline_second",),
            f"a start deadline of {seconds} seconds is not below the {smallest} seconds between two runs",
            f"{value} is kept by startingDeadlineSeconds alone, and within {seconds} seconds a CronJob may still start"
            " the newest of several runs that were due",
            _CONTROLLER,
            f"choose a start deadline below {smallest} seconds, or leave {asked} out",
        )


def _latest(report: _Report) -> None:
    schedule = report.job.schedule
    if not isinstance(schedule.trigger, Cron):
        return
    found = spacing(schedule.trigger)
    source = "kubernetes/kubernetes pkg/controller/cronjob/utils.go, mostRecentScheduleTime"
    if not found.even:
        report.refuse(
            ("catchup",),
            "the instants are not evenly spaced, and then a CronJob may lose its latest missed run",
            "mostRecentScheduleTime estimates how far to look back from the distance of the first two missed instants",
            source,
            "write catchup: false, which is at most the latest one, or choose the targets airflow or kubeflow",
        )
    if schedule.overlap is Overlap.SKIP:
        report.refuse(
            ("overlap",),
            "a CronJob cannot both skip runs and catch up with the latest",
            "skipping is kept by a short startingDeadlineSeconds, which gives up missed runs too",
            _CONTROLLER,
            "write catchup: none or catchup: false",
        )
    if schedule.start_deadline is not None and found.even and schedule.start_deadline < found.smallest:
        report.refuse(
            ("start_deadline_second",),
            f"a start deadline of {schedule.start_deadline} seconds gives up a latest run that was missed longer ago",
            f"two runs are {found.smallest} seconds apart, so that the latest may have been due that long ago",
            _CONTROLLER,
            f"choose a start deadline of {found.smallest} seconds or more, or write catchup: false",
        )


def _numbers(report: _Report) -> None:
    schedule = report.job.schedule
    for field, value, largest, name in (
        ("retries", schedule.retries, _INT32, "backoffLimit, 32 bits"),
        ("attempt_timeout_second", schedule.attempt_timeout, _INT32, "the pod's activeDeadlineSeconds, 32 bits"),
        ("timeout_second", schedule.timeout, _LONGEST_DURATION, "activeDeadlineSeconds as a Go duration"),
        (
            "start_deadline_second",
            schedule.start_deadline,
            _LONGEST_DURATION,
            "startingDeadlineSeconds as a Go duration",
        ),
    ):
        if value is not None and value > largest:
            report.refuse(
                (field,),
                f"{value} is more than a CronJob can hold",
                f"it becomes {name}, and that is at most {largest}",
                f"{_VALIDATE_CORE}, ValidatePodSpec; {_VALIDATE_BATCH}, validateJobSpec",
                f"choose at most {largest}",
            )


def _container(report: _Report, run: Container) -> None:
    if not run.image or run.image != run.image.strip() or not run.image.isprintable():
        report.refuse(
            (*_CONTAINER, "image"),
            "the image is empty" if not run.image.strip() else "the image has blanks at an end or control characters",
            "the API server takes no such image",
            f"{_VALIDATE_CORE}, validateContainers",
            "write the image's reference, such as ghcr.io/acme/train:1.0",
        )
    for field, texts in (("command", run.command), ("args", run.args)):
        if texts == () and (field == "command" or not run.command):
            report.refuse(
                (*_CONTAINER, field),
                f"an empty list of {field} would be read as if it were left out",
                "the image's own would run",
                "kubernetes/kubernetes staging/src/k8s.io/api/core/v1/types.go, Container",
                f"leave {field} out, or write what is to run under command",
            )
        for i, text in enumerate(texts or ()):
            _plain_text(report, (*_CONTAINER, field, i), text)
    if run.service_account is not None and (problem := names.subdomain(run.service_account)):
        report.refuse(
            (*_CONTAINER, "service_account"),
            f"the service account {_shown(run.service_account)} {problem}",
            "no service account can have this name",
            f"{_VALIDATE_CORE}, ValidateServiceAccountName",
            "write the name of a service account of the CronJob's namespace",
        )


def _environment(report: _Report, run: Container) -> None:
    minor = int((report.job.options.get("version") or "1.33").partition(".")[2])
    for name, value in run.env.items():
        path = (*_CONTAINER, "env", name)
        if problem := names.variable_name(name, minor):
            report.refuse_key(
                (*_CONTAINER, "env"),
                name,
                f"the variable {_shown(name)} {problem}",
                f"Kubernetes 1.{minor} takes no such name for an environment variable",
                f"{_VALIDATE_CORE}, ValidateEnv",
                "choose a name of letters, digits and '_' that does not begin with a digit",
            )
        if isinstance(value, str):
            _plain_text(report, path, value)
        elif isinstance(value, SecretKey | ConfigMapKey):
            kind = "secret" if isinstance(value, SecretKey) else "config_map"
            _reference(report, path, kind, value)


def _reference(report: _Report, path: tuple[str, ...], kind: str, value: SecretKey | ConfigMapKey) -> None:
    what = "secret" if kind == "secret" else "config map"
    if problem := names.subdomain(value.name):
        report.refuse(
            (*path, kind),
            f"the name of the {what} {_shown(value.name)} {problem}",
            f"no {what} can have this name",
            f"{_SYNTAX}, IsDNS1123Subdomain",
            f"write the name of a {what} of the CronJob's namespace",
        )
    if problem := names.data_key(value.key):
        report.refuse(
            (*path, "key"),
            f"the key {_shown(value.key)} {problem}",
            f"no {what} can have this key",
            f"{_SYNTAX}, IsConfigMapKey",
            "choose a key of letters, digits, '-', '_' and '.'",
        )


def _resources(report: _Report, run: Container) -> None:
    amounts: dict[str, dict[str, int]] = {"requests": {}, "limits": {}}
    for kind, given in (("requests", run.resources.requests), ("limits", run.resources.limits)):
        for name, text in given.items():
            if problem := _resource_name(name):
                report.refuse_key(
                    (*_CONTAINER, "resources", kind),
                    name,
                    f"the resource {_shown(name)} {problem}",
                    "containers have cpu, memory, ephemeral-storage, hugepages-SIZE and resources with a domain",
                    f"{_VALIDATE_CORE}, validateContainerResourceName",
                    "write for example nvidia.com/gpu",
                )
            try:
                value = quantity(text)
            except NotAQuantity as error:
                report.refuse(
                    (*_CONTAINER, "resources", kind, name),
                    f"{_shown(text)} {error}",
                    "it is the amount of a resource",
                    "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/",
                    "write a number with a unit such as m, k, M, G, Ki, Mi or Gi",
                )
                continue
            amounts[kind][name] = value
            if _is_extended(name) and value % UNIT:
                report.refuse(
                    (*_CONTAINER, "resources", kind, name),
                    f"{_shown(text)} of {name} is not a whole number",
                    "resources with a domain are counted",
                    f"{_VALIDATE_CORE}, validateResourceQuantityValue",
                    "write a whole number",
                )
    _compare(report, amounts["requests"], amounts["limits"], run)


def _compare(report: _Report, requests: dict[str, int], limits: dict[str, int], run: Container) -> None:
    path = (*_CONTAINER, "resources", "requests")
    source = f"{_VALIDATE_CORE}, ValidateContainerResourceRequirements"
    for name, wanted in requests.items():
        fixed = _is_extended(name) or name.startswith("hugepages-")
        if name not in limits:
            if fixed and name not in run.resources.limits:
                report.refuse(
                    (*path, name),
                    f"{name} has a request and no limit",
                    "such a resource cannot be shared: its limit must be given",
                    source,
                    f"write {name} under limits with the same amount",
                )
        elif wanted > limits[name] or (fixed and wanted != limits[name]):
            relation = "equal to" if fixed else "at most"
            report.refuse(
                (*path, name),
                f"the request of {name} is not {relation} its limit",
                "the API server refuses the pod",
                source,
                "raise the limit or lower the request",
            )
    every = {*run.resources.requests, *run.resources.limits}
    huge = sorted(name for name in every if name.startswith("hugepages-"))
    if huge and not every & {"cpu", "memory"}:
        report.refuse(
            (*_CONTAINER, "resources"),
            f"{huge[0]} needs cpu or memory beside it",
            "the API server refuses huge pages alone",
            source,
            "ask for cpu or memory too",
        )


def _resource_name(name: str) -> str | None:
    if "/" not in name:
        if name in _STANDARD_RESOURCES:
            return None
        if name.startswith("hugepages-"):
            try:
                return None if quantity(name.removeprefix("hugepages-")) > 0 else "is not the size of a page"
            except NotAQuantity:
                return "does not end in the size of a page"
        return "is not a resource of containers"
    if "kubernetes.io/" in name:
        return names.qualified_name(name)
    if name.startswith("requests."):
        return "begins with 'requests.', which is for quotas"
    return names.qualified_name(f"requests.{name}")


def _is_extended(name: str) -> bool:
    return "/" in name and "kubernetes.io/" not in name


def _plain_text(report: _Report, path: tuple[str | int, ...], text: str) -> None:
    if "\0" in text:
        report.refuse(
            path,
            "the text holds a zero byte",
            "a program's arguments and environment end at a zero byte",
            "execve(2)",
            "pass it encoded, for example as base64",
        )
    if _is_broken(text):
        report.refuse(path, *_broken(str(path[-1])))


def _is_broken(text: str) -> bool:
    return any(0xD800 <= ord(character) <= 0xDFFF for character in text)


def _broken(what: str) -> tuple[str, str, str, str]:
    return (
        f"{what} holds half of a surrogate pair",
        "such text cannot be written as UTF-8",
        "https://www.rfc-editor.org/rfc/rfc3629",
        "write the whole character",
    )


def _shown(text: str) -> str:
    short = text if len(text) <= 60 else text[:57] + "..."
    return "'" + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in short) + "'"
