"""Debian's cron is asked again: its answers are those that are recorded.

Needs gcc, and in SCHEDC_CRON_SOURCE the folder that `apt-get source cron` makes.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conformance_cases import cases
from debian_cron_questions import answers, build_ask, questions

RECORDED = Path(__file__).parents[2] / "conformance" / "debian_cron" / "debian_cron.jsonl.gz"
SOURCE = os.environ.get("SCHEDC_CRON_SOURCE", "")


@pytest.mark.engines
@pytest.mark.skipif(not SOURCE, reason="SCHEDC_CRON_SOURCE names no folder with the source of cron")
def test_answers_are_those_recorded(tmp_path: Path) -> None:
    found = list(answers(build_ask(Path(SOURCE), tmp_path), list(questions())))
    recorded = list(cases(RECORDED))
    assert [{**one, "runs": [list(run) for run in one.get("runs", ())]} for one in found] == [
        {**one, "runs": one.get("runs", [])} for one in recorded
    ]
