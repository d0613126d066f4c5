"""A short file costs little, whatever is in it: each ends with an error, in bounded time and memory.

A command runs in a process of its own that may use a gibibyte and 20 seconds of CPU: a guard with much room, which
quadratic work does not keep to.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import schedc
from schedc import bounded_yaml, git_tree, project, target
from schedc.checks import impossible_text
from schedc.diagnostics import LONGEST, rules
from schedc.diagnostics.sink import MOST_FOUND, Sink
from schedc.frontend import cron_expression, resolved_size, yaml_file
from schedc.frontend.yaml_file import MOST_NODES, MOST_TEXT, read_yaml
from schedc.shapes import MOST_UNKNOWN
from schedc.source import SourceFile

ROOT = Path(__file__).parents[2]
RUN = '{container: {image: "a/b:1", command: [x]}}'
NINES = "9" * 5000
MEMORY, SECONDS = 1 << 30, 20


def one(more: str = "", run: str = RUN, cron: str = '"5 14 * * 3"', name: str = "a") -> str:
    when = f"    cron_expression: {cron}\n" if cron else ""
    return f"schedules:\n  {name}:\n{when}    run: {run}\n    deploy_to: [airflow, kubernetes, kubeflow]\n{more}"


def _steps(count: int, after: Callable[[int], list[int]]) -> str:
    listed = (f"s{i}: {{image: a, command: [x], after: {[f's{j}' for j in after(i)]}}}" for i in range(count))
    return "{steps: {" + ", ".join(listed).replace("'", "") + "}}"


BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)
SOURCES: dict[str, tuple[str, str]] = {
    "aliases": (BOMB + "schedules: *a11\n", "SC109"),
    "aliases of a long text": (one(f"    labels: {{a: &a {'x' * 1_000_000}, b: [{'*a, ' * 1000}]}}\n"), "SC109"),
    "lists in lists": ("schedules: " + "[" * 1_000_000, "SC109"),
    "blocks in blocks": ("schedules:\n" + "- " * 100_000 + "a", "SC109"),
    "mappings in mappings": ("schedules: " + "{a: " * 100_000, "SC109"),
    "a million keys": ("schedules:\n" + "".join(f"  {i:x}: \n" for i in range(400_000)), "SC109"),
    "unknown keys": (one("".join(f"    k{i}: v\n" for i in range(40_000))), "SC103"),
    "unknown keys of a file": ("".join(f"k{i}: 1\n" for i in range(40_000)) + "schedules: {}\n", "SC103"),
    "keys that stand twice": ("schedules: {" + "a: {}, " * 20_000 + "}\n", "SC102"),
    "a long number": (one(f"    interval_second: {NINES}\n    start_time: 2026-01-01\n", cron=""), "SC104"),
    "a number of 400 digits": (one(f"    max_runs: {'9' * 390}\n"), "SC301"),
    "a long duration": (one(f"    timeout_second: P{NINES}D\n"), "SC106"),
    "a year": (one("    start_time: 99999-12-31T23:59:59Z\n"), "SC110"),
    "a list of a million": (one(cron='"' + "1," * 400_000 + '1 * * * *"'), "SC107"),
    "a number of a million digits": (one(cron='"' + "9" * 1_000_000 + ' * * * *"'), "SC107"),
    "a zone": (one(f'    timezone: "{"A/" * 500_000}"\n'), "SC112"),
    "a long text": (one(f"    description: {'x' * 1_100_000}\n"), "SC121"),
    "a long argument": (one(run='{container: {image: a, command: ["' + "$(" * 100_000 + '"]}}'), "SC106"),
    "marks of values": (one(f'    description: "{"${values.a}" * 50_000}"\n'), "SC113"),
    "marks that are none": (one(f'    description: "{"${ " * 300_000}"\n'), ""),
    "marks without an end": (one(f'    description: "{"${values.a" * 90_000}"\n'), ""),
    "a name": (one(name='"' + "-" * 120 + '"'), "SC118"),
    "steps in a row": (one(run=_steps(9_000, lambda i: [i - 1] if i else [])), "SC301"),
    "steps in a ring": (one(run=_steps(9_000, lambda i: [(i + 1) % 9_000])), "SC504"),
    "steps after all": (one(run=_steps(400, lambda i: list(range(i)))), "SC301"),
    "allowances": (one("    # schedc: allow SC401 x\n" * 50_000 + "    owner: a\n"), "SC213"),
    "allowances beside schedules": (
        "schedules:\n" + "".join(f"  # schedc: allow SC9 x\n  s{i}: {{enabled: false}}\n" for i in range(9_000)),
        "SC213",
    ),
    "reserved characters": ("schedules:\n" + "".join(f"  a{i}: @x\n" for i in range(100_000)), "SC101"),
    "reserved characters behind a comment": ("# " + "x" * 3_900_000 + "\nschedules:\n" + "  a: @x\n" * 200, "SC101"),
    "merges": (
        "x0: &x0 {a: 1}\n"
        + "".join(f"x{i}: &x{i}\n  <<: *x{i - 1}\n  k{i}: 1\n" for i in range(1, 600))
        + "schedules: {}\n",
        "SC109",
    ),
}
SETTINGS: dict[str, tuple[str, str]] = {
    "arrays": ("a=" + "[" * 100_000, "SC608"),
    "keys": ("".join(f"k{i}=1\n" for i in range(30_000)), "SC103"),
    "blanks": ("\n" * 400_000 + "[targets.airflow]\nversion = 3\n", "SC104"),
    "values": ("[values]\n" + "".join(f"k{i}='1'\n" for i in range(30_000)), ""),
    "environments": ("".join(f"[environments.e{i}]\n" for i in range(10_000)), ""),
    "dots": (".".join(["a"] * 100_000) + "=1\n", "SC608"),
    "a number": (f"output={NINES}\n", "SC608"),
}


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _ends(folder: Path, rule: str, *arguments: str) -> float:
    """Run a command that must end by itself, with an error of a rule if one is named; its seconds of CPU."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "schedc", *arguments], cwd=folder, capture_output=True, preexec_fn=_limited, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = (done.stdout + done.stderr).decode("utf-8")
    assert done.returncode in (0, 1, 2), (done.returncode, said[-500:])
    assert "Traceback" not in said
    assert f"[{rule}]" in said if rule else True, said[:500]
    assert len(said) < 5_000_000
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize("what", SOURCES)
def test_no_source_exhausts_the_machine(what: str, tmp_path: Path, tell: Callable[[str], None]) -> None:
    text, rule = SOURCES[what]
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    tell(f"exhaustion: {what}, {len(text):,} characters: {_ends(tmp_path, rule, 'check', 'a.yaml'):.1f} s")


