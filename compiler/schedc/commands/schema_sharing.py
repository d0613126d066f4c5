"""What stands in a JSON Schema more than once, put under `$defs`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

_LONG = 200
"""Characters from which on a schema that stands twice is shared."""


def shared(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema, with what stands in it more than once, such as the fields of a container, under `$defs`."""
    counts = Counter(_text(one) for _, one in _mappings("", schema))
    names: dict[str, str] = {}
    for key, one in _mappings("", schema):
        if counts[_text(one)] > 1 and len(_text(one)) > _LONG and _text(one) not in names:
            taken = {*names.values(), *schema["$defs"]}
            numbered = (f"{key}_{i}" for i in count(2))
            names[_text(one)] = key if key not in taken else next(n for n in numbered if n not in taken)
    shared = {name: _referring(json.loads(text), names, top=True) for text, name in names.items()}
    found: dict[str, Any] = _referring(schema, names, top=True)
    return {**found, "$defs": {**found["$defs"], **shared}}


def _text(schema: Any) -> str:
    return json.dumps(schema, sort_keys=True)


def _mappings(key: str, schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schemas of mappings and lists that have a name, each with its name."""
    if isinstance(schema, list):
        for item in schema:
            yield from _mappings("", item)
    elif isinstance(schema, dict):
        if key and ("properties" in schema or "items" in schema or "additionalProperties" in schema):
            yield key, schema
        for inner, value in schema.items():
            named = isinstance(value, dict) and inner == "properties"
            for name, one in value.items() if named else (("", value),):
                yield from _mappings(name if named else "", one)


def _referring(schema: Any, names: Mapping[str, str], top: bool = False) -> Any:
    if isinstance(schema, list):
        return [_referring(item, names) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if not top and (name := names.get(_text(schema))):
        return {"$ref": f"#/$defs/{name}"}
    return {key: _referring(value, names) for key, value in schema.items()}
