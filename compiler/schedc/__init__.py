"""schedc: one schedule in; an Airflow DAG, a Kubeflow recurring run, a Vertex AI schedule or a CronJob out."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from schedc.frontend.python_api import ConfigMap, Container, Pipeline, Schedule, ScheduledTime, Secret, Steps

__all__ = ["ConfigMap", "Container", "Pipeline", "Schedule", "ScheduledTime", "Secret", "Steps"]


def __getattr__(name: str) -> object:
    """What a Python source takes from here is imported when it is taken: the command line does without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from schedc.frontend import python_api

    return getattr(python_api, name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
