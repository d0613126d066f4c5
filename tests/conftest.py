"""Lets tests import the helpers that stand beside them, adds the option that renews the golden files, and prints what
conformance tests counted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden/ anew instead of comparing with it")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "hostile" in item.path.parts:
            item.add_marker("hostile")


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a line that is printed at the end of the run, from whichever process it ran in."""
    return lambda line: request.node.user_properties.append(("told", line))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, [])]
    lines = sorted({str(line) for one in reports for name, line in one.user_properties if name == "told"})
    if lines:
        terminalreporter.section("what engines were asked")
        for line in lines:
            terminalreporter.write_line(line)
