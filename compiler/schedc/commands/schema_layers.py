"""JSON Schemas of layers: what may be absent since another layer holds it, removed by null, or filled in by a value."""

from __future__ import annotations

from itertools import combinations
from typing import Any

FILLED = {"type": "string", "pattern": r"\$\{values\.[A-Za-z_]"}
"""What `filled` refers to as `#/$defs/filled`."""


def layer(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of what is one of several layers; what stands in a list is whole, since lists replace."""
    found = {k: v for k, v in schema.items() if k not in ("required", "oneOf")}
    if "oneOf" in schema:
        pairs = combinations([one["required"][0] for one in schema["oneOf"]], 2)
        found["not"] = {"anyOf": [_both(*pair) for pair in pairs]}
    if "properties" in found:
        found["properties"] = {k: _or_null(layer(v)) for k, v in found["properties"].items()}
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = _or_null(layer(found["additionalProperties"]))
    if "anyOf" in found:
        found["anyOf"] = [layer(one) for one in found["anyOf"]]
    return found


def _both(one: str, other: str) -> dict[str, Any]:
    """Two fields that are both there, and neither of them removed."""
    return {"required": [one, other], "properties": {name: {"not": {"type": "null"}} for name in (one, other)}}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    if "type" in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return schema


def filled(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema in which text of a form may be `${values.NAME}` instead; the form is checked when that is filled in."""
    found = dict(schema)
    for key in ("items", "additionalProperties"):
        if isinstance(found.get(key), dict):
            found[key] = filled(found[key])
    if "properties" in found:
        found["properties"] = {k: filled(v) for k, v in found["properties"].items()}
    if "anyOf" in found:
        found["anyOf"] = [filled(one) for one in found["anyOf"]]
    has_form = (
        "$ref" in found
        or "pattern" in found
        or "maxLength" in found
        or any(isinstance(w, str) for w in found.get("enum", ()))
    )
    if not has_form:
        return found
    about: dict[str, Any] = {key: found.pop(key) for key in ("description", "default", "examples") if key in found}
    return {"anyOf": [found, {"$ref": "#/$defs/filled"}], **about}


def without_null(schema: Any) -> Any:
    """The same schema for a format that has no null, as TOML."""
    if isinstance(schema, list):
        return [without_null(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: without_null(value) for key, value in schema.items() if key != "not" or value != {"type": "null"}}
    if isinstance(found.get("type"), list):
        kinds = [one for one in found["type"] if one != "null"]
        found["type"] = kinds[0] if len(kinds) == 1 else kinds
    if "enum" in found:
        found["enum"] = [one for one in found["enum"] if one is not None]
    if "anyOf" in found:
        found["anyOf"] = [one for one in found["anyOf"] if one != {"type": "null"}]
    return found
