"""Every format from the command line: exit codes, streams, paths, and several environments in one document."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from schedc.__main__ import main
from schedc.commands.places import repository, seen_from
from schedc.diagnostics.render import FORMATS

CONFIG = """
sources = ["schedules"]
output = "out"
defaults = {deploy_to = ["kubernetes"]}
"""
GOOD = """
schedules:
  weekly:
    cron_expression: "5 14 * * 3"
    run: {container: {image: "ghcr.io/acme/churn:1.4.0", command: [python]}}
"""
WARNED = GOOD.replace("weekly", "nightly").replace("5 14 * * 3", "30 2 * * *") + "    timezone: Europe/Amsterdam\n"
NOTED = "from schedc import Schedule\n"
REFUSED = GOOD.replace("weekly", "bounded") + "    end_time: 2027-12-01T00:00:00Z\n"
BROKEN = "schedules: [\n"

Done = tuple[int, str, str]
Schedc = Callable[..., Done]
MACHINES = ("json", "gitlab", "sarif", "junit")


@pytest.fixture
def schedc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Schedc:
    """Runs a command in a project inside a git checkout: exit code, stdout, stderr."""
    project = tmp_path / "checkout/services"
    (project / "schedules").mkdir(parents=True)
    (tmp_path / "checkout/.git").mkdir()
    (project / "schedc.toml").write_text(CONFIG, "utf-8")
    (project / "schedules/weekly.yaml").write_text(GOOD, "utf-8")
    monkeypatch.chdir(project)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["schedc", *arguments])
        try:
            code = main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def add(name: str, text: str) -> None:
    Path("schedules", name).write_text(text, "utf-8")


def places(form: str, out: str) -> set[str]:
    """The files that a document names."""
    if form == "json":
        return {d["place"]["file"] for d in json.loads(out)["diagnostics"]}
    if form == "gitlab":
        return {one["location"]["path"] for one in json.loads(out)}
    if form == "sarif":
        results = json.loads(out)["runs"][0]["results"]
        return {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results}
    if form == "github":
        return set(re.findall(r"file=([^,]*)", out))
    if form == "concise":
        return set(re.findall(r"^([^:]*):\d+:\d+: ", out, re.MULTILINE))
    return set(re.findall(r"^#### (.*)$", out, re.MULTILINE))


# ------------------------------------------------------------------------------------------------ thresholds

_FILES = {"error": REFUSED, "warning": WARNED, "note": NOTED}


@pytest.mark.parametrize("least", ["error", "warning", "note"])
@pytest.mark.parametrize("worst", ["error", "warning", "note"])
@pytest.mark.parametrize("command", ["check", "compile", "verify"])
def test_what_fails_the_command(schedc: Schedc, command: str, worst: str, least: str) -> None:
    folder = ["out"] if command == "verify" else []
    if command == "verify":
        assert schedc("compile")[0] == 0
    add(f"{worst}.{'py' if worst == 'note' else 'yaml'}", _FILES[worst])
    if command == "verify" and worst != "error":
        schedc("compile")
    graver = ["error", "warning", "note"]
    fails = graver.index(worst) <= graver.index(least)
    for form in ("text", "sarif", "junit"):
        code, out, err = schedc(command, *folder, "--fail-on", least, "--format", form)
        assert code == int(fails), (form, out, err)
    if worst == "error":
        assert schedc(command, *folder)[0] == 1


def test_nothing_fails_where_nothing_was_found(schedc: Schedc) -> None:
    assert schedc("check", "--fail-on", "note")[0] == 0
    assert schedc("compile", "--fail-on", "note")[0] == 0
    assert schedc("verify", "out", "--fail-on", "note")[0] == 0
    assert schedc("check", "--fail-on", "trifle")[0] == 2


def test_a_threshold_changes_no_artifact(schedc: Schedc) -> None:
    add("warned.yaml", WARNED)
    assert schedc("compile", "--fail-on", "warning")[0] == 1
    assert Path("out/kubernetes/nightly.yaml").is_file()
    assert schedc("compile", "--strict", "--out", "strict")[0] == 1
    assert not Path("strict").exists()


@pytest.mark.parametrize("form", FORMATS)
def test_the_exit_code_does_not_depend_on_the_format(schedc: Schedc, form: str) -> None:
    """What a deployment starts at once is a note where notes count, whatever the format."""
    told = ("compile", "--target", "airflow", "--format", form)
    add("weekly.yaml", GOOD + "    deploy_to: [airflow]\n")
    assert schedc(*told)[0] == 0
    assert schedc(*told, "--fail-on", "note")[0] == 1


# ------------------------------------------------------------------------------------------------ documents


@pytest.mark.parametrize("command", [["check"], ["compile"], ["compile", "--check", "--diff"], ["verify", "out"]])
@pytest.mark.parametrize("form", MACHINES)
def test_stdout_holds_just_the_document(schedc: Schedc, form: str, command: list[str]) -> None:
    schedc("compile")
    Path("out/kubernetes/weekly.yaml").write_text("kind: CronJob\n", "utf-8")
    add("refused.yaml", REFUSED)
    add("broken.yaml", BROKEN)
    code, out, err = schedc(*command, "--format", form)
    assert code == 2
    if form == "junit":
        assert ElementTree.fromstring(out).tag == "testsuites"
    else:
        json.loads(out)
    assert "SC101" in out  # what cannot be read is told there too
    assert not re.search("error|warning|proved", err.replace("+++", "").partition("--- ")[0])


@pytest.mark.parametrize("form", ["json", "gitlab", "sarif", "junit", "markdown"])
def test_a_document_is_printed_where_nothing_was_found(schedc: Schedc, form: str) -> None:
    code, out, _ = schedc("check", "--format", form)
    assert (code, bool(out)) == (0, True)


def test_people_read_counts_beside(schedc: Schedc) -> None:
    add("refused.yaml", REFUSED)
    for form in ("concise", "github", "markdown"):
        code, out, err = schedc("check", "--format", form)
        assert (code, err) == (1, "1 error\n"), form
        assert "1 error\n" not in out.replace("check: 1 error\n", "")
    Path("schedules/refused.yaml").unlink()
    assert schedc("check", "--format", "concise")[1:] == ("", "1 schedule, 1 proved on their targets\n")


@pytest.mark.parametrize("form", ["gitlab", "sarif", "github", "markdown"])
def test_paths_begin_at_the_top_of_the_checkout(schedc: Schedc, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    add("refused.yaml", REFUSED)
    wanted = {"services/schedules/refused.yaml"}
    assert places(form, schedc("check", "--format", form)[1]) == wanted
    monkeypatch.chdir("schedules")
    assert places(form, schedc("check", "--format", form)[1]) == wanted
    assert places(form, schedc("check", "refused.yaml", "--format", form)[1]) == wanted
    Path("../schedc.toml").write_text(CONFIG + "output = 3\n", "utf-8")
    assert "services/schedc.toml" in places(form, schedc("check", "refused.yaml", "--format", form)[1])


def test_concise_paths_lead_there_from_here(schedc: Schedc, monkeypatch: pytest.MonkeyPatch) -> None:
    add("refused.yaml", REFUSED)
    assert places("concise", schedc("check", "--format", "concise")[1]) == {"schedules/refused.yaml"}
    monkeypatch.chdir("schedules")
    assert places("concise", schedc("check", "--format", "concise")[1]) == {"refused.yaml"}


def test_without_a_checkout_paths_begin_at_the_project(tmp_path: Path) -> None:
    (tmp_path / "a/.git").mkdir(parents=True)
    (tmp_path / "a/b").mkdir()
    (tmp_path / "c").mkdir()
    assert repository(tmp_path / "a/b") == tmp_path / "a"
    assert repository(tmp_path / "c") == tmp_path / "c"
    assert seen_from(tmp_path / "a", lambda _: tmp_path / "a/b")("../x y.yaml") == "x y.yaml"
    assert seen_from(tmp_path / "a/b", lambda _: tmp_path)("c/x.yaml") == "../../c/x.yaml"


# ------------------------------------------------------------------------------------------------ environments


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("command", [["check"], ["compile", "--check"], ["verify", "out"]])
def test_every_environment_in_one_document(schedc: Schedc, command: list[str], form: str) -> None:
    Path("schedc.toml").write_text(CONFIG + "[environments.dev]\n[environments.prod]\n", "utf-8")
    assert schedc("compile", "--env", "all")[0] == 0
    add("refused.yaml", REFUSED)
    code, out, err = schedc(*command, "--env", "all", "--format", form)
    assert code == 1
    shown = err if form == "text" else out
    found = _found(form, shown)
    rule = "SC605" if command[0] == "verify" else "SC301"
    together = form in ("text", "concise", "github", "markdown")
    # What verify misses lies in another folder in each environment.
    one_for_both = together and command[0] != "verify"
    assert found == ([(rule, "dev, prod")] if one_for_both else [(rule, "dev"), (rule, "prod")]), shown
    assert ("dev:" in err) == together


def _found(form: str, out: str) -> list[tuple[str, str]]:
    """The codes and environments of all findings."""
    if form == "json":
        return [(d["code"], d["environment"]) for d in json.loads(out)["diagnostics"]]
    if form == "sarif":
        return [(r["ruleId"], r["properties"]["environment"]) for r in json.loads(out)["runs"][0]["results"]]
    if form == "gitlab":
        return [(one["check_name"], one["description"][:-1].rpartition(" ")[2]) for one in json.loads(out)]
    if form == "junit":
        return [
            (failure.attrib["type"], str(suite.attrib["name"]).partition("(")[2][:-1])
            for suite in ElementTree.fromstring(out)
            for failure in suite.iter("failure")
        ]
    pattern = {
        "text": r"\[(SC\d+)\](?:.*\n)*?.*= environment (.*)",
        "concise": r"\[(SC\d+)\].*environment ([a-z, ]*)\)",
        "github": r"title=(SC\d+).*%0A.*environment ([a-z, ]*)",
        "markdown": r"\| \*\*error\*\* (SC\d+).*environment (.*) \|",
    }[form]
    return re.findall(pattern, out)


def test_the_worst_environment_decides(schedc: Schedc) -> None:
    Path("schedc.toml").write_text(
        CONFIG + '[environments.dev]\n[environments.prod]\nend_time = "2027-12-01T00:00:00Z"\n', "utf-8"
    )
    code, out, _ = schedc("check", "--env", "all", "--format", "junit")
    assert code == 1
    suites = ElementTree.fromstring(out)
    assert [(s.get("name"), s.get("failures")) for s in suites] == [
        ("schedc check (dev)", "0"),
        ("schedc check (prod)", "1"),
    ]


def test_one_environment_is_not_named_in_findings(schedc: Schedc) -> None:
    Path("schedc.toml").write_text(CONFIG + "[environments.dev]\n", "utf-8")
    add("refused.yaml", REFUSED)
    data: dict[str, Any] = json.loads(schedc("check", "--env", "dev", "--format", "json")[1])
    assert [d["environment"] for d in data["diagnostics"]] == [None]


@pytest.mark.parametrize("form", MACHINES)
def test_a_project_that_cannot_be_read_is_told_in_the_document(schedc: Schedc, form: str) -> None:
    Path("schedc.toml").write_text("sources = [\n", "utf-8")
    code, out, _ = schedc("check", "--env", "all", "--format", form)
    assert code == 2
    assert "SC608" in out


def test_wrong_usage_is_told_once(schedc: Schedc) -> None:
    Path("schedc.toml").write_text(CONFIG + "[environments.dev]\n[environments.prod]\n", "utf-8")
    code, out, err = schedc("check", "--env", "all", "--target", "nowhere", "--format", "sarif")
    assert (code, out, err.count("nowhere")) == (2, "", 1)


SECRET = "kR7w3Np5" + "Ys2Q8"  # not that of the page about SC505, which SARIF carries
_ENV = f"env: {{DB_PASSWORD: {SECRET}"
LEAKS = [
    # found by the check of literal secrets
    GOOD.replace("command: [python]", f"command: [python], {_ENV}}}"),
    # in the line of another mistake, for which the schedule is not checked
    GOOD.replace("command: [python]", f"command: [python], {_ENV}, STAGE: 3}}"),
    GOOD.replace("command: [python]", f"command: [python], {_ENV}}}, workng_dir: /"),
    GOOD.replace("command: [python]", f"command: [python, --token={SECRET}], entrypoint: x"),
]


@pytest.mark.parametrize("text", LEAKS)
@pytest.mark.parametrize("form", FORMATS)
def test_no_format_prints_a_secret(schedc: Schedc, form: str, text: str) -> None:
    add("leak.yaml", text.replace("weekly", "leaking"))
    for command in ("check", "compile"):
        code, out, err = schedc(command, "--format", form)
        assert code == 1
        assert SECRET not in out + err
