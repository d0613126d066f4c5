"""What the API server would refuse, and what the CronJob controller would do otherwise than the schedule says."""

from __future__ import annotations

from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container
from schedc.target import Job
from schedc.targets.kubernetes import names
from schedc.targets.kubernetes.container_limits import container_limits
from schedc.targets.kubernetes.manifest import MANAGED_BY, deadline, manifest, notes
from schedc.targets.kubernetes.patch import problems
from schedc.targets.kubernetes.pod import CONTAINER
from schedc.targets.kubernetes.pod_limits import pod_limits
from schedc.targets.kubernetes.report import (
    SYNTAX,
    VALIDATE_BATCH,
    VALIDATE_CORE,
    Report,
    broken,
    is_broken,
    minor_version,
    shown,
)
from schedc.targets.kubernetes.times import spacing

_INT32 = 2**31 - 1
_LONGEST_DURATION = (2**63 - 1) // 10**9
"""Seconds; Go counts nanoseconds in 63 bits."""
_NAME_LENGTH = 52
_ANNOTATIONS = 256 * 1024
_REQUEST = 3 * 512 * 1024
_CONTAINER = ("run", "container")

_CONTROLLER = "kubernetes/kubernetes pkg/controller/cronjob/cronjob_controllerv2.go, syncCronJob"


def limits(job: Job, sink: Sink) -> None:
    """Tells the sink everything about a job that a cluster would refuse, or honour with a caveat."""
    report = Report(job, sink)
    before = sink.errors
    _patch(report)
    _metadata(report)
    _zone(report)
    _policies(report)
    _numbers(report)
    run = job.schedule.run
    if isinstance(run, Container):
        pod_limits(report, _CONTAINER, run)
        for i, one in enumerate(run.init_containers):
            here = (*_CONTAINER, "init_containers", i)
            _init_name(report, (*here, "name"), one.name, [other.name for other in run.init_containers[:i]])
            container_limits(report, here, one.container)
        container_limits(report, _CONTAINER, run)
        if isinstance(job.schedule.trigger, Cron) and sink.errors == before:
            _size(report)


def _patch(report: Report) -> None:
    options, patch = report.job.schedule.options.get("kubernetes"), report.job.options.get("patch")
    for path, message, help in problems(patch, minor_version(report.job)) if patch else ():
        place = options.nearest("patch", *path) if options else report.job.schedule.place("targets", "kubernetes")
        report.refuse_at(
            place,
            message,
            "a patch carries what schedc has no word for, and nothing that carries instants, policy or ownership",
            "kubernetes/kubernetes staging/src/k8s.io/api/batch/v1/types.go, core/v1/types.go",
            help,
        )


def _init_name(report: Report, path: tuple[str | int, ...], name: str, others: list[str]) -> None:
    problem = names.dns_label(name)
    if not problem and name == CONTAINER:
        problem = "is what schedc calls the main container"
    if not problem and name in others:
        problem = "stands twice"
    if problem:
        report.refuse(
            path,
            f"the name of the init container {shown(name)} {problem}",
            "all containers of a pod have different names",
            f"{VALIDATE_CORE}, validateInitContainers",
            "choose another name, of lower-case letters, digits and hyphens",
        )


def _size(report: Report) -> None:
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


def _metadata(report: Report) -> None:
    schedule = report.job.schedule
    problem = names.dns_label(schedule.name, _NAME_LENGTH)
    if problem:
        report.refuse(
            (),
            f"the name of a CronJob {problem}",
            "a Job's name is that of its CronJob and 11 characters more, and 63 are the limit",
            f"{VALIDATE_BATCH}, ValidateCronJobCreate",
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
                f"the key of the label {shown(key)} {problem}",
                "Kubernetes takes an optional DNS prefix with a slash, and a name of at most 63 characters",
                f"{SYNTAX}, IsQualifiedName",
                "choose a key of letters, digits, '-', '_' and '.'",
            )
        if problem := names.label_value(value):
            report.refuse(
                ("labels", key),
                f"the label {shown(key)} {problem}",
                "the value of a label in Kubernetes is at most 63 letters, digits, '-', '_' and '.'",
                f"{SYNTAX}, IsValidLabelValue",
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


def _texts_of(report: Report, texts: dict[str, str | None]) -> None:
    for field, text in texts.items():
        if text is not None and is_broken(text):
            report.refuse((field,), *broken(field))


def _zone(report: Report) -> None:
    from schedc.engines.kubernetes import time_zone_problem

    trigger = report.job.schedule.trigger
    if not isinstance(trigger, Cron):
        return
    problem = time_zone_problem(trigger.timezone)
    if problem:
        report.refuse(
            ("timezone",),
            f"the API server refuses the zone {shown(trigger.timezone)}",
            problem,
            f"{VALIDATE_BATCH}, validateTimeZone",
            "choose a zone of the IANA database by its name",
        )


def _policies(report: Report) -> None:
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


def _deadline(report: Report) -> None:
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


def _latest(report: Report) -> None:
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


def _numbers(report: Report) -> None:
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
                f"{VALIDATE_CORE}, ValidatePodSpec; {VALIDATE_BATCH}, validateJobSpec",
                f"choose at most {largest}",
            )
