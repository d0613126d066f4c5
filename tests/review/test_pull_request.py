"""A pull request from the hook to the comment: all that is printed on the way is, byte for byte, in golden/ here.

`pytest tests/review --update-golden` writes it anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hook_config import local_config
from review_repository import CHANGED, REFUSED, ROOT, Repository, make_repository

GOLDEN = Path(__file__).parent / "golden"
SCENARIOS = {"changed": CHANGED, "refused": REFUSED}
_DIFF = "schedc diff --against git:main --from 2027-01-01"


def _console(*commands: str) -> Callable[[Repository], str]:
    """What a person sees, with the exit codes."""

    def shown(repository: Repository) -> str:
        parts = []
        for command in commands:
            done = repository.run(command)
            parts.append(f"$ {command}\n{done.stdout}[exit code {done.returncode}]\n")
        return "".join(parts)

    return shown


def _document(command: str) -> Callable[[Repository], str]:
    return lambda repository: repository.run(f"{command} 2>/dev/null").stdout


def _hooks(repository: Repository) -> str:
    repository.write({"../hooks.yaml": local_config({"schedc-check": ["--fail-on", "warning"], "schedc-compile": []})})
    return _console("pre-commit run --config ../hooks.yaml --all-files")(repository)


def run_action(repository: Repository, **inputs: str) -> tuple[int, str]:
    """The exit code and the log of the script of action.yml, with the schedc that is on the path."""
    where = repository.folder.parent
    given = {f"SCHEDC_{name.upper()}": value for name, value in inputs.items()}
    done = repository.run(
        f"bash {ROOT}/ci/github/run.sh",
        SCHEDC_INSTALL="none",
        RUNNER_TEMP=str(where),
        GITHUB_ACTION_PATH=str(ROOT),
        GITHUB_OUTPUT=str(where / "output"),
        GITHUB_STEP_SUMMARY=str(where / "summary.md"),
        **given,
    )
    return done.returncode, re.sub(r"(?<=::)[0-9a-f]{32}", "TOKEN", done.stdout)


def _action(repository: Repository) -> str:
    code, log = run_action(repository, against="main", **{"from": "2027-01-01"})
    return f"{log}[exit code {code}]\n"


def _summary(repository: Repository) -> str:
    run_action(repository, against="main", **{"from": "2027-01-01"})
    return (repository.folder.parent / "summary.md").read_text("utf-8")


SHOWN: dict[str, Callable[[Repository], str]] = {
    "check.txt": _console("schedc check"),
    "compile_check.txt": _console("schedc compile --check --diff"),
    "compile_prune.txt": _console(
        "schedc compile --prune --check",
        "schedc compile --prune",
        "git status --short",
        "schedc compile --check",
        "schedc verify compiled",
    ),
    "diff.txt": _console(_DIFF),
    "diff.md": _document(f"{_DIFF} --format markdown"),
    "diff.json": _document(f"{_DIFF} --format json"),
    "hooks.txt": _hooks,
    "action.txt": _action,
    "action_summary.md": _summary,
}


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_pull_request_shows_what_it_means(
    scenario: str, shown: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = SHOWN[shown](make_repository(tmp_path, SCENARIOS[scenario]))
    assert str(tmp_path) not in found
    stem, kind = shown.rsplit(".", 1)
    path = GOLDEN / f"{scenario}_{stem}.{kind}"
    if request.config.getoption("--update-golden"):
        if os.environ.get("CI"):
            pytest.fail("golden files are not renewed where nobody reads them: run --update-golden without CI")
        path.write_text(found, "utf-8")
    assert found == path.read_text("utf-8")


def test_nothing_else_is_golden() -> None:
    wanted = {f"{scenario}_{shown}" for scenario in SCENARIOS for shown in SHOWN}
    assert {path.name for path in GOLDEN.iterdir()} == wanted


def test_the_summary_is_the_comment_is_the_diff() -> None:
    for scenario in SCENARIOS:
        texts = {(GOLDEN / f"{scenario}_{name}").read_text("utf-8") for name in ("diff.md", "action_summary.md")}
        assert len(texts) == 1


def test_a_change_that_is_compiled_passes(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, CHANGED, compiled=True)
    repository.well("schedc check && schedc compile --check && schedc verify compiled")
    repository.write({"../hooks.yaml": local_config({"schedc-check": [], "schedc-compile": []})})
    assert "Failed" not in repository.well("pre-commit run --config ../hooks.yaml --all-files")
    code, log = run_action(repository, against="main")
    assert (code, "::error" in log) == (0, False)


def test_what_is_shown_depends_on_no_day_folder_or_person(tmp_path: Path) -> None:
    one = make_repository(tmp_path / "one")
    other = make_repository(tmp_path / "another folder")
    other.environment.update(GIT_AUTHOR_NAME="Bo", GIT_COMMITTER_DATE="2027-05-05T05:05:05Z", TZ="Asia/Tokyo")
    other.well("git commit --quiet --amend --no-edit --reset-author --date 2027-05-05T05:05:05Z")
    for name in ("diff.md", "compile_check.txt", "action.txt"):
        assert SHOWN[name](one) == SHOWN[name](other), name
