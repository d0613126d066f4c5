"""What a schedule runs, in no target's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedc.records import dataclass, field


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
class PodField:
    """A field of the pod itself, such as `metadata.name`."""

    path: str


@dataclass(frozen=True, slots=True)
class ScheduledTime:
    """The instant that a run stands for, as text in a strftime format on a clock in an IANA zone."""

    format: str
    timezone: str


Text = str | ScheduledTime
EnvValue = str | SecretKey | ConfigMapKey | PodField | ScheduledTime


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
    data under their own names in snake_case: lists of Kubernetes objects are tuples of mappings.
    """

    image: str
    command: tuple[Text, ...] | None = None
    args: tuple[Text, ...] | None = None
    env: Mapping[str, EnvValue] = field(default_factory=dict)
    resources: Resources = field(default_factory=Resources)
    service_account: str | None = None
    init_containers: tuple[InitContainer, ...] = ()
    pod: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitContainer:
    """A container that must have ended well before the main one starts; its pod fields are those of a container."""

    name: str
    container: Container


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


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Nothing that schedc writes: an option of the target says what runs."""


Workload = Container | Pipeline | Steps | Elsewhere
