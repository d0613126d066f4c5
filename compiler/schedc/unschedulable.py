"""Targets that can run a workload but have nothing in the background to start it: every schedule is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NoReturn

from schedc.capabilities import Capabilities, Feature, never
from schedc.target import Artifact, Deployed, Job, Target, UnreadableArtifact

_OPEN_FIELDS = (
    "catchup",
    "overlap",
    "max_active_runs",
    "max_runs",
    "start_deadline_second",
    "dst_gap",
    "dst_fold",
    "timeout_second",
    "attempt_timeout_second",
    "start_time",
    "end_time",
    "retries",
)


def unschedulable(name: str, title: str, lacks: str, source: str, nearest: str) -> Target:
    """A target that refuses every schedule. `lacks` completes "TITLE ..."; `nearest` names a target that can."""
    instead = f"deploy to {nearest}"
    no = never(lacks, source, instead)

    def emit(job: Job) -> Iterator[tuple[Artifact, ...]]:
        raise ValueError(f"{title} {lacks}; {instead}")

    def read(files: Mapping[str, str]) -> Deployed:
        return _unreadable(title)

    return Target(
        name=name,
        title=title,
        capabilities=Capabilities(dict.fromkeys(Feature, no)),
        emit=emit,
        read=read,
        paths=_no_paths,
        choices=dict.fromkeys(_OPEN_FIELDS, "nothing: every schedule is refused"),
        unschedulable=f"{lacks}; {instead}",
    )


def _unreadable(title: str) -> NoReturn:
    raise UnreadableArtifact(f"{title} has no artifacts")


def _no_paths(names: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    return iter(())
