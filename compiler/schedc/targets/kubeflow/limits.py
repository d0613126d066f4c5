"""What lies outside what a Kubeflow recurring run can hold, and what it holds with a caveat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir import zones
from schedc.ir.schedule import Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron, Interval, Trigger
from schedc.ir.workload import Container, Pipeline, Steps
from schedc.pipeline_spec import check_parameters
from schedc.target import Job
from schedc.targets.kubeflow.container_limits import container_limits, no_templates, steps_limits
from schedc.targets.kubeflow.cron import cron_text
from schedc.targets.kubeflow.patch import patch_problems

LARGEST_CONCURRENCY = 10
SHORTEST_SPACING = 60
_API = "kubeflow/pipelines backend/src/apiserver/server/api_converter.go toModelJob"
_RESYNC = "kubeflow/pipelines backend/src/crd/controller/scheduledworkflow: resync every 30 s, 10 s after a submission"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOO_FAR = 253_402_300_800


def utc_text(instant: int) -> str:
    """RFC 3339 in UTC."""
    return (_EPOCH + timedelta(seconds=instant)).strftime("%Y-%m-%dT%H:%M:%SZ")


def max_concurrency(job: Job) -> int:
    """What the schedule says, one where runs queue up behind each other, else the option or the most there can be."""
    schedule = job.schedule
    if schedule.max_active_runs is not None:
        return schedule.max_active_runs
    if schedule.overlap is Overlap.QUEUE:
        return 1
    return int(job.options.get("max_concurrency") or LARGEST_CONCURRENCY)


def first_instant(schedule: Schedule, trigger: Interval) -> int:
    """The first instant of an interval that is not before the schedule's start."""
    if schedule.start is None or schedule.start <= trigger.start:
        return trigger.start
    return trigger.start - (trigger.start - schedule.start) // trigger.seconds * trigger.seconds


def minor_version(options: Mapping[str, Any]) -> int:
    """The second number of the version, the first being 2."""
    return int((options.get("version") or "2.14").partition(".")[2])


def limits(job: Job, sink: Sink) -> None:
    """Tells the sink what the target cannot hold of a job, and what it holds with a caveat."""
    _times(job, sink)
    _policies(job, sink)
    _patch(job, sink)
    run = job.schedule.run
    minor = minor_version(job.options)
    if isinstance(run, Container):
        container_limits(job.schedule, run, ("run", "container"), minor, sink)
    elif isinstance(run, Steps):
        steps_limits(job.schedule, run, minor, sink)
    elif isinstance(run, Pipeline):
        _pipeline(job.schedule, run, sink)


def _patch(job: Job, sink: Sink) -> None:
    schedule, patch = job.schedule, job.options.get("patch")
    if patch is None:
        return
    for path, message, remedy in patch_problems(patch, schedule.name, schedule.run):
        sink.add(
            rules.UNSUPPORTED,
            message,
            schedule.place("targets", "kubeflow", "patch", *path),
            notes=("a patch carries what schedc has no word for, and changes nothing that schedc writes",),
            help=remedy,
        )


def _times(job: Job, sink: Sink) -> None:
    schedule, trigger = job.schedule, job.schedule.trigger
    for name, instant in (("start_time", schedule.start), ("end_time", schedule.end)):
        if instant is not None and not 1 < instant < _TOO_FAR:
            message = f"{name} lies outside the years 1970 to 9999, which Kubeflow's timestamps hold"
            sink.add(rules.TARGET_LIMIT, message, schedule.place(name))
    if isinstance(trigger, Interval):
        _interval(schedule, trigger, sink)
    if isinstance(trigger, Cron):
        _cron(schedule, trigger, sink)
        _timezone(job, trigger, sink)


def _interval(schedule: Schedule, trigger: Interval, sink: Sink) -> None:
    here = schedule.place("interval_second")
    if schedule.catchup is not Catchup.ALL:
        sink.add(
            rules.UNSUPPORTED,
            "Kubeflow keeps the phase of this interval only with catchup: true",
            here,
            notes=(
                "without catch-up a run that is late moves all later ones (kubeflow/pipelines "
                "backend/src/crd/controller/scheduledworkflow/util/periodic_schedule.go)",
            ),
            help="write catchup: true, or an interval that divides an hour, or whole hours that divide a day",
        )
    if trigger.seconds < SHORTEST_SPACING:
        _too_often(schedule, "interval_second", sink)
    if not 0 < first_instant(schedule, trigger) - trigger.seconds < _TOO_FAR:
        message = "the start less one interval lies outside the years 1970 to 9999, which Kubeflow's timestamps hold"
        sink.add(rules.TARGET_LIMIT, message, here)