@pytest.mark.parametrize("what", SETTINGS)
def test_no_settings_exhaust_the_machine(what: str, tmp_path: Path, tell: Callable[[str], None]) -> None:
    text, rule = SETTINGS[what]
    (tmp_path / "schedc.toml").write_text(text, "utf-8")
    (tmp_path / "a.yaml").write_text(one(), "utf-8")
    seconds = _ends(tmp_path, rule, "check", "a.yaml")
    tell(f"exhaustion: schedc.toml of {what}, {len(text):,} characters: {seconds:.1f} s")


def test_defaults_and_values_are_counted_in_every_schedule(tmp_path: Path) -> None:
    names = ", ".join(f"s{i}: {{}}" for i in range(2_000))
    (tmp_path / "a.yaml").write_text(f"defaults: {{description: {'x' * 60_000}, run: {RUN}}}\nschedules: {{{names}}}\n")
    _ends(tmp_path, "SC121", "check", "a.yaml")
    (tmp_path / "schedc.toml").write_text(f"[values]\na = '{'x' * 400_000}'\n", "utf-8")
    (tmp_path / "b.yaml").write_text(one(f'    description: "{"${values.a}" * 100_000}"\n'), "utf-8")
    _ends(tmp_path, "SC121", "check", "b.yaml")


def test_findings_are_bounded_and_too_many_are_an_error_of_no_target() -> None:
    sink = Sink()
    for _ in range(2 * MOST_FOUND):
        sink.add(rules.TARGET_CAVEAT, "x" * 2 * LONGEST, target="airflow")
    assert len(sink.found) == MOST_FOUND + 1
    assert (sink.found[-1].rule, sink.found[-1].target, sink.errors) == (rules.TOO_MUCH, None, 1)
    assert sink.is_full
    assert max(len(d.message) for d in sink.found) == LONGEST + 3


