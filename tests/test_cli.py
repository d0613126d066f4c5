"""The command line: exit codes, streams, files, and the same bytes in every environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from schedc.__main__ import main
from schedc.commands.schema import schema
from schedc.diagnostics import Rule, rules
from schedc.targets import names, targets

ROOT = Path(__file__).resolve().parents[1]

CONFIG = """
sources = ["schedules"]
output = "out"
[targets.vertex]
project = "acme-ml"
location = "europe-west4"
gcs_output_directory = "gs://acme-ml/schedules"
"""
WEEKLY = """
schedules:
  weekly:
    cron_expression: "5 14 * * 3"
    run: &run {container: {image: "ghcr.io/acme/churn:1.4.0", command: [python, -m, churn.train]}}
"""
REFUSED = """
schedules:
  replaced:
    cron_expression: "0 * * * *"
    overlap: replace
    run: {container: {image: "ghcr.io/acme/sync:2.0.0", command: [sync]}}
"""
BROKEN = """
schedules:
  broken:
    cron_expression: "61 * * * *"
    run: {container: {image: "ghcr.io/acme/sync:2.0.0", command: [sync]}}
"""

Done = tuple[int, str, str]
Schedc = Callable[..., Done]


@pytest.fixture
def schedc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Schedc:
    """Runs a command in a project with one schedule: exit code, stdout, stderr."""
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedc.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "schedules/weekly.yaml").write_text(WEEKLY, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)

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


def files(folder: str) -> dict[str, bytes]:
    root = Path(folder)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["compile"], 0),
        (["compile", "schedules"], 0),
        (["compile", "schedules/weekly.yaml", "--target", "kubernetes"], 0),
        (["compile", "--target", "all"], 0),
        (["compile", "--check"], 1),
        (["compile", "nowhere.yaml"], 2),
        (["compile", "--target", "crontab"], 2),
        (["compile", "--schedule", "monthly"], 2),
        (["compile", "--env", "nowhere"], 2),
        (["compile", "--value", "novalue"], 2),
        (["compile", "--applied-after", "soon"], 2),
        (["compile", "--config", "nowhere.toml"], 2),
        (["compile", "--no-such-option"], 2),
        (["compil"], 2),
        ([], 2),
        (["--help"], 0),
        (["check"], 0),
        (["check", "--strict"], 0),
        (["check", "--format", "json"], 0),
        (["verify", "nowhere"], 2),
        (["next"], 2),
        (["next", "monthly"], 2),
        (["next", "weekly", "--cron", "* * * * *"], 2),
        (["next", "weekly", "-n", "0"], 2),
        (["next", "weekly", "--from", "yesterday"], 2),
        (["next", "--cron", "* * * * *", "--timezone", "Europe/Nowhere"], 2),
        (["next", "--cron", "* * * *"], 1),
        (["next", "weekly"], 0),
        (["targets"], 0),
        (["explain", "SC301"], 0),
        (["explain", "unsupported-by-target"], 0),
        (["explain", "SC999"], 2),
        (["explain", "5 14 * * 3"], 0),
        (["schema"], 0),
        (["init"], 1),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else None,
)
def test_exit_codes(schedc: Schedc, arguments: list[str], code: int) -> None:
    found, out, err = schedc(*arguments)
    assert found == code, err
    assert "Traceback" not in err
    if code != 0:
        assert out == ""
        assert err


@pytest.mark.parametrize(("text", "code"), [(REFUSED, 1), (BROKEN, 1), ("schedules: [", 2), ("", 1)])
def test_findings_exit_with_1_and_unreadable_input_with_2(schedc: Schedc, text: str, code: int) -> None:
    add("more.yaml", text)
    assert schedc("check", "schedules/more.yaml", "--target", "airflow")[0] == code


def test_compile_says_what_it_did_on_stderr(schedc: Schedc) -> None:
    code, out, err = schedc("compile")
    assert (code, out) == (0, "")
    assert err.endswith("5 of 5 files written to out/, 0 as they were\n")
    assert schedc("compile")[2].endswith("0 of 5 files written to out/, 5 as they were\n")
    assert {path.split("/")[0] for path in files("out")} == set(names())


def test_out_takes_a_folder(schedc: Schedc) -> None:
    assert schedc("compile", "--target", "kubernetes", "--out", "elsewhere")[0] == 0
    assert list(files("elsewhere")) == ["kubernetes/weekly.yaml"]
    assert not Path("out").exists()


def test_all_and_nothing_mean_every_target(schedc: Schedc) -> None:
    schedc("compile", "--out", "a")
    schedc("compile", "--target", "all", "--out", "b")
    assert files("a") == files("b")


def test_a_schedule_that_lists_its_targets_is_compiled_for_those_only(schedc: Schedc) -> None:
    add("weekly.yaml", WEEKLY + "    deploy_to: [kubernetes, airflow]\n")
    assert schedc("compile")[0] == 0
    assert {path.split("/")[0] for path in files("out")} == {"airflow", "kubernetes"}


def test_a_named_schedule_must_be_deployed_to_the_named_target(schedc: Schedc) -> None:
    add("weekly.yaml", WEEKLY + "    deploy_to: [airflow]\n")
    code, _, err = schedc("compile", "--schedule", "weekly", "--target", "kubernetes")
    assert code == 1
    assert "SC304" in err


def test_one_schedule_of_several(schedc: Schedc) -> None:
    add("second.yaml", WEEKLY.replace("weekly", "second"))
    assert schedc("compile", "--schedule", "second", "--target", "kubernetes")[0] == 0
    assert list(files("out")) == ["kubernetes/second.yaml"]


def test_a_named_schedule_is_all_that_is_told_of(schedc: Schedc) -> None:
    add(
        "two.yaml",
        """\
