"""The data of one YAML document, in the part of YAML that every version of it and every reader takes alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from schedc.bounded_yaml import check_bounds
from schedc.target import UnreadableArtifact

_SCALARS: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:int": lambda text: int(text) if re.fullmatch(r"-?(0|[1-9][0-9]*)", text) else None,
    "tag:yaml.org,2002:bool": {"true": True, "false": False}.get,
}
"""Gives None for a spelling that YAML 1.1 and 1.2 read differently."""


def load(text: str) -> Any:
    from schedc.pyyaml import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        check_bounds(text)
        node: Any = yaml.compose(text, loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableArtifact(f"not one YAML document: {error}") from error
    if node is None:
        raise UnreadableArtifact("the file is empty")
    return _plain(node, "", set(), 0)


def _plain(node: Any, path: str, seen: set[int], depth: int) -> Any:
    """The data of a YAML node; aliases, double keys and every spelling that YAML versions disagree on are refused."""
    where = path or "the document"
    if id(node) in seen:
        raise UnreadableArtifact(f"{where} is an alias")
    if depth > 40:
        raise UnreadableArtifact(f"{where} is nested too deeply")
    seen.add(id(node))
    if node.id == "scalar":
        known = _SCALARS.get(node.tag)
        value = None if known is None else known(node.value)
        if value is None:
            raise UnreadableArtifact(f"{where}: {node.value!r} is not text, a whole number, true or false")
        return value
    if node.id == "sequence" and node.tag == "tag:yaml.org,2002:seq":
        return [_plain(item, f"{path}[{i}]", seen, depth + 1) for i, item in enumerate(node.value)]
    if node.id == "mapping" and node.tag == "tag:yaml.org,2002:map":
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = _plain(key_node, f"a key of {where}", seen, depth + 1)
            if not isinstance(key, str):
                raise UnreadableArtifact(f"a key of {where} is not text")
            if key in result:
                raise UnreadableArtifact(f"{path}.{key} stands twice".lstrip("."))
            result[key] = _plain(value_node, f"{path}.{key}".lstrip("."), seen, depth + 1)
        return result
    raise UnreadableArtifact(f"{where} has the tag {node.tag}")
