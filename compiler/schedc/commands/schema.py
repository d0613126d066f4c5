"""`schedc schema`: the JSON Schema of schedule files, for editors."""

from __future__ import annotations

import argparse
import json
from typing import Any

from schedc.frontend.fields import NAME, SCHEDULE
from schedc.shapes import Record
from schedc.targets import targets


def run(options: argparse.Namespace) -> int:
    print(json.dumps(schema(), indent=2, sort_keys=True))
    return 0


def schema() -> dict[str, Any]:
    """Draft 2020-12. No field is required, since defaults or an environment may hold it: maps merge."""
    one = _mergeable(SCHEDULE.schema())
    by_target = {name: _mergeable(Record(t.options).schema()) for name, t in targets().items() if t.options}
    one["properties"]["targets"] = {
        "type": "object",
        "description": "options of single targets",
        "properties": by_target,
        "additionalProperties": False,
    }
    one["properties"]["deploy_to"]["items"] = {"enum": list(targets())}
    values = {"values": {"type": "object", "additionalProperties": {"type": "string"}}}
    changes = {**one, "properties": {**one["properties"], **values}}
    del changes["properties"]["environments"]
    one["properties"]["environments"] = {
        "type": "object",
        "description": "changes for single environments",
        "additionalProperties": {"$ref": "#/$defs/changes"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "schedc schedules",
        "type": "object",
        "properties": {
            "defaults": {"$ref": "#/$defs/changes"},
            "schedules": {
                "type": "object",
                "propertyNames": {"pattern": f"^{NAME}$"},
                "additionalProperties": {"$ref": "#/$defs/schedule"},
            },
        },
        "required": ["schedules"],
        "additionalProperties": False,
        "$defs": {"schedule": one, "changes": changes},
    }


def _mergeable(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of what is one of several layers; what stands in a list is whole, since lists replace."""
    found = {k: v for k, v in schema.items() if k != "required"}
    if "properties" in found:
        found["properties"] = {k: _mergeable(v) for k, v in found["properties"].items()}
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = _mergeable(found["additionalProperties"])
    if "anyOf" in found:
        found["anyOf"] = [_mergeable(one) for one in found["anyOf"]]
    return found
