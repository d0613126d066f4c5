"""The fields of a schedule, as shapes: what the reader, the JSON Schema and the documentation share."""

from __future__ import annotations

from typing import Any

from schedc.diagnostics.sink import Sink
from schedc.frontend import pod_fields as pod
from schedc.frontend.times import Duration, Time
from schedc.node import Node
from schedc.records import dataclass, replace
from schedc.shapes import (
    Anything,
    Boolean,
    Choice,
    Either,
    Field,
    Integer,
    JsonSchema,
    ListOf,
    MapOf,
    Record,
    Text,
)

NAME = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_ENV_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"

_REFERENCE_TEXT = Text(empty=False)

SCHEDULED_TIME = Record(
    (
        Field(
            "scheduled_time",
            Text(empty=False),
            "the instant that the run stands for, in this format of %Y %m %d %H %M %S %j %y %%",
            required=True,
        ),
        Field("timezone", Text(empty=False), "the zone of its clock; the schedule's own where left out"),
    ),
    "a scheduled time",
)
WORD = Either(Text(), SCHEDULED_TIME)
ENV_VALUE = Either(
    Text(),
    Record(
        (
            Field("secret", _REFERENCE_TEXT, "the name of a Secret"),
            Field("config_map", _REFERENCE_TEXT, "the name of a ConfigMap"),
            Field("key", _REFERENCE_TEXT, "the key in it"),
            Field("field", _REFERENCE_TEXT, "a field of the pod, such as metadata.name"),
            *(replace(field, required=False) for field in SCHEDULED_TIME.fields),
        ),
        "an environment variable",
        {"value": "write the text itself", "secretKeyRef": "write {secret: NAME, key: KEY}"},
        one_of=("secret", "config_map", "field", "scheduled_time"),
    ),
)
ENV = MapOf(ENV_VALUE, key=_ENV_NAME, key_form="a name of an environment variable")

ACCELERATOR = Record(
    (
        Field("type", Text(empty=False), "the resource or the model: nvidia.com/gpu, NVIDIA_L4", required=True),
        Field("count", Integer(1, 1024), "how many; 1 where left out"),
    ),
    "an accelerator",
)
RESOURCES = Record(
    (
        Field("requests", pod.QUANTITIES, "what the container is sure to get, as Kubernetes quantities"),
        Field("limits", pod.QUANTITIES, "what the container may use at most"),
        Field("accelerator", ACCELERATOR, "the kind and number of accelerators"),
    ),
    "resources",
    {"cpu": "put it under requests or limits", "memory": "put it under requests or limits"},
)

_OWN_CONTAINER = (
    Field("image", Text(empty=False), "the image to run", required=True),
    Field("image_pull_policy", pod.PULL_POLICY, "when the image is pulled; the cluster decides where left out"),
    Field("command", ListOf(WORD, shortest=1), "the entry point; the image's own where left out"),
    Field("args", ListOf(WORD), "arguments of the command; the image's own where left out"),
    Field("working_dir", Text(empty=False), "the folder in which the command runs"),
    Field("env", ENV, "variables: text, or references"),
    Field("env_from", pod.ENV_FROM, "secrets and config maps whose keys become variables"),
    Field("resources", RESOURCES, "requests and limits"),
    Field("volume_mounts", pod.VOLUME_MOUNTS, "where volumes are mounted"),
    Field("security_context", pod.SECURITY_CONTEXT, "user, group and privileges of the container"),
)
INIT_CONTAINERS = ListOf(
    Record(
        (
            Field("name", Text(NAME, "a container's name"), "its name", required=True),
            *_OWN_CONTAINER,
        ),
        "an init container",
    ),
    shortest=1,
)

