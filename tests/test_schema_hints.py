"""What an editor shows beside names: a sentence for each property, defaults that change nothing, examples that hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from compiling import WEEKLY, compile_one
from schedc.commands import schema_hints as hints
from schedc.commands.schema import SCHEMAS
from schedc.targets import names

SUBSCHEMAS = ("items", "additionalProperties", "propertyNames")


def _properties(schema: Any, whole: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that a person can write, with references resolved; not what only forbids."""
    if not isinstance(schema, dict):
        return
    for name, one in schema.get("properties", {}).items():
        yield f"{path}.{name}", _resolved(one, whole)
        yield from _properties(one, whole, f"{path}.{name}")
    for key in SUBSCHEMAS:
        yield from _properties(schema.get(key), whole, f"{path}.{key}")
    for one in schema.get("anyOf", []):
        yield from _properties(one, whole, path)


def _every(kind: str) -> list[tuple[str, dict[str, Any]]]:
    whole = SCHEMAS[kind]()
    found = list(_properties(whole, whole, kind))
    for name, one in whole["$defs"].items():
        found += _properties(one, whole, name)
    return found


def _resolved(schema: dict[str, Any], whole: Any) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    return {**whole["$defs"][schema["$ref"].removeprefix("#/$defs/")], **schema}


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_property_has_a_description(kind: str) -> None:
    found = _every(kind)
    assert len(found) > 200
    assert [path for path, one in found if not one.get("description", "").strip()] == []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_default_and_example_is_valid_where_it_stands(kind: str) -> None:
    whole = SCHEMAS[kind]()
    seen = 0
    for path, one in _every(kind):
        validator = jsonschema.Draft202012Validator({**one, "$defs": whole["$defs"]})
        given = [*one.get("examples", []), *([one["default"]] if "default" in one else [])]
        for value in given:
            assert validator.is_valid(json.loads(json.dumps(value))), (path, value)
            seen += 1
    assert seen >= 40


@pytest.mark.parametrize("name", hints.DEFAULTS)
def test_a_default_that_is_written_out_changes_no_artifact(name: str, tmp_path: Path) -> None:
    plain = compile_one(tmp_path, WEEKLY, names())
    written = compile_one(tmp_path, {**WEEKLY, name: hints.DEFAULTS[name]}, names())
    assert written.errors == plain.errors
    assert written.texts() == plain.texts()
    assert len(plain.texts()) == 5


@pytest.mark.parametrize("name", [name for name in hints.SCHEDULE if name != "deploy_to"])
def test_examples_of_fields_are_read(name: str, tmp_path: Path) -> None:
    """No example has a mistake of reading; what a target refuses is another question."""
    triggers = ("cron_expression", "interval_second", "run_once_start_time")
    for value in hints.SCHEDULE[name]:
        rest = {key: one for key, one in WEEKLY.items() if name not in triggers or key not in triggers}
        more = {"start_time": "2027-01-01T00:00:00Z"} if name == "interval_second" else {}
        found = compile_one(tmp_path, {**rest, **more, name: value}, ["kubernetes"])
        assert {code for code in found.codes if code.startswith("SC1")} == set(), (value, found.errors)