def _too_often(schedule: Schedule, field: str, sink: Sink) -> None:
    sink.add(
        rules.UNSUPPORTED,
        f"Kubeflow cannot start runs less than {SHORTEST_SPACING} seconds apart",
        schedule.place(field),
        notes=(_RESYNC,),
        help="let it fire at most once a minute",
    )


def _cron(schedule: Schedule, trigger: Cron, sink: Sink) -> None:
    here = schedule.place(*_written(schedule.trigger, schedule))
    if trigger.calendar.seconds.bit_count() > 1:
        _too_often(schedule, "cron_expression", sink)
    elif cron_text(trigger.calendar) is None:
        sink.add(
            rules.UNSUPPORTED,
            "Kubeflow's cron cannot say these days",
            here,
            notes=(
                "a day must match both day fields only where one of them begins with a star, and that brings in the "
                "1st of the month or Sunday, which these days leave out (robfig/cron v1.2.0 parser.go getRange)",
            ),
            help="use days that hold the 1st of the month or Sunday",
        )


def _written(trigger: Trigger, schedule: Schedule) -> tuple[str, ...]:
    """The field that the trigger was written in: a lowered one is a cron that nobody wrote."""
    names = ("cron_expression", "interval_second", "run_once_start_time")
    return next(((name,) for name in names if schedule.node.get(name) is not None), ())


def _timezone(job: Job, trigger: Cron, sink: Sink) -> None:
    name = job.options.get("cluster_timezone") or "UTC"
    option = job.schedule.place("targets", "kubeflow", "cluster_timezone")
    try:
        cluster, wanted = zones.zone(name), zones.zone(trigger.timezone)
    except zones.UnknownZone as error:
        sink.add(rules.UNKNOWN_TIMEZONE, f"the IANA database has no time zone {error}", option)
        return
    if (cluster.starts, cluster.offsets) == (wanted.starts, wanted.offsets):
        return
    sink.add(
        rules.UNSUPPORTED,
        f"Kubeflow reads every cron in the cluster's time zone, {name}, and not in {trigger.timezone}",
        job.schedule.place("timezone"),
        notes=("kubeflow/pipelines backend/src/crd/controller/scheduledworkflow/util/const.go GetLocation",),
        help=f"write the times in {name}, or declare targets.kubeflow.cluster_timezone if the cluster has another",
    )


def _policies(job: Job, sink: Sink) -> None:
    schedule = job.schedule
    count = schedule.max_active_runs
    if count is not None and not 1 <= count <= LARGEST_CONCURRENCY:
        sink.add(
            rules.TARGET_LIMIT,
            f"Kubeflow allows 1 to {LARGEST_CONCURRENCY} active runs, and this is {count}",
            schedule.place("max_active_runs"),
            notes=(_API,),
            help=f"write {LARGEST_CONCURRENCY} or less, or leave it out",
        )
    if schedule.overlap is Overlap.QUEUE and schedule.catchup is not Catchup.ALL:
        sink.add(
            rules.UNSUPPORTED,
            "Kubeflow keeps every waiting run only with catchup: true",
            schedule.place("overlap"),
            notes=("without catch-up only the latest waiting run starts when another one ends",),
            help="write catchup: true beside overlap: queue",
        )
    if schedule.catchup is Catchup.ALL:
        sink.add(
            rules.TARGET_CAVEAT,
            "every redeployment to Kubeflow runs all instants since the start again",
            schedule.place("catchup"),
            notes=("a recurring run can only be deleted and created anew, and then knows no last run",),
            help="move start_time forward when you redeploy",
        )


def _pipeline(schedule: Schedule, run: Pipeline, sink: Sink) -> None:
    here = ("run", "pipeline")
    for name, reason in check_parameters(run.spec, run.parameters):
        sink.add(rules.INVALID_PARAMETER, f"{name}: {reason}", schedule.place(*here, "parameters", name))
    no_templates(schedule, {"parameters": run.parameters}, here, sink)
    what = {
        "retries": schedule.retries,
        "attempt_timeout_second": schedule.attempt_timeout,
        "timeout_second": schedule.timeout,
    }
    for field, value in what.items():
        if value:
            sink.add(
                rules.UNSUPPORTED,
                f"Kubeflow has {field} for single tasks, and not for a pipeline as a whole",
                schedule.place(field),
                help="set it on the tasks of the pipeline and compile the package again",
            )
