"""The processes of an Airflow are ended also where the tests fail, and where they refuse to end."""

from __future__ import annotations

from pathlib import Path

import airflow_processes
import pytest
from airflow_processes import Airflow, last_words, left_over, running

_STUBBORN = """\
#!/usr/bin/env bash
# Stands for a Python with Airflow: its database is ready at once, and its processes have children and ignore signals.
set -m
echo "asked: $*"
if [ "$3" = db ]; then exit 0; fi
trap "" TERM
sleep 60 &
sleep 60
"""


def _airflow(folder: Path, version: str, text: str) -> Airflow:
    python = folder / "python"
    python.write_text(text, "utf-8")
    python.chmod(0o755)
    home = folder / "home"
    home.mkdir()
    return Airflow(str(python), version, home, folder / "dags")


@pytest.mark.parametrize(("version", "count"), [("3.1.0", 3), ("2.11.0", 1)])
def test_no_process_outlives_a_failure(
    version: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(airflow_processes, "GRACE", 0.5)
    airflow = _airflow(tmp_path, version, _STUBBORN)
    with pytest.raises(ZeroDivisionError), running(airflow) as processes:  # noqa: PT012
        assert len(processes) == count
        assert all(process.poll() is None for process in processes)
        assert len(left_over(airflow)) >= count
        raise ZeroDivisionError
    assert left_over(airflow) == []
    assert all(process.returncode is not None for process in processes)
    assert "asked: -m airflow scheduler --skip-serve-logs" in last_words(airflow)


def test_a_database_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    airflow = _airflow(tmp_path, "3.1.0", "#!/bin/sh\necho no such table\nexit 1\n")
    with pytest.raises(AssertionError, match="no such table"), running(airflow):
        pytest.fail("it was started without a database")
