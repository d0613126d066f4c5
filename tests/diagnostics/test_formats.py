"""Each format of one set of findings, byte for byte, and what its readers ask of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
import xmlschema
from format_findings import ABOUT, FILE, SECRET, findings, span
from junitparser import JUnitXml
from schedc.diagnostics import Diagnostic, Replacement, Severity, diagnose, rules
from schedc.diagnostics.render import FORMATS, About, render
from schedc.diagnostics.render.groups import groups, summary
from schedc.records import replace
from schedc.source import SourceFile, Span

HERE = Path(__file__).parent / "formats"
ENDINGS = {"json": "json", "gitlab": "gitlab.json", "sarif": "sarif.json", "junit": "junit.xml", "markdown": "md"}


def shown(form: str, found: list[Diagnostic] | None = None, about: About = ABOUT) -> str:
    return render(findings() if found is None else found, form, about=about)


def sarif_without_pages(text: str) -> str:
    """Pages of rules are tested where they are written, and the version changes with each release."""
    data = json.loads(text)
    driver = data["runs"][0]["tool"]["driver"]
    driver.pop("version", None)
    for rule in driver["rules"]:
        del rule["help"], rule["fullDescription"]
    return json.dumps(data, indent=2) + "\n"


@pytest.mark.parametrize("form", FORMATS)
def test_every_byte(form: str, pytestconfig: pytest.Config) -> None:
    text = shown(form)
    if form == "sarif":
        text = sarif_without_pages(text)
    if form == "json":
        text = re.sub(r'"tzdata": "\w+"', '"tzdata": "..."', text)
    path = HERE / f"expected.{ENDINGS.get(form, f'{form}.txt')}"
    if pytestconfig.getoption("--update-golden"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_secret(form: str) -> None:
    assert SECRET not in shown(form)
    assert SECRET in repr(findings())


NOTHING = {
    "text": "",
    "concise": "",
    "github": "",
    "gitlab": "[]\n",
    "markdown": "<!-- schedc check --> schedc check: nothing was found\n",
    "junit": (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="schedc check" tests="0" failures="0" errors="0" />\n'
    ),
}


@pytest.mark.parametrize(("form", "text"), NOTHING.items())
def test_nothing_was_found(form: str, text: str) -> None:
    assert render([], form) == text


def test_a_format_is_imported_only_when_it_is_asked_for() -> None:
    program = """
import sys
from schedc.diagnostics import diagnose, rules
from schedc.diagnostics.render import render
before = set(sys.modules)
render([diagnose(rules.DRIFT, "x")], "concise")
print(*sorted(m.rpartition(".")[2] for m in set(sys.modules) - before if m.startswith("schedc.diagnostics.render.")))
print(*{"xml", "urllib", "dataclasses"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "concise groups secrets text visible\n\n"


# ------------------------------------------------------------------------------------------------ groups


def _of(target: str | None, environment: str | None, message: str = "m") -> Diagnostic:
    return Diagnostic(
        rule=rules.UNSUPPORTED,
        message=message,
        target=target,
        environment=environment,
        schedule="s",
        severity=Severity.ERROR,
    )


GROUPS = [
    ([("a", None), ("b", None)], ["schedule s, target a, b"]),
    ([("a", "dev"), ("a", "prod")], ["schedule s, target a, environment dev, prod"]),
    ([("a", "dev"), ("b", "dev"), ("a", "prod"), ("b", "prod")], ["schedule s, target a, b, environment dev, prod"]),
    # What was found on one target in dev and on another in prod was not found on both in both.
    (
        [("a", "dev"), ("b", "prod")],
        ["schedule s, target a, environment dev", "schedule s, target b, environment prod"],
    ),
    ([(None, "dev"), (None, "prod")], ["schedule s, environment dev, prod"]),
]


@pytest.mark.parametrize(("found", "words"), GROUPS)
def test_groups_say_no_more_than_was_found(found: list[tuple[str | None, str | None]], words: list[str]) -> None:
    assert [group.whole for group in groups([_of(*one) for one in found])] == words


def test_counts_are_of_what_is_shown() -> None:
    found = [_of(t, e) for t in ("a", "b") for e in ("dev", "prod")] + [_of("a", "dev", "other")]
    assert summary(found) == "2 errors"
    assert summary([diagnose(rules.SKIPPED_PYTHON, "x")], notes=True) == "1 note"


# ------------------------------------------------------------------------------------------------ github

_COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:]*,)*\w+=[^,:]*)::(.*)")


