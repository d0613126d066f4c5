"""The JSON Schema takes what compiles, and finds the mistakes that an editor can find."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rule_examples import example_of, sections
from schedc.commands.schema import ID, schema
from schedc.diagnostics.sink import Sink
from schedc.frontend.yaml_file import read_yaml
from schedc.source import SourceFile

ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"^```yaml(?: [^\n]*)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def validator() -> Any:
    found = schema()
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def _data(text: str) -> Any:
    """What schedc's own reader makes of a file: YAML 1.2, with aliases followed."""
    sink = Sink()
    node = read_yaml(SourceFile("schedule.yaml", text), sink)
    assert node is not None
    assert not sink.errors
    return node.plainly()


def _pages() -> list[tuple[str, str]]:
    """The schedule files of the pages that show how it is done."""
    found = []
    for path in (ROOT / "README.md", ROOT / "docs/language.md", ROOT / "docs/targets.md"):
        for i, text in enumerate(_FENCE.findall(path.read_text("utf-8"))):
            if re.search(r"^schedules:", text, re.MULTILINE):
                found.append((f"{path.stem}-{i}", text))
    for path in sorted((ROOT / "compiler/schedc/diagnostics/explain").glob("*.md")):
        example = example_of(sections(path.read_text("utf-8")).get("Accepted", ""))
        files = example.files if example else {}
        shown = [name for name in (example.paths if example else ()) if name.endswith(".yaml") and name in files]
        found += [(f"{path.stem}-{name}", files[name]) for name in shown]
    return found


@pytest.mark.parametrize("text", [text for _, text in _pages()], ids=[name for name, _ in _pages()])
def test_the_schema_takes_what_the_pages_show(text: str) -> None:
    validator().validate(_data(text))


TAKEN = """
run in defaults | defaults: {run: {container: {image: a}}}; schedules: {s: {cron_expression: '@daily'}}
trigger in defaults | defaults: {cron_expression: '@daily'}; schedules: {s: {run: {container: {image: a}}}}
null removes | defaults: {retries: 2}; schedules: {s: {retries: null, labels: {team: null}, run: {container: null}}}
another trigger | defaults: {cron_expression: '@daily'}; schedules: {s: {cron_expression: null, interval_second: 60}}
null defaults | defaults: null; schedules: {s: {}}
part of a reference | schedules: {s: {environments: {prod: {run: {container: {env: {A: {key: other}}}}}}}}
a value in a form | schedules: {s: {run: {container: {pod_labels: {stage: '${values.stage}'}}}}}
a value in a choice | schedules: {s: {overlap: '${values.overlap}', catchup: '${values.catchup}'}}
a value in a time | schedules: {s: {start_time: '${values.start}', timeout_second: '${values.hours}h'}}
values | schedules: {s: {environments: {prod: {values: {tag: '1'}, paused: false}}}}
durations | schedules: {s: {interval_second: 1h30m, timeout_second: PT30M, attempt_timeout_second: 90}}
dates | schedules: {s: {start_time: 2026-12-01, end_time: '2027-01-01T00:00:00+01:00'}}
capital units | schedules: {s: {interval_second: 2H}}
steps | schedules: {s: {run: {steps: {a: {image: a}, b: {image: b, after: [a]}}}}}
"""

REFUSED = """
no schedules | defaults: {}
two triggers | schedules: {s: {cron_expression: '@daily', interval_second: 60}}
two of run | schedules: {s: {run: {container: {image: a}, steps: {a: {image: a}}}}}
a source too many | schedules: {s: {run: {container: {volumes: [{name: a, empty_dir: {}, secret: {secret_name: a}}]}}}}
a volume of nothing | schedules: {s: {run: {container: {volumes: [{name: a}]}}}}
a bare secret volume | schedules: {s: {run: {container: {volumes: [{name: a, secret: {}}]}}}}
a variable of two | schedules: {s: {run: {container: {env: {A: {secret: a, config_map: b, key: c}}}}}}
a number in env | schedules: {s: {run: {container: {env: {A: 1}}}}}
env_from of nothing | schedules: {s: {run: {container: {env_from: [{prefix: A_}]}}}}
camel case | schedules: {s: {run: {container: {nodeSelector: {a: b}}}}}
a word of no choice | schedules: {s: {run: {container: {image_pull_policy: Sometimes}}}}
an unknown effect | schedules: {s: {run: {container: {tolerations: [{key: a, effect: NoScheduling}]}}}}
an unknown operator | schedules: {s: {run: {container: {affinity: {pod_affinity: {required_during_scheduling_ignored_during_execution: [{label_selector: {match_expressions: [{key: a, operator: Like}]}, topology_key: zone}]}}}}}}
a null in a list | schedules: {s: {run: {container: {args: [null]}}}}
an unquoted version | schedules: {s: {targets: {airflow: {version: 3.1}}}}
a version in place of options | schedules: {s: {targets: {airflow: '3.1'}}}
an unknown target | schedules: {s: {deploy_to: [argo]}}
values in a schedule | schedules: {s: {values: {a: b}}}
environments in defaults | defaults: {environments: {}}; schedules: {s: {}}
environments in an environment | schedules: {s: {environments: {prod: {environments: {}}}}}
an empty environment | schedules: {s: {environments: {prod: null}}}
a step within a step | schedules: {s: {run: {steps: {a: {image: a, steps: {}}}}}}
a bad step name | schedules: {s: {run: {steps: {A_1: {image: a}}}}}
half a duration | schedules: {s: {interval_second: 30m1h}}
a bare unit | schedules: {s: {interval_second: PT}}
an empty schedule | schedules: {s: null}
"""  # noqa: E501


def _table(text: str) -> list[Any]:
    rows = [line.split(" | ", 1) for line in text.strip().splitlines()]
    return [pytest.param(rest.replace("; schedules:", "\nschedules:") + "\n", id=name) for name, rest in rows]


@pytest.mark.parametrize("text", _table(TAKEN))
def test_the_schema_takes_layers(text: str) -> None:
    validator().validate(_data(text))


@pytest.mark.parametrize("text", _table(REFUSED))
def test_the_schema_finds_mistakes(text: str) -> None:
    assert not validator().is_valid(_data(text))


def test_the_schema_has_a_name_and_no_dangling_reference() -> None:
    found = schema()
    assert found["$id"] == ID
    used = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(found)))
    assert used == set(found["$defs"])


def test_the_schema_says_each_long_thing_once() -> None:
    """An editor loads it for each file."""
    assert len(json.dumps(schema())) < 100_000
