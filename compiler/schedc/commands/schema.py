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
    """Draft 2020-12. Defaults and environments hold the same fields, none of them required."""
    one = SCHEDULE.schema()
    by_target = {name: Record(t.options).schema() for name, t in targets().items() if t.options}
    for options in by_target.values():
        options.pop("required", None)
    one["properties"]["targets"] = {
        "type": "object",
        "description": "options of single targets",
        "properties": by_target,
        "additionalProperties": False,
    }
    one["properties"]["deploy_to"]["items"] = {"enum": list(targets())}
    partial = {k: v for k, v in one.items() if k != "required"}
    values = {"values": {"type": "object", "additionalProperties": {"type": "string"}}}
    changes = {**partial, "properties": {**partial["properties"], **values}}
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
