"""action.yml and the script that it runs: what they take, what they give, and that no input becomes a command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from review_repository import CHANGED, ROOT, Repository, make_repository

_SCRIPTS = ("ci/github/run.sh", ".ci/run", ".ci/check-wheel")
PRESENT = [name for name in _SCRIPTS if (ROOT / name).exists()]
"""An sdist has no .ci."""


def _action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    return found


def _steps() -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = _action()["runs"]["steps"]
    return steps


def test_the_action_is_one() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions"]
    done = subprocess.run([*command, str(ROOT / "action.yml")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_expressions_stand_only_where_they_are_data() -> None:
    """In `env`, `with` and outputs a value stays one; in `run` it would become a part of the script."""
    for step in _steps():
        for key, value in step.items():
            assert key in ("env", "with") or "${{" not in str(value), (key, value)
    for key in ("name", "description", "author", "inputs"):
        assert "${{" not in str(_action()[key])


def test_steps_run_scripts_that_exist() -> None:
    runs = [step["run"] for step in _steps()]
    assert len(runs) == 2
    for run in runs:
        (path,) = re.fullmatch(r'(?:bash|"\$SCHEDC_PYTHON") "\$GITHUB_ACTION_PATH/([\w/.]+)"', run.strip()).groups()  # type: ignore[union-attr]
        assert (ROOT / path).is_file()


def test_every_input_is_used_and_every_output_given() -> None:
    action = _action()
    text = str(action["runs"])
    script = (ROOT / "ci/github/run.sh").read_text("utf-8")
    for name in action["inputs"]:
        assert f"inputs.{name} " in text, name
    for name in [*_steps()[0]["env"]]:
        assert name in script, name
    for name, one in action["outputs"].items():
        assert one["value"] == f"${{{{ steps.run.outputs.{name} }}}}"
        assert f"give {name} " in script


@pytest.mark.parametrize("name", PRESENT)
def test_scripts_are_clean(name: str) -> None:
    command = [str(Path(sys.executable).parent / "shellcheck"), "--severity", "style", str(ROOT / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return make_repository(tmp_path, CHANGED, compiled=True)


def _run(repository: Repository, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """The exit code, the log and the outputs."""
    where = repository.folder.parent
    given = {f"SCHEDC_{name.upper()}": value for name, value in {"install": "none", **inputs}.items()}
    more = {"RUNNER_TEMP": str(where), "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_OUTPUT": str(where / "output")}
    done = repository.run(f"bash {ROOT}/ci/github/run.sh", **more, **given)
    path = where / "output"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return done.returncode, done.stdout, dict(line.split("=", 1) for line in lines)


def test_without_a_base_nothing_is_compared(repository: Repository) -> None:
    code, _, outputs = _run(repository)
    assert (code, outputs) == (0, {})


def test_sarif_and_comment_are_files(repository: Repository) -> None:
    code, _, outputs = _run(repository, against="main", sarif="out.sarif")
    assert code == 0
    assert outputs["sarif-file"] == f"{repository.folder}/out.sarif"
    assert '"version": "2.1.0"' in Path(outputs["sarif-file"]).read_text("utf-8")
    assert Path(outputs["comment-file"]).read_text("utf-8").startswith("<!-- schedc diff -->")


def test_warnings_fail_where_they_shall(repository: Repository) -> None:
    assert _run(repository)[0] == 0
    assert _run(repository, fail_on="warning")[0] == 1
    assert _run(repository, targets="airflow", fail_on="warning")[0] == 0


def test_environments_and_values_are_words(repository: Repository) -> None:
    toml = (repository.folder / "schedc.toml").read_text("utf-8")
    more = '\n[environments.dev]\npaused = true\n[environments.prod]\ndescription = "${values.stage}"\n'
    repository.write({"schedc.toml": toml + more})
    repository.well("schedc compile --env dev --value 'stage=a b' && schedc compile --env prod --value 'stage=a b'")
    code, log, _ = _run(repository, environments="dev\n prod", values="stage=a b\r\n\n")
    assert code == 0, log
    assert _run(repository, environments="all", values="stage=a b")[0] == 0
    assert _run(repository, environments="dev prod", values="stage=other")[0] == 1


ATTACKS = (
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned",
    "&& touch pwned",
    "--out=pwned",
    "*",
    "-x",
    "\\",
    "'",
    '"',
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_input_becomes_a_command(attack: str, repository: Repository) -> None:
    together = dict.fromkeys(("environments", "values", "targets", "against"), attack)
    for inputs in (together, {"against": "main", "from": attack, "fail_on": attack}):
        assert _run(repository, **inputs)[0] == 2, inputs
    assert not (repository.folder / "pwned").exists()
    assert repository.well("git status --short") == ""


def test_texts_of_a_change_are_no_commands(repository: Repository) -> None:
    """A runner reads commands at the beginning of a line, blanks left out, and `##[` anywhere."""
    path = repository.folder / "compiled/airflow/hourly-sync.py"
    path.write_text("::error::forged\n ::add-mask::a\n##[error]forged\n", "utf-8")
    _, log, _ = _run(repository)
    token = re.search(r"^::stop-commands::([0-9a-f]{32})$", log, re.MULTILINE)
    assert token is not None
    before, inside, after = re.split(rf"::stop-commands::{token[1]}\n|::{token[1]}::\n", log)
    assert "forged" in inside
    assert "forged" not in before + after


def test_a_base_that_was_not_checked_out_is_fetched(repository: Repository, tmp_path: Path) -> None:
    base = repository.well("git rev-parse main").strip()
    repository.well(f"git clone --quiet --depth 1 --branch change file://{repository.folder} ../shallow")
    shallow = Repository(tmp_path / "shallow", repository.environment)
    assert shallow.run(f"git cat-file -e {base}").returncode != 0
    code, log, outputs = _run(shallow, against=base)
    assert code == 0, log
    assert "nightly-load" in Path(outputs["comment-file"]).read_text("utf-8")


def test_nothing_is_installed_where_none_shall_be(repository: Repository) -> None:
    repository.environment["PATH"] = "/usr/bin:/bin"
    code, log, outputs = _run(repository)
    assert (code, outputs) == (2, {})
    assert log == "::error title=schedc::install is none, and no schedc is on the path\n"


def test_a_base_that_is_nowhere_fails(repository: Repository) -> None:
    code, log, outputs = _run(repository, against="0" * 40)
    assert (code, outputs) == (2, {})
    assert "could not be fetched" in log


@pytest.mark.engines
def test_the_action_installs_its_own_checkout(tmp_path: Path) -> None:
    """In a fresh environment, with the network, as a runner does."""
    repository = make_repository(tmp_path, CHANGED, compiled=True)
    (tmp_path / "bin/schedc").unlink()
    del repository.environment["PYTHONPATH"]
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "HTTP", "http", "UV_"))}
    repository.environment.update(kept)
    code, log, outputs = _run(repository, install="", python=sys.executable, against="main")
    assert code == 0, log
    assert "schedc 0" in log
    assert Path(outputs["comment-file"]).read_text("utf-8").startswith("<!-- schedc diff -->")
