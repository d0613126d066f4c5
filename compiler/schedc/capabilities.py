"""What a schedule can ask for, and what a target answers: complete, and closed by default.

A target that leaves a `Feature` unanswered cannot be imported. `requirements` says what a schedule asks for, `unmet`
what a target cannot give; nothing is emitted while something is unmet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from schedc.ir.calendar import ALL_WEEKDAYS
from schedc.ir.schedule import Cache, Catchup, Overlap, Schedule
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Once
from schedc.ir.workload import ConfigMapKey, Container, Elsewhere, Pipeline, PodField, ScheduledTime, SecretKey, Steps
from schedc.records import dataclass


class Feature(StrEnum):
    """One thing that a schedule can ask for; its value is the phrase of messages and of the matrix."""

    CRON = "cron"
    CRON_SECONDS = "cron seconds"
    CRON_YEARS = "cron years"
    DAY_EITHER = "day of month or weekday"
    DAY_BOTH = "day of month and weekday"
    LAST_DAY = "last day of the month"
    NEAREST_WEEKDAY = "nearest weekday"
    NTH_WEEKDAY = "nth weekday"
    LAST_WEEKDAY = "last weekday of the month"
    INTERVAL = "interval"
    ONE_OFF = "one-off"
    TIMEZONE = "timezone"
    START_BOUND = "start bound"
    END_BOUND = "end bound"
    MAX_RUNS = "max runs"
    GAP_SKIP = "gap skip"
    GAP_SHIFT = "gap shift"
    GAP_RUN_AFTER = "gap run_after"
    FOLD_FIRST = "fold first"
    FOLD_SECOND = "fold second"
    FOLD_BOTH = "fold both"
    CATCHUP_NONE = "catchup none"
    CATCHUP_FALSE = "catchup false"
    CATCHUP_LATEST = "catchup latest"
    CATCHUP_ALL = "catchup all"
    OVERLAP_ALLOW = "overlap allow"
    OVERLAP_SKIP = "overlap skip"
    OVERLAP_QUEUE = "overlap queue"
    OVERLAP_REPLACE = "overlap replace"
    MAX_ACTIVE_RUNS = "max active runs"
    START_DEADLINE = "start deadline"
    PAUSED = "paused"
    RETRIES = "retries"
    TIMEOUT = "timeout"
    ATTEMPT_TIMEOUT = "attempt timeout"
    DESCRIPTION = "description"
    OWNER = "owner"
    LABELS = "labels"
    CACHE_AS_COMPILED = "cache as_compiled"
    CONTAINER = "container workload"
    ENV = "environment variables"
    ENV_SECRET = "environment from a secret"
    ENV_CONFIG_MAP = "environment from a config map"
    ENV_POD_FIELD = "environment from a field of the pod"
    ENV_FROM = "all keys of a secret or config map"
    SCHEDULED_TIME = "scheduled time"
    RESOURCES = "resources"
    ACCELERATOR = "accelerator"
    SERVICE_ACCOUNT = "service account"
    WORKING_DIR = "working directory"
    IMAGE_PULL_POLICY = "image pull policy"
    IMAGE_PULL_SECRETS = "image pull secrets"
    VOLUMES = "volumes"
    NODE_SELECTOR = "node selector"
    TOLERATIONS = "tolerations"
    AFFINITY = "affinity"
    SECURITY_CONTEXT = "security context"
    PRIORITY_CLASS = "priority class"
    POD_LABELS = "pod labels"
    POD_ANNOTATIONS = "pod annotations"
    INIT_CONTAINERS = "init containers"
    TERMINATION_GRACE = "termination grace period"
    TTL_AFTER_FINISHED = "time to live after the end"
    STEPS = "steps workload"
    PIPELINE = "pipeline workload"
    PIPELINE_PLATFORM = "pipeline with a Kubernetes platform spec"
    PIPELINE_PARAMETERS = "pipeline parameters"


POD_BLOCK = (
    Feature.ENV_POD_FIELD,
    Feature.ENV_FROM,
    Feature.WORKING_DIR,
    Feature.IMAGE_PULL_POLICY,
    Feature.IMAGE_PULL_SECRETS,
    Feature.VOLUMES,
    Feature.NODE_SELECTOR,
    Feature.TOLERATIONS,
    Feature.AFFINITY,
    Feature.SECURITY_CONTEXT,
    Feature.PRIORITY_CLASS,
    Feature.POD_LABELS,
    Feature.POD_ANNOTATIONS,
    Feature.INIT_CONTAINERS,
    Feature.TERMINATION_GRACE,
    Feature.TTL_AFTER_FINISHED,
)
"""The features that only a Kubernetes pod has."""


class NoKind(StrEnum):
    """Whether a no can change: `never` is the target's nature, `not_yet` its release, `not_written` a gap in schedc."""

    NEVER = "never"
    NOT_YET = "not_yet"
    NOT_WRITTEN = "not_written"


