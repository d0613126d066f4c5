"""The Airflow target: one DAG file for each schedule, for Airflow 2.11 and 3.x."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schedc.capabilities import Answer, Capabilities, Feature, Yes, never
from schedc.ir.schedule import Catchup
from schedc.ir.triggers import Interval
from schedc.target import Job, Target
from schedc.targets.airflow.dag import emit
from schedc.targets.airflow.limits import limits
from schedc.targets.airflow.options import (
    OPEN_LIMIT,
    OPTIONS,
    UNLIMITED,
    by_version,
    families,
    identity,
    replaces_run,
)
from schedc.targets.airflow.read import read

_TRIGGER = "airflow/timetables/trigger.py, "
_CRON = "airflow/timetables/_cron.py, CronMixin"
_CRONITER = "croniter 7.0.0, croniter.expand"
_SCHEDULER = "airflow/jobs/scheduler_job_runner.py, "
_DAG = "airflow/sdk/definitions/dag.py, DAG"
_POD = "apache-airflow-providers-cncf-kubernetes, operators/pod.py, KubernetesPodOperator"
_NEXT = _TRIGGER + "_TriggerTimetable.next_dagrun_info"
_DOCS = "https://airflow.apache.org/docs/apache-airflow/stable/"
_WITH_POD = "with operator: kubernetes"
_NO_PIPELINES = "has no Kubeflow Pipelines engine to run a compiled pipeline"

_GOOGLE = "apache-airflow-providers-google, operators/vertex_ai/pipeline_job.py, "
_RUN_PIPELINE = _GOOGLE + "RunPipelineJobOperator.template_path"
_PIPELINES_INSTEAD = (
    "the kubeflow or vertex target; Google's RunPipelineJobOperator takes the path of a package, and not the package:"
    " put it into a bucket and use targets.airflow.operator: {import: ...}"
)

_ANSWERS: dict[Feature, Answer] = {
    Feature.CRON: Yes(_TRIGGER + "CronTriggerTimetable"),
    Feature.CRON_SECONDS: Yes(_CRONITER, "the scheduler picks a run up one to three seconds after it is due"),
    Feature.CRON_YEARS: never(
        "never starts a DAG whose expression has a year field, since croniter cannot search backwards from it",
        _CRON + "._get_prev",
        "bound the schedule with start_time and end_time",
    ),
    Feature.DAY_EITHER: Yes(_CRONITER),
    Feature.DAY_BOTH: Yes(_CRONITER, "only where the days are whole weeks: 1-7 becomes #1, 8-14 #2, ... 29-31 #5"),
    Feature.LAST_DAY: Yes(_CRONITER),
    Feature.NEAREST_WEEKDAY: Yes(_CRONITER, "with croniter 6.2 or later"),
    Feature.NTH_WEEKDAY: Yes(_CRONITER),
    Feature.LAST_WEEKDAY: Yes(_CRONITER),
    Feature.INTERVAL: Yes(_TRIGGER + "DeltaTriggerTimetable", "only with catchup: true, which alone keeps its phase"),
    Feature.ONE_OFF: never(
        "starts a @once DAG at any time after its start, however late",
        "airflow/timetables/simple.py, OnceTimetable.next_dagrun_info",
        "a cron expression between a start_time and an end_time",
    ),
    Feature.TIMEZONE: Yes(_CRON, "by the tzdata of the scheduler's machine"),
    Feature.START_BOUND: Yes(_DAG + ".start_date"),
    Feature.END_BOUND: Yes(_DAG + ".end_date"),
    Feature.MAX_RUNS: never("does not count the runs of a DAG", _DAG, "use end_time"),
    Feature.GAP_SKIP: Yes(_CRON + "._get_next", "only for every hour; others run later by the length of the gap"),
    Feature.GAP_SHIFT: Yes(_CRON + "._get_next", "of several matches in one gap only the first runs"),
    Feature.GAP_RUN_AFTER: Yes(_CRON + "._get_next", "only where a match at the gap's beginning is the one that runs"),
    Feature.FOLD_FIRST: Yes(_CRON + "._get_next", "only where no match lies in a fold: Airflow runs the second pass"),
    Feature.FOLD_SECOND: Yes(_CRON + "._get_next"),
    Feature.FOLD_BOTH: Yes(_CRON + "._get_next", "only for expressions of every hour"),
    Feature.CATCHUP_NONE: never(
        "runs the latest missed slot even with catchup=False",
        _NEXT,
        "write catchup: false, which allows the latest one",
    ),
    Feature.CATCHUP_FALSE: Yes(_NEXT, "the latest missed run is made; after an outage one stale run may be added"),
    Feature.CATCHUP_LATEST: Yes(_NEXT, "after an outage one stale run may be added"),
    Feature.CATCHUP_ALL: Yes(_NEXT),
    Feature.OVERLAP_ALLOW: Yes(_DAG + ".max_active_runs", f"written as a limit of {UNLIMITED} active runs"),
    Feature.OVERLAP_SKIP: never(
        "queues a run that is due while the limit is reached, and skips none",
        _SCHEDULER + "_start_queued_dagruns",
        "write max_active_runs: 1 alone, or overlap: queue with catchup: true and a start_time; the targets"
        " kubernetes and vertex can skip",
    ),
    Feature.OVERLAP_QUEUE: Yes(_SCHEDULER + "_start_queued_dagruns", "only with catchup: true"),
    Feature.OVERLAP_REPLACE: never(
        "stops no active run when another is due",
        _SCHEDULER + "_start_queued_dagruns",
        "leave it out, or choose the target kubernetes",
    ),
    Feature.MAX_ACTIVE_RUNS: Yes(_DAG + ".max_active_runs"),
    Feature.START_DEADLINE: never(
        "starts a late run however late it is",
        _SCHEDULER + "_create_dag_runs",
        "leave it out, or choose the target kubernetes",
    ),
    Feature.PAUSED: Yes(
        "airflow/dag_processing/collection.py, _create_orm_dags", "only when Airflow sees the DAG for the first time"
    ),
    Feature.RETRIES: Yes(_DOCS + "core-concepts/tasks.html"),
    Feature.TIMEOUT: Yes(_SCHEDULER + "_schedule_dag_run, dagrun_timeout"),
    Feature.ATTEMPT_TIMEOUT: Yes(_DOCS + "core-concepts/tasks.html#timeouts"),
    Feature.DESCRIPTION: Yes(_DAG + ".description"),
    Feature.OWNER: Yes(_DOCS + "core-concepts/dags.html#default-arguments"),
    Feature.LABELS: Yes(_DOCS + "howto/add-dag-tags.html", "as tags KEY=VALUE of at most 100 characters"),
    Feature.CACHE_AS_COMPILED: never("has no step cache", _POD, "leave cache out"),
    Feature.CONTAINER: Yes(_POD),
    Feature.ENV: Yes(_POD),
    Feature.ENV_SECRET: Yes(_POD, _WITH_POD),
    Feature.ENV_CONFIG_MAP: Yes(_POD, _WITH_POD),
    Feature.ENV_POD_FIELD: Yes(_POD, _WITH_POD),
    Feature.ENV_FROM: Yes(_POD, _WITH_POD),
    Feature.SCHEDULED_TIME: Yes(
        _DOCS + "templates-ref.html",
        "the logical date; a run that was started by hand without one fails, and init containers cannot have it",
    ),
    Feature.RESOURCES: Yes(_POD, _WITH_POD),
    Feature.ACCELERATOR: Yes(_POD, "as a limit of an extended resource such as nvidia.com/gpu"),
    Feature.SERVICE_ACCOUNT: Yes(_POD, _WITH_POD),
    Feature.WORKING_DIR: Yes(_POD + ".full_pod_spec", "with operator: kubernetes or docker"),
    Feature.IMAGE_PULL_POLICY: Yes(_POD, _WITH_POD),
    Feature.IMAGE_PULL_SECRETS: Yes(_POD, _WITH_POD),
    Feature.VOLUMES: Yes(_POD, _WITH_POD),
    Feature.NODE_SELECTOR: Yes(_POD, _WITH_POD),
    Feature.TOLERATIONS: Yes(_POD, _WITH_POD),
    Feature.AFFINITY: Yes(_POD, _WITH_POD),
    Feature.SECURITY_CONTEXT: Yes(_POD, _WITH_POD),
    Feature.PRIORITY_CLASS: Yes(_POD, _WITH_POD),
    Feature.POD_LABELS: Yes(_POD, "with operator: kubernetes, which adds labels of its own, such as dag_id"),
    Feature.POD_ANNOTATIONS: Yes(_POD, _WITH_POD),
    Feature.INIT_CONTAINERS: Yes(_POD, _WITH_POD),
    Feature.TERMINATION_GRACE: Yes(_POD, _WITH_POD),
    Feature.TTL_AFTER_FINISHED: never(
        "starts a pod and no Job, and only a Job has a time to live",
        "https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/",
        "targets.airflow.on_finish_action, which deletes or keeps a pod that has ended",
    ),
    Feature.STEPS: Yes(_DOCS + "core-concepts/dags.html#task-dependencies", "each step is a task with its own retries"),
    Feature.PIPELINE: never(_NO_PIPELINES, _RUN_PIPELINE, _PIPELINES_INSTEAD),
    Feature.PIPELINE_PLATFORM: never(_NO_PIPELINES, _RUN_PIPELINE),
    Feature.PIPELINE_PARAMETERS: never(_NO_PIPELINES, _RUN_PIPELINE),
}

_CHOICES = {
    "catchup": "catchup=False: at most the latest missed run is made.",
    "overlap": "runs overlap up to max_active_runs; of the runs that are due meanwhile the latest waits.",
    "max_active_runs": f"max_active_runs={OPEN_LIMIT}, which is Airflow's own default.",
    "max_runs": "no run is counted: the DAG runs until its end_date.",
    "start_deadline_second": "a late run starts however late it is.",
    "dst_gap": "a run at a wall time that a day does not have comes later by the length of the gap.",
    "dst_fold": "a run at a wall time that a day has twice comes at the second of the two.",
    "timeout_second": "no dagrun_timeout.",
    "attempt_timeout_second": "no execution_timeout.",
    "start_time": "start_date is 2000-01-01: the latest past slot runs once when the DAG is first seen.",
    "end_time": "no end_date: the DAG runs for ever.",
    "retries": "retries=0.",
}


def _backfills_from(job: Job) -> int | None:
    schedule = job.schedule
    return schedule.start if isinstance(schedule.trigger, Interval) or schedule.catchup is Catchup.ALL else None


def _at_deploy(job: Job) -> str | None:
    schedule = job.schedule
    when = "when the DAG is unpaused" if schedule.paused else "when the DAG is deployed"
    if _backfills_from(job) is not None:
        return f"every instant between the start and now runs {when}"
    if schedule.start is not None:
        return f"where the start has passed by then, the latest instant since the start runs once {when}"
    return f"the latest past instant runs once {when}"


def _paths(names: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in sorted(names):
        if name.endswith(".py") and "/" not in name:
            yield name.removesuffix(".py"), (name,)


TARGET = Target(
    name="airflow",
    title="Airflow",
    capabilities=Capabilities(_ANSWERS),
    options=OPTIONS,
    by_version=by_version,
    limits=limits,
    emit=emit,
    read=read,
    paths=_paths,
    choices=_CHOICES,
    at_deploy=_at_deploy,
    backfills_from=_backfills_from,
    families=families,
    engine_name=lambda job: job.options.get("dag_id") or job.schedule.name,
    identity=identity,
    replaces_run=replaces_run,
)
