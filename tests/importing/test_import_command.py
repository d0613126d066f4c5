"""`schedc import` from the command line."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from schedc import cli

CRONTAB = "0 5 * * * /opt/report.sh\n"
KNOWN = ["--system-timezone", "UTC", "--image", "a:1"]


@pytest.fixture
def crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "crontab"
    path.write_text(CRONTAB, "utf-8")
    return path


def test_yaml_goes_to_stdout_and_the_report_to_stderr(crontab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["import", "crontab"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("schedules:\n  # from crontab:1: 0 5 * * *\n  report:\n")
    assert "SC703" in said.err
    assert said.err.endswith("1 schedule imported\n")


def test_what_is_written_passes_check(crontab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["import", "crontab", *KNOWN, "--out", "made/here.yaml"]) == 0
    assert cli.run(["check", "made/here.yaml"]) == 0
    assert "1 schedule imported into made/here.yaml" in capsys.readouterr().err


def test_a_file_is_not_written_over_without_force(crontab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("out.yaml").write_text("mine\n", "utf-8")
    assert cli.run(["import", "crontab", "--out", "out.yaml"]) == 2
    assert Path("out.yaml").read_text("utf-8") == "mine\n"
    assert "--force writes over it" in capsys.readouterr().err
    assert cli.run(["import", "crontab", *KNOWN, "--out", "out.yaml", "--force"]) == 0
    assert Path("out.yaml").read_text("utf-8").startswith("schedules:")


def test_the_report_is_data_where_that_is_asked_for(crontab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["import", "crontab", "--out", "o.yaml", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert {one["code"] for one in found} == {"SC703"}
    assert cli.run(["import", "crontab", "--report", "report.md", "--format", "markdown"]) == 0
    assert "SC703" in Path("report.md").read_text("utf-8")
    assert capsys.readouterr().out.startswith("schedules:")


@pytest.mark.parametrize(
    ("text", "code"),
    [(CRONTAB, 0), ("@reboot x\n0 5 * * * y\n", 1), ("MAILTO=a@b\n" + CRONTAB, 1), ("a: [\n", 2), ("nothing\n", 1)],
)
def test_exit_codes(text: str, code: int, crontab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crontab.write_text(text, "utf-8")
    assert cli.run(["import", "crontab", *KNOWN]) == code


@pytest.mark.parametrize(
    "words",
    [
        ["import", "missing"],
        ["import", "crontab", "--target", "nowhere"],
        ["import", "crontab", "--system-timezone", "Mars/Olympus"],
        ["import", "crontab", "--controller-timezone", "nope"],
        ["import", "crontab", "--dialect", "nope"],
    ],
    ids=lambda words: " ".join(words[1:]),
)
def test_wrong_usage_is_2(words: list[str], crontab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err


def test_standard_input_and_folders(
    crontab: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CRONTAB.encode())))
    assert cli.run(["import", "-", *KNOWN]) == 0
    assert "# from <stdin>:1" in capsys.readouterr().out
    (crontab.parent / "notes.txt").write_text("not a schedule: [\n", "utf-8")
    (crontab.parent / "picture.png").write_bytes(b"\x89PNG\0\0")
    assert cli.run(["import", ".", *KNOWN]) == 0
    assert capsys.readouterr().out.count("# from ") == 1


def test_deploy_to_is_what_target_says(crontab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["import", "crontab", *KNOWN, "--target", "airflow", "--target", "kubernetes"]) == 0
    assert "deploy_to: [airflow, kubernetes]" in capsys.readouterr().out