@pytest.mark.parametrize("text", [f"[{'x, ' * MOST_NODES}]", f"[&a {'x' * (MOST_TEXT // 8)}{', *a' * 8}]"])
def test_values_and_letters_are_counted_with_aliases(text: str) -> None:
    sink = Sink()
    assert read_yaml(SourceFile("a.yaml", text), sink) is None
    assert [d.rule.code for d in sink.found] == ["SC109"]


# -- regular expressions -----------------------------------------------------------------------------------------------

ATTACKS = (
    "a",
    "-",
    "a-",
    " ",
    "\n",
    "$",
    "${",
    "0",
    "0,",
    "*/",
    "/",
    ".",
    "a.",
    "'",
    '"',
    "\\",
    "{{",
    "://",
    "a:",
    "=",
    "# ",
    "#schedc:allow ",
)


def _patterns() -> dict[str, re.Pattern[str]]:
    """Every regular expression that a module of the package holds."""
    found = {}
    for module in pkgutil.walk_packages(schedc.__path__, "schedc."):
        if "__main__" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            text, flags = getattr(value, "pattern", None), getattr(value, "flags", None)
            if isinstance(text, str) and isinstance(flags, int) and hasattr(value, "fullmatch"):
                found[f"{module.name}.{name}"] = re.compile(text, flags)
    return found


_TRY = """
import json, re, sys
text, flags, attacks = json.loads(sys.stdin.read())
one = re.compile(text, flags)
for attack in attacks:
    one.search(attack), one.fullmatch(attack), one.match(attack)
"""


def test_no_regular_expression_backtracks_far(tell: Callable[[str], None]) -> None:
    """Each on long repetitions of what its text and others are made of: exponential work would never end."""
    patterns = _patterns()
    assert len(patterns) > 60
    for name, one_pattern in patterns.items():
        own = sorted(set(re.findall(r"[A-Za-z0-9:/.#@-]{1,12}", one_pattern.pattern)))[:12]
        attacks = [f"{attack * (3_000 // len(attack))}!\x00" for attack in (*ATTACKS, *own)]
        given = json.dumps([one_pattern.pattern, one_pattern.flags, attacks])
        done = subprocess.run(
            [sys.executable, "-S", "-c", _TRY],
            input=given,
            text=True,
            preexec_fn=_limited,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (name, done.stderr[-300:])
    tell(f"exhaustion: {len(patterns)} regular expressions, each on {len(ATTACKS)} repetitions and its own words")


# -- the page ----------------------------------------------------------------------------------------------------------


def test_the_page_of_limits_has_every_limit() -> None:
    """docs/limits.md names each constant's figure in its row."""
    page = (ROOT / "docs" / "limits.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| ([^|]+?) +\| ([0-9,]+)[^|]*\|", page, re.MULTILINE))
    assert {about: int(figure.replace(",", "")) for about, figure in rows.items()} == LIMITS


def _limits() -> dict[str, int]:
    return {
        "bytes of a source or a package": yaml_file.LONGEST_FILE,
        "levels of a source": yaml_file.DEEPEST,
        "keys and values of a source, aliases followed": yaml_file.MOST_NODES,
        "characters of the texts of a source, aliases followed": yaml_file.MOST_TEXT,
        "bytes of `schedc.toml`": project._LONGEST,
        "characters of a cron expression": cron_expression.LONGEST,
        "schedules of a run": resolved_size.MOST_SCHEDULES,
        "keys and values of all schedules of a run": resolved_size.MOST_VALUES,
        "characters of a schedule": resolved_size.LARGEST_SCHEDULE,
        "characters of all schedules of a run": resolved_size.MOST_TEXT,
        "bytes of an argument or a variable": impossible_text.LONGEST_WORD,
        "characters of the artifacts of a schedule": target.LONGEST_ARTIFACT,
        "characters of the YAML of an artifact": bounded_yaml.LONGEST,
        "levels of the YAML of an artifact": bounded_yaml.DEEPEST,
        "bytes of a file of a revision of git": git_tree.LARGEST_FILE,
        "bytes of all files of a revision of git": git_tree.LARGEST_TREE,
        "findings of a run": MOST_FOUND,
        "unknown keys of a mapping that are told of": MOST_UNKNOWN,
        "characters of a message": LONGEST,
    }


LIMITS = _limits()
