"""Targets with nothing in the background to trigger a run."""

from __future__ import annotations

from importlib import import_module

import pytest
from schedc.capabilities import Feature, No, NoKind
from schedc.target import Target, UnreadableArtifact

NEAREST = {"local": "airflow", "local_docker": "kubernetes", "tekton": "kubeflow"}


def target(name: str) -> Target:
    found: Target = import_module(f"schedc.targets.{name}").TARGET
    return found


@pytest.mark.parametrize(("name", "nearest"), NEAREST.items())
def test_every_schedule_is_refused_and_the_nearest_target_named(name: str, nearest: str) -> None:
    one = target(name)
    assert one.name == name
    assert one.unschedulable is not None
    assert "nothing that runs in the background to trigger it" in one.unschedulable
    assert nearest in one.unschedulable
    for feature in Feature:
        answer = one.capabilities[feature]
        assert isinstance(answer, No)
        assert answer.kind is NoKind.NEVER
        assert answer.instead == f"deploy to {nearest}"


@pytest.mark.parametrize("name", NEAREST)
def test_nothing_is_written_or_read(name: str) -> None:
    one = target(name)
    with pytest.raises(ValueError, match="nothing that runs in the background"):
        one.emit(None)  # type: ignore[arg-type]
    with pytest.raises(UnreadableArtifact, match="no artifacts"):
        one.read({})
    assert list(one.paths(["a.yaml"])) == []