schedules:
  one: {cron_expression: "0 4 * * *", run: {container: {image: a, command: [b]}}}
  two: {cron_expression: "0 4 * *", run: {container: {image: a, command: [b]}}}
""",
    )
    code, _, told = schedc("check", "schedules/two.yaml", "--schedule", "one", "--target", "kubernetes")
    assert code == 0
    assert "two:" not in told
    assert "SC107" not in told


def test_dash_prints_one_artifact_as_it_is(schedc: Schedc) -> None:
    schedc("compile", "--target", "airflow")
    code, out, err = schedc("compile", "--target", "airflow", "--out", "-")
    assert (code, err) == (0, "")
    assert out.encode() == files("out")["airflow/weekly.py"]


def test_dash_prints_manifests_as_one_stream(schedc: Schedc) -> None:
    add("second.yaml", WEEKLY.replace("weekly", "second"))
    code, out, _ = schedc("compile", "--target", "kubernetes", "--out", "-")
    assert code == 0
    assert [one["metadata"]["name"] for one in yaml.safe_load_all(out)] == ["second", "weekly"]
    assert not Path("out").exists()


def test_dash_prints_nothing_where_there_is_an_error(schedc: Schedc) -> None:
    add("refused.yaml", REFUSED)
    code, out, err = schedc("compile", "--target", "airflow", "--out", "-")
    assert (code, out) == (1, "")
    assert "SC301" in err


def test_check_finds_drift_missing_files_and_orphans(schedc: Schedc) -> None:
    schedc("compile")
    assert schedc("compile", "--check") == (0, "", "")
    before = files("out")
    Path("out/kubernetes/weekly.yaml").write_text("changed", "utf-8")
    Path("out/kubernetes/old.yaml").write_text("left over", "utf-8")
    Path("out/airflow/weekly.py").unlink()
    code, out, err = schedc("compile", "--check")
    assert (code, out) == (1, "")
    for rule in (rules.DRIFT, rules.ORPHAN, rules.MISSING_ARTIFACT):
        assert f"error[{rule.code}]" in err
    assert files("out").keys() == before.keys() - {"airflow/weekly.py"} | {"kubernetes/old.yaml"}


def test_diff_is_data_and_writes_nothing(schedc: Schedc) -> None:
    schedc("compile", "--target", "kubernetes")
    assert schedc("compile", "--target", "kubernetes", "--diff") == (0, "", "")
    add("weekly.yaml", WEEKLY.replace("5 14", "6 14"))
    before = files("out")
    code, out, _ = schedc("compile", "--target", "kubernetes", "--diff")
    assert code == 0
    assert '-  schedule: "5 14 * * 3"\n' in out
    assert '+  schedule: "6 14 * * 3"\n' in out
    assert files("out") == before
    code, out, _ = schedc("compile", "--target", "kubernetes", "--diff", "--check")
    assert code == 1
    assert out.startswith("--- out/kubernetes/weekly.yaml\n")


def test_a_target_with_an_error_keeps_its_old_output_and_others_are_written(schedc: Schedc) -> None:
    schedc("compile")
    before = files("out/airflow")
    add("refused.yaml", REFUSED)
    code, _, err = schedc("compile", "--target", "airflow", "--target", "kubernetes")
    assert code == 1
    assert "SC301" in err
    assert files("out/airflow") == before
    assert "replaced.yaml" in files("out/kubernetes")


def test_all_errors_are_found_in_one_run(schedc: Schedc) -> None:
    add("broken.yaml", BROKEN)
    add("refused.yaml", REFUSED)
    code, _, err = schedc("check", "--target", "airflow")
    assert code == 1
    assert "SC107" in err
    assert "SC301" in err


def test_an_unknown_target_is_named_with_those_that_are_known(schedc: Schedc) -> None:
    _, _, err = schedc("compile", "--target", "crontab")
    assert "crontab" in err
    assert all(name in err for name in targets())


def test_findings_as_json_are_data(schedc: Schedc) -> None:
    add("refused.yaml", REFUSED)
    code, out, err = schedc("check", "--target", "airflow", "--format", "json")
    assert (code, err) == (1, "")
    (found,) = [one for one in json.loads(out)["diagnostics"] if one["severity"] == "error"]
    assert (found["code"], found["target"], found["schedule"]) == ("SC301", "airflow", "replaced")


def test_colors(schedc: Schedc, monkeypatch: pytest.MonkeyPatch) -> None:
    add("refused.yaml", REFUSED)

    def colored(*arguments: str) -> bool:
        return "\x1b[" in schedc("check", "--target", "airflow", *arguments)[2]

    assert not colored()
    assert colored("--color", "always")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colored()
    assert not colored("--color", "never")


RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.mark.parametrize(
    ("arguments", "instants"),
    [
        (["0 0 * * *", "--from", "2026-01-01T00:00:00Z"], ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
        (["0 0 * * *", "--from", "2026-01-01T00:00:01Z"], ["2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"]),
        (["0 0 1 1 * 2030", "--from", "2026-01-01"], []),
        (
            ["30 2 * * *", "--timezone", "Europe/Amsterdam", "--from", "2027-03-28T00:00:00"],
            ["2027-03-29T00:30:00Z", "2027-03-30T00:30:00Z"],
        ),
        (["*/30 * * * *", "--from", "2026-01-01T02:00+02:00"], ["2026-01-01T00:00:00Z", "2026-01-01T00:30:00Z"]),
        (["0 0 29 2 *", "--from", "2026-01-01T00:00:00Z"], ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
    ],
)
def test_next_gives_instants_at_or_after_a_time(schedc: Schedc, arguments: list[str], instants: list[str]) -> None:
    code, out, _ = schedc("next", "--cron", *arguments, "-n", "2", "--format", "json")
    if instants:
        assert code == 0
        assert json.loads(out) == instants
        assert all(RFC3339.fullmatch(one) for one in instants)
    else:
        assert code in (0, 1)


@pytest.mark.parametrize("expression", ["* * * *", "60 * * * *", "*/0 * * * *", "", "*/2 * */2 * 1", "0/15 * * * *"])
def test_an_invalid_expression_has_no_instants(schedc: Schedc, expression: str) -> None:
    code, out, err = schedc("next", "--cron", expression, "--format", "json")
    assert (code, out) == (1, "")
    assert err.startswith("error: ")


NEXT = ["-n", "1", "--from", "2027-01-01", "--format", "json"]


@pytest.mark.parametrize(
    ("arguments", "instant"),
    [
        (["--cron", "5 14 * * 3", "--target", "kubernetes"], "2027-01-06T14:05:00Z"),
        (["--cron", "5 14 * * 3", "--target", "airflow", "--timezone", "Asia/Tokyo"], "2027-01-06T05:05:00Z"),
        (["--cron", "5 14 * * 3", "--engine", "kubernetes"], "2027-01-06T14:05:00Z"),
        (["--cron", "0 0 13 * 5", "--target", "kubernetes"], "2027-01-01T00:00:00Z"),
        (["weekly", "--engine", "kubernetes"], "2027-01-06T14:05:00Z"),
        (["weekly", "--engine", "airflow-croniter-3"], "2027-01-06T14:05:00Z"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else None,
)
def test_next_asks_the_engine_that_is_named(schedc: Schedc, arguments: list[str], instant: str) -> None:
    code, out, err = schedc("next", *arguments, *NEXT)
    assert (code, json.loads(out), err) == (0, [instant], "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["weekly", "--engine", "nowhere"],
        ["weekly", "--timezone", "Asia/Tokyo"],
        ["weekly", "--engine", "kubernetes", "--target", "kubernetes"],
        ["weekly", "--target", "all"],
        ["every", "--engine", "kubernetes"],
        ["--cron", "* * * * *", "--engine", "nowhere"],
        ["--cron", "* * * * *", "--target", "nowhere"],
        ["--cron", "* * * * *", "--target", "local"],
        ["--cron", "* * * * *", "--target", "all"],
        ["--cron", "* * * * *", "--engine", "airflow", "--target", "airflow"],
        ["--cron", "* * * * *", "--env", "prod"],
        ["--cron", "* * * * *", "--source", "schedules"],
        ["--cron", "* * * * *", "--value", "a=b"],
    ],
    ids=" ".join,
)
def test_next_ignores_no_option(schedc: Schedc, arguments: list[str]) -> None:
    add("every.yaml", WEEKLY.replace("weekly", "every").replace('cron_expression: "5 14 * * 3"', "interval_second: 1h"))
    add("every.yaml", Path("schedules/every.yaml").read_text("utf-8") + "    start_time: 2026-12-01T00:00:00Z\n")
    code, out, err = schedc("next", *arguments, *NEXT)
    assert (code, out) == (2, "")
    assert err.startswith("schedc: ")


def test_next_of_a_schedule_and_of_what_an_engine_makes_of_it(schedc: Schedc) -> None:
    options = ["weekly", "-n", "1", "--from", "2027-01-01", "--format", "json"]
    for more in ([], *(["--target", name] for name in names())):
        code, out, _ = schedc("next", *options, *more)
        assert (code, json.loads(out)) == (0, ["2027-01-06T14:05:00Z"]), more


@pytest.mark.parametrize("rule", [rules.UNSUPPORTED, rules.INVALID_CRON], ids=lambda rule: rule.name)
def test_a_rule_is_explained_by_code_and_by_name(schedc: Schedc, rule: Rule) -> None:
    by_code, by_name = schedc("explain", rule.code), schedc("explain", rule.name)
    assert by_code == by_name
    assert by_code[0] == 0
    assert rule.code in by_code[1]
    assert rule.name in by_code[1]


def test_targets_in_every_form(schedc: Schedc) -> None:
    text, data, page = (schedc("targets", "--format", form)[1] for form in ("text", "json", "markdown"))
    assert json.loads(data).keys() == targets().keys()
    for name in names():
        assert name in text
        assert f"## {targets()[name].title}\n" in page


def _sources() -> list[Path]:
    return [*sorted((ROOT / "examples").glob("*.yaml")), ROOT / "templates/init/example.yaml"]


@pytest.mark.parametrize("path", _sources(), ids=lambda path: path.stem)
def test_the_schema_takes_every_example(path: Path) -> None:
    class Yaml12(yaml.SafeLoader):
        """Times stay text, as in YAML 1.2."""

    Yaml12.yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    data = yaml.load(path.read_text("utf-8"), Yaml12)
    jsonschema.Draft202012Validator(schema()).validate(data)


@pytest.mark.parametrize(
    "data",
    [
        {"schedules": {"Weekly": {}}},
        {"schedules": {"weekly": {"cron": "@daily"}}},
        {"schedules": {"weekly": {"run": {}, "targets": {"kubernetes": {"namespaces": "ml"}}}}},
        {"schedule": {}},
    ],
)
def test_the_schema_refuses_mistakes(data: Mapping[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert not jsonschema.Draft202012Validator(schema()).is_valid(data)


def test_a_starter_project_compiles(schedc: Schedc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert schedc("init", "new")[0] == 0
    monkeypatch.chdir(tmp_path / "new")
    assert schedc("compile")[0] == 0
    assert schedc("compile", "--check")[0] == 0
    assert schedc("verify", "compiled")[0] == 0
    assert schedc("init")[0] == 1


def test_verify_takes_what_was_compiled_and_refuses_what_was_changed(schedc: Schedc) -> None:
    schedc("compile")
    code, out, err = schedc("verify", "out")
    assert (code, out) == (0, "")
    assert err.startswith(f"{len(names())} proved")
    path = Path("out/kubernetes/weekly.yaml")
    path.write_text(path.read_text("utf-8").replace("5 14", "6 14"), "utf-8")
    code, _, err = schedc("verify", "out")
    assert code == 1
    assert "SC401" in err


def test_verify_proves_every_target_that_a_schedule_is_deployed_to(schedc: Schedc) -> None:
    schedc("compile", "--target", "kubernetes")
    code, _, err = schedc("verify", "out")
    assert code == 1
    assert err.count("error[SC605]") == len(names()) - 1
    assert schedc("verify", "out", "--target", "kubernetes")[0] == 0


def test_verify_of_nothing_is_an_error_that_knows_of_environments(schedc: Schedc) -> None:
    add("weekly.yaml", WEEKLY + "    environments: {prod: {owner: ml}}\n")
    schedc("compile", "--env", "prod")
    code, _, err = schedc("verify", "out")
    assert code == 1
    assert err.count("add --env prod") == len(names())
    assert schedc("verify", "out", "--env", "prod")[0] == 0
    add("weekly.yaml", WEEKLY + "    enabled: false\n")
    Path("none").mkdir()
    code, _, err = schedc("verify", "none")
    assert (code, err.count("error[SC605]")) == (1, 1)


def test_verify_of_one_schedule_finds_no_orphans(schedc: Schedc) -> None:
    add("second.yaml", WEEKLY.replace("weekly", "second"))
    schedc("compile")
    assert schedc("verify", "out", "--schedule", "second")[0] == 0


def test_verify_calls_nothing_an_orphan_while_a_source_has_an_error(schedc: Schedc) -> None:
    """An artifact of a schedule that cannot be read is compiled from a source all the same."""
    add("second.yaml", WEEKLY.replace("weekly", "second"))
    schedc("compile")
    add("second.yaml", WEEKLY.replace("weekly", "second").replace("5 14", "5 25"))
    code, _, err = schedc("verify", "out")
    assert (code, err.count("error["), err.count("error[SC604]")) == (1, 1, 0)
    Path("schedules/second.yaml").unlink()
    assert schedc("verify", "out")[2].count("error[SC604]") > 0


def test_a_schedule_that_no_source_has_is_told_beside_errors_of_others(schedc: Schedc) -> None:
    add("second.yaml", WEEKLY.replace("weekly", "second").replace("5 14", "5 25"))
    code, _, err = schedc("check", "--schedule", "third")
    assert (code, err.count("error["), err.count("error[SC607]")) == (2, 1, 1)
    assert "the schedules are second, weekly" in err
    code, _, err = schedc("check", "--schedule", "second")
    assert (code, err.count("error["), err.count("error[SC607]")) == (1, 1, 0)


def test_a_severity_that_is_none_is_answered_with_those_that_are(schedc: Schedc) -> None:
    code, _, err = schedc("check", "--fail-on", "warnings")
    assert code == 2
    assert re.search("choose from '?error'?, '?warning'?, '?note'?\\)", err)


@pytest.mark.parametrize("name", ["../../evil", "..", ".", "", "a/b", "/tmp/x", "Prod", "prod ", "a\\b", "é", "x" * 64])
def test_an_environment_is_a_plain_name(schedc: Schedc, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert schedc("compile", "--env", name)[0] == 2
    assert sorted(tmp_path.rglob("*")) == before
    add("weekly.yaml", WEEKLY + f"    environments: {{{json.dumps(name, ensure_ascii=False)}: {{paused: true}}}}\n")
    assert "SC106" in schedc("compile")[2]
    add("weekly.yaml", WEEKLY)
    Path("schedc.toml").write_text(f"{CONFIG}[environments.{json.dumps(name)}]\npaused = true\n", "utf-8")
    assert "SC106" in schedc("compile")[2]
    assert not Path("out").exists()


@pytest.mark.parametrize("link", ["out/kubernetes", "out/prod"])
def test_compile_writes_through_no_link(schedc: Schedc, tmp_path: Path, link: str) -> None:
    add("weekly.yaml", WEEKLY + "    environments: {prod: {paused: true}}\n    deploy_to: [kubernetes]\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    Path("out").mkdir()
    Path(link).symlink_to(elsewhere)
    code, _, err = schedc("compile", *(["--env", "prod"] if link.endswith("prod") else []))
    assert (code, list(elsewhere.iterdir())) == (2, [])
    assert "symbolic link" in err
    assert "0 of 1 files written" in err
    assert err.endswith("1 not\n")


def test_an_output_that_cannot_be_written_is_counted_honestly(schedc: Schedc) -> None:
    Path("taken").write_text("a file", "utf-8")
    code, _, err = schedc("compile", "--out", "taken", "--target", "kubernetes")
    assert code == 2
    assert "error[SC610]" in err
    assert err.endswith("0 of 1 files written to taken/, 1 not\n")


@pytest.mark.parametrize("arguments", ["--check --out -", "--diff --out -", "- --check", "--env ../x", "--env ."])
def test_options_of_compile_that_contradict_each_other(schedc: Schedc, arguments: str) -> None:
    code, out, err = schedc("compile", *arguments.split())
    assert (code, out) == (2, "")
    assert err.startswith("schedc: ")


def test_check_of_one_schedule_compares_its_files_only(schedc: Schedc) -> None:
    add("second.yaml", WEEKLY.replace("weekly", "second"))
    schedc("compile")
    assert schedc("compile", "--check", "--schedule", "second") == (0, "", "")
    assert schedc("compile", "--diff", "--schedule", "second") == (0, "", "")
    Path("out/kubernetes/second.yaml").unlink()
    code, _, err = schedc("compile", "--check", "--schedule", "second")
    assert (code, err.count("error[")) == (1, 1)


@pytest.mark.parametrize("command", ["check", "compile"])
def test_a_target_that_schedules_nothing_refuses_who_names_it(schedc: Schedc, command: str) -> None:
    one = next(name for name, target in targets().items() if target.unschedulable is not None)
    code, _, err = schedc(command, "--target", one)
    assert (code, err.count("error[SC301]")) == (1, 1)
    add("weekly.yaml", WEEKLY + f"    deploy_to: [{one}]\n")
    code, _, err = schedc(command, "--target", one)
    assert (code, err.count("error[SC301]")) == (1, 1)


def test_a_target_to_which_nothing_is_deployed_is_told(schedc: Schedc) -> None:
    add("weekly.yaml", WEEKLY + "    deploy_to: [airflow]\n")
    code, _, err = schedc("compile", "--target", "vertex")
    assert code == 0
    assert "warning[SC304]" in err
    assert "nothing is deployed to vertex" in err
    assert "SC304" not in schedc("compile", "--target", "all")[2]


def _process(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "compiler"), **environment}
    return subprocess.run(
        [sys.executable, "-m", "schedc", *arguments], cwd=cwd, env=env, capture_output=True, check=False
    )


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "America/Santiago", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONHASHSEED": "4711"},
        {"TZ": "Nowhere/Such", "LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii", "PYTHONHASHSEED": "0"},
    ],
    ids=lambda environment: environment["TZ"],
)
def test_the_same_bytes_in_every_environment(schedc: Schedc, tmp_path: Path, environment: dict[str, str]) -> None:
    add("weekly.yaml", WEEKLY + '    description: "Übung 訓練"\n')
    code, _, err = schedc("compile", "--out", "a")
    assert code == 0, err
    done = _process("compile", "--out", "b", cwd=tmp_path, **environment)
    assert done.returncode == 0, done.stderr
    assert files("a") == files("b")


def test_findings_can_be_printed_where_the_terminal_has_no_such_letters(schedc: Schedc, tmp_path: Path) -> None:
    add("refused.yaml", REFUSED.replace("overlap:", 'description: "Übung 訓練"\n    owner: "Ü"\n    overlap:'))
    done = _process("check", "--target", "airflow", cwd=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_artifacts_are_utf_8_on_a_terminal_without_such_letters(schedc: Schedc, tmp_path: Path) -> None:
    add("weekly.yaml", WEEKLY + '    description: "Übung 訓練"\n')
    plain = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = _process("compile", "--target", "airflow", "--out", "-", cwd=tmp_path, **plain)
    assert done.returncode == 0, done.stderr
    assert "Übung 訓練" in done.stdout.decode("utf-8")
    done = _process("targets", "--format", "markdown", cwd=tmp_path, **plain)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_value_that_is_not_text_is_wrong_usage(schedc: Schedc) -> None:
    assert schedc("compile", "--value", "tag=\udcff")[0] == 2


@pytest.mark.parametrize("arguments", ["targets --format json", "schema", "next --cron '* * * * *' -n 100000"])
def test_a_reader_that_goes_away_is_no_crash(tmp_path: Path, arguments: str) -> None:
    command = f'"{sys.executable}" -m schedc {arguments} | head -1'
    env = {**os.environ, "PYTHONPATH": str(ROOT / "compiler")}
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.stderr.replace("at every minute", "").count("Traceback") == 0
    assert "BrokenPipe" not in done.stderr
    assert len(done.stdout.splitlines()) == 1


ENVIRONMENTS = """
[environments.dev]
paused = true

[environments.prod]
"""


def test_all_environments_in_turn(schedc: Schedc) -> None:
    Path("schedc.toml").write_text(CONFIG + ENVIRONMENTS, "utf-8")
    code, _, told = schedc("compile", "--env", "all", "--target", "kubernetes")
    assert (code, sorted(files("out"))) == (0, ["dev/kubernetes/weekly.yaml", "prod/kubernetes/weekly.yaml"])
    assert told.index("dev:") < told.index("prod:")
    assert schedc("compile", "--env", "all", "--target", "kubernetes", "--check")[0] == 0
    Path("out/dev/kubernetes/weekly.yaml").unlink()
    code, _, told = schedc("compile", "--env", "all", "--target", "kubernetes", "--check")
    assert (code, told.count("SC605")) == (1, 1)
    assert schedc("check", "--env", "all", "--target", "kubernetes")[0] == 0


def test_all_environments_where_there_is_none(schedc: Schedc) -> None:
    assert schedc("compile", "--env", "all")[0] == 2
