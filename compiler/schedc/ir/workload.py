"""What a schedule runs, in no target's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A key of a Kubernetes Secret; never its value."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class ConfigMapKey:
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class ScheduledTime:
    """The instant that a run stands for, as text in a strftime format."""

    format: str


EnvValue = str | SecretKey | ConfigMapKey | ScheduledTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Kubernetes quantities by resource name."""

    requests: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.requests or self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container of one pod. All text is literal: what looks like a template of some engine is not one.

    `command` and `args` are None where the image's own apply. `pod` holds the other fields of the pod block, as plain
    data under their own names.
    """

    image: str
    command: tuple[str, ...] | None = None
    args: tuple[str, ...] | None = None
    env: Mapping[str, EnvValue] = field(default_factory=dict)
    resources: Resources = field(default_factory=Resources)
    service_account: str | None = None
    pod: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A compiled KFP pipeline: its IR (`pipeline_spec`), its platform spec, and values for its parameters."""

    spec: Mapping[str, Any]
    platform: Mapping[str, Any] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    name: str
    container: Container
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Containers that run in an order: each after those that it names."""

    steps: tuple[Step, ...]


Workload = Container | Pipeline | Steps
