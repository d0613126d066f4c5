"""`schedc schema`: the JSON Schema of schedule files and of schedc.toml, for editors."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from schedc import lints
from schedc.commands import schema_hints as hints
from schedc.commands.schema_layers import FILLED, filled, layer, without_null
from schedc.commands.schema_sharing import shared
from schedc.diagnostics import rules
from schedc.frontend.fields import NAME, SCHEDULE
from schedc.frontend.written import ENVIRONMENT_NAME
from schedc.ir import zones
from schedc.project import PROJECT, VALUES
from schedc.shapes import Record
from schedc.targets import targets

ID = "urn:schedc:schedules"
PROJECT_ID = "urn:schedc:project"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_INSTANT = r"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d)?\s?(Z|z|[-+]\d\d(:?\d\d)?)$"
"""A time with an offset."""
_ZONE = {"$ref": "#/$defs/zone"}


def add_options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--for",
        dest="kind",
        choices=tuple(SCHEMAS),
        default="schedules",
        help="of which files: schedules in YAML (default), or project for schedc.toml",
    )


def run(options: argparse.Namespace) -> int:
    print(json.dumps(SCHEMAS[options.kind](), indent=2, sort_keys=True))
    return 0


def schema() -> dict[str, Any]:
    """Schedule files, as draft 2020-12.

    No field is required, since defaults or an environment may hold it: maps merge, null removes. What must be given
    once may be absent from one layer, but is not given twice in it.
    """
    fields = _layer()
    environments = {**SCHEDULE.schema()["properties"]["environments"]}
    environments["additionalProperties"] = {"$ref": "#/$defs/environment"}
    environments["examples"] = hints.SCHEDULE["environments"]
    environments["propertyNames"] = {"pattern": f"^(?:{ENVIRONMENT_NAME})$"}
    whole_file: dict[str, Any] = {
        "$schema": _DIALECT,
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
            "defaults": fields,
            "schedule": _with(fields, {"environments": environments}),
            "environment": _with(fields, {"values": _values()}),
            "filled": FILLED,
            "zone": _zone(),
        },
    }
    return shared(whole_file)


def project_schema() -> dict[str, Any]:
    """`schedc.toml`, as draft 2020-12: editors show it TOML's times as text. TOML has no null."""
    whole = hints.hinted(PROJECT.schema(), hints.PROJECT, {"output": "compiled"})
    whole["properties"]["applied_after"]["pattern"] = _INSTANT
    about = {name: {"description": one["description"]} for name, one in whole["properties"].items()}
    fields = _layer()
    switches = whole["properties"]["lints"]
    for name, one in switches["properties"].items():
        one["description"] = rules.BY_KEY[name].summary
        one["default"] = name in lints.ON_BY_DEFAULT
    environment = _with(
        fields,
        {
            "values": _values(),
            "applied_after": whole["properties"]["applied_after"],
            "lints": {"$ref": "#/$defs/lints", **about["lints"]},
        },
    )
    whole["properties"] |= {
        "defaults": {"$ref": "#/$defs/defaults", **about["defaults"]},
        "targets": {**_by_target(fields["properties"]["targets"]), **about["targets"]},
        "values": _values(),
        "lints": {"$ref": "#/$defs/lints", **about["lints"]},
        "environments": {
            "type": "object",
            "propertyNames": {"pattern": f"^(?:{ENVIRONMENT_NAME})$"},
            "additionalProperties": {"$ref": "#/$defs/environment"},
            **about["environments"],
        },
    }
    definitions = {
        "defaults": fields,
        "environment": environment,
        "lints": switches,
        "filled": FILLED,
        "zone": _zone(),
    }
    named = {"$schema": _DIALECT, "$id": PROJECT_ID, "title": "schedc.toml", **whole, "$defs": definitions}
    found: dict[str, Any] = without_null(shared(named))
    return found


SCHEMAS = {"schedules": schema, "project": project_schema}


def _layer() -> dict[str, Any]:
    """The fields of a schedule, as one of the layers that give it."""
    whole = SCHEDULE.schema()
    fields = {name: shape for name, shape in whole["properties"].items() if name != "environments"}
    examples = {name: values for name, values in hints.SCHEDULE.items() if name != "environments"}
    fields["targets"] = {
        "type": "object",
        "description": fields["targets"]["description"],
        "properties": {
            name: {**Record(t.options).schema(), "description": f"options of {t.title}"}
            for name, t in targets().items()
            if t.options
        },
        "additionalProperties": False,
    }
    fields["deploy_to"]["items"] = {"enum": list(targets())}
    fields["run"]["properties"]["container"] = hints.hinted(fields["run"]["properties"]["container"], hints.CONTAINER)
    hinted = hints.hinted({**whole, "properties": fields}, examples, hints.DEFAULTS)
    return layer(filled(_with_zones(hinted)))


def _by_target(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of targets in `schedc.toml`, where a version may stand for all of them."""
    found = {}
    for name, one in options["properties"].items():
        version = one["properties"].get("version")
        either = {"anyOf": [version, one], "description": one["description"]}
        found[name] = either if version else one
    return {"type": "object", "properties": found, "additionalProperties": False}


def _with_zones(schema: Any) -> Any:
    """The same schema, with the names of zones wherever a zone is named."""
    if isinstance(schema, list):
        return [_with_zones(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _with_zones(value) for key, value in schema.items()}
    for name in ("timezone", "cluster_timezone"):
        one = found.get("properties", {}).get(name)
        if one is not None:
            kept = {key: one[key] for key in ("description", "default", "examples") if key in one}
            found["properties"][name] = {**_ZONE, **kept}
    return found


def _zone() -> dict[str, Any]:
    """`errorMessage` is what editors say in place of all names; other readers pass over it."""
    return {"enum": sorted(zones.names()), "errorMessage": "no zone of the IANA database has this name"}


def _values() -> dict[str, Any]:
    return {**VALUES.schema(), "description": "texts for ${values.NAME}", "examples": hints.PROJECT["values"]}


def _with(schema: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "properties": {**schema["properties"], **more}}
