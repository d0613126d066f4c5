"""What the API of recurring runs says of a body, from its own definition, and what its server refuses besides.

`recurring_run.swagger.json` is kubeflow/pipelines backend/api/v2beta1/swagger/recurring_run.swagger.json (Apache-2.0).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

DEFINITIONS = json.loads((Path(__file__).parent / "recurring_run.swagger.json").read_text("utf-8"))["definitions"]
RECURRING_RUN = {"$ref": "#/definitions/v2beta1RecurringRun"}
_OUTPUT = ("recurring_run_id", "created_at", "updated_at", "status", "error")
"""Said to be output by recurring_run.proto, in words that its definition does not repeat for all of them."""
_FORMS = {"int64": r"-?\d+", "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"}


def wrong(value: Any, schema: dict[str, Any], path: str = "body") -> list[str]:
    """Where a value is not what a definition says; unknown and read-only fields count."""
    schema = _resolved(schema)
    kind = schema.get("type")
    if kind == "object":
        if not isinstance(value, dict):
            return [path]
        if "properties" not in schema:
            return []
        found = [f"{path}.{key}" for key in value if key not in schema["properties"]]
        found += [f"{path}.{k}" for k, p in schema["properties"].items() if k in value and p.get("readOnly")]
        known = {k: v for k, v in value.items() if k in schema["properties"]}
        return found + [w for k, v in known.items() for w in wrong(v, schema["properties"][k], f"{path}.{k}")]
    if kind == "boolean":
        return [] if isinstance(value, bool) else [path]
    assert kind == "string"
    fits = isinstance(value, str) and re.fullmatch(_FORMS.get(schema.get("format", ""), r"(?s:.*)"), value)
    return [] if fits and value in schema.get("enum", [value]) else [path]


def refused(body: dict[str, Any]) -> list[str]:
    """What the server checks or ignores, and no definition says: kubeflow/pipelines
    backend/src/apiserver/server/api_converter.go, toModelJob. A mode that is not set is one that never runs.
    """
    trigger = body.get("trigger", {})
    checks = {
        "body.display_name": bool(body.get("display_name")),
        "body.max_concurrency": 1 <= int(body.get("max_concurrency", 0)) <= 10,
        "body.mode": body.get("mode") in ("ENABLE", "DISABLE"),
        "body.trigger": len(trigger) == 1,
        "body.trigger.periodic_schedule.interval_second": int(
            trigger.get("periodic_schedule", {}).get("interval_second", 1)
        )
        >= 1,
    }
    return [path for path, holds in checks.items() if not holds] + [f"body.{key}" for key in _OUTPUT if key in body]


def whole_numbers_as_text(value: Any, schema: dict[str, Any]) -> Any:
    """As protobuf writes the value in JSON: it reads whole numbers of 64 bits as numbers too, and writes text."""
    schema = _resolved(schema)
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return {k: whole_numbers_as_text(v, known[k]) if k in known else v for k, v in value.items()}
    is_number = schema.get("format") == "int64" and isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    return dict(DEFINITIONS[schema["$ref"].rpartition("/")[2]]) if "$ref" in schema else schema
