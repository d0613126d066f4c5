"""Kubeflow's pipeline IR (`pipeline_spec`, schema 2.1.0) as plain data: packages, their parameters and their cache.

A compiled package is one or two YAML documents: the IR, and a platform spec of `kfp-kubernetes`. Both are only data
here; nothing of a package is run, and kfp is not needed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from schedc.bounded_yaml import check_bounds
from schedc.ir.workload import ScheduledTime

Plain = dict[str, Any]

SCHEMA_VERSION = "2.1.0"
LARGEST_EXACT = 2**53
"""Parameters travel as doubles, and beyond this one the engines no longer write every digit of a whole number."""


def read_package(text: str) -> tuple[Plain, Plain | None]:
    """The IR and the platform spec (or None) of a compiled package. Raises `ValueError` with the reason."""
    from schedc.pyyaml import yaml

    try:
        check_bounds(text)
        documents = [
            d for d in yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if d is not None
        ]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(f"it is not YAML: {' '.join(str(error).split())}") from None
    if not documents:
        raise ValueError("it is empty")
    if len(documents) > 2:
        raise ValueError(
            f"it holds {len(documents)} documents; a compiled package has the pipeline and at most one more"
        )
    spec = documents[0]
    _check_spec(spec)
    platform = documents[1] if len(documents) == 2 else None
    if platform is not None and not (isinstance(platform, dict) and isinstance(platform.get("platforms"), dict)):
        raise ValueError("its second document is not a platform spec: it has no platforms")
    _check_plain(documents)
    return spec, platform


def _check_spec(spec: Any) -> None:
    if not isinstance(spec, dict):
        raise ValueError("it is not a mapping")
    if str(spec.get("apiVersion", "")).startswith(("argoproj.io/", "tekton.dev/")):
        raise ValueError("it was compiled by kfp 1; compile it again with kfp 2")
    if str(spec.get("apiVersion", "")).startswith("pipelines.kubeflow.org/"):
        raise ValueError("it is a Kubernetes manifest of a pipeline; compile it without kubernetes_manifest_format")
    if "pipelineSpec" in spec and "root" not in spec:
        raise ValueError("it is a pipeline job; give the pipeline_spec that is in it")
    for key in ("pipelineInfo", "root", "schemaVersion"):
        if key not in spec:
            raise ValueError(f"it has no {key}, so it is not a compiled pipeline")
    if spec["schemaVersion"] != SCHEMA_VERSION:
        raise ValueError(f"its schemaVersion is {spec['schemaVersion']!r}, and {SCHEMA_VERSION} is known")
    if not isinstance(spec["pipelineInfo"], dict) or not isinstance(spec["pipelineInfo"].get("name"), str):
        raise ValueError("its pipelineInfo has no name")
    if not isinstance(spec["root"], dict) or not isinstance(spec["root"].get("dag"), dict):
        raise ValueError("its root is not a graph of tasks")


def _check_plain(value: Any) -> None:
    """Only what JSON has: a date or a set that YAML made would not survive."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError(f"the key {key!r} is not text")
            _check_plain(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_plain(inner)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value!r} is not a number that JSON has")
    elif value is not None and not isinstance(value, str | bool | int | float):
        raise ValueError(f"it holds {type(value).__name__} {value!s}, which is neither text nor a number; quote it")


_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "STRING": ((str,), "text"),
    "NUMBER_INTEGER": ((int,), "a whole number"),
    "NUMBER_DOUBLE": ((int, float), "a number"),
    "BOOLEAN": ((bool,), "true or false"),
    "LIST": ((list, tuple), "a list"),
    "STRUCT": ((Mapping,), "a mapping"),
}
_OLD_TYPES = {"STRING": "STRING", "INT": "NUMBER_INTEGER", "DOUBLE": "NUMBER_DOUBLE"}


def check_parameters(spec: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with values for a pipeline's parameters: each the parameter's name and the reason."""
    declared = spec.get("root", {}).get("inputDefinitions", {}).get("parameters", {})
    found = []
    for name, value in parameters.items():
        if name not in declared:
            known = ", ".join(sorted(declared)) or "none"
            found.append((name, f"the pipeline has no parameter of that name; it has {known}"))
            continue
        reason = _mismatch(declared[name], value) or _inexact(value)
        if reason:
            found.append((name, reason))
    for name, declaration in declared.items():
        optional = declaration.get("isOptional") or "defaultValue" in declaration
        if name not in parameters and not optional:
            found.append((name, "the pipeline has no default for it, and no value was given"))
    return found


def _mismatch(declaration: Mapping[str, Any], value: Any) -> str | None:
    kind = declaration.get("parameterType") or _OLD_TYPES.get(declaration.get("type", ""))
    if kind is None or kind not in _TYPES:
        return f"it has the type {kind or 'unknown'}, which takes no value from outside"
    allowed, phrase = _TYPES[kind]
    if isinstance(value, ScheduledTime):
        return None if str in allowed else f"it takes {phrase}, and a scheduled time is text"
    if value is None and declaration.get("isOptional"):
        return None
    if isinstance(value, bool) and bool not in allowed:
        return f"it takes {phrase}, not {str(value).lower()}"
    if not isinstance(value, allowed):
        return f"it takes {phrase}, not {json.dumps(value, default=str)}"
    words = declaration.get("literals")
    if isinstance(words, list) and value not in words:
        return f"it takes one of {', '.join(map(str, words))}"
    return None


def _inexact(value: Any) -> str | None:
    """Why a value is not the same after a journey as a double."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int) and abs(value) > LARGEST_EXACT:
        return "parameters travel as doubles, and beyond 2**53 a whole number is not exactly a double"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not a number that JSON has"
    if isinstance(value, Mapping):
        return next((reason for inner in value.values() if (reason := _inexact(inner))), None)
    if isinstance(value, list | tuple):
        return next((reason for inner in value if (reason := _inexact(inner))), None)
    return None


def tasks(spec: Mapping[str, Any]) -> Iterator[Plain]:
    """Every task of every graph of a pipeline, nested ones too."""
    for component in (spec.get("root", {}), *spec.get("components", {}).values()):
        yield from component.get("dag", {}).get("tasks", {}).values()


def without_cache(spec: Mapping[str, Any]) -> Plain:
    """The same pipeline, with caching off in every task."""
    copy: Plain = json.loads(json.dumps(spec))
    for task in tasks(copy):
        task["cachingOptions"] = {"enableCache": False}
    return copy


def uses_cache(spec: Mapping[str, Any]) -> bool:
    """Whether any task may be served from the cache."""
    return any(task.get("cachingOptions", {}).get("enableCache") for task in tasks(spec))


def texts(value: Any, *path: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text in plain data, keys of mappings too, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield path, key
            yield from texts(inner, *path, key)
    elif isinstance(value, list | tuple):
        for i, inner in enumerate(value):
            yield from texts(inner, *path, i)
