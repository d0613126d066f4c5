"""The JSON Schema takes what compiles, and finds the mistakes that an editor can find."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from compiling import compile_files
from rule_examples import example_of, sections
from schedc.commands.schema import ID, schema
from schedc.diagnostics.sink import Sink
from schedc.frontend.yaml_file import read_yaml
from schedc.source import SourceFile
from schedc.targets import names

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
no schedules | SC105 | defaults: {}
two triggers | SC201 | schedules: {s: {cron_expression: '@daily', interval_second: 60}}
two of run | SC207 | schedules: {s: {run: {container: {image: a}, steps: {a: {image: a}}}}}
a source too many | SC106 | schedules: {s: {run: {container: {volumes: [{name: a, empty_dir: {}, secret: {secret_name: a}}]}}}}
a volume of nothing | SC106 | schedules: {s: {run: {container: {volumes: [{name: a}]}}}}
a bare secret volume | SC105 | schedules: {s: {run: {container: {volumes: [{name: a, secret: {}}]}}}}
a variable of two | SC106 | schedules: {s: {run: {container: {env: {A: {secret: a, config_map: b, key: c}}}}}}
a number in env | SC104 | schedules: {s: {run: {container: {env: {A: 1}}}}}
env_from of nothing | SC106 | schedules: {s: {run: {container: {env_from: [{prefix: A_}]}}}}
camel case | SC103 | schedules: {s: {run: {container: {nodeSelector: {a: b}}}}}
a word of no choice | SC106 | schedules: {s: {run: {container: {image_pull_policy: Sometimes}}}}
an unknown effect | SC106 | schedules: {s: {run: {container: {tolerations: [{key: a, effect: NoScheduling}]}}}}
an unknown operator | SC106 | schedules: {s: {run: {container: {affinity: {pod_affinity: {required_during_scheduling_ignored_during_execution: [{label_selector: {match_expressions: [{key: a, operator: Like}]}, topology_key: zone}]}}}}}}
a null in a list | SC104 | schedules: {s: {run: {container: {args: [null]}}}}
an unquoted version | SC104 | schedules: {s: {targets: {airflow: {version: 3.1}}}}
a version in place of options | SC104 | schedules: {s: {targets: {airflow: '3.1'}}}
an unknown target | SC606 | schedules: {s: {deploy_to: [argo]}}
values in a schedule | SC103 | schedules: {s: {values: {a: b}}}
environments in defaults | SC103 | defaults: {environments: {}}; schedules: {s: {}}
environments in an environment | SC103 | schedules: {s: {environments: {prod: {environments: {}}}}}
an empty environment | SC104 | schedules: {s: {environments: {prod: null}}}
a step within a step | SC103 | schedules: {s: {run: {steps: {a: {image: a, steps: {}}}}}}
a bad step name | SC106 | schedules: {s: {run: {steps: {A_1: {image: a}}}}}
half a duration | SC106 | schedules: {s: {interval_second: 30m1h}}
a bare unit | SC106 | schedules: {s: {interval_second: PT}}
an empty schedule | SC104 | schedules: {s: null}
a zone that is none | SC112 | schedules: {s: {timezone: Europe/Amsterdan}}
a zone in other letters | SC112 | schedules: {s: {timezone: europe/amsterdam}}
a zone of a clock that is none | SC112 | schedules: {s: {run: {container: {env: {A: {scheduled_time: '%Y', timezone: Mars/Olympus}}}}}}
an environment in capitals | SC106 | schedules: {s: {environments: {Prod: {paused: true}}}}
a trigger that is text and no list | SC104 | schedules: {s: {cron_expression: ['@daily']}}
an unquoted yes | SC104 | schedules: {s: {paused: yes}}
a misspelled word | SC106 | schedules: {s: {overlap: forbid}}
a number of days | SC110 | schedules: {s: {start_time: 12-2026-01}}
a negative count | SC106 | schedules: {s: {max_active_runs: 0}}
a name with a capital | SC118 | schedules: {Weekly: {paused: true}}
"""  # noqa: E501


def _table(text: str) -> list[Any]:
    rows = [line.split(" | ") for line in text.strip().splitlines()]
    return [pytest.param(*more, rest.replace("; schedules:", "\nschedules:") + "\n", id=n) for n, *more, rest in rows]


@pytest.mark.parametrize("text", _table(TAKEN))
def test_the_schema_takes_layers(text: str) -> None:
    validator().validate(_data(text))


FILLED_IN = "defaults: {cron_expression: '@daily', run: {container: {image: a, command: [a]}}}\n"
"""What a schedule of the table lacks that is about something else."""


@pytest.mark.parametrize(("code", "text"), _table(REFUSED))
def test_the_schema_finds_mistakes_and_so_does_check(code: str, text: str, tmp_path: Path) -> None:
    assert not validator().is_valid(_data(text))
    whole = text if "defaults:" in text else FILLED_IN + text
    found = compile_files(tmp_path, {"one.yaml": whole}, names()).codes
    assert code in found


def test_what_the_tables_lack_is_right() -> None:
    validator().validate(_data(FILLED_IN + "schedules: {s: {}}"))


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_takes_every_example(path: Path) -> None:
    validator().validate(_data(path.read_text("utf-8")))


def test_the_schema_has_a_name_and_no_dangling_reference() -> None:
    found = schema()
    assert found["$id"] == ID
    used = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(found)))
    assert used == set(found["$defs"])


def test_the_schema_says_each_long_thing_once() -> None:
    """An editor loads it for each file."""
    assert len(json.dumps(schema())) < 100_000
