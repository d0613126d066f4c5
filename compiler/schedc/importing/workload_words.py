"""A workload in the words of schedule YAML, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedc.ir.workload import (
    ConfigMapKey,
    Container,
    PodField,
    ScheduledTime,
    SecretKey,
    Steps,
    Workload,
)


def run_words(run: Workload) -> dict[str, Any] | None:
    """What stands under `run`; None for a pipeline, whose package is a file, and for what an option says."""
    if isinstance(run, Container):
        return {"container": container_words(run)}
    if isinstance(run, Steps):
        return {
            "steps": {
                step.name: {
                    **({"after": list(step.after)} if step.after else {}),
                    **container_words(step.container),
                }
                for step in run.steps
            }
        }
    return None


def container_words(run: Container) -> dict[str, Any]:
    """The fields of one container and its pod."""
    pod = {key: plain(value) for key, value in run.pod.items() if key != "accelerator"}
    resources: dict[str, Any] = {}
    if run.resources.requests:
        resources["requests"] = dict(sorted(run.resources.requests.items()))
    if run.resources.limits:
        resources["limits"] = dict(sorted(run.resources.limits.items()))
    if "accelerator" in run.pod:
        resources["accelerator"] = plain(run.pod["accelerator"])
    inits = [{"name": one.name, **container_words(one.container)} for one in run.init_containers]
    return {
        "image": run.image,
        **({} if run.command is None else {"command": [word(one) for one in run.command]}),
        **({} if run.args is None else {"args": [word(one) for one in run.args]}),
        **({"env": {name: word(value) for name, value in sorted(run.env.items())}} if run.env else {}),
        **({"resources": resources} if resources else {}),
        **({} if run.service_account is None else {"service_account": run.service_account}),
        **({"init_containers": inits} if inits else {}),
        **pod,
    }


def word(value: Any) -> Any:
    """A text, or a reference."""
    if isinstance(value, SecretKey):
        return {"secret": value.name, "key": value.key}
    if isinstance(value, ConfigMapKey):
        return {"config_map": value.name, "key": value.key}
    if isinstance(value, PodField):
        return {"field": value.path}
    if isinstance(value, ScheduledTime):
        return {"scheduled_time": value.format, "timezone": value.timezone}
    return value


def plain(value: Any) -> Any:
    """Mappings and lists in place of what is frozen."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return word(value)
