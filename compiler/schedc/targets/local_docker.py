"""Containers on the machine of the person who runs a pipeline; Docker itself starts nothing at a time of day."""

from __future__ import annotations

from schedc.unschedulable import unschedulable

TARGET = unschedulable(
    name="local_docker",
    title="Local Docker",
    lacks="has nothing that runs in the background to trigger it",
    source="zenml-io/zenml src/zenml/orchestrators/local_docker/local_docker_orchestrator.py",
    nearest="kubernetes",
)