@dataclass(frozen=True, slots=True)
class Yes:
    """The target can; `note` is a limit that a user should know."""

    source: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class No:
    """The target cannot; `because` completes "TITLE ..."; `instead` is a way out."""

    kind: NoKind
    because: str
    source: str
    instead: str | None = None


Answer = Yes | No


def never(because: str, source: str, instead: str | None = None) -> No:
    return No(NoKind.NEVER, because, source, instead)


def not_yet(because: str, source: str, instead: str | None = None) -> No:
    return No(NoKind.NOT_YET, because, source, instead)


def not_written(because: str, source: str, instead: str | None = None) -> No:
    return No(NoKind.NOT_WRITTEN, because, source, instead)


class Capabilities(Mapping[Feature, Answer]):
    """Every feature's answer; a missing or a superfluous one is a `TypeError` when the target is imported."""

    def __init__(self, answers: Mapping[Feature, Answer]) -> None:
        missing = [f.name for f in Feature if f not in answers]
        if missing:
            raise TypeError(f"no answer for {', '.join(missing)}")
        self._answers = {f: answers[f] for f in Feature}

    def __getitem__(self, feature: Feature) -> Answer:
        return self._answers[feature]

    def __iter__(self) -> Iterator[Feature]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)

    def but(self, changes: Mapping[Feature, Answer]) -> Capabilities:
        """The answers of another version of the same engine."""
        return Capabilities({**self._answers, **changes}) if changes else self


@dataclass(frozen=True, slots=True)
class Requirement:
    """A feature that a schedule asks for, and the path of the field that asks."""

    feature: Feature
    path: tuple[str | int, ...]


_GAPS = {Gap.SKIP: Feature.GAP_SKIP, Gap.SHIFT: Feature.GAP_SHIFT, Gap.RUN_AFTER: Feature.GAP_RUN_AFTER}
_FOLDS = {Fold.FIRST: Feature.FOLD_FIRST, Fold.SECOND: Feature.FOLD_SECOND, Fold.BOTH: Feature.FOLD_BOTH}
_CATCHUPS = {
    Catchup.NONE: Feature.CATCHUP_NONE,
    Catchup.FALSE: Feature.CATCHUP_FALSE,
    Catchup.LATEST: Feature.CATCHUP_LATEST,
    Catchup.ALL: Feature.CATCHUP_ALL,
}
_OVERLAPS = {
    Overlap.ALLOW: Feature.OVERLAP_ALLOW,
    Overlap.SKIP: Feature.OVERLAP_SKIP,
    Overlap.QUEUE: Feature.OVERLAP_QUEUE,
    Overlap.REPLACE: Feature.OVERLAP_REPLACE,
}


def requirements(schedule: Schedule) -> Iterator[Requirement]:
    """Everything that a schedule asks of a target, each with the field that asks for it."""
    yield from _of_trigger(schedule)
    simple = (
        (schedule.start is not None and not isinstance(schedule.trigger, Interval), Feature.START_BOUND, "start_time"),
        (schedule.end is not None, Feature.END_BOUND, "end_time"),
        (schedule.max_runs is not None, Feature.MAX_RUNS, "max_runs"),
        (schedule.max_active_runs is not None, Feature.MAX_ACTIVE_RUNS, "max_active_runs"),
        (schedule.start_deadline is not None, Feature.START_DEADLINE, "start_deadline_second"),
        (schedule.paused, Feature.PAUSED, "paused"),
        (schedule.retries > 0, Feature.RETRIES, "retries"),
        (schedule.timeout is not None, Feature.TIMEOUT, "timeout_second"),
        (schedule.attempt_timeout is not None, Feature.ATTEMPT_TIMEOUT, "attempt_timeout_second"),
        (schedule.description is not None, Feature.DESCRIPTION, "description"),
        (schedule.owner is not None, Feature.OWNER, "owner"),
        (bool(schedule.labels), Feature.LABELS, "labels"),
        (schedule.cache is Cache.AS_COMPILED, Feature.CACHE_AS_COMPILED, "cache"),
    )
    for asked, feature, name in simple:
        if asked:
            yield Requirement(feature, (name,))
    if schedule.catchup is not None:
        yield Requirement(_CATCHUPS[schedule.catchup], ("catchup",))
    if schedule.overlap is not None:
        yield Requirement(_OVERLAPS[schedule.overlap], ("overlap",))
    yield from _of_workload(schedule)


