"""`schedc compile --diff`: what drifted as text, and then what that means."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from schedc.__main__ import main

RUN = 'run: {container: {image: "a/b:1", command: [b]}}'
Schedc = Callable[..., tuple[int, str, str]]


@pytest.fixture
def schedc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Schedc:
    """Runs a command in a project whose two schedules were compiled for two targets."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["schedc", *arguments])
        code = main()
        said = capsys.readouterr()
        return code, said.out, said.err

    Path("schedules").mkdir()
    Path("schedc.toml").write_text('sources = ["schedules"]\noutput = "out"\n', "utf-8")
    for name, at in (("noon", "0 12"), ("night", "0 3")):
        text = f'schedules:\n  {name}: {{cron_expression: "{at} * * *", deploy_to: [airflow, kubernetes], {RUN}}}\n'
        Path("schedules", f"{name}.yaml").write_text(text, "utf-8")
    assert run("compile")[0] == 0
    return run


def edit(path: str, old: str, new: str) -> None:
    text = Path(path).read_text("utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new), "utf-8")


def _hour() -> None:
    edit("out/kubernetes/noon.yaml", '"0 12 * * *"', '"0 11 * * *"')


def _image() -> None:
    edit("out/kubernetes/noon.yaml", "a/b:1", "a/b:2")


def _policy() -> None:
    edit("out/kubernetes/noon.yaml", "concurrencyPolicy: Allow", "concurrencyPolicy: Replace")


def _missing() -> None:
    Path("out/airflow/night.py").unlink()


def _orphan() -> None:
    Path("schedules/night.yaml").unlink()


def _comment() -> None:
    edit("out/kubernetes/noon.yaml", "# Runs at", "# It runs at")


def _unreadable() -> None:
    Path("out/kubernetes/noon.yaml").write_text("hello\n", "utf-8")


# What happened, and what is said of it: on every line that is given.
DRIFTS = {
    _hour: [
        "noon  fires",
        r"kubernetes: 366 moved by \+1 h",
        "1 schedule changed .*, 1 unchanged",
    ],
    _image: ["noon  workload", r"run\.container\.image: a/b:2 -> a/b:1"],
    _policy: ["noon  policy", "overlap|active|Replace|replace"],
    _missing: ["night  fires", "airflow: added", "366 gained"],
    _orphan: ["night  fires .*removed", "airflow.*366 lost"],
    _comment: ["the same but for the text of the artifacts: noon", "nothing changed|1 same"],
    _unreadable: ["kubernetes: .*cannot be read"],
}


@pytest.mark.parametrize("happened", DRIFTS)
@pytest.mark.parametrize("arguments", [["--check", "--diff"], ["--diff"], ["--diff", "--prune"]])
def test_drift_is_shown_as_text_and_as_what_it_means(
    schedc: Schedc, happened: Callable[[], None], arguments: list[str]
) -> None:
    happened()
    code, out, _ = schedc("compile", *arguments)
    assert code == (1 if "--check" in arguments else 0)
    text, _, meaning = out.partition("\ncompared ")
    assert text.startswith("--- out/")
    for line in DRIFTS[happened]:
        assert re.search(line, meaning), meaning


def test_nothing_is_said_where_nothing_drifted(schedc: Schedc) -> None:
    assert schedc("compile", "--check", "--diff") == (0, "", "")


def test_findings_in_another_form_stand_alone_on_stdout(schedc: Schedc) -> None:
    _hour()
    code, out, err = schedc("compile", "--check", "--diff", "--format", "json")
    assert (code, out[0]) == (1, "{")
    assert "noon  fires" in err


def test_files_of_schedules_that_were_not_picked_are_not_compared(schedc: Schedc) -> None:
    _hour()
    assert schedc("compile", "--check", "--diff", "--schedule", "night")[:2] == (0, "")


def test_what_prune_would_keep_is_not_shown_as_removed(schedc: Schedc) -> None:
    Path("out/kubernetes/mine.yaml").write_text("kind: ConfigMap\n", "utf-8")
    assert schedc("compile", "--diff", "--prune")[1] == ""