CONTAINER = Record(
    (
        *_OWN_CONTAINER,
        Field("service_account", Text(empty=False), "the service account that the run uses"),
        Field("init_containers", INIT_CONTAINERS, "containers that run before, one after another"),
        Field("volumes", pod.VOLUMES, "volumes of the pod"),
        Field("image_pull_secrets", ListOf(_REFERENCE_TEXT, shortest=1), "secrets for the image's registry"),
        Field("node_selector", pod.POD_LABELS, "labels of the nodes that may run it"),
        Field("tolerations", pod.TOLERATIONS, "taints that it tolerates"),
        Field("affinity", pod.AFFINITY, "which nodes and neighbours it prefers"),
        Field("pod_security_context", pod.POD_SECURITY_CONTEXT, "user, group and volumes' group of the pod"),
        Field("priority_class", _REFERENCE_TEXT, "the pod's priority class"),
        Field("pod_labels", pod.POD_LABELS, "labels of the pod"),
        Field("pod_annotations", pod.POD_ANNOTATIONS, "annotations of the pod"),
        Field("termination_grace_period_second", Integer(0, 2**31 - 1), "how long it may take to stop"),
        Field("ttl_second_after_finished", Integer(0, 2**31 - 1), "how long a finished run is kept"),
    ),
    "a container",
    {
        "cmd": "write command",
        "entrypoint": "write command",
        "arguments": "write args",
        "serviceAccountName": "write service_account",
        "serviceAccount": "write service_account",
        "imagePullPolicy": "write image_pull_policy",
        "imagePullSecrets": "write image_pull_secrets, a list of names",
        "workingDir": "write working_dir",
        "envFrom": "write env_from",
        "nodeSelector": "write node_selector",
        "volumeMounts": "write volume_mounts",
        "initContainers": "write init_containers",
        "securityContext": "write security_context, or pod_security_context for the pod's",
        "priorityClassName": "write priority_class",
        "priority_class_name": "write priority_class",
        "ttlSecondsAfterFinished": "write ttl_second_after_finished",
        "ttl_seconds_after_finished": "write ttl_second_after_finished",
        "terminationGracePeriodSeconds": "write termination_grace_period_second",
        "termination_grace_period_seconds": "write termination_grace_period_second",
        "gpu": "write resources: {accelerator: {type: nvidia.com/gpu, count: 1}}",
        "secrets": "refer to each in env: {NAME: {secret: NAME, key: KEY}}",
    },
)


@dataclass(frozen=True, slots=True)
class Package:
    """The path of a compiled package; from Python also a pipeline function, which the reader compiles."""

    def read(self, node: Node, sink: Sink) -> Any:
        return node.value if callable(node.value) else _REFERENCE_TEXT.read(node, sink)

    def schema(self) -> JsonSchema:
        return _REFERENCE_TEXT.schema()


class _Parameter:
    """Any plain data; a mapping with `scheduled_time` is the instant that the run stands for."""

    def read(self, node: Node, sink: Sink) -> Any:
        if isinstance(node.value, dict) and "scheduled_time" in node.value:
            return SCHEDULED_TIME.read(node, sink)
        return node.plainly()

    def schema(self) -> JsonSchema:
        return {}


PARAMETER = _Parameter()

PIPELINE = Record(
    (
        Field("package", Package(), "a compiled KFP package, relative to this file", required=True),
        Field("parameters", MapOf(PARAMETER), "values for the pipeline's parameters"),
    ),
    "a pipeline",
)

STEP = Record(
    (Field("after", ListOf(Text(NAME, "a step's name")), "the steps that it runs after"), *CONTAINER.fields),
    "a step",
    CONTAINER.slips,
)
STEPS = MapOf(STEP, key=NAME, key_form="a step name")

RUN = Record(
    (
        Field("container", CONTAINER, "one container"),
        Field("pipeline", PIPELINE, "a compiled KFP pipeline"),
        Field("steps", STEPS, "named containers, each with after"),
    ),
    "run",
    {"image": "put it under container", "command": "put it under container"},
    one_of=("container", "pipeline", "steps"),
)

