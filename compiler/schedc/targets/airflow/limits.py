"""What an Airflow DAG cannot hold of a schedule that its features allow, and what it honours with a caveat."""

from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.triggers import Cron, Interval
from schedc.ir.workload import Container, Steps
from schedc.target import Job
from schedc.targets.airflow import options as airflow_options
from schedc.targets.airflow.container_limits import container_limits
from schedc.targets.airflow.cron import NoText, cron_candidates
from schedc.targets.airflow.dag import FIXED_START
from schedc.targets.airflow.expert_limits import expert_limits, option_place

_TAG = 100
_OWNER = 2000
_INT32 = 2**31 - 1
_LONGEST = 999_999_999 * 86_400


def limits(job: Job, sink: Sink) -> None:
    """Tells the sink what keeps this schedule from being a DAG, and what its reader should know."""
    _time(job, sink)
    _policy(job, sink)
    _numbers(job, sink)
    _texts(job, sink)
    _options(job, sink)
    run = job.schedule.run
    if airflow_options.replaces_run(job.options):
        return
    if isinstance(run, Container):
        container_limits(job, run, ("run", "container"), sink)
    elif isinstance(run, Steps):
        for step in run.steps:
            container_limits(job, step.container, ("run", "steps", step.name), sink)
        if len(run.steps) == 1 and run.steps[0].name == "run":
            message = "a single step called run is what a container is on Airflow"
            sink.add(
                rules.TARGET_LIMIT, message, job.schedule.place("run", "steps"), help="write run: {container: ...}"
            )


def _time(job: Job, sink: Sink) -> None:
    schedule = job.schedule
    if schedule.start is None and schedule.end is not None and schedule.end < FIXED_START:
        sink.add(
            rules.TARGET_LIMIT,
            "the end lies before 2000-01-01, where a DAG of a schedule without a start begins",
            schedule.place("end_time"),
            help="give it a start_time before its end, or take it out of deploy_to",
        )
    if isinstance(schedule.trigger, Interval) and schedule.catchup is not Catchup.ALL:
        sink.add(
            rules.UNSUPPORTED,
            "Airflow cannot hold the phase of this interval without catch-up of all runs",
            schedule.place("interval_second"),
            notes=("without catchup DeltaTriggerTimetable counts from when the DAG was parsed (DeltaMixin)",),
            help="write catchup: true, or an interval that divides an hour, or whole hours that divide a day",
        )
    if isinstance(schedule.trigger, Cron):
        try:
            for _ in cron_candidates(schedule.trigger, airflow_options.version(job.options) >= (3, 0)):
                break
        except NoText as reason:
            sink.add(
                rules.UNSUPPORTED,
                f"Airflow's croniter {reason}",
                schedule.place("cron_expression"),
                notes=("croniter reads two restricted day fields as either of them (croniter, day_or)",),
                help="write the days as nth weekdays, such as 1#2 for the second Monday",
            )


def _policy(job: Job, sink: Sink) -> None:
    schedule = job.schedule
    if schedule.overlap is Overlap.QUEUE and schedule.catchup is not Catchup.ALL:
        sink.add(
            rules.UNSUPPORTED,
            "Airflow keeps only the latest of the runs that wait, unless catch-up is all",
            schedule.place("overlap"),
            notes=("with catchup=False the next run is the latest slot before now (next_dagrun_info)",),
            help="write catchup: true, or leave overlap out and set max_active_runs",
        )
    if schedule.paused:
        sink.add(
            rules.TARGET_CAVEAT,
            "paused acts only when Airflow sees the DAG for the first time",
            schedule.place("paused"),
            notes=("is_paused_upon_creation is read when the DAG's row is made; pause a known DAG in Airflow itself",),
        )


def _numbers(job: Job, sink: Sink) -> None:
    """Airflow's database counts in 32 bits, and a timedelta in days of nine digits."""
    schedule = job.schedule
    steps = len(schedule.run.steps) if isinstance(schedule.run, Steps) else 1
    in_two = steps if airflow_options.version(job.options) < (3, 0) else 1
    for name, value, most in (
        ("max_active_runs", schedule.max_active_runs, _INT32 // in_two),
        ("retries", schedule.retries, _INT32 - 1),
        ("timeout_second", schedule.timeout, _LONGEST),
        ("attempt_timeout_second", schedule.attempt_timeout, _LONGEST),
    ):
        if value is not None and value > most:
            message = f"Airflow holds {name} up to {most:,}, and this is {value}"
            sink.add(rules.TARGET_LIMIT, message, schedule.place(name), help="choose a smaller number")
    if isinstance(schedule.trigger, Interval) and schedule.trigger.seconds > _LONGEST:
        message = f"Airflow holds an interval of at most {_LONGEST:,} seconds"
        sink.add(rules.TARGET_LIMIT, message, schedule.place("interval_second"), help="choose a shorter one")


def _texts(job: Job, sink: Sink) -> None:
    schedule = job.schedule
    for key, value in schedule.labels.items():
        length = len(f"{key}={value}")
        if length > _TAG:
            message = f"the tag for this label has {length} characters, and Airflow takes at most {_TAG}"
            sink.add(rules.TARGET_LIMIT, message, schedule.place("labels", key), help="shorten the label")
        if "=" in key:
            message = "a label with = in its key cannot be told apart as a tag"
            sink.add(rules.TARGET_LIMIT, message, schedule.place("labels", key), help="take the = out of the key")
    if schedule.owner is not None and (not schedule.owner.strip() or len(schedule.owner) > _OWNER):
        message = f"an owner in Airflow has 1 to {_OWNER} characters"
        sink.add(rules.TARGET_LIMIT, message, schedule.place("owner"))


def _options(job: Job, sink: Sink) -> None:
    operator = airflow_options.operator(job.options)
    expert_limits(job, sink)
    for other, names in airflow_options.OPERATOR_OPTIONS.items():
        for name in names:
            if other != operator and job.options.get(name) is not None:
                sink.add(
                    rules.CONFLICTING_FIELDS,
                    f"{name} is an option of operator: {other}, and this DAG's is {operator}",
                    option_place(job, name),
                    help=f"remove {name}, or set operator: {other}",
                )
