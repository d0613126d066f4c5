"""`schedc.toml`, environments and values: what is read, what wins, and what is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from frontend_reading import RUN, load_files, one_schedule, place
from schedc.diagnostics.sink import Sink
from schedc.frontend.yaml_file import LONGEST_FILE
from schedc.project import find_project, source_files

CRON = 'cron_expression: "5 14 * * 3"'


def test_the_nearest_file_above_is_found(tmp_path: Path) -> None:
    (tmp_path / "schedc.toml").write_text('output = "above"\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find_project(inner, Sink()).output == "above"
    (tmp_path / "a" / "pyproject.toml").write_text('[tool.schedc]\noutput = "nearer"\n')
    assert find_project(inner, Sink()).output == "nearer"
    (inner / "pyproject.toml").write_text('[tool.other]\noutput = "nothing"\n')
    assert find_project(inner, Sink()).output == "nearer"


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    sink = Sink()
    project = find_project(tmp_path, sink)
    assert (project.root, project.output, project.sources, project.file) == (tmp_path, "compiled", (), None)
    assert sink.found == []


def test_all_settings(tmp_path: Path) -> None:
    (tmp_path / "schedc.toml").write_text(
        'sources = ["schedules", "extra/churn.py"]\n'
        'output = "out"\n'
        "applied_after = 2026-12-01T00:00:00Z\n"
        '[defaults]\ntimezone = "Europe/Amsterdam"\n'
        '[targets]\nairflow = "3.1"\n[targets.kubernetes]\nnamespace = "ml"\n'
        '[values]\ntag = "1.4.0"\n'
        "[environments.dev]\npaused = true\n"
    )
    sink = Sink()
    project = find_project(tmp_path, sink)
    assert sink.found == []
    assert project.sources == ("schedules", "extra/churn.py")
    assert (project.output, project.applied_after, project.values) == ("out", 1796083200, {"tag": "1.4.0"})
    assert project.base is not None
    assert project.base.plainly() == {
        "timezone": "Europe/Amsterdam",
        "targets": {"airflow": {"version": "3.1"}, "kubernetes": {"namespace": "ml"}},
    }
    assert list(project.environments) == ["dev"]


# schedc.toml, code, line, column, marked text, a part of the help
MISTAKES = [
    ("sources = [\n", "SC608", 2, 1, "", None),
    ('sourcs = ["a"]\n', "SC103", 1, 1, "sourcs", "did you mean sources?"),
    ('timezone = "UTC"\n', "SC103", 1, 1, "timezone", "put it under defaults"),
    ('deploy_to = ["airflow"]\n', "SC103", 1, 1, "deploy_to", "put it under defaults"),
    ('sources = "a"\n', "SC104", 1, 1, "sources", None),
    ("[values]\ntag = 1.4\n", "SC104", 2, 1, "tag", None),
    ("applied_after = 2026-12-01T00:00:00\n", "SC110", 1, 1, "applied_after", "end it with Z"),
    ("[environments.dev]\npausd = true\n", "SC103", 2, 1, "pausd", "did you mean paused?"),
    ("[defaults.environments.dev]\npaused = true\n", "SC103", 1, 11, "environments", "write [environments.NAME]"),
    ("[environments]\ndev = 5\n", "SC104", 2, 1, "dev", None),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "marked", "help_"), MISTAKES)
def test_mistakes(text: str, code: str, line: int, column: int, marked: str, help_: str | None, tmp_path: Path) -> None:
    (tmp_path / "schedc.toml").write_text(text)
    sink = Sink()
    find_project(tmp_path, sink)
    assert [place(d) for d in sink.found] == [(code, line, column, marked)]
    assert help_ is None or help_ in (sink.found[0].help or "")


def test_one_mistake_hides_no_other_and_the_rest_is_used(tmp_path: Path) -> None:
    (tmp_path / "schedc.toml").write_text('sourcs = []\noutput = "out"\n[environments.dev]\npausd = true\n')
    sink = Sink()
    project = find_project(tmp_path, sink)
    assert [place(d)[:3] for d in sink.found] == [("SC103", 1, 1), ("SC103", 4, 1)]
    assert project.output == "out"


LAYERS = ["repository", "file", "schedule", "repository's environment", "schedule's environment"]


@pytest.mark.parametrize("strongest", range(len(LAYERS)), ids=LAYERS)
def test_the_stronger_layer_wins(strongest: int, tmp_path: Path) -> None:
    owner = [f"owner-{i}" if i <= strongest else None for i in range(5)]
    toml = f'[defaults]\nowner = "{owner[0]}"\n[environments.dev]\n'
    toml += f'owner = "{owner[3]}"\n' if owner[3] else "paused = true\n"
    text = f"defaults: {{owner: {owner[1]}}}\n" if owner[1] else ""
    fields = CRON + (f"\nowner: {owner[2]}" if owner[2] else "")
    fields += f"\nenvironments: {{dev: {{owner: {owner[4]}}}}}" if owner[4] else ""
    files = {"schedc.toml": toml, "a.yaml": text + one_schedule(fields)}
    assert load_files(tmp_path, files, environment="dev").only.owner == f"owner-{strongest}"


def test_maps_merge_lists_replace_and_null_removes(tmp_path: Path) -> None:
    toml = '[defaults]\nlabels = {a = "1", b = "2"}\ndeploy_to = ["airflow"]\nowner = "ml"\n'
    fields = CRON + '\nlabels: {b: "3", c: "4"}\ndeploy_to: [vertex]\nowner: null'
    schedule = load_files(tmp_path, {"schedc.toml": toml, "a.yaml": one_schedule(fields)}).only
    assert dict(schedule.labels) == {"a": "1", "b": "3", "c": "4"}
    assert (schedule.deploy_to, schedule.owner) == (("vertex",), None)


VALUES = [
    ({}, None, "repository"),
    ({}, "dev", "environment"),
    ({}, "own", "schedule"),
    ({"v": "option"}, "own", "option"),
]


@pytest.mark.parametrize(("given", "environment", "wins"), VALUES)
def test_the_stronger_value_wins(given: dict[str, str], environment: str | None, wins: str, tmp_path: Path) -> None:
    toml = '[values]\nv = "repository"\n[environments.dev]\nvalues = {v = "environment"}\n'
    fields = CRON + "\nowner: ${values.v} and $${values.v}\nenvironments: {own: {values: {v: schedule}}}"
    files = {"schedc.toml": toml, "a.yaml": one_schedule(fields)}
    schedule = load_files(tmp_path, files, environment=environment, values=given).only
    assert schedule.owner == f"{wins} and ${{values.v}}"


def test_a_value_of_a_schedules_environment_keeps_every_digit_or_is_refused(tmp_path: Path) -> None:
    text = one_schedule(CRON + "\nenvironments: {dev: {values: {v: 1.10}}}")
    found = load_files(tmp_path, {"a.yaml": text}, environment="dev").found
    assert [place(d) for d in found] == [("SC104", 4, 38, "1.10")]


def test_an_unknown_environment_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    text = one_schedule(CRON + "\nenvironments: {own: {paused: true}}")
    files = {"schedc.toml": "[environments.dev]\npaused = true\n", "a.yaml": text}
    (found,) = load_files(tmp_path, files, environment="prod").found
    assert (found.rule.code, found.message) == ("SC608", "no environment is called prod")
    assert found.help == "the environments are: dev, own"


def test_defaults_of_a_file_hold_no_environments(tmp_path: Path) -> None:
    text = "defaults:\n  environments: {dev: {paused: true}}\n" + one_schedule(CRON)
    found = load_files(tmp_path, {"a.yaml": text}).found
    assert [place(d) for d in found] == [("SC103", 2, 3, "environments")]


def test_names_are_unique_over_all_files(tmp_path: Path) -> None:
    loaded = load_files(tmp_path, {"a.yaml": one_schedule(CRON), "b.yaml": one_schedule(CRON)})
    assert [s.source for s in loaded.schedules] == ["a.yaml"]
    assert [place(d) for d in loaded.found] == [("SC117", 2, 3, "churn")]
    assert loaded.found[0].notes == ("the first one is at a.yaml:2:3",)


FILES = ["s/b.yaml", "s/a.yml", "s/deep/c.yaml", "s/p.py", "s/.hidden/d.yaml", "s/.e.yaml", "s/notes.txt", "one.yaml"]
LISTED = [("s/a.yml", False), ("s/b.yaml", False), ("s/deep/c.yaml", False), ("s/p.py", False)]
SOURCES = [
    (["s"], LISTED),
    (["s", "s"], LISTED),
    (["s/p.py", "s"], [("s/p.py", True), *LISTED[:3]]),
    (["s", "s/p.py"], [*LISTED[:3], ("s/p.py", True)]),
    (["./one.yaml", "one.yaml"], [("one.yaml", True)]),
    (["s/.e.yaml"], [("s/.e.yaml", True)]),
    (["missing.yaml"], [("missing.yaml", True)]),
]


@pytest.mark.parametrize(("paths", "expected"), SOURCES)
def test_source_files(paths: list[str], expected: list[tuple[str, bool]], tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    project = find_project(tmp_path, Sink())
    assert [(shown, named) for _, shown, named in source_files(project, paths, tmp_path)] == expected


def test_yaml_of_others_in_a_folder_is_left_alone_and_a_named_one_is_not(tmp_path: Path) -> None:
    files = {"s/a.yaml": one_schedule(CRON), "s/other.yaml": "kind: Deployment\n", "s/broken.yaml": "a: [\n"}
    assert load_files(tmp_path, files, paths=("s",)).only.name == "churn"
    found = load_files(tmp_path, files, paths=("s/other.yaml",)).found
    assert {d.rule.code for d in found} == {"SC103", "SC105"}


def test_python_in_a_folder_is_skipped_and_said(tmp_path: Path) -> None:
    files = {"s/a.yaml": one_schedule(CRON), "s/b.py": "raise RuntimeError\n"}
    loaded = load_files(tmp_path, files, paths=("s",))
    assert [(d.rule.code, d.help) for d in loaded.found] == [
        ("SC119", "name it: s/b.py, on the command line or under sources in schedc.toml")
    ]
    assert [s.name for s in loaded.schedules] == ["churn"]


def test_a_file_that_is_missing_and_one_that_is_not_text(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"bad.yaml": b"a: \xff", "a.yaml": one_schedule(CRON, run=RUN)}
    loaded = load_files(tmp_path, files, paths=("gone.yaml", "bad.yaml", "a.yaml"))
    assert [(d.rule.code, d.message) for d in loaded.found] == [
        ("SC601", "gone.yaml cannot be read: No such file or directory"),
        ("SC601", "byte 0xff at offset 3 is not UTF-8"),
    ]
    assert [s.name for s in loaded.schedules] == ["churn"]


# how a file of the sources is made, and what is told of it
UNREADABLE = [
    ("a link to itself", lambda path: path.symlink_to(path), "SC601", "cannot be read: "),
    ("a device", lambda path: path.symlink_to("/dev/zero"), "SC601", "it is not a plain file"),
    ("a pipe", lambda path: os.mkfifo(path), "SC601", "it is not a plain file"),
    ("a folder's name", lambda path: path.mkdir(), "SC602", "no source was found"),
    ("a huge file", lambda path: path.write_bytes(b"#" * (LONGEST_FILE + 1)), "SC109", "more than the"),
]


@pytest.mark.parametrize(("about", "make", "code", "message"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_what_is_no_file_is_told(
    about: str, make: Callable[[Path], object], code: str, message: str, tmp_path: Path
) -> None:
    make(tmp_path / "a.yaml")
    (found,) = load_files(tmp_path, {}, paths=("a.yaml",)).found
    assert found.rule.code == code
    assert message in found.message


@pytest.mark.parametrize(("name", "code"), [("a\0b", "SC122"), ("x" * 5000, "SC601"), ("a/" * 3000, "SC601")])
def test_a_path_that_no_file_can_have_is_told(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "schedc.toml").write_text(f"sources = [{json.dumps(name)}]\n")
    assert [d.rule.code for d in load_files(tmp_path, {}, paths=()).found] == [code]


def test_a_package_is_read_within_a_limit(tmp_path: Path) -> None:
    for package in ("/dev/zero", "a\\0b", "gone.yaml"):
        text = one_schedule(CRON, f'    run: {{pipeline: {{package: "{package}"}}}}\n')
        assert [d.rule.code for d in load_files(tmp_path, {"a.yaml": text}).found] == ["SC502"]


BAD_TOML = [
    ("a = " + "[" * 100_000, "nested too deeply"),
    ("a" + ".a" * 5000 + " = 1\n", "nested too deeply"),
    ("a = 1" + "0" * 5000, "not TOML"),
    ("# " + "x" * 600_000, "more than the"),
    ("a = '\0'", "not TOML"),
]


@pytest.mark.parametrize(("text", "message"), BAD_TOML, ids=["arrays", "keys", "number", "size", "nul"])
def test_toml_that_cannot_be_read_is_told(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "schedc.toml").write_text(text)
    sink = Sink()
    find_project(tmp_path, sink)
    assert [d.rule.code for d in sink.found] == ["SC608"]
    assert message in sink.found[0].message


PYPROJECTS = [
    ('[tool.schedc]\noutput = "o"\n', "o", []),
    ('[tool]\nschedc.output = "o"\n', "o", []),
    ('tool.schedc.output = "o"\n', "o", []),
    ('tool = {schedc = {output = "o"}}\n', "o", []),
    ('[project]\ndependencies = ["schedc"]\n', "compiled", []),
    ("tool = 5\nx = 'schedc'\n", "compiled", []),
    ("[[tool]]\nschedc = 1\n", "compiled", []),
    ("[tool]\nschedc = 5\n", "compiled", ["SC104"]),
    ("[[tool.schedc]]\n", "compiled", ["SC104"]),
    ("[tool.schedc\n", "compiled", ["SC608"]),
    ("x = schedc\n", "compiled", []),
]


@pytest.mark.parametrize(("text", "output", "codes"), PYPROJECTS)
def test_pyproject_of_any_shape(text: str, output: str, codes: list[str], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    sink = Sink()
    assert find_project(tmp_path, sink).output == output
    assert [d.rule.code for d in sink.found] == codes


def test_many_python_files_are_skipped_in_one_note(tmp_path: Path) -> None:
    files = {"s/a.yaml": one_schedule(CRON), **{f"s/{i:02}.py": "1 / 0\n" for i in range(12)}}
    (found,) = load_files(tmp_path, files, paths=("s",)).found
    assert found.message.startswith("12 Python files were not run")
    assert found.notes[0].startswith("they are s/00.py, s/01.py")
    assert found.notes[0].endswith("s/09.py and 2 more")


@pytest.mark.parametrize("key", ["cron_expresion", "interval_secnd", "run_once_start_tme", "cron-expression", "cron"])
def test_a_slip_in_the_name_of_a_trigger_is_told_once(key: str, tmp_path: Path) -> None:
    found = load_files(tmp_path, {"a.yaml": one_schedule(f'{key}: "5 14 * * 3"')}).found
    assert [d.rule.code for d in found] == ["SC103"]


NEAR_MISSES = ["${value.v}", "${VALUES.v}", "${values.v", "${ values.v }", "${Values.v}", "${values.}"]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_mark_that_looks_like_a_value_is_told(text: str, tmp_path: Path) -> None:
    files = {"schedc.toml": '[values]\nv = "1"\n', "a.yaml": one_schedule(CRON + f"\nowner: '{text}'")}
    loaded = load_files(tmp_path, files)
    assert loaded.schedules[0].owner == text
    assert [(d.rule.code, d.is_error) for d in loaded.found] == [("SC113", False)]


@pytest.mark.parametrize("text", ["${HOME}", "$${values.v}", "$${value.v}", "${values.v} and ${OTHER}", "a $ b"])
def test_marks_of_others_are_left_alone(text: str, tmp_path: Path) -> None:
    files = {"schedc.toml": '[values]\nv = "1"\n', "a.yaml": one_schedule(CRON + f"\nowner: '{text}'")}
    assert load_files(tmp_path, files).only.owner is not None


PASSED_OVER = [
    ("", True),
    ("# nothing yet\n", True),
    ("schedule: {a: {}}\n", True),
    ("scheduels: {a: {}}\n", True),
    ("Schedules: {a: {}}\n", True),
    ("defaults: {owner: ml}\n", True),
    ('churn: {cron_expression: "@daily"}\n', True),
    ('cron_expression: "@daily"\n', True),
    ("apiVersion: batch/v1\nkind: CronJob\nspec: {schedule: '@daily'}\n", False),
    ("components: {}\ndeploymentSpec: {}\npipelineInfo: {name: x}\n", False),
    ("- a\n", False),
    ("a: [\n", False),
]


@pytest.mark.parametrize(("text", "told"), PASSED_OVER)
def test_a_file_that_looks_like_ours_is_not_passed_over_in_silence(text: str, told: bool, tmp_path: Path) -> None:
    found = load_files(tmp_path, {"s/a.yaml": one_schedule(CRON), "s/other.yaml": text}, paths=("s",)).found
    assert [(d.rule.code, d.is_error) for d in found] == ([("SC120", False)] if told else [])


@pytest.mark.parametrize("text", ["schedules: [", "{schedules: [", 'x: 1\n{"schedules": {}}', "schedules:\n\ta: 1\n"])
def test_a_file_of_schedules_that_is_not_yaml_is_not_passed_over(text: str, tmp_path: Path) -> None:
    found = load_files(tmp_path, {"s/a.yaml": one_schedule(CRON), "s/other.yaml": text}, paths=("s",)).found
    assert [d.rule.code for d in found] == ["SC101"]


UNPICKED = [
    ("timezone: Europe/Nowhere", ["SC112"]),
    ("retries: many", ["SC104"]),
    ("overlap: forbidden", ["SC106"]),
    ("run: {container: {command: [a]}}", []),
    ("start_time: '${values.begin}'", []),
    ("owner: null", []),
]


@pytest.mark.parametrize(("text", "codes"), UNPICKED)
def test_an_environment_that_is_not_picked_is_checked_too(text: str, codes: list[str], tmp_path: Path) -> None:
    source = one_schedule(CRON + f"\nenvironments: {{dev: {{{text}}}}}")
    assert [d.rule.code for d in load_files(tmp_path, {"a.yaml": source}).found] == codes


def test_a_value_that_nothing_asks_for_is_told(tmp_path: Path) -> None:
    files = {"a.yaml": one_schedule(CRON + "\nowner: ${values.v}")}
    (found,) = load_files(tmp_path, files, values={"v": "1", "w": "2"}).found
    assert (found.rule.code, found.is_error) == ("SC113", False)
    assert "'w'" in found.message
