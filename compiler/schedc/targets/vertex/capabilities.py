"""What Vertex AI schedules can and cannot do, by what Google documents; the service itself is closed."""

from __future__ import annotations

from schedc.capabilities import POD_BLOCK, Capabilities, Feature, Yes, never

_REST = "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.schedules"
_JOB = "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.pipelineJobs"
_USE = "https://cloud.google.com/vertex-ai/docs/pipelines/schedule-pipeline-run"
_IR = "github.com/kubeflow/pipelines api/v2alpha1/pipeline_spec.proto"
_MACHINES = "https://cloud.google.com/vertex-ai/docs/pipelines/machine-types"
_SDK = "google-cloud-aiplatform: PipelineJob reads a package of one document"

_ONLY_UNAMBIGUOUS = "only where no instant falls into one: what the service does there is not documented"
_NO_LETTER = "documents no L, W or # in its cron"
_PURE = "only where one day field alone picks the same days: two are read in two ways"

CAPABILITIES = Capabilities(
    {
        Feature.CRON: Yes(f"{_REST} cron", "written in numbers, which every cron reads alike"),
        Feature.CRON_SECONDS: never("has no seconds in its cron", f"{_REST} cron", "let it fire at second 0"),
        Feature.CRON_YEARS: never(
            "has no year field in its cron", f"{_REST} cron", "bound it by start_time and end_time"
        ),
        Feature.DAY_EITHER: Yes(f"{_REST} cron", _PURE),
        Feature.DAY_BOTH: Yes(f"{_REST} cron", _PURE),
        Feature.LAST_DAY: never(_NO_LETTER, f"{_REST} cron", "use the 1st of the next month"),
        Feature.NEAREST_WEEKDAY: never(_NO_LETTER, f"{_REST} cron", "choose the target airflow"),
        Feature.NTH_WEEKDAY: never(_NO_LETTER, f"{_REST} cron", "choose the target airflow"),
        Feature.LAST_WEEKDAY: never(_NO_LETTER, f"{_REST} cron", "choose the target airflow"),
        Feature.INTERVAL: never(
            "has no interval, only a cron", _REST, "use minutes that divide an hour, or hours that divide a day"
        ),
        Feature.ONE_OFF: never("has no trigger for one instant, only a cron", _REST),
        Feature.TIMEZONE: Yes(f"{_REST} cron"),
        Feature.START_BOUND: Yes(
            f"{_REST} startTime", "a start that is past when it is applied runs all that was missed"
        ),
        Feature.END_BOUND: Yes(f"{_REST} endTime"),
        Feature.MAX_RUNS: Yes(f"{_REST} maxRunCount"),
        Feature.GAP_SKIP: Yes(f"{_REST} cron", _ONLY_UNAMBIGUOUS),
        Feature.GAP_SHIFT: Yes(f"{_REST} cron", _ONLY_UNAMBIGUOUS),
        Feature.GAP_RUN_AFTER: Yes(f"{_REST} cron", _ONLY_UNAMBIGUOUS),
        Feature.FOLD_FIRST: Yes(f"{_REST} cron", _ONLY_UNAMBIGUOUS),
        Feature.FOLD_SECOND: Yes(f"{_REST} cron", _ONLY_UNAMBIGUOUS),
        Feature.FOLD_BOTH: Yes(f"{_REST} cron", _ONLY_UNAMBIGUOUS),
        Feature.CATCHUP_NONE: Yes(
            f"{_REST} catchUp", "a start that is past when it is applied runs all that was missed"
        ),
        Feature.CATCHUP_FALSE: Yes(
            f"{_REST} catchUp", "a start that is past when it is applied runs all that was missed"
        ),
        Feature.CATCHUP_LATEST: never(
            "runs all missed runs or none", f"{_REST} catchUp", "write catchup: false for none after a pause"
        ),
        Feature.CATCHUP_ALL: never(
            "takes catch-up only when a schedule is resumed, and not in its definition",
            f"{_REST} catchUp",
            "choose the target airflow or kubeflow",
        ),
        Feature.OVERLAP_ALLOW: Yes(f"{_REST} maxConcurrentActiveRunCount"),
        Feature.OVERLAP_SKIP: Yes(f"{_REST} allowQueueing"),
        Feature.OVERLAP_QUEUE: Yes(f"{_REST} allowQueueing"),
        Feature.OVERLAP_REPLACE: never(
            "cannot end a run to start the next one", _REST, "leave it out, or choose the target kubernetes"
        ),
        Feature.MAX_ACTIVE_RUNS: Yes(f"{_REST} maxConcurrentActiveRunCount", "a run that is due beyond it is skipped"),
        Feature.START_DEADLINE: never(
            "has no start deadline: a late run starts late", _REST, "leave it out, or choose the target kubernetes"
        ),
        Feature.PAUSED: never(
            "cannot create a schedule paused: its state can only be changed afterwards",
            f"{_REST} state",
            "in the environment where it is to pause, leave vertex out of deploy_to, or set enabled: false",
        ),
        Feature.RETRIES: never(
            "promises no retry once an hour has passed, however few were made",
            f"{_IR} RetryPolicy.backoff_max_duration",
            "let the program itself try again",
        ),
        Feature.TIMEOUT: never("has no limit for a run", _JOB, "bound it in the command, as with timeout(1)"),
        Feature.ATTEMPT_TIMEOUT: never("has no limit for a run", _JOB, "bound it in the command, as with timeout(1)"),
        Feature.DESCRIPTION: Yes(f"{_IR} PipelineInfo.description", "in the pipeline's description"),
        Feature.OWNER: Yes(f"{_IR} PipelineInfo.description", "in the pipeline's description"),
        Feature.LABELS: Yes(f"{_JOB} labels", "on the pipeline job; lower case, at most 64 characters"),
        Feature.CACHE_AS_COMPILED: Yes(f"{_IR} CachingOptions"),
        Feature.CONTAINER: Yes(f"{_IR} PipelineContainerSpec"),
        Feature.ENV: Yes(f"{_IR} PipelineContainerSpec.EnvVar"),
        Feature.ENV_SECRET: never(
            "has no Kubernetes secrets",
            _SDK,
            "read it from Secret Manager in the program",
        ),
        Feature.ENV_CONFIG_MAP: never("has no Kubernetes config maps", _SDK, "write the values as plain variables"),
        Feature.SCHEDULED_TIME: Yes(
            "kfp.dsl.PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER",
            "in args, command and parameters, and only as %Y-%m-%dT%H:%M:%SZ in UTC",
        ),
        Feature.RESOURCES: Yes(_MACHINES, "limits of cpu and memory, by which it picks a machine; no requests"),
        Feature.ACCELERATOR: Yes(_MACHINES, "by the name of the model, such as NVIDIA_L4"),
        Feature.SERVICE_ACCOUNT: Yes(f"{_JOB} serviceAccount", "the e-mail address of a Google service account"),
        **dict.fromkeys(
            POD_BLOCK,
            never(
                "runs containers without a Kubernetes pod of their own",
                _JOB,
                "leave it out, or choose the target kubernetes",
            ),
        ),
        Feature.STEPS: Yes(f"{_IR} PipelineTaskSpec.dependent_tasks"),
        Feature.PIPELINE: Yes(f"{_JOB} pipelineSpec"),
        Feature.PIPELINE_PLATFORM: never(
            "cannot take a package with a Kubernetes platform spec", _SDK, "compile it without kfp.kubernetes"
        ),
        Feature.PIPELINE_PARAMETERS: Yes(
            f"{_JOB} runtimeConfig.parameterValues", "numbers must be exact as doubles; with terraform only text"
        ),
    }
)

CHOICES = {
    "catchup": "after a pause nothing is made up for, unless whoever resumes the schedule asks for it",
    "overlap": "runs start whether or not others are active",
    "max_active_runs": "active runs are not limited; 10 runs may be starting at once (maxConcurrentRunCount)",
    "max_runs": "runs are not counted",
    "start_deadline_second": "a run that is late starts late",
    "dst_gap": "unknown: what the service does with a wall time in a gap is not documented",
    "dst_fold": "unknown: what the service does with a wall time in a fold is not documented",
    "timeout_second": "a run may last as long as Vertex AI lets it",
    "attempt_timeout_second": "a run may last as long as Vertex AI lets it",
    "start_time": "it counts from the moment of creation, and nothing is missed",
    "end_time": "it never ends",
    "retries": "a failed run is not tried again",
}
