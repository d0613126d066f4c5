"""croniter up to 6.0 passes over days when it looks for the next one; a DAG must not rest on that."""

from __future__ import annotations

from pathlib import Path

import pytest
from compiling import compile_files, document

WEEKLY = {"run": {"container": {"image": "ghcr.io/acme/ledger:8.0.1", "command": ["ledger"]}}, "deploy_to": ["airflow"]}


@pytest.mark.parametrize(
    ("expression", "version", "croniter", "texts"),
    [
        ("0 0 1,31 * *", "3.1", ">=6.0", ("0 0 1 * *", "0 0 31 * *")),
        ("0 0 */5 * *", "3.1", ">=6.0", ("0 0 1-26/5 * *", "0 0 31 * *")),
        ("0 0 1,31 * *", "3.1", ">=6.2", ("0 0 1,31 * *",)),
        ("0 0 29 * *", "3.1", ">=6.0", ("0 0 29 * *",)),
        ("0 0 1-31/2 * *", "3.1", ">=6.2", ("0 0 1-31/2 * *",)),
        ("0 0 L * *", "2.11", ">=2.0.2", ("0 0 L * *",)),
    ],
)
def test_a_dag_holds_texts_that_lose_no_day(
    expression: str, version: str, croniter: str, texts: tuple[str, ...], tmp_path: Path
) -> None:
    options = {"targets": {"airflow": {"version": version, "croniter": croniter}}}
    one = {**WEEKLY, **options, "cron_expression": expression}
    result = compile_files(tmp_path, {"a.yaml": document({"one": one})})
    assert not [d.message for d in result.found if d.is_error]
    (output,) = result.compilation.outputs
    for text in texts:
        assert f'"{text}"' in output.artifacts[0].text


@pytest.mark.parametrize(
    ("expression", "lost"),
    [("0 0 1,31 * *", 2026), ("0 0 1,15,31 * *", 2026), ("0 0 1-31/3 * *", 2028)],
)
def test_one_text_that_loses_first_of_march_is_refused(expression: str, lost: int, tmp_path: Path) -> None:
    """Airflow 2 takes one expression only, and may run with a croniter that passes over 1 March."""
    one = {**WEEKLY, "cron_expression": expression, "targets": {"airflow": {"version": "2.11"}}}
    result = compile_files(tmp_path, {"a.yaml": document({"one": one})})
    (error,) = [d for d in result.found if d.is_error]
    assert (error.rule.code, error.message) == (
        "SC401",
        f"Airflow would not fire at {lost}-03-01 00:00, which the schedule does",
    )
    assert error.help is not None
    assert "croniter" in error.help
