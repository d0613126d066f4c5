"""What an Airflow DAG cannot hold of a schedule that its features allow, and what it honours with a caveat."""

from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.triggers import Cron, Interval
from schedc.ir.workload import ConfigMapKey, Container, SecretKey
from schedc.source import Span
from schedc.target import Job
from schedc.targets import airflow_options
from schedc.targets.airflow_cron import NoText, cron_candidates

_TAG = 100
_OWNER = 2000


def limits(job: Job, sink: Sink) -> None:
    """Tells the sink what keeps this schedule from being a DAG, and what its reader should know."""
    _time(job, sink)
    _policy(job, sink)
    _texts(job, sink)
    _options(job, sink)
    if isinstance(job.schedule.run, Container):
        _workload(job, job.schedule.run, sink)


def _option_place(job: Job, name: str) -> Span:
    node = job.schedule.options.get("airflow")
    return node.nearest(name) if node is not None else job.schedule.place("targets", "airflow", name)


def _time(job: Job, sink: Sink) -> None:
    schedule = job.schedule
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
    for other, names in airflow_options.OPERATOR_OPTIONS.items():
        for name in names:
            if other != operator and job.options.get(name) is not None:
                sink.add(
                    rules.CONFLICTING_FIELDS,
                    f"{name} is an option of operator: {other}, and this DAG's is {operator}",
                    _option_place(job, name),
                    help=f"remove {name}, or set operator: {other}",
                )


def _workload(job: Job, run: Container, sink: Sink) -> None:
    operator = airflow_options.operator(job.options)
    if operator == "kubernetes":
        return
    schedule, here = job.schedule, ("run", "container")
    title = {"docker": "DockerOperator", "bash": "BashOperator"}[operator]
    use_pod = "use operator: kubernetes"
    for name, value in run.env.items():
        if name == "AIRFLOW_TMP_DIR" or (operator == "bash" and name.startswith("AIRFLOW_CTX_")):
            message = f"{title} takes this environment variable for itself"
            sink.add(rules.TARGET_LIMIT, message, schedule.place(*here, "env", name), help="give it another name")
        if isinstance(value, SecretKey | ConfigMapKey):
            kind = "Secret" if isinstance(value, SecretKey) else "ConfigMap"
            message = f"{title} cannot take an environment variable from a Kubernetes {kind}"
            sink.add(rules.UNSUPPORTED, message, schedule.place(*here, "env", name), help=use_pod)
    if run.resources:
        message = f"{title} has no Kubernetes requests and limits"
        sink.add(rules.UNSUPPORTED, message, schedule.place(*here, "resources"), help=use_pod)
    if run.service_account is not None:
        message = f"{title} has no service account"
        sink.add(rules.UNSUPPORTED, message, schedule.place(*here, "service_account"), help=use_pod)
    if operator == "bash":
        _bash(job, run, sink)


def _bash(job: Job, run: Container, sink: Sink) -> None:
    schedule, here = job.schedule, ("run", "container")
    if not run.command or run.command[0].startswith("-") or not run.command[0]:
        sink.add(
            rules.TARGET_LIMIT,
            "BashOperator needs the program to run, as the first word of command",
            schedule.place(*here, "command"),
            notes=("what an image runs by itself is not known to the worker",),
            help="write command: [PROGRAM, ...]",
        )
    sink.add(
        rules.TARGET_CAVEAT,
        "BashOperator runs the command on the worker itself, and not in the image",
        schedule.place(*here, "image"),
        help="use operator: kubernetes or docker for a container",
    )
