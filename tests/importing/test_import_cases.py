"""Recorded imports: what is written, and what is told, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from importing_cases import cases, of_case, report
from schedc.diagnostics.sink import Sink
from schedc.importing.checking import read_back
from schedc.source import SourceFile


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_case_is_as_recorded(folder: Path) -> None:
    result = of_case(folder)
    assert result.text == (folder / "imported.yaml").read_text("utf-8")
    assert report(result) == (folder / "report.txt").read_text("utf-8")


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_case_is_read_back_without_an_error(folder: Path) -> None:
    result, sink = of_case(folder), Sink()
    schedules, _ = read_back(SourceFile("imported.yaml", result.text), result.imported.found, sink)
    assert [d.message for d in sink.found if d.is_error] == []
    assert len(schedules) == len(result.imported.found)
