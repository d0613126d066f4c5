"""Whatever the language takes as a pod block is written as Kubernetes' schemas want it, and read back as it was."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kubernetes_jobs import emitted, read_back, schedule
from kubernetes_validate import validate
from schedc.frontend.fields import CONTAINER, INIT_CONTAINERS
from schedc.ir.workload import Container, InitContainer, PodField
from schedc.shapes import Boolean, Choice, Integer, ListOf, MapOf, Record, Shape, Text

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
HOSTILE = st.text(
    st.one_of(st.sampled_from("$(){}\n'\":#-\u00e9\u202e&*!|>%"), st.characters(exclude_categories=["Cs"])), max_size=12
)
TYPED = {"image", "command", "args", "env", "resources", "service_account", "init_containers", "name", "after"}


def values(shape: Shape) -> st.SearchStrategy[Any]:
    """What a shape takes; patterns are met by a few short examples."""
    match shape:
        case Text(pattern=None):
            return HOSTILE.filter(bool) if not shape.empty else HOSTILE
        case Text(pattern=pattern):
            assert pattern is not None
            return st.from_regex(pattern, fullmatch=True).filter(lambda text: len(text) <= 40)
        case Integer():
            high = 2**31 - 1 if shape.high is None else shape.high
            return st.integers(-5 if shape.low is None else shape.low, high)
        case Boolean():
            return st.booleans()
        case Choice():
            return st.sampled_from(shape.words)
        case ListOf():
            return st.lists(values(shape.item), min_size=shape.shortest, max_size=2).map(tuple)
        case MapOf():
            keys = st.sampled_from(["a", "run_as_user", "match_labels", "acme.com/x_y", "A.b-c"])
            return st.dictionaries(keys, values(shape.item), max_size=2)
        case Record():
            return records(shape)
    raise AssertionError(shape)


def records(shape: Record) -> st.SearchStrategy[dict[str, Any]]:
    needed = {f.name: values(f.shape) for f in shape.fields if f.required}
    free = {f.name: values(f.shape) for f in shape.fields if not f.required}
    made = st.fixed_dictionaries(needed, optional=free)
    if shape.what == "an entry of env_from":
        return made.filter(lambda one: ("secret" in one) != ("config_map" in one))
    return made


def blocks(shape: Record) -> st.SearchStrategy[dict[str, Any]]:
    free = {f.name: values(f.shape) for f in shape.fields if f.name not in TYPED}
    accelerator = st.fixed_dictionaries(
        {"type": st.sampled_from(["nvidia.com/gpu", "a.b/c"]), "count": st.integers(1, 9)}
    )
    return st.fixed_dictionaries({}, optional={**free, "accelerator": accelerator})


def containers(pods: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Container]:
    env = st.dictionaries(st.sampled_from("ABC"), st.builds(PodField, HOSTILE) | HOSTILE, max_size=2)
    return st.builds(lambda pod, env: Container(image="a", pod=pod, env=env), pods, env)


assert isinstance(INIT_CONTAINERS.item, Record)
INIT = containers(blocks(INIT_CONTAINERS.item))


def named(containers: list[Container]) -> tuple[InitContainer, ...]:
    return tuple(InitContainer(name=f"b-{i}", container=one) for i, one in enumerate(containers))


INITS = st.lists(INIT, max_size=2).map(named)
RUNS = st.builds(
    lambda main, inits: Container(image="a", pod=main.pod, env=main.env, init_containers=inits),
    containers(blocks(CONTAINER)),
    INITS,
)


@SLOW
@given(RUNS)
def test_any_pod_block_is_read_back(run: Container) -> None:
    assert read_back(schedule(run=run)).workload == run


@settings(SLOW, max_examples=25)
@given(RUNS, st.sampled_from(["1.27", "1.33", "1.37"]))
def test_the_schemas_take_any_pod_block(run: Container, version: str) -> None:
    validate(yaml.safe_load(emitted(schedule(run=run))), version, strict=True)