SLIPS = {
    "schedule": "write cron_expression",
    "cron": "write cron_expression",
    "crontab": "write cron_expression",
    "schedule_interval": "write cron_expression, or interval_second with start_time",
    "interval": "write interval_second, in seconds or as 30m",
    "every": "write interval_second, in seconds or as 30m",
    "interval_seconds": "write interval_second",
    "interval_minutes": "write interval_second, in seconds or as 30m",
    "interval_minute": "write interval_second, in seconds or as 30m",
    "interval_hours": "write interval_second, in seconds or as 2h",
    "period": "write interval_second",
    "at": "write run_once_start_time",
    "run_once": "write run_once_start_time",
    "tz": "write timezone",
    "time_zone": "write timezone",
    "timeZone": "write timezone",
    "start": "write start_time",
    "start_date": "write start_time",
    "startTime": "write start_time",
    "end": "write end_time",
    "end_date": "write end_time",
    "endTime": "write end_time",
    "catch_up": "write catchup",
    "backfill": "write catchup: all",
    "no_catchup": "write catchup: false",
    "concurrencyPolicy": "write overlap: Allow is allow, Forbid is skip (with a start deadline), Replace is replace",
    "concurrency_policy": "write overlap: Allow is allow, Forbid is skip (with a start deadline), Replace is replace",
    "startingDeadlineSeconds": "write start_deadline_second",
    "starting_deadline_seconds": "write start_deadline_second",
    "start_deadline": "write start_deadline_second",
    "max_concurrency": "write max_active_runs",
    "maxConcurrency": "write max_active_runs",
    "max_concurrent_runs": "write max_active_runs",
    "max_active_run": "write max_active_runs",
    "max_run_count": "write max_runs",
    "maxRunCount": "write max_runs",
    "backoffLimit": "write retries",
    "backoff_limit": "write retries",
    "retry": "write retries",
    "activeDeadlineSeconds": "write timeout_second",
    "active_deadline_seconds": "write timeout_second",
    "timeout": "write timeout_second, or attempt_timeout_second for one try",
    "dagrun_timeout": "write timeout_second",
    "execution_timeout": "write attempt_timeout_second",
    "suspend": "write paused",
    "suspended": "write paused",
    "is_paused_upon_creation": "write paused",
    "disabled": "write enabled: false, or paused: true",
    "tags": "write labels, or targets.airflow.tags",
    "annotations": "write labels, owner or description",
    "container": "put it under run",
    "image": "put it under run.container",
    "command": "put it under run.container",
    "pipeline": "put it under run",
    "steps": "put it under run",
    "targets_enabled": "write deploy_to",
    "target": "write deploy_to, a list of targets",
    "name": "in YAML the name is the key of the schedule under schedules",
    "jitter": "no target can honour a random delay; choose another minute",
}

SCHEDULE = Record(
    (
        Field("cron_expression", Text(empty=False), "when it fires, as OCPS cron"),
        Field("interval_second", Duration(), "fires at start_time and then each time this much time has passed"),
        Field("run_once_start_time", Time(), "fires once, then"),
        Field("timezone", Text(empty=False), "the IANA zone of the cron fields and of times without an offset; UTC"),
        Field("start_time", Time(), "no run before this; inclusive"),
        Field("end_time", Time(), "no run after this; inclusive"),
        Field(
            "catchup",
            Choice((True, False, "none", "latest", "all"), {"last": "latest"}),
            "missed runs: all of them (true is all), the latest, at most the latest (false), or none",
        ),
        Field(
            "overlap",
            Choice(
                ("allow", "skip", "queue", "replace"),
                {"forbid": "skip", "wait": "queue", "cancel": "replace", "buffer": "queue"},
            ),
            "what happens when a run is due and one is still active",
        ),
        Field("max_active_runs", Integer(1), "never more than this many active at a time"),
        Field("max_runs", Integer(1), "stop after so many were started"),
        Field("start_deadline_second", Duration(), "a run that cannot start within this is given up"),
        Field("dst_gap", Choice(("skip", "shift", "run_after")), "a wall time that does not exist on a day"),
        Field("dst_fold", Choice(("first", "second", "both")), "a wall time that happens twice on a day"),
        Field("paused", Boolean(), "deployed but not running"),
        Field("enabled", Boolean(), "false emits nothing"),
        Field("deploy_to", ListOf(Text(empty=False), shortest=1), "the targets that it is compiled for"),
        Field("retries", Integer(0, 1000), "extra tries of a failed run"),
        Field("timeout_second", Duration(), "bounds one run with all its tries"),
        Field("attempt_timeout_second", Duration(), "bounds one try"),
        Field("description", Text(empty=False), "what it is for"),
        Field("owner", Text(empty=False), "whom to ask"),
        Field("labels", MapOf(Text()), "labels that every target carries"),
        Field("cache", Choice((False, "as_compiled")), "whether pipeline steps may be served from the step cache"),
        Field("run", RUN, "what it runs", required=True),
        Field("targets", MapOf(Anything("a mapping")), "options of single targets, by target"),
        Field("environments", MapOf(Anything("a mapping")), "changes for single environments"),
    ),
    "a schedule",
    SLIPS,
    one_of=("cron_expression", "interval_second", "run_once_start_time"),
)
