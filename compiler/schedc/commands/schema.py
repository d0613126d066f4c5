"""`schedc schema`: the JSON Schema of schedule files, for editors."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations, count
from typing import Any

from schedc.frontend.fields import NAME, SCHEDULE
from schedc.project import VALUES
from schedc.shapes import Record
from schedc.targets import targets

ID = "urn:schedc:schedules"
_LONG = 200
"""Characters from which on a schema that stands twice is shared."""


def add_options(one: argparse.ArgumentParser) -> None:
    """It has none."""


def run(options: argparse.Namespace) -> int:
    print(json.dumps(schema(), indent=2, sort_keys=True))
    return 0


def schema() -> dict[str, Any]:
    """Draft 2020-12. No field is required, since defaults or an environment may hold it: maps merge, null removes.

    What must be given once may be absent from one layer, but is not given twice in it.
    """
    whole = SCHEDULE.schema()
    fields = {name: shape for name, shape in whole["properties"].items() if name != "environments"}
    fields["targets"] = {
        "type": "object",
        "description": fields["targets"]["description"],
        "properties": {name: Record(t.options).schema() for name, t in targets().items() if t.options},
        "additionalProperties": False,
    }
    fields["deploy_to"]["items"] = {"enum": list(targets())}
    layer = _layer(_filled({**whole, "properties": fields}))
    environments = {**whole["properties"]["environments"], "additionalProperties": {"$ref": "#/$defs/environment"}}
    values = {**VALUES.schema(), "description": "texts for ${values.NAME}"}
    whole_file: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "schedc schedules",
        "type": "object",
        "properties": {
            "defaults": {
                "anyOf": [{"$ref": "#/$defs/defaults"}, {"type": "null"}],
                "description": "fields of every schedule of this file that has no other",
            },
            "schedules": {
                "type": "object",
                "description": "schedules by name",
                "propertyNames": {"pattern": f"^{NAME}$"},
                "additionalProperties": {"$ref": "#/$defs/schedule"},
            },
        },
        "required": ["schedules"],
        "additionalProperties": False,
        "$defs": {
            "defaults": layer,
            "schedule": _with(layer, {"environments": environments}),
            "environment": _with(layer, {"values": values}),
            "filled": {"type": "string", "pattern": r"\$\{values\.[A-Za-z_]"},
        },
    }
    return _shared(whole_file)


def _shared(schema: dict[str, Any]) -> dict[str, Any]:
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


def _with(schema: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "properties": {**schema["properties"], **more}}


def _layer(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of what is one of several layers; what stands in a list is whole, since lists replace."""
    found = {k: v for k, v in schema.items() if k not in ("required", "oneOf")}
    if "oneOf" in schema:
        pairs = combinations([one["required"][0] for one in schema["oneOf"]], 2)
        found["not"] = {"anyOf": [_both(*pair) for pair in pairs]}
    if "properties" in found:
        found["properties"] = {k: _or_null(_layer(v)) for k, v in found["properties"].items()}
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = _or_null(_layer(found["additionalProperties"]))
    if "anyOf" in found:
        found["anyOf"] = [_layer(one) for one in found["anyOf"]]
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


def _filled(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema in which text of a form may be `${values.NAME}` instead; the form is checked when that is filled in."""
    found = dict(schema)
    for key in ("items", "additionalProperties"):
        if isinstance(found.get(key), dict):
            found[key] = _filled(found[key])
    if "properties" in found:
        found["properties"] = {k: _filled(v) for k, v in found["properties"].items()}
    if "anyOf" in found:
        found["anyOf"] = [_filled(one) for one in found["anyOf"]]
    has_form = "pattern" in found or "maxLength" in found or any(isinstance(w, str) for w in found.get("enum", ()))
    if not has_form:
        return found
    about = {"description": found.pop("description")} if "description" in found else {}
    return {"anyOf": [found, {"$ref": "#/$defs/filled"}], **about}
