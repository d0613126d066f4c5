"""The page on the proof shows what the models say today."""

from __future__ import annotations

from pathlib import Path

from schedc.engines import names
from schedc.engines.comparison import ask, parting
from schedc.ir.zones import zone
from schedc.report.disagreements import CASES, renewed

_PAGE = Path(__file__).parents[2] / "docs" / "proof.md"


def test_page_is_current() -> None:
    page = _PAGE.read_text("utf-8")
    assert page == renewed(page), "run: python -m schedc.report.disagreements docs/proof.md"


def test_every_case_shows_a_disagreement() -> None:
    for case in CASES:
        where = zone(case.timezone)
        engines = [n for n in names() if n != "vertex"]
        answers = {
            (a.instants, a.error is None) for n in engines if (a := ask(n, case.expression, where, case.begin, 40))
        }
        assert len(answers) > 1, case.expression


def test_parting_names_the_engine_that_fires_alone() -> None:
    where = zone("UTC")
    one = ask("kubernetes", "59/15 * * * *", where, 0, 5)
    other = ask("airflow-croniter-6.0", "59/15 * * * *", where, 0, 5)
    assert [(instant, answer.engine) for instant, answer in parting(one, other)] == [
        (900, "airflow-croniter-6.0"),
        (1800, "airflow-croniter-6.0"),
        (2700, "airflow-croniter-6.0"),
        (3540, "kubernetes"),
        (3600, "airflow-croniter-6.0"),
        (4500, "airflow-croniter-6.0"),
    ]
