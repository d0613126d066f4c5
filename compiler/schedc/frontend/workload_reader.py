"""What stands under `run` becomes a workload, or the sink is told why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.scheduled_time import read_scheduled_time
from schedc.frontend.step_order import check_order
from schedc.ir.workload import (
    ConfigMapKey,
    Container,
    EnvValue,
    InitContainer,
    Pipeline,
    PodField,
    Resources,
    SecretKey,
    Step,
    Steps,
    Text,
    Workload,
)
from schedc.node import Node

ReadPipeline = Callable[[Node, Mapping[str, Any], str, Sink], Pipeline | None]

_TYPED = frozenset({"image", "command", "args", "env", "resources", "service_account", "init_containers", "after"})
_SOURCES = ("secret", "config_map", "persistent_volume_claim", "empty_dir", "projected")


def read_workload(
    run: Mapping[str, Any], node: Node, timezone: str, read_pipeline: ReadPipeline, sink: Sink
) -> Workload | None:
    """The one workload of a `run` mapping; `timezone` is the clock of a scheduled time that names none."""
    if len(run) != 1:
        message = "run has nothing to run" if not run else f"run has {' and '.join(run)}, and takes one of them"
        sink.add(rules.CONFLICTING_FIELDS, message, node.span, help="give one of container, pipeline or steps")
        return None
    kind = next(iter(run))
    here = node.get(kind)
    assert here is not None
    if kind == "container":
        return _container(run[kind], here, timezone, sink)
    if kind == "steps":
        return _steps(run[kind], here, timezone, sink)
    return read_pipeline(here, run[kind], timezone, sink)


def _steps(data: Mapping[str, Any], node: Node, timezone: str, sink: Sink) -> Steps | None:
    if not data:
        sink.add(rules.INVALID_VALUE, "steps has no step", node.span, help="name one: steps: {extract: {image: ...}}")
        return None
    before = sink.errors
    steps = []
    for name, fields in data.items():
        here = node.get(name)
        assert here is not None
        container = _container(fields, here, timezone, sink)
        if container is not None:
            steps.append(Step(name=name, container=container, after=tuple(fields.get("after", ()))))
    check_order({name: tuple(fields.get("after", ())) for name, fields in data.items()}, node, sink)
    return None if sink.errors > before else Steps(steps=tuple(steps))


def _container(
    data: Mapping[str, Any], node: Node, timezone: str, sink: Sink, is_init: bool = False
) -> Container | None:
    before = sink.errors
    env = _env(data.get("env", {}), node.get("env"), timezone, sink)
    command = _words(data.get("command"), node, "command", timezone, sink)
    args = _words(data.get("args"), node, "args", timezone, sink)
    inits = _init_containers(data.get("init_containers", ()), node, timezone, sink)
    if not is_init:
        _check_volumes(data, node, sink)
    _check_env_from(data, node, sink)
    if sink.errors > before:
        return None
    resources = data.get("resources", {})
    pod = {key: value for key, value in data.items() if key not in _TYPED}
    if "accelerator" in resources:
        pod["accelerator"] = {"count": 1, **resources["accelerator"]}
    return Container(
        image=data["image"],
        command=command,
        args=args,
        env=env,
        resources=Resources(requests=resources.get("requests", {}), limits=resources.get("limits", {})),
        service_account=data.get("service_account"),
        init_containers=inits,
        pod=pod,
    )


def _init_containers(items: Any, node: Node, timezone: str, sink: Sink) -> tuple[InitContainer, ...]:
    found: list[InitContainer] = []
    for i, data in enumerate(items):
        here = node.get("init_containers", i)
        assert here is not None
        if any(data["name"] == other.name for other in found):
            sink.add(rules.INVALID_VALUE, f"two init containers are called {data['name']}", here.nearest("name"))
        fields = {key: value for key, value in data.items() if key != "name"}
        container = _container(fields, here, timezone, sink, is_init=True)
        if container is not None:
            found.append(InitContainer(name=data["name"], container=container))
    return tuple(found)


def _words(value: Any, node: Node, name: str, timezone: str, sink: Sink) -> tuple[Text, ...] | None:
    if value is None:
        return None
    words: list[Text] = []
    for i, word in enumerate(value):
        if isinstance(word, str):
            words.append(word)
            continue
        here = node.get(name, i)
        assert here is not None
        time = read_scheduled_time(word, here, timezone, sink)
        if time is not None:
            words.append(time)
    return tuple(words)


def _env(data: Mapping[str, Any], node: Node | None, timezone: str, sink: Sink) -> dict[str, EnvValue]:
    env: dict[str, EnvValue] = {}
    for name, value in data.items():
        assert node is not None
        here = node.get(name)
        assert here is not None
        read = _env_value(value, here, timezone, sink)
        if read is not None:
            env[name] = read
        elif not isinstance(value, dict) or "scheduled_time" not in value:
            sink.add(
                rules.INVALID_VALUE,
                f"the variable {name} is neither text nor one reference",
                here.span,
                help="write {secret: NAME, key: KEY}, {config_map: NAME, key: KEY}, {field: metadata.name} or"
                " {scheduled_time: FORMAT}",
            )
    return env


def _env_value(value: Any, node: Node, timezone: str, sink: Sink) -> EnvValue | None:
    if isinstance(value, str):
        return value
    keys = set(value)
    if keys == {"secret", "key"}:
        return SecretKey(value["secret"], value["key"])
    if keys == {"config_map", "key"}:
        return ConfigMapKey(value["config_map"], value["key"])
    if keys == {"field"}:
        return PodField(value["field"])
    if "scheduled_time" in keys and keys <= {"scheduled_time", "timezone"}:
        return read_scheduled_time(value, node, timezone, sink)
    return None


def _check_volumes(data: Mapping[str, Any], node: Node, sink: Sink) -> None:
    names: set[str] = set()
    for i, volume in enumerate(data.get("volumes", ())):
        here = node.nearest("volumes", i)
        sources = [source for source in _SOURCES if source in volume]
        if len(sources) != 1:
            said = " and ".join(sources) or "nothing"
            sink.add(
                rules.INVALID_VALUE,
                f"the volume {volume['name']} takes one source, and has {said}",
                here,
                help=f"give one of {', '.join(_SOURCES)}",
            )
        if volume["name"] in names:
            sink.add(rules.INVALID_VALUE, f"two volumes are called {volume['name']}", here)
        names.add(volume["name"])
        for j, source in enumerate(volume.get("projected", {}).get("sources", ())):
            if len(source) != 1:
                place = node.nearest("volumes", i, "projected", "sources", j)
                sink.add(rules.INVALID_VALUE, "a projection takes one source", place)
    mounts: list[tuple[tuple[str | int, ...], Mapping[str, Any]]] = [
        (("volume_mounts", i), mount) for i, mount in enumerate(data.get("volume_mounts", ()))
    ]
    for k, init in enumerate(data.get("init_containers", ())):
        inner = enumerate(init.get("volume_mounts", ()))
        mounts += [(("init_containers", k, "volume_mounts", i), mount) for i, mount in inner]
    known = ", ".join(sorted(names)) or "none"
    for path, mount in mounts:
        if mount["name"] not in names:
            sink.add(
                rules.INVALID_VALUE,
                f"no volume is called {mount['name']}",
                node.nearest(*path, "name"),
                help=f"the volumes are: {known}",
            )


def _check_env_from(data: Mapping[str, Any], node: Node, sink: Sink) -> None:
    for i, one in enumerate(data.get("env_from", ())):
        if ("secret" in one) == ("config_map" in one):
            message = "an entry of env_from takes a secret or a config_map"
            sink.add(rules.INVALID_VALUE, message, node.nearest("env_from", i))