def _of_trigger(schedule: Schedule) -> Iterator[Requirement]:
    trigger = schedule.trigger
    if isinstance(trigger, Interval):
        yield Requirement(Feature.INTERVAL, ("interval_second",))
        return
    if isinstance(trigger, Once):
        yield Requirement(Feature.ONE_OFF, ("run_once_start_time",))
        return
    assert isinstance(trigger, Cron)
    calendar, path = trigger.calendar, ("cron_expression",)
    yield Requirement(Feature.CRON, path)
    by_day = not calendar.full_days or calendar.last_day or bool(calendar.nearest_weekdays)
    by_weekday = calendar.weekdays != ALL_WEEKDAYS or bool(calendar.nth_weekdays or calendar.last_weekdays)
    asked = (
        (calendar.seconds != 1, Feature.CRON_SECONDS),
        (calendar.years is not None, Feature.CRON_YEARS),
        (calendar.either, Feature.DAY_EITHER),
        (by_day and by_weekday and not calendar.either, Feature.DAY_BOTH),
        (calendar.last_day, Feature.LAST_DAY),
        (bool(calendar.nearest_weekdays), Feature.NEAREST_WEEKDAY),
        (bool(calendar.nth_weekdays), Feature.NTH_WEEKDAY),
        (bool(calendar.last_weekdays), Feature.LAST_WEEKDAY),
    )
    for is_asked, feature in asked:
        if is_asked:
            yield Requirement(feature, path)
    if trigger.timezone != "UTC":
        yield Requirement(Feature.TIMEZONE, ("timezone",))
    if trigger.gap is not None:
        yield Requirement(_GAPS[trigger.gap], ("dst_gap",))
    if trigger.fold is not None:
        yield Requirement(_FOLDS[trigger.fold], ("dst_fold",))


_VALUES = {
    str: Feature.ENV,
    SecretKey: Feature.ENV_SECRET,
    ConfigMapKey: Feature.ENV_CONFIG_MAP,
    PodField: Feature.ENV_POD_FIELD,
    ScheduledTime: Feature.SCHEDULED_TIME,
}
_POD = {
    "env_from": Feature.ENV_FROM,
    "working_dir": Feature.WORKING_DIR,
    "image_pull_policy": Feature.IMAGE_PULL_POLICY,
    "image_pull_secrets": Feature.IMAGE_PULL_SECRETS,
    "volumes": Feature.VOLUMES,
    "volume_mounts": Feature.VOLUMES,
    "node_selector": Feature.NODE_SELECTOR,
    "tolerations": Feature.TOLERATIONS,
    "affinity": Feature.AFFINITY,
    "security_context": Feature.SECURITY_CONTEXT,
    "pod_security_context": Feature.SECURITY_CONTEXT,
    "priority_class": Feature.PRIORITY_CLASS,
    "pod_labels": Feature.POD_LABELS,
    "pod_annotations": Feature.POD_ANNOTATIONS,
    "termination_grace_period_second": Feature.TERMINATION_GRACE,
    "ttl_second_after_finished": Feature.TTL_AFTER_FINISHED,
}


def _of_workload(schedule: Schedule) -> Iterator[Requirement]:
    run = schedule.run
    if isinstance(run, Elsewhere):
        return
    if isinstance(run, Steps):
        yield Requirement(Feature.STEPS, ("run", "steps"))
        for step in run.steps:
            yield from _of_container(step.container, ("run", "steps", step.name))
        return
    if isinstance(run, Pipeline):
        yield Requirement(Feature.PIPELINE, ("run", "pipeline"))
        if run.platform:
            yield Requirement(Feature.PIPELINE_PLATFORM, ("run", "pipeline", "package"))
        if run.parameters:
            yield Requirement(Feature.PIPELINE_PARAMETERS, ("run", "pipeline", "parameters"))
        for name, value in run.parameters.items():
            if isinstance(value, ScheduledTime):
                yield Requirement(Feature.SCHEDULED_TIME, ("run", "pipeline", "parameters", name))
        return
    assert isinstance(run, Container)
    yield Requirement(Feature.CONTAINER, ("run", "container"))
    yield from _of_container(run, ("run", "container"))


def _of_container(run: Container, here: tuple[str | int, ...]) -> Iterator[Requirement]:
    for name, value in run.env.items():
        yield Requirement(_VALUES[type(value)], (*here, "env", name))
    for field, words in (("command", run.command), ("args", run.args)):
        for i, word in enumerate(words or ()):
            if isinstance(word, ScheduledTime):
                yield Requirement(Feature.SCHEDULED_TIME, (*here, field, i))
    if run.resources:
        yield Requirement(Feature.RESOURCES, (*here, "resources"))
    if run.service_account is not None:
        yield Requirement(Feature.SERVICE_ACCOUNT, (*here, "service_account"))
    for i, init in enumerate(run.init_containers):
        yield Requirement(Feature.INIT_CONTAINERS, (*here, "init_containers"))
        yield from _of_container(init.container, (*here, "init_containers", i))
    for name in run.pod:
        if name == "accelerator":
            yield Requirement(Feature.ACCELERATOR, (*here, "resources", name))
        else:
            yield Requirement(_POD[name], (*here, name))


def unmet(schedule: Schedule, capabilities: Capabilities) -> list[tuple[Requirement, No]]:
    """What a schedule asks for and a target cannot give."""
    found = []
    for requirement in requirements(schedule):
        answer = capabilities[requirement.feature]
        if isinstance(answer, No):
            found.append((requirement, answer))
    return found
