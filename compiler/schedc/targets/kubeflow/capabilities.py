"""What Kubeflow Pipelines can and cannot do, with the places where each answer can be checked.

Paths without a host are in github.com/kubeflow/pipelines.
"""

from __future__ import annotations

from collections.abc import Mapping

from schedc.capabilities import Answer, Capabilities, Feature, Yes, never, not_yet

_SWF = "backend/src/crd/controller/scheduledworkflow"
_CRON = f"{_SWF}/util/cron_schedule.go getNextScheduledTime"
_PERIODIC = f"{_SWF}/util/periodic_schedule.go GetNextScheduledEpoch"
_CONTROLLER = f"{_SWF}/controller.go syncHandler"
_PARSER = "github.com/robfig/cron v1.2.0 parser.go"
_CLOCK = "github.com/robfig/cron v1.2.0 spec.go Next"
_PROTO = "backend/api/v2beta1/recurring_run.proto"
_API = "backend/src/apiserver/server/api_converter.go toModelJob"
_IR = "api/v2alpha1/pipeline_spec.proto"
_DRIVER = "backend/src/v2/driver/driver.go initPodSpecPatch"
_PLATFORM = "kubernetes_platform/proto/kubernetes_executor_config.proto"
_EXTEND = "backend/src/v2/driver/k8s.go extendPodSpecPatch"
_METADATA = "backend/src/v2/compiler/argocompiler/container.go extendPodMetadata"
_TASKS = "backend/src/v2/compiler/argocompiler/dag.go"
_SINCE_16 = 'declare targets.kubeflow.version: "2.16" if the cluster has it'
_SINCE_17 = 'declare targets.kubeflow.version: "2.17" if the cluster has it'
_ARGO = "backend/src/v2/compiler/argocompiler/container.go getTaskRetryStrategyFromInput"

_ONE_ZONE = never(
    "has one time zone for all crons of a cluster, and this cluster's is UTC",
    f"{_SWF}/util/const.go GetLocation (CRON_SCHEDULE_TIMEZONE)",
    "write the times in UTC, or declare targets.kubeflow.cluster_timezone if the cluster has another zone",
)
_CLUSTER_ZONE = Yes(
    f"{_SWF}/util/const.go GetLocation (CRON_SCHEDULE_TIMEZONE)", "the one zone that the cluster was declared to have"
)
_IN_DESCRIPTION = "recurring runs have no field for it; it stands in the description"

