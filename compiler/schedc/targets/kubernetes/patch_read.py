"""Which parts of an artifact were patched in, as its own annotation says."""

from __future__ import annotations

import json
from typing import Any

from schedc.target import UnreadableArtifact
from schedc.targets.kubernetes.map_read import Patched

NOTE = "schedc/patch"


def set_apart(data: Any) -> tuple[Any, dict[str, Any] | None]:
    """The document with each patched value marked, and the patch; None where nothing was patched.

    Raises `UnreadableArtifact` where the document is not what its patch makes of it.
    """
    notes = data
    for key in ("metadata", "annotations"):
        notes = notes.get(key) if isinstance(notes, dict) else None
    text = notes.get(NOTE) if isinstance(notes, dict) else None
    if text is None:
        return data, None
    try:
        patch = json.loads(text, object_pairs_hook=_once)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnreadableArtifact(f"{NOTE} is not JSON: {error}") from error
    if not isinstance(patch, dict) or not patch:
        raise UnreadableArtifact(f"{NOTE} is not a patch")
    return _marked(data, patch, ""), patch


def _marked(data: Any, patch: dict[str, Any], path: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise UnreadableArtifact(f"{path or 'the document'} is not a mapping")
    result = dict(data)
    for key, value in patch.items():
        here = f"{path}.{key}".lstrip(".")
        if key not in data:
            raise UnreadableArtifact(f"{NOTE} has {here}, which is not there")
        if isinstance(value, dict) and value:
            result[key] = _marked(data[key], value, here)
        elif value is None or value == {}:
            raise UnreadableArtifact(f"{NOTE}: {here} sets nothing")
        elif _same(data[key], value):
            result[key] = Patched(value)
        else:
            raise UnreadableArtifact(f"{here} is not what {NOTE} says")
    return result


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result
