"""What a target is: capabilities as data, options, an emitter, and a reader of its own artifacts.

A target is one module in `schedc.targets` (or behind an entry point of the group `schedc.targets`) that holds
`TARGET`, and a template folder of its name. Nothing else knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from schedc.capabilities import Answer, Capabilities, Feature
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.workload import Workload
from schedc.records import dataclass, field
from schedc.shapes import Field


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that a compile writes: its path below the target's folder, with forward slashes, and its text."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an engine is told about time, in that engine's own words and with its own meaning of bounds.

    `crons` are texts in the engine's dialect, fired as a union; or `period` is a number of seconds. `start`, `end` are
    what stands in the artifact (UTC seconds), not what the schedule said.
    """

    engine: str
    crons: tuple[str, ...] = ()
    timezone: str = "UTC"
    period: int | None = None
    start: int | None = None
    end: int | None = None
    catchup: bool = False
    max_runs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What an engine does with runs, in the words of the language.

    `missed` is `none`, `latest` or `all`; `busy` says what happens to a run that is due while `limit` are active:
    `start`, `skip`, `wait_latest` (the newest waits, others are lost), `wait_all` or `replace`.
    """

    missed: str
    busy: str
    limit: int | None = None
    start_deadline: int | None = None
    paused: bool = False
    retries: int = 0
    timeout: int | None = None
    attempt_timeout: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What a target's engine will do, as read back from its artifacts.

    `workload` is in the language's words, all escapes undone. `identity` is everything of the artifact that is neither
    time, policy nor workload (namespace, project, tags, ...), as the target's own plain data.
    """

    name: str
    digest: str | None
    told: Told
    behaviour: Behaviour
    workload: Workload
    description: str | None = None
    owner: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    cache: bool = False
    identity: Mapping[str, Any] = field(default_factory=dict)
    called: str | None = None
    """What the engine knows it by, where that is not `name`."""


LONGEST_ARTIFACT = 32 * 1024 * 1024
"""Characters of all files of one schedule."""


class UnreadableArtifact(ValueError):
    """An artifact holds a construct that its target's reader does not know; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One schedule on its way to one target: lowered, its options read, nothing unmet."""

    schedule: Schedule
    options: Mapping[str, Any]
    digest: str
    words: str
    """The rule of the instants in English, for the artifact's reader."""
    origin: str
    """The source's file name, without its folder."""


def no_limits(job: Job, sink: Sink) -> None:
    """A target without limits of its own."""


def no_changes(options: Mapping[str, Any]) -> Mapping[Feature, Answer]:
    """A target whose answers are the same for every version and option."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target, as data and five functions.

    `options` are the keys of `targets.NAME` and of `schedc.toml`'s `targets.NAME`. `by_version` gives the answers that
    differ for given options. `limits` tells the sink what of a job lies outside what the target can hold, and warns of
    what it honours with a caveat. `emit` gives one or more candidates, best first, each a tuple of artifacts; the
    first one that is proved is taken. `read` is the inverse, and shares no code with `emit`. `choices` maps the fields
    that a schedule may leave open to what the target does then. `at_deploy` says which runs a deployment starts at
    once, or None. Where `unschedulable` is a reason, every schedule is refused with it.
    """

    name: str
    title: str
    capabilities: Capabilities
    options: tuple[Field, ...] = ()
    by_version: Callable[[Mapping[str, Any]], Mapping[Feature, Answer]] = no_changes
    limits: Callable[[Job, Sink], None] = no_limits
    emit: Callable[[Job], Iterator[tuple[Artifact, ...]]]
    read: Callable[[Mapping[str, str]], Deployed]
    paths: Callable[[Iterable[str]], Iterable[tuple[str, tuple[str, ...]]]]
    """Groups the files of an output folder into schedules: name and paths."""
    choices: Mapping[str, str] = field(default_factory=dict)
    at_deploy: Callable[[Job], str | None] = lambda job: None
    backfills_from: Callable[[Job], int | None] = lambda job: None
    """The instant (UTC seconds) from which on a deployment runs every missed instant, None where it does not."""
    families: Callable[[Mapping[str, Any]], tuple[str, ...]] = lambda options: ()
    """Which variants of the engine may run what is compiled for these options; each of them is proved."""
    identity: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda options: {}
    """What `Deployed.identity` must hold for these options; other keys of it are not looked at."""
    replaces_run: Callable[[Mapping[str, Any]], bool] = lambda options: False
    """Whether options say what runs, in place of the schedule's `run`, which may then be left out."""
    engine_name: Callable[[Job], str] = lambda job: job.schedule.name
    """What the engine knows a schedule by; two schedules of one name there would take each other's place."""
    unschedulable: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "read", _bounded(self.read))


def _bounded(read: Callable[[Mapping[str, str]], Deployed]) -> Callable[[Mapping[str, str]], Deployed]:
    """A reader for which a file that is too long or too deep for it is unreadable, and nothing worse."""

    @wraps(read)
    def bounded(files: Mapping[str, str]) -> Deployed:
        size = sum(map(len, files.values()))
        if size > LONGEST_ARTIFACT:
            raise UnreadableArtifact(f"{size:,} characters, and at most {LONGEST_ARTIFACT:,} are read")
        try:
            return read(files)
        except (RecursionError, MemoryError):
            raise UnreadableArtifact("it is nested too deeply") from None

    return bounded
