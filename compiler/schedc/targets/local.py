"""The machine of the person who runs a pipeline: a run starts when someone starts it, and only then."""

from __future__ import annotations

from schedc.unschedulable import unschedulable

TARGET = unschedulable(
    name="local",
    title="A local run",
    lacks="has nothing that runs in the background to trigger it",
    source="zenml-io/zenml src/zenml/orchestrators/local/local_orchestrator.py",
    nearest="airflow",
)
