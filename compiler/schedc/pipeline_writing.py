"""Containers and steps as Kubeflow's pipeline IR (`pipeline_spec`, schema 2.1.0), a task for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schedc.ir.workload import Container, ScheduledTime, Step, Steps, Text

Plain = dict[str, Any]

SCHEDULED_TIME = "{{$.pipeline_job_schedule_time_utc}}"
"""The placeholder for the time that a run is scheduled for, as the value of an input."""
_INPUT = "scheduled_time"


def steps_of(name: str, run: Container | Steps) -> tuple[Step, ...]:
    """The steps of a workload; a container is one step, which has the name of its pipeline."""
    return run.steps if isinstance(run, Steps) else (Step(name=name, container=run),)


def service_account(run: object) -> str | None:
    """The one account of all pods of a run; where steps name several, that of the first."""
    if isinstance(run, Steps):
        return run.steps[0].container.service_account
    return run.service_account if isinstance(run, Container) else None


def workload_spec(
    name: str,
    run: Container | Steps,
    *,
    caching: bool,
    resources: Callable[[Container], Plain],
    retries: int = 0,
    description: str | None = None,
) -> Plain:
    """The IR of a pipeline of that name with a task for each container.

    The texts of the containers stand in it as they are: escape them before. Of their environment only plain texts are
    written, and of the pod block nothing. `retries` are extra tries of each task, at once and however long the first
    one took. `resources` gives a container's resources in the words of the engine.
    """
    steps = steps_of(name, run)
    tasks = {step.name: _task(step, caching, retries) for step in steps}
    if isinstance(run, Steps):
        for step in steps:
            # Written even where it is empty: by it a pipeline of one step is told from a container.
            tasks[step.name]["dependentTasks"] = list(step.after)
    return {
        "components": {f"comp-{step.name}": _component(step) for step in steps},
        "deploymentSpec": {
            "executors": {f"exec-{step.name}": {"container": _container(step.container, resources)} for step in steps}
        },
        "pipelineInfo": {"name": name} if description is None else {"name": name, "description": description},
        "root": {"dag": {"tasks": tasks}},
        "schemaVersion": "2.1.0",
        "sdkVersion": "schedc",
    }


def _task(step: Step, caching: bool, retries: int) -> Plain:
    task: Plain = {
        "cachingOptions": {"enableCache": caching},
        "componentRef": {"name": f"comp-{step.name}"},
        "taskInfo": {"name": step.name},
    }
    if _knows_time(step.container):
        task["inputs"] = {"parameters": {_INPUT: {"runtimeValue": {"constant": SCHEDULED_TIME}}}}
    if retries:
        # Argo counts the longest backoff from the first try, and gives up when it is over; a year is never.
        task["retryPolicy"] = {
            "backoffDuration": "0s",
            "backoffFactor": 1,
            "backoffMaxDuration": "31536000s",
            "maxRetryCount": retries,
        }
    return task


def _component(step: Step) -> Plain:
    component: Plain = {"executorLabel": f"exec-{step.name}"}
    if _knows_time(step.container):
        component["inputDefinitions"] = {"parameters": {_INPUT: {"parameterType": "STRING"}}}
    return component


def _container(container: Container, resources: Callable[[Container], Plain]) -> Plain:
    inner: Plain = {"image": container.image}
    if container.command is not None:
        inner["command"] = list(map(_word, container.command))
    if container.args is not None:
        inner["args"] = list(map(_word, container.args))
    env = [{"name": key, "value": value} for key, value in container.env.items() if isinstance(value, str)]
    if env:
        inner["env"] = sorted(env, key=lambda one: one["name"])
    needed = resources(container)
    if needed:
        inner["resources"] = needed
    return inner


def _knows_time(container: Container) -> bool:
    return any(isinstance(word, ScheduledTime) for word in (*(container.command or ()), *(container.args or ())))


def _word(word: Text) -> str:
    return word if isinstance(word, str) else f"{{{{$.inputs.parameters['{_INPUT}']}}}}"
