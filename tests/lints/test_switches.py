"""Which lints are on: the table `lints` of schedc.toml, its mistakes, environments, and what is not even imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from compiling import CONTAINER, compile_files, document
from schedc import cli, lints
from schedc.diagnostics.rules import BY_KEY
from schedc.diagnostics.sink import Sink
from schedc.frontend.allowances import tell_unused
from schedc.lints.lint import Lint
from schedc.project import find_project, lints_of

NAMES = (
    *("backfill-on-deploy", "clock-change-hour", "misread-cron", "no-owner", "stampede", "too-often", "uneven-step"),
)


def test_every_lint_is_found_and_is_a_rule_that_warns() -> None:
    assert lints.names() == NAMES
    for name in NAMES:
        one = lints.named(name)
        assert isinstance(one, Lint)
        assert (one.of_schedule is None) is not (one.of_compiled is None)
        assert all(f.about and f.default is not None for f in one.options)
        assert BY_KEY[name].severity == "warning"
        assert 220 <= int(BY_KEY[name].code[2:]) <= 226


# schedc.toml, the environment, and what is on
SWITCHED: list[tuple[str, str | None, dict[str, dict[str, Any]]]] = [
    ("", None, {"backfill-on-deploy": {}}),
    ("[lints]\nbackfill-on-deploy = false\n", None, {}),
    ("[lints]\nno-owner = false\n", None, {"backfill-on-deploy": {}}),
    (
        "[lints]\nuneven-step = true\nstampede = { most = 20 }\n",
        None,
        {"backfill-on-deploy": {}, "stampede": {"most": 20}, "uneven-step": {}},
    ),
    ("[lints.too-often]\nsecond = 60\n", None, {"backfill-on-deploy": {}, "too-often": {"second": 60}}),
    ("[lints]\nno-owner = true\n[environments.dev.lints]\nno-owner = false\n", "dev", {"backfill-on-deploy": {}}),
    (
        "[lints]\nno-owner = true\n[environments.dev.lints]\nstampede = true\n",
        "dev",
        {"backfill-on-deploy": {}, "no-owner": {}, "stampede": {}},
    ),
    ("[environments.dev.lints]\nstampede = true\n", "prod", {"backfill-on-deploy": {}}),
]


@pytest.mark.parametrize(("toml", "environment", "on"), SWITCHED)
def test_what_is_on(toml: str, environment: str | None, on: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "schedc.toml").write_text(toml)
    sink = Sink()
    assert lints_of(find_project(tmp_path, sink), environment) == on
    assert sink.found == []


def test_the_table_may_stand_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.schedc.lints]\nno-owner = true\nbackfill-on-deploy = false\n")
    assert lints_of(find_project(tmp_path, Sink()), None) == {"no-owner": {}}


MISTAKES = [
    ("uneven-steps = true", "SC103", "'uneven-steps' is not a field of lints", "did you mean uneven-step?"),
    ("no_owner = true", "SC103", "'no_owner' is not a field of lints", "did you mean no-owner?"),
    (
        "quiet = true",
        "SC103",
        "'quiet' is not a field of lints",
        f"the fields are {', '.join(NAMES)}",
    ),
    ("no-owner = 1", "SC104", "expected true or false, found a whole number", None),
    ('stampede = "on"', "SC104", "expected true or false, found text", "write true"),
    ("stampede = { must = 3 }", "SC103", "'must' is not a field of lints.stampede", "did you mean most?"),
    ("stampede = { most = 0 }", "SC106", "0 is out of range: it must be 1 or more", None),
    ("too-often = { second = 86400 }", "SC106", "86400 is out of range: it must be from 2 to 43200", None),
    ("no-owner = { most = 3 }", "SC104", "expected true or false, found a mapping", None),
]


@pytest.mark.parametrize("table", ["lints", "environments.dev.lints"])
@pytest.mark.parametrize(("line", "code", "message", "help"), MISTAKES)
def test_mistakes_are_told(line: str, code: str, message: str, help: str | None, table: str, tmp_path: Path) -> None:
    (tmp_path / "schedc.toml").write_text(f"[{table}]\n{line}\n")
    sink = Sink()
    project = find_project(tmp_path, sink)
    [found] = sink.found
    assert (found.rule.code, found.message) == (code, message)
    assert found.help == help
    assert found.span is not None
    assert found.span.position[0] == 2
    assert lints_of(project, "dev") == {"backfill-on-deploy": {}}


def _sources(comment: str = "") -> str:
    one = document(
        {"one": {"cron_expression": "*/2 * * * *", "run": {"container": CONTAINER}, "deploy_to": ["airflow"]}}
    )
    return one.replace('    "one"', f'    # {comment}\n    "one"') if comment else one


@pytest.mark.parametrize("key", ["SC222", "too-often"])
def test_a_comment_allows_it(key: str, tmp_path: Path) -> None:
    files = {"schedc.toml": "[lints]\ntoo-often = true\n", "one.yaml": _sources(f"schedc: allow {key} it is light")}
    assert compile_files(tmp_path, files, lint=True).found == []


def test_an_allowance_of_a_lint_that_is_off_is_left_alone(tmp_path: Path) -> None:
    """An environment may switch it on; where it ran and found nothing, the comment is told of."""
    (tmp_path / "one.yaml").write_text(_sources("schedc: allow uneven-step it is light"))
    for toml, unused in (("", []), ("[lints]\nuneven-step = true\n", ["nothing in one breaks SC220"])):
        (tmp_path / "schedc.toml").write_text(toml)
        sink = Sink()
        from schedc.compile import compile_schedules
        from schedc.load import Selection, load

        project = find_project(tmp_path, sink)
        schedules = load(project, Selection(paths=("one.yaml",), cwd=tmp_path), sink)
        compile_schedules(schedules, ["airflow"], sink, lints_of(project, None))
        tell_unused(sink)
        assert [d.message for d in sink.found if d.rule.code == "SC212"] == unused


def test_the_command_line_runs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "schedc.toml").write_text('sources = ["one.yaml"]\n[environments.prod.lints]\ntoo-often = true\n')
    (tmp_path / "one.yaml").write_text(_sources())
    monkeypatch.chdir(tmp_path)
    assert (cli.run(["check"]), "SC222" in capsys.readouterr().err) == (0, False)
    assert (cli.run(["check", "--env", "prod"]), "SC222" in capsys.readouterr().err) == (0, True)


def test_a_lint_that_is_off_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "schedc.toml").write_text('sources = ["one.yaml"]\n[lints]\nno-owner = true\ntoo-often = false\n')
    (tmp_path / "one.yaml").write_text(_sources())
    code = (
        "import sys; from schedc import cli; cli.run(['check'])\n"
        "print(*sorted(m for m in sys.modules if m.startswith('schedc.lints.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        *("schedc.lints.backfill_on_deploy", "schedc.lints.lint", "schedc.lints.no_owner", "schedc.lints.switches")
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_has_its_option_and_its_default(name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "lints.md").read_text("utf-8")
    [row] = [line for line in page.splitlines() if line.startswith(f"| [`{name}`]")]
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    assert f"{BY_KEY[name].code}.md" in cells[0]
    assert cells[2] == ", ".join(f"`{f.name} = {f.default}`" for f in lints.named(name).options)
    assert cells[3] == ("on" if name in lints.ON_BY_DEFAULT else "off")
