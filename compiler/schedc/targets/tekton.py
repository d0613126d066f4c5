"""Tekton Pipelines: runs are started by events, and no clock is among what makes events."""

from __future__ import annotations

from schedc.unschedulable import unschedulable

TARGET = unschedulable(
    name="tekton",
    title="Tekton",
    lacks="has nothing that runs in the background to trigger it: its triggers answer events, and it has no clock",
    source="https://tekton.dev/docs/triggers/eventlisteners/",
    nearest="kubeflow",
)
