"""The JSON Schema of schedc.toml takes what is read, and finds the mistakes that an editor can find."""

from __future__ import annotations

import re
import tomllib
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from compiling import compile_files
from rule_examples import sections
from schedc.commands.schema import PROJECT_ID, project_schema

ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"^```toml(?: [^\n]*)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)

SOURCE = """
defaults: {cron_expression: "@daily", run: {container: {image: a, command: [a]}}}
schedules: {s: {}}
"""
"""A schedule for every target, so that the options of each are read."""


@cache
def validator() -> Any:
    found = project_schema()
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def _data(text: str) -> Any:
    return _plain(tomllib.loads(text))


def _plain(value: Any) -> Any:
    """TOML's times as text, as editors show them to a schema."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _pages() -> list[tuple[str, str]]:
    """Every schedc.toml of this repository and of its pages."""
    files = [ROOT / "examples/schedc.toml", ROOT / "templates/init/schedc.toml"]
    found = [(path.parent.name, path.read_text("utf-8")) for path in files]
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    pages += sorted((ROOT / "compiler/schedc/diagnostics/explain").glob("*.md"))
    for page in pages:
        whole = page.read_text("utf-8")
        text = sections(whole).get("Accepted", "") if page.parent.name == "explain" else whole
        found += [(f"{page.stem}-{i}", one) for i, one in enumerate(_FENCE.findall(text)) if "[tool." not in one]
    return found


@pytest.mark.parametrize("text", [text for _, text in _pages()], ids=[name for name, _ in _pages()])
def test_the_schema_takes_what_the_pages_show(text: str) -> None:
    validator().validate(_data(text))


def test_there_are_pages() -> None:
    assert len(_pages()) >= 8


TAKEN = """
nothing |
a version for all | [targets]\\nairflow = "3.1"\\nkubernetes = "1.33"
options | [targets.airflow]\\nversion = "2.11"\\ntags = ["ml"]
an instant | applied_after = 2027-01-01T00:00:00Z
an instant as text | applied_after = "2027-01-01T00:00:00+01:00"
lints | [lints]\\nstampede = { most = 20 }\\nno-owner = true\\nbackfill-on-deploy = false
an environment | [environments.dev]\\npaused = true\\nvalues = { tag = "a" }\\nlints = { no-owner = false }
a value in a choice | [environments.dev]\\noverlap = "${values.overlap}"
defaults | [defaults]\\ntimezone = "Europe/Amsterdam"\\nstart_time = 2027-01-01
"""

REFUSED = """
an unknown key | SC103 | source = ["schedules"]
a field of schedules at the top | SC103 | deploy_to = ["airflow"]
a source that is no list | SC104 | sources = "schedules"
an empty source | SC106 | sources = [""]
a number for a folder | SC104 | output = 1
an unknown target | SC606 | [targets.argo]
an unknown option | SC103 | [targets.kubernetes]\\nnamespaces = "a"
an old Airflow | SC106 | [targets]\\nairflow = "1.10"
a version that is a number | SC104 | [targets]\\nairflow = 3.1
a region in capitals | SC106 | [targets.vertex]\\nlocation = "Europe"
a zone that is none | SC112 | [targets.kubeflow]\\ncluster_timezone = "Mars/Olympus"
an unknown lint | SC103 | [lints]\\nstampedes = true
a lint that is text | SC104 | [lints]\\nstampede = "yes"
an option that no lint has | SC103 | [lints]\\nstampede = { least = 3 }
an option out of range | SC106 | [lints]\\ntoo-often = { second = 1 }
a lint without options | SC104 | [lints]\\nno-owner = { a = 1 }
a value that is a number | SC104 | [values]\\ntag = 1
a bad name of a value | SC106 | [values]\\n1tag = "a"
an environment in capitals | SC106 | [environments.Prod]\\npaused = true
an unknown field of an environment | SC103 | [environments.prod]\\npause = true
a number among its values | SC104 | [environments.prod.values]\\ntag = 1
an unknown lint of an environment | SC103 | [environments.prod.lints]\\nno-owners = true
an environment in an environment | SC103 | [environments.prod.environments.a]
a word for a boolean | SC104 | [environments.prod]\\npaused = "maybe"
an unknown field of defaults | SC103 | [defaults]\\ntime_zone = "UTC"
a zone of defaults that is none | SC112 | [defaults]\\ntimezone = "Mars/Olympus"
no instant | SC110 | applied_after = "tomorrow"
an instant without an offset | SC110 | applied_after = 2027-01-01T00:00:00
a list of environments | SC104 | environments = ["dev"]
two triggers | SC201 | [defaults]\\ncron_expression = "@daily"\\ninterval_second = 60
"""


def _table(text: str) -> list[Any]:
    rows = [line.split(" |") for line in text.strip().splitlines()]
    return [
        pytest.param(*(one.strip() for one in more), rest.strip().replace("\\n", "\n") + "\n", id=name)
        for name, *more, rest in rows
    ]


def _check(text: str, folder: Path) -> set[str]:
    environment = "prod" if "environments.prod" in text else None
    return compile_files(folder, {"one.yaml": SOURCE, "schedc.toml": text}, environment=environment).codes


@pytest.mark.parametrize("text", _table(TAKEN))
def test_the_schema_takes_settings_and_so_does_check(text: str, tmp_path: Path) -> None:
    validator().validate(_data(text))
    assert not _check(text, tmp_path) & {"SC103", "SC104", "SC105", "SC106", "SC110", "SC112", "SC606", "SC608"}


@pytest.mark.parametrize(("code", "text"), _table(REFUSED))
def test_the_schema_finds_mistakes_and_so_does_check(code: str, text: str, tmp_path: Path) -> None:
    assert not validator().is_valid(_data(text))
    assert code in _check(text, tmp_path)


def test_toml_has_no_null() -> None:
    assert project_schema()["$id"] == PROJECT_ID
    assert "null" not in re.findall(r"\w+", str(project_schema()))
    assert None not in _words(project_schema())


def _words(schema: Any) -> list[Any]:
    if isinstance(schema, dict):
        own = schema["enum"] if isinstance(schema.get("enum"), list) else []
        return [*own, *(word for one in schema.values() for word in _words(one))]
    return [word for one in schema for word in _words(one)] if isinstance(schema, list) else []
