"""Schedules in Python: the same fields as in YAML, with the caller's place kept."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call stands: a file, and the positions of the call in it as the interpreter knows them."""

    path: str
    line: int
    end_line: int | None = None
    column: int | None = None
    end_column: int | None = None


def _caller() -> Place:
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    code = frame.f_code
    positions = list(code.co_positions())
    at = frame.f_lasti // 2
    line, end_line, column, end_column = positions[at] if at < len(positions) else (None, None, None, None)
    return Place(code.co_filename, line or frame.f_lineno, end_line, column, end_column)


@dataclass(frozen=True, slots=True)
class Secret:
    """A key of a Kubernetes Secret, for `env`."""

    secret: str
    key: str


@dataclass(frozen=True, slots=True)
class ConfigMap:
    """A key of a Kubernetes ConfigMap, for `env`."""

    config_map: str
    key: str


@dataclass(frozen=True, slots=True)
class ScheduledTime:
    """The instant that a run stands for, as text in a strftime format, for `env`."""

    scheduled_time: str


class Container:
    """One container of one pod. Further fields are those of `run.container` in YAML."""

    def __init__(
        self,
        image: str,
        command: Sequence[str] | None = None,
        args: Sequence[str] | None = None,
        env: Mapping[str, str | Secret | ConfigMap | ScheduledTime] | None = None,
        **fields: Any,
    ) -> None:
        given = {"image": image, "command": command, "args": args, "env": env}
        self.fields: dict[str, Any] = {**{k: v for k, v in given.items() if v is not None}, **fields}
        self.place = _caller()


class Pipeline:
    """A compiled KFP package, by path relative to the source, or a `@kfp.dsl.pipeline` function."""

    def __init__(self, package: Any, parameters: Mapping[str, Any] | None = None) -> None:
        self.package = package
        self.parameters = parameters
        self.place = _caller()


class Steps:
    """Named containers that run in an order: each names those that it runs after."""

    def __init__(self, **steps: Any) -> None:
        self.steps = steps
        self.place = _caller()


@dataclass(frozen=True, eq=False)
class Schedule:
    """A schedule; the fields mean what they mean in YAML. It is named by `name`, or else by its variable.

    Nothing is checked here: compiling finds all mistakes at once, with their places.
    """

    cron_expression: str | None = None
    _: KW_ONLY
    name: str | None = None
    interval_second: int | timedelta | str | None = None
    run_once_start_time: datetime | str | None = None
    timezone: str | None = None
    start_time: datetime | str | None = None
    end_time: datetime | str | None = None
    catchup: bool | str | None = None
    overlap: str | None = None
    max_active_runs: int | None = None
    max_runs: int | None = None
    start_deadline_second: int | timedelta | str | None = None
    dst_gap: str | None = None
    dst_fold: str | None = None
    paused: bool | None = None
    enabled: bool | None = None
    deploy_to: Sequence[str] | None = None
    retries: int | None = None
    timeout_second: int | timedelta | str | None = None
    attempt_timeout_second: int | timedelta | str | None = None
    description: str | None = None
    owner: str | None = None
    labels: Mapping[str, str] | None = None
    cache: bool | str | None = None
    run: Container | Pipeline | Steps | None = None
    targets: Mapping[str, Mapping[str, Any]] | None = None
    environments: Mapping[str, Mapping[str, Any]] | None = None
    place: Place = field(default_factory=_caller, init=False, repr=False)

    def __post_init__(self) -> None:
        made.append(self)


made: list[Schedule] = []
"""Every schedule in the order of its making, so that one which no variable holds is not lost in silence."""
