"""A change that only an environment sees is not passed over in silence where nobody asked for that environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from diffing import CONFIG, DAILY, YEAR, diff, write

OVERLAY = "[environments.{}]\npaused = {}\n"
SAID = "not compared"


@pytest.fixture
def sides(tmp_path: Path) -> tuple[str, str]:
    """Two sides that differ in what two environments say: one of schedc.toml, one of a schedule."""
    own = {"environments": {"prod": {"cron_expression": "0 7 * * *"}}}
    old = write(tmp_path / "old", {"one": DAILY}, CONFIG + OVERLAY.format("dev", "true"))
    new = write(tmp_path / "new", {"one": {**DAILY, **own}}, CONFIG + OVERLAY.format("dev", "false"))
    return str(old), str(new)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_environments_that_nobody_asked_for_are_named(
    form: str, sides: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = diff(capsys, *sides, *YEAR, "--format", form)
    assert "othing changed; 1 unchanged" in said.out
    (line,) = [line for line in said.out.splitlines() if SAID in line.replace("*", "")]
    assert "--env all" in line
    assert "dev, prod" in line


def test_json_names_them(sides: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    said = diff(capsys, *sides, *YEAR, "--format", "json")
    assert '"environments_not_compared": [\n    "dev",\n    "prod"\n  ]' in said.out


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_nothing_is_said_where_one_was_asked_for(
    form: str, sides: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for asked in ("dev", "all"):
        assert SAID not in diff(capsys, *sides, *YEAR, "--env", asked, "--format", form).out.replace("*", "")


def test_nothing_is_said_where_there_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = [str(write(tmp_path / side, {"one": DAILY})) for side in ("old", "new")]
    assert SAID not in diff(capsys, *both, *YEAR).out
