"""Kubernetes: a `batch/v1` CronJob for each schedule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schedc.capabilities import Answer, Capabilities, Feature, Yes, never, not_yet
from schedc.diagnostics.sink import Sink
from schedc.shapes import Anything, Choice, Field, Integer, Text
from schedc.target import Artifact, Deployed, Job, Target
from schedc.targets.kubernetes.manifest import HISTORY, SHORT_DEADLINE, manifest

_CONTROLLER = "kubernetes/kubernetes pkg/controller/cronjob/cronjob_controllerv2.go"
_UTILS = "kubernetes/kubernetes pkg/controller/cronjob/utils.go"
_VALIDATION = "kubernetes/kubernetes pkg/apis/batch/validation/validation.go"
_TYPES = "kubernetes/kubernetes staging/src/k8s.io/api/batch/v1/types.go, CronJobSpec"
_CORE = "kubernetes/kubernetes staging/src/k8s.io/api/core/v1/types.go"
_ROBFIG = "robfig/cron v3.0.1 parser.go, ParseStandard"
_SPEC = "robfig/cron v3.0.1 spec.go"
_DOCS = "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"
_JOBS = "https://kubernetes.io/docs/concepts/workloads/controllers/job/"
_LABELS = "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"
_ANNOTATIONS = "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/"

_PROMISE = (
    "promise with applied_after that nothing is applied before a time that is later than start_time: it falls away"
    " then, and the runs between the two are missed runs"
)
_NO_DAY_RULE = "the target airflow has it"

CAPABILITIES = Capabilities(
    {
        Feature.CRON: Yes(
            f"{_ROBFIG}; {_CONTROLLER}, updateCronJob",
            "when the times of a deployed CronJob change, the newest past one of the new times may be run once",
        ),
        Feature.CRON_SECONDS: never(
            "names its Jobs by the minute and starts at most one in a minute",
            f"{_UTILS}, getJobName",
            "let it fire at second 0 of the minute",
        ),
        Feature.CRON_YEARS: never(
            "has no year field: its times come back every year", _ROBFIG, "the targets airflow, kubeflow and vertex can"
        ),
        Feature.DAY_EITHER: Yes(f"{_SPEC}, dayMatches"),
        Feature.DAY_BOTH: never(
            "fires on a day that matches either day field, and has no way to ask for both",
            f"{_SPEC}, dayMatches",
            "the target airflow has it for days 1-7, 8-14, 15-21, 22-28 and 29-31",
        ),
        Feature.LAST_DAY: never("has no word for the last day of a month", _ROBFIG, _NO_DAY_RULE),
        Feature.NEAREST_WEEKDAY: never("has no word for the weekday nearest to a day", _ROBFIG, _NO_DAY_RULE),
        Feature.NTH_WEEKDAY: never("has no word for the nth weekday of a month", _ROBFIG, _NO_DAY_RULE),
        Feature.LAST_WEEKDAY: never("has no word for the last weekday of a month", _ROBFIG, _NO_DAY_RULE),
        Feature.INTERVAL: never(
            "has no interval: `@every` counts from the moment at which the CronJob is created",
            f"{_UTILS}, mostRecentScheduleTime; robfig/cron v3.0.1 constantdelay.go, Next",
            "use whole minutes that divide an hour, whole hours that divide a day, or one week",
        ),
        Feature.ONE_OFF: never(
            "comes back every year: it has no year field and no end",
            _TYPES,
            "the targets airflow, kubeflow and vertex can",
        ),
        Feature.TIMEZONE: Yes(f"{_TYPES}.TimeZone; {_DOCS}#time-zones"),
        Feature.START_BOUND: never("has no field for a start", _TYPES, _PROMISE),
        Feature.END_BOUND: never("has no field for an end", _TYPES, "leave end_time out and delete the CronJob then"),
        Feature.MAX_RUNS: never("does not count its runs", _TYPES, "leave it out, or choose the target vertex"),
        Feature.GAP_SKIP: Yes(f"{_SPEC}, Next"),
        Feature.GAP_SHIFT: Yes(f"{_SPEC}, Next", "it skips times in a gap, so only where none falls into one"),
        Feature.GAP_RUN_AFTER: Yes(f"{_SPEC}, Next", "it skips times in a gap, so only where none falls into one"),
        Feature.FOLD_FIRST: Yes(f"{_SPEC}, Next", "it fires in both passes, so only where no time falls into a fold"),
        Feature.FOLD_SECOND: Yes(f"{_SPEC}, Next", "it fires in both passes, so only where no time falls into a fold"),
        Feature.FOLD_BOTH: Yes(f"{_SPEC}, Next"),
        Feature.CATCHUP_NONE: Yes(
            f"{_CONTROLLER}, syncCronJob",
            f"by a start deadline of {SHORT_DEADLINE} seconds: a run that cannot start within it is given up",
        ),
        Feature.CATCHUP_FALSE: Yes(
            f"{_UTILS}, mostRecentScheduleTime",
            "the newest missed run starts however late, unless there is a deadline",
        ),
        Feature.CATCHUP_LATEST: Yes(f"{_UTILS}, mostRecentScheduleTime", "evenly spaced instants only"),
        Feature.CATCHUP_ALL: never(
            "makes up for one missed run at most, the newest",
            f"{_UTILS}, mostRecentScheduleTime",
            "the targets airflow and kubeflow can",
        ),
        Feature.OVERLAP_ALLOW: Yes(f"{_TYPES}.ConcurrencyPolicy, Allow"),
        Feature.OVERLAP_SKIP: Yes(
            f"{_CONTROLLER}, syncCronJob",
            "by Forbid and a start deadline: a run that is due while another ends may start late,"
            f" within start_deadline_second or else {SHORT_DEADLINE} seconds",
        ),
        Feature.OVERLAP_QUEUE: never(
            "keeps only the newest of the runs that wait",
            f"{_CONTROLLER}, syncCronJob",
            "the target vertex queues",
        ),
        Feature.OVERLAP_REPLACE: Yes(
            f"{_CONTROLLER}, syncCronJob", "pods of the replaced run may still be stopping when the new run starts"
        ),
        Feature.MAX_ACTIVE_RUNS: Yes(f"{_TYPES}.ConcurrencyPolicy, Forbid", "1 and no other number"),
        Feature.START_DEADLINE: Yes(f"{_TYPES}.StartingDeadlineSeconds; {_CONTROLLER}, syncCronJob"),
        Feature.PAUSED: Yes(
            f"{_TYPES}.Suspend; {_DOCS}#schedule-suspension",
            "when it is resumed, the newest missed run starts at once, unless there is a start deadline",
        ),
        Feature.RETRIES: Yes(
            f"{_JOBS}#pod-backoff-failure-policy",
            "a pod that its node lost counts as a failed try; 10, 20, 40, ... seconds, at most 360, lie between tries",
        ),
        Feature.TIMEOUT: Yes(
            "kubernetes/kubernetes pkg/controller/job/job_controller.go, pastActiveDeadline",
            "counted from the start of the Job, all tries and the waits between them included",
        ),
        Feature.ATTEMPT_TIMEOUT: Yes(
            "kubernetes/kubernetes pkg/kubelet/active_deadline.go, pastActiveDeadline",
            "counted from the moment at which a node takes the pod, the pull of the image included",
        ),
        Feature.DESCRIPTION: Yes(_ANNOTATIONS),
        Feature.OWNER: Yes(_ANNOTATIONS),
        Feature.LABELS: Yes(_LABELS, "on the CronJob; its Jobs and pods do not carry them"),
        Feature.CACHE_AS_COMPILED: never("runs containers, which have no step cache", _JOBS, "leave cache out"),
        Feature.CONTAINER: Yes(f"{_CORE}, Container"),
        Feature.ENV: Yes(f"{_CORE}, EnvVar"),
        Feature.ENV_SECRET: Yes(f"{_CORE}, SecretKeySelector"),
        Feature.ENV_CONFIG_MAP: Yes(f"{_CORE}, ConfigMapKeySelector"),
        Feature.SCHEDULED_TIME: never(
            "writes the scheduled time on the Job and not on its pod",
            f"{_UTILS}, getJobFromTemplate2",
            "targets.kubernetes.scheduled_time: job_name lets a shell in the image work it out from the Job's name",
        ),
        Feature.RESOURCES: Yes(f"{_CORE}, ResourceRequirements"),
        Feature.ACCELERATOR: Yes(
            "https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/",
            "a resource of a device plugin, such as nvidia.com/gpu; node_selector chooses the model",
        ),
        Feature.SERVICE_ACCOUNT: Yes(f"{_CORE}, PodSpec.ServiceAccountName"),
        Feature.ENV_POD_FIELD: Yes(f"{_CORE}, EnvVarSource.FieldRef"),
        Feature.ENV_FROM: Yes(f"{_CORE}, EnvFromSource", "keys that cannot be names of variables are left out by it"),
        Feature.WORKING_DIR: Yes(f"{_CORE}, Container.WorkingDir"),
        Feature.IMAGE_PULL_POLICY: Yes(f"{_CORE}, Container.ImagePullPolicy"),
        Feature.IMAGE_PULL_SECRETS: Yes(f"{_CORE}, PodSpec.ImagePullSecrets"),
        Feature.VOLUMES: Yes(f"{_CORE}, PodSpec.Volumes and Container.VolumeMounts"),
        Feature.NODE_SELECTOR: Yes(f"{_CORE}, PodSpec.NodeSelector"),
        Feature.TOLERATIONS: Yes(f"{_CORE}, PodSpec.Tolerations"),
        Feature.AFFINITY: Yes(f"{_CORE}, PodSpec.Affinity"),
        Feature.SECURITY_CONTEXT: Yes(f"{_CORE}, PodSpec.SecurityContext and Container.SecurityContext"),
        Feature.PRIORITY_CLASS: Yes(f"{_CORE}, PodSpec.PriorityClassName"),
        Feature.POD_LABELS: Yes(f"{_CORE}, PodTemplateSpec.ObjectMeta"),
        Feature.POD_ANNOTATIONS: Yes(f"{_CORE}, PodTemplateSpec.ObjectMeta"),
        Feature.INIT_CONTAINERS: Yes(f"{_CORE}, PodSpec.InitContainers", "a retry runs them again"),
        Feature.TERMINATION_GRACE: Yes(f"{_CORE}, PodSpec.TerminationGracePeriodSeconds"),
        Feature.TTL_AFTER_FINISHED: Yes(
            "kubernetes/kubernetes staging/src/k8s.io/api/batch/v1/types.go, JobSpec.TTLSecondsAfterFinished",
            "the history limits of the CronJob may remove a Job before",
        ),
        Feature.STEPS: never(
            "runs one pod, whose containers know no order but that of init containers",
            f"{_CORE}, PodSpec.InitContainers",
            "use init_containers where one follows the other, or the targets airflow, kubeflow and vertex",
        ),
        Feature.PIPELINE: never(
            "runs containers and knows no pipelines", _JOBS, "the targets kubeflow and vertex run pipelines"
        ),
        Feature.PIPELINE_PLATFORM: never("runs containers and knows no pipelines", _JOBS),
        Feature.PIPELINE_PARAMETERS: never("runs containers and knows no pipelines", _JOBS),
    }
)

_OLD = not_yet(
    "has no dependable time zone before 1.27: without the field, the zone of its controller's machine counts",
    f"{_UTILS}, formatSchedule; {_VALIDATION}, validateTimeZone",
    'compile for version "1.27" or later',
)

_FROM_JOB_NAME = Yes(
    f"{_UTILS}, getJobName; kubernetes/kubernetes staging/src/k8s.io/api/batch/v1/types.go, JobNameLabel",
    "in UTC, for a container with a command, by /bin/sh of the image; a Job made by hand ends with code 64, unless its"
    " name is the CronJob's with a hyphen and the minutes since 1970",
)

OPTIONS = (
    Field(
        "version",
        Text(pattern=r"1\.(?:2[1-9]|3[0-7])", form="a Kubernetes version from 1.21 to 1.37, such as 1.33"),
        "The oldest Kubernetes version that the CronJob is applied to.",
        default="1.33",
    ),
    Field(
        "namespace",
        Text(pattern=r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", form="a namespace's name"),
        "The namespace of the CronJob; left out, the one that it is applied to.",
    ),
    Field(
        "successful_jobs_history_limit",
        Integer(0, 2**31 - 1),
        "How many finished Jobs are kept.",
        default=HISTORY["successful_jobs_history_limit"],
    ),
    Field(
        "failed_jobs_history_limit",
        Integer(0, 2**31 - 1),
        "How many failed Jobs are kept.",
        default=HISTORY["failed_jobs_history_limit"],
    ),
    Field(
        "scheduled_time",
        Choice(("job_name",)),
        "How a run learns its scheduled time: job_name starts the command by /bin/sh, which works it out from the name"
        " of the Job. The image needs /bin/sh, and no other program.",
    ),
    Field(
        "patch",
        Anything("a mapping"),
        "A JSON merge patch (RFC 7396) on the CronJob, for fields that schedc has no word for.",
    ),
)

_CHOICES = {
    "catchup": "after an outage the newest missed run starts late, however late, and no other missed one",
    "overlap": "a run starts although another one is still active, or waits for it where max_active_runs is 1",
    "max_active_runs": "any number of runs may be active, and one where overlap is skip or replace",
    "max_runs": "it runs until it is deleted",
    "start_deadline_second": (
        f"a run starts however late; within {SHORT_DEADLINE} seconds where catchup is none or overlap is skip"
    ),
    "dst_gap": "a wall time that a day skips is not run on that day",
    "dst_fold": "a wall time that a day has twice is run twice on that day",
    "timeout_second": "a run may take any time",
    "attempt_timeout_second": "a try may take any time",
    "start_time": "the first run is the first one that is due after the CronJob is created",
    "end_time": "it runs until it is deleted",
    "retries": "a failed run is not tried again",
}


def _by_version(options: Mapping[str, Any]) -> Mapping[Feature, Answer]:
    minor = int((options.get("version") or "1.33").partition(".")[2])
    answers: dict[Feature, Answer] = {Feature.CRON: _OLD, Feature.TIMEZONE: _OLD} if minor < 27 else {}
    if options.get("scheduled_time") == "job_name":
        answers[Feature.SCHEDULED_TIME] = _FROM_JOB_NAME
    return answers


def _limits(job: Job, sink: Sink) -> None:
    from schedc.targets.kubernetes.limits import limits

    limits(job, sink)


def _emit(job: Job) -> Iterator[tuple[Artifact, ...]]:
    from schedc.templating import render
    from schedc.yaml_writer import comment, dump

    header = (
        f"Written by schedc from {job.origin}, schedule {job.schedule.name}. Change it there, not here.",
        f"Runs {job.words}" if job.words else "",
        f"Digest {job.digest}",
    )
    text = render(
        "kubernetes/cronjob.yaml.j2",
        header=[comment(line) for line in header if line],
        manifest=dump(manifest(job)).rstrip("\n"),
    )
    yield (Artifact(f"{job.schedule.name}.yaml", text),)


def _read(files: Mapping[str, str]) -> Deployed:
    from schedc.targets.kubernetes.read import read

    return read(files)


def _paths(names: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in sorted(names):
        if name.endswith(".yaml") and "/" not in name:
            yield name.removesuffix(".yaml"), (name,)


def _identity(options: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "namespace": options.get("namespace"),
        **{name: options.get(name, number) for name, number in HISTORY.items()},
        "patch": options.get("patch") or None,
    }


TARGET = Target(
    name="kubernetes",
    title="Kubernetes CronJob",
    capabilities=CAPABILITIES,
    options=OPTIONS,
    by_version=_by_version,
    limits=_limits,
    emit=_emit,
    read=_read,
    paths=_paths,
    choices=_CHOICES,
    identity=_identity,
)