ANSWERS: dict[Feature, Answer] = {
    Feature.CRON: Yes(f"{_PARSER} Parse"),
    Feature.CRON_SECONDS: Yes(f"{_PARSER} Parse", "one second of the minute: runs start at least 60 seconds apart"),
    Feature.CRON_YEARS: never(
        "has no year field in its cron", f"{_PARSER} Parse", "bound it by start_time and end_time"
    ),
    Feature.DAY_EITHER: Yes(f"{_CLOCK} dayMatches"),
    Feature.DAY_BOTH: Yes(
        f"{_PARSER} getRange, {_CLOCK} dayMatches", "only for days that hold the 1st of the month or Sunday"
    ),
    Feature.LAST_DAY: never("has no L in its cron", f"{_PARSER} getRange", "use the 1st of the next month"),
    Feature.NEAREST_WEEKDAY: never("has no W in its cron", f"{_PARSER} getRange", "choose the target airflow"),
    Feature.NTH_WEEKDAY: Yes(
        f"{_PARSER} getRange, {_CLOCK} dayMatches", "the first of any weekday, and every nth Sunday"
    ),
    Feature.LAST_WEEKDAY: never("has no L in its cron", f"{_PARSER} getRange", "choose the target airflow"),
    Feature.INTERVAL: Yes(_PERIODIC, "only with catchup: true, at least 60 seconds"),
    Feature.ONE_OFF: never("has no trigger for one instant: a recurring run without a trigger runs at once", _PROTO),
    Feature.TIMEZONE: _ONE_ZONE,
    Feature.START_BOUND: Yes(_CRON, "the engine's start is exclusive; it is written one second earlier"),
    Feature.END_BOUND: Yes(_CRON),
    Feature.MAX_RUNS: never("cannot count runs", _PROTO, "use end_time"),
    Feature.GAP_SKIP: Yes(_CLOCK, "shown for each schedule and zone"),
    Feature.GAP_SHIFT: Yes(_CLOCK, "only where no instant falls into a gap"),
    Feature.GAP_RUN_AFTER: Yes(_CLOCK, "only where no instant falls into a gap"),
    Feature.FOLD_FIRST: Yes(_CLOCK, "only where no instant falls into a fold"),
    Feature.FOLD_SECOND: Yes(_CLOCK, "only where no instant falls into a fold"),
    Feature.FOLD_BOTH: Yes(_CLOCK, "shown for each schedule and zone"),
    Feature.CATCHUP_NONE: never(
        "starts the latest missed run even without catch-up", _CRON, "write catchup: false for at most the latest run"
    ),
    Feature.CATCHUP_FALSE: Yes(_CRON, "the latest missed run starts"),
    Feature.CATCHUP_LATEST: Yes(_CRON),
    Feature.CATCHUP_ALL: Yes(_CRON, "each redeployment runs everything since the start again"),
    Feature.OVERLAP_ALLOW: never("allows at most 10 active runs", _API, "leave overlap open, or set max_active_runs"),
    Feature.OVERLAP_SKIP: never(
        "lets a run wait that is due while others are active",
        _CONTROLLER,
        "leave it out, or choose the target kubernetes or vertex",
    ),
    Feature.OVERLAP_QUEUE: Yes(_CONTROLLER, "only with catchup: true"),
    Feature.OVERLAP_REPLACE: never(
        "cannot end a run to start the next one", _CONTROLLER, "leave it out, or choose the target kubernetes"
    ),
    Feature.MAX_ACTIVE_RUNS: Yes(_API, "1 to 10"),
    Feature.START_DEADLINE: never(
        "has no start deadline: a late run starts late", _PROTO, "leave it out, or choose the target kubernetes"
    ),
    Feature.PAUSED: Yes(_PROTO, "when it is enabled, missed runs start as catchup says"),
    Feature.RETRIES: Yes(_ARGO, "a run that fails is tried again at once; a pod that is lost is not"),
    Feature.TIMEOUT: not_yet(
        "has no limit for a whole run before 2.17",
        f"{_IR} PipelineConfig.active_deadline_seconds",
        'bound each try with attempt_timeout_second, or declare targets.kubeflow.version: "2.17"',
    ),
    Feature.ATTEMPT_TIMEOUT: Yes(f"{_PLATFORM} active_deadline_seconds", "counts from the start of the pod"),
    Feature.DESCRIPTION: Yes(_PROTO),
    Feature.OWNER: Yes(_PROTO, _IN_DESCRIPTION),
    Feature.LABELS: Yes(_PROTO, _IN_DESCRIPTION),
    Feature.CACHE_AS_COMPILED: Yes(f"{_IR} CachingOptions"),
    Feature.CONTAINER: Yes(_DRIVER, "its command must be written, since the image's entrypoint is not used"),
    Feature.ENV: Yes(_DRIVER),
    Feature.ENV_SECRET: Yes(f"{_PLATFORM} SecretAsEnv"),
    Feature.ENV_CONFIG_MAP: Yes(f"{_PLATFORM} ConfigMapAsEnv"),
    Feature.SCHEDULED_TIME: not_yet(
        "gives a run no dependable scheduled time: the values of a recurring run are fixed when it is made, and a"
        " release that knows the placeholder falls back on the time of creation",
        "backend/src/v2/compiler/argocompiler/dag.go; pull requests 12628 and 13473",
        "choose the target airflow or vertex",
    ),
    Feature.RESOURCES: Yes(_DRIVER, "cpu and memory"),
    Feature.ACCELERATOR: Yes(_DRIVER, "by the name of the resource, such as nvidia.com/gpu"),
    Feature.SERVICE_ACCOUNT: Yes(_PROTO),
    Feature.ENV_POD_FIELD: Yes(f"{_PLATFORM} FieldPathAsEnv"),
    Feature.ENV_FROM: not_yet("has no field for it", _PLATFORM, "name each key under env"),
    Feature.WORKING_DIR: not_yet("has no field for it", _PLATFORM, "change the folder in the command"),
    Feature.IMAGE_PULL_POLICY: Yes(f"{_PLATFORM} image_pull_policy"),
    Feature.IMAGE_PULL_SECRETS: Yes(f"{_PLATFORM} ImagePullSecret"),
    Feature.VOLUMES: Yes(f"{_PLATFORM} PvcMount", "whole secrets, config maps and claims, and empty dirs, each once"),
    Feature.NODE_SELECTOR: Yes(f"{_PLATFORM} NodeSelector"),
    Feature.TOLERATIONS: Yes(f"{_PLATFORM} Toleration"),
    Feature.AFFINITY: Yes(f"{_EXTEND} GetNodeAffinity", "of nodes only"),
    Feature.SECURITY_CONTEXT: not_yet("has no field for it before 2.16", "pull request 12832", _SINCE_16),
    Feature.PRIORITY_CLASS: not_yet("has no field for it", _PLATFORM, "leave it out"),
    Feature.POD_LABELS: Yes(_METADATA),
    Feature.POD_ANNOTATIONS: Yes(_METADATA),
    Feature.INIT_CONTAINERS: not_yet("has no field for it", _PLATFORM, "write it as a step before"),
    Feature.TERMINATION_GRACE: not_yet("has no field for it", _PLATFORM, "leave it out"),
    Feature.TTL_AFTER_FINISHED: not_yet("reads no time to live of a run before 2.17", "pull request 13184", _SINCE_17),
    Feature.STEPS: Yes(_TASKS, "retries and attempt_timeout_second hold for each step"),
    Feature.PIPELINE: Yes(_IR),
    Feature.PIPELINE_PLATFORM: Yes(_PLATFORM),
    Feature.PIPELINE_PARAMETERS: Yes("backend/api/v2beta1/runtime_config.proto", "numbers must be exact as doubles"),
}
CAPABILITIES = Capabilities(ANSWERS)

