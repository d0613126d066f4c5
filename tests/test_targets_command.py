"""`schedc targets TARGET`: what stands behind each answer that is not a plain yes."""

from __future__ import annotations

import pytest
from schedc.capabilities import Feature, No, Yes
from schedc.cli import run
from schedc.targets import targets


@pytest.mark.parametrize("name", targets())
def test_every_reason_and_note_is_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["targets", name]) == 0
    text, one = capsys.readouterr().out, targets()[name]
    if one.unschedulable is not None:
        assert one.unschedulable in text
        return
    for feature in Feature:
        answer = one.capabilities[feature]
        assert (answer.because if isinstance(answer, No) else answer.note or "") in text
        assert (f"  {feature.value}: " in text) == (not isinstance(answer, Yes) or answer.note is not None)


def test_a_target_that_is_not_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["targets", "jenkins"]) == 2
    assert "no target is called jenkins" in capsys.readouterr().err


def test_the_table_says_where_the_reasons_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["targets"]) == 0
    text = capsys.readouterr().out
    assert "rewritten" in text
    assert "schedc targets airflow" in text