def _unescaped(text: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What a runner reads."""
    read = []
    for line in text.split("\n")[:-1]:
        match = _COMMAND.fullmatch(line)
        assert match, line
        pairs = (pair.partition("=") for pair in match[2].split(","))
        read.append((match[1], {name: _unescaped(value) for name, _, value in pairs}, _unescaped(match[3])))
    return read


def test_github_reads_what_was_written() -> None:
    read = commands(shown("github"))
    assert [one[0] for one in read].count("warning") == 1
    (cannot,) = [one for one in read if one[1]["title"] == "SC301 unsupported-by-target"]
    assert cannot == (
        "error",
        {
            "file": "services/naïve folder/a,b:c 100%.yaml",
            "line": "3",
            "col": "11",
            "endLine": "3",
            "endColumn": "15",
            "title": "SC301 unsupported-by-target",
        },
        "the target cannot do it\nschedule churn, target airflow, kubernetes\nnote: a reason\nnote: see its source\n"
        "help: write '5 23 * * 3'",
    )
    (note,) = [one for one in read if one[0] == "notice"]
    assert note[1] == {"title": "SC119 skipped-python"}
    (over_lines,) = [one for one in read if "SC106" in one[1]["title"]]
    assert (over_lines[1]["line"], over_lines[1]["endLine"], "col" in over_lines[1]) == ("4", "5", False)


# ------------------------------------------------------------------------------------------------ gitlab


def _fingerprints(found: list[Diagnostic]) -> list[str]:
    return [one["fingerprint"] for one in json.loads(shown("gitlab", found))]


def test_fingerprints_are_unique_and_stay_when_lines_move() -> None:
    file = SourceFile("a.yaml", "a\nb\nc\n")
    moved = SourceFile("a.yaml", "# one\n# two\na\nb\nc\n")

    def twice(file: SourceFile, message: str = "m") -> list[Diagnostic]:
        return [diagnose(rules.WRONG_TYPE, message, span(mark, file), schedule="s", target="t") for mark in "bc"]

    known = _fingerprints(twice(file))
    assert len(set(known)) == 2
    assert _fingerprints(twice(moved)) == known
    assert set(_fingerprints(twice(file, "n"))).isdisjoint(known)
    for other in ({"schedule": "x"}, {"target": "x"}, {"environment": "x"}, {"rule": rules.INVALID_VALUE}):
        assert set(_fingerprints([replace(d, **other) for d in twice(file)])).isdisjoint(known), other
    every = _fingerprints(findings())
    assert len(set(every)) == len(every) == len(findings())


def test_gitlab_has_a_relative_path_a_line_and_a_word_for_each() -> None:
    for one in json.loads(shown("gitlab")):
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert one["location"]["path"].startswith("services/")
        assert one["location"]["lines"]["begin"] >= 1


# ------------------------------------------------------------------------------------------------ sarif


@pytest.fixture(scope="module")
def sarif_schema() -> Any:
    schema = json.loads((HERE / "sarif-schema-2.1.0.json").read_text("utf-8"))
    return jsonschema.Draft4Validator(schema)


def test_sarif_is_valid(sarif_schema: Any) -> None:
    data = json.loads(shown("sarif"))
    sarif_schema.validate(data)
    sarif_schema.validate(json.loads(render([], "sarif")))
    data["runs"][0]["results"][0]["level"] = "fatal"
    assert not sarif_schema.is_valid(data)


def test_sarif_names_rules_places_and_fixes() -> None:
    (run,) = json.loads(shown("sarif"))["runs"]
    listed = run["tool"]["driver"]["rules"]
    assert all(listed[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    assert all(
        one["help"]["markdown"].startswith(f"# {one['id']}") and one["fullDescription"]["text"] for one in listed
    )
    assert not any("helpUri" in one for one in listed)
    (cannot, *_) = [one for one in run["results"] if one["ruleId"] == "SC301"]
    (place,) = cannot["locations"]
    artifact = place["physicalLocation"]["artifactLocation"]
    assert unquote(artifact["uri"]) == f"services/{FILE.path}"
    assert re.fullmatch(r"[A-Za-z0-9._~/-]*(%[0-9A-F]{2}[A-Za-z0-9._~/-]*)*", artifact["uri"])
    assert artifact["uriBaseId"] in run["originalUriBaseIds"]
    region = place["physicalLocation"]["region"]
    line = FILE.text.split("\n")[region["startLine"] - 1]
    assert run["columnKind"] == "unicodeCodePoints"
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "25 *"
    ((change,),) = [fix["artifactChanges"] for fix in cannot["fixes"]]
    assert change["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": "23 *"}}]
    assert [one["ruleId"] for one in run["results"] if "fixes" in one] == ["SC301", "SC301"]  # not that of the secret


def test_every_result_of_sarif_has_a_file() -> None:
    """Code scanning refuses a report for one result without."""
    (run,) = json.loads(shown("sarif"))["runs"]
    assert all(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"])
    (note,) = [one for one in run["results"] if one["level"] == "note"]
    assert note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "services/schedc.toml"


def test_a_link_of_sarif_is_none_of_the_user() -> None:
    texts = [one["message"]["text"] for one in json.loads(shown("sarif"))["runs"][0]["results"]]
    assert not any("](" in text for text in texts)


# ------------------------------------------------------------------------------------------------ junit


@pytest.fixture(scope="module")
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(HERE / "junit-10.xsd")


def test_junit_is_valid(junit_schema: xmlschema.XMLSchema) -> None:
    junit_schema.validate(shown("junit"))
    assert not junit_schema.is_valid(shown("junit").replace("classname=", "class=", 1))


def _tests(about: About = ABOUT) -> dict[tuple[str | None, str, str], bool]:
    """Which test of which suite failed."""
    suites = JUnitXml.fromstring(shown("junit", about=about).encode())
    return {(s.name, t.classname, t.name): any(r._tag == "failure" for r in t.result) for s in suites for t in s}


def test_junit_has_a_test_for_each_schedule_and_target() -> None:
    failed = _tests()
    assert failed["schedc check", "churn", "airflow"]
    assert failed["schedc check", "churn", "kubernetes"]
    assert not failed["schedc check", "quiet", "vertex"]
    assert not failed["schedc check (dev)", "churn", "vertex"]
    assert not failed["schedc check (prod)", "churn", "airflow"]
    assert failed["schedc check", "services/schedc.toml", "SC608 invalid-project-file"]
    assert not failed["schedc check", "project", "SC119 skipped-python"]
    suites = JUnitXml.fromstring(shown("junit").encode())
    assert (suites.tests, suites.failures) == (len(failed), sum(failed.values()))


def test_junit_fails_for_what_fails_the_run() -> None:
    by_warning = _tests(replace(ABOUT, fail_on=Severity.WARNING))
    assert by_warning["schedc check (prod)", "churn", "airflow"]
    assert not by_warning["schedc check", "project", "SC119 skipped-python"]
    assert _tests(replace(ABOUT, fail_on=Severity.NOTE))["schedc check", "project", "SC119 skipped-python"]


# ------------------------------------------------------------------------------------------------ markdown


def test_markdown_of_many_findings_is_cut_and_says_so() -> None:
    found = [
        diagnose(
            rules.WRONG_TYPE, f"{i} is not text, whatever it may be", span("yes"), help="x" * 100, schedule=f"s{i}"
        )
        for i in range(2000)
    ]
    text = shown("markdown", found)
    rows = text.count("\n| 4 | ")
    assert 60_000 < len(text) + 200 < 65_536
    assert text.endswith(f"Not shown, since the page would be too long: {2000 - rows} more.\n")
    assert "2000 errors" in text


def test_markdown_finds_its_comment_again() -> None:
    marker = "<!-- schedc verify -->"
    assert shown("markdown", about=About(command="verify")).startswith(marker)
    assert shown("markdown", [], About(command="verify")).startswith(marker)


# ------------------------------------------------------------------------------------------------ secrets

SECRETS = [
    ('env: {P: "hV8x2Lq9Zt4W1"}', '"hV8x2Lq9Zt4W1"', "hV8x2Lq9Zt4W1 is odd", "************* is odd"),
    ("args: [--password=hV8x2Lq9Zt4W1]", "--password=hV8x2Lq9Zt4W1", "got hV8x2Lq9Zt4W1", "got *************"),
    ("run('hV8x2Lq9Zt4W1', name)", "run('hV8x2Lq9Zt4W1', name)", "run name hV8x2Lq9Zt4W1", "run name *************"),
    ("P: correct horse 9", "correct horse 9", "no correct horse 9", "no ***************"),
    # Around a secret of a Python source there are plain names, which stay.
    ("nightly_ledger = Schedule(x)", "nightly_ledger", "nightly_ledger fails", "nightly_ledger fails"),
]


@pytest.mark.parametrize(("source", "marked", "message", "covered"), SECRETS)
def test_a_secret_is_covered_wherever_it_is_repeated(source: str, marked: str, message: str, covered: str) -> None:
    file = SourceFile("a", source)
    start = source.index(marked)
    secret = diagnose(rules.LITERAL_SECRET, "x", Span(file, start, start + len(marked)))
    other = diagnose(rules.WRONG_TYPE, message)
    data = json.loads(render([secret, other], "json"))
    assert data["diagnostics"][0]["message"] == covered


# a line, and what of it is covered though no finding tells of a secret in it: its schedule could not be read
LINES = [
    ("env: {DB_PASSWORD: hV8x2Lq9Zt4W1, STAGE: MARK}", "env: {DB_PASSWORD: *************, STAGE: MARK}"),
    ("env: {DB_PASSWORD: 'hV8x2Lq9 Zt4W1', STAGE: MARK}", "env: {DB_PASSWORD: '**************', STAGE: MARK}"),
    ("command: [MARK, --api-key, hV8x2Lq9Zt4W1]", "command: [MARK, --api-key, *************]"),
    ("command: [MARK, --api-key=hV8x2Lq9Zt4W1]", "command: [MARK, --api-key=*************]"),
    ("run(MARK, password='hV8x2Lq9Zt4W1')", "run(MARK, password='*************')"),
    ("url: postgres://app:hunter2@db/ledger MARK", "url: ******************************** MARK"),
    ("env: {P: {secret: db2-creds-x9-eu4, key: MARK}}", "env: {P: {secret: db2-creds-x9-eu4, key: MARK}}"),
    ("image: ghcr.io/acme/churn:1.4.0 MARK", "image: ghcr.io/acme/churn:1.4.0 MARK"),
]


@pytest.mark.parametrize(("line", "covered"), LINES)
def test_a_quoted_line_shows_no_secret_that_the_line_gives_away(line: str, covered: str) -> None:
    file = SourceFile("a.yaml", f"# first\n{line}\n# last\n")
    mark = span("MARK", file)
    fix = Replacement(span(line, file), line)
    found = [diagnose(rules.WRONG_TYPE, "wrong", mark, replacement=fix, help=f"not {line.split()[-1]}")]
    assert render(found, "text").splitlines()[3] == f"2 | {covered}"
    kept = json.loads(render(found, "json"))["diagnostics"][0]["replacement"]
    assert (kept is None) == (line != covered)
    secret = next((a for a, b in zip(line.split(), covered.split(), strict=False) if a != b), None)
    for form in FORMATS:
        assert secret is None or secret.strip("',]=)") not in render(found, form)


def test_a_token_in_a_message_is_covered() -> None:
    token = "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789"
    for form in FORMATS:
        assert token not in render([diagnose(rules.INVALID_VALUE, f"'{token}' is no policy", help=token)], form)


def test_a_secret_on_another_line_is_covered_in_what_is_quoted() -> None:
    file = SourceFile("a.yaml", f"a: {SECRET}\nb: {SECRET} c\n")
    found = [diagnose(rules.LITERAL_SECRET, "x", span(SECRET, file)), diagnose(rules.WRONG_TYPE, "y", span("c", file))]
    assert "b: ************* c" in render(found, "text")