CHOICES = {
    "catchup": "after an outage or a pause the latest missed run starts, earlier ones are lost",
    "overlap": "up to 10 runs are active at once; a run that is due beyond that waits, and only the latest one waits",
    "max_active_runs": "10, the most that the API takes, or targets.kubeflow.max_concurrency",
    "max_runs": "runs are not counted",
    "start_deadline_second": "a run that is late starts late",
    "dst_gap": "in UTC there is no gap; in a cluster with another zone a wall time in a gap is skipped",
    "dst_fold": "in UTC there is no fold; in a cluster with another zone a wall time in a fold fires twice",
    "timeout_second": "a run may last for ever",
    "attempt_timeout_second": "a try may last for ever",
    "start_time": "it counts from the moment of deployment, and nothing is missed",
    "end_time": "it never ends",
    "retries": "a failed run is not tried again",
}


_SINCE: tuple[tuple[int, tuple[Feature, ...], str, str], ...] = (
    (
        14,
        (Feature.RETRIES,),
        "does not keep the retries of one task apart from another's",
        "pull request 11861 (parameterize retryStrategy)",
    ),
    (14, (Feature.AFFINITY,), "does not apply it", "pull request 12028"),
    (
        14,
        (Feature.POD_LABELS, Feature.POD_ANNOTATIONS),
        "does not keep the metadata of one task apart from another's",
        "pull request 12049",
    ),
    (5, (Feature.RESOURCES, Feature.ACCELERATOR), "ignores resources that are written as quantities", "issue 11500"),
    (
        5,
        (
            Feature.ENV_POD_FIELD,
            Feature.IMAGE_PULL_POLICY,
            Feature.IMAGE_PULL_SECRETS,
            Feature.VOLUMES,
            Feature.TOLERATIONS,
        ),
        "does not know all of its fields",
        f"{_PLATFORM}: read as of 2.5",
    ),
)
"""The first release that can, for what the oldest ones cannot."""


def by_version(version: str, cluster_timezone: str) -> Mapping[Feature, Answer]:
    """The answers that differ for a version such as `2.14` and for the declared zone of the cluster."""
    changes: dict[Feature, Answer] = {}
    minor = int(version.partition(".")[2])
    if minor >= 16:
        changes[Feature.SECURITY_CONTEXT] = Yes(
            f"{_EXTEND} GetSecurityContext",
            "user and group, with all capabilities dropped; what an administrator sets goes before it",
        )
    if minor >= 17:
        changes[Feature.TIMEOUT] = Yes(
            f"{_IR} PipelineConfig.active_deadline_seconds", "counts from the start of the run's workflow"
        )
        changes[Feature.TTL_AFTER_FINISHED] = Yes(
            "backend/src/v2/compiler/argocompiler/argo.go buildTTLStrategy", "of the run's workflow and its pods"
        )
    for since, features, because, source in _SINCE:
        if minor < since:
            instead = f'declare targets.kubeflow.version: "2.{since}" if the cluster has it'
            changes.update(dict.fromkeys(features, not_yet(f"{because} before 2.{since}", source, instead)))
    if cluster_timezone != "UTC":
        changes[Feature.TIMEZONE] = _CLUSTER_ZONE
    return changes
