"""Comments that let one schedule break one rule, with a reason; unused ones are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from schedc.compile import compile_schedules
from schedc.diagnostics.sink import Sink
from schedc.frontend.allowances import tell_unused
from schedc.load import Selection, load
from schedc.project import Project

_RUN = "run: {container: {image: ghcr.io/acme/ledger:8.0.1, command: [ledger]}}"
_OPEN = f"""\
    cron_expression: "30 2 * * *"
    timezone: Europe/Amsterdam
    deploy_to: [kubernetes]
    {_RUN}
"""


def findings(folder: Path, text: str) -> list[tuple[str, int]]:
    """Codes and lines of what a check of one file says."""
    (folder / "a.yaml").write_text(text, "utf-8")
    sink = Sink()
    schedules = load(Project(folder), Selection(paths=("a.yaml",), cwd=folder), sink)
    compile_schedules(schedules, ("kubernetes",), sink)
    tell_unused(sink)
    return [(d.rule.code, d.span.position[0] if d.span else 0) for d in sink.found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"schedules:\n  ledger:\n{_OPEN}", [("SC403", 3)]),
        (f"schedules:\n  # schedc: allow SC403 harmless\n  ledger:\n{_OPEN}", []),
        (f"schedules:\n  # schedc: allow open-clock-change harmless\n  # because\n  ledger:\n{_OPEN}", []),
        (f"schedules:\n  ledger: # schedc: allow SC403 harmless\n{_OPEN}", []),
        (
            f"schedules:\n  ledger:\n{_OPEN}    # schedc: allow SC403 after the last line\n",
            [("SC403", 3), ("SC212", 7)],
        ),
        (f"# schedc: allow SC403 far away\n\nschedules:\n  ledger:\n{_OPEN}", [("SC403", 5), ("SC212", 1)]),
        (f"schedules:\n  # schedc: allow SC403\n  ledger:\n{_OPEN}", [("SC213", 2), ("SC403", 4)]),
        (f"schedules:\n  # schedc: allow SC999 why\n  ledger:\n{_OPEN}", [("SC213", 2), ("SC403", 4)]),
        (f"schedules:\n  # schedc: allow SC401 why\n  ledger:\n{_OPEN}", [("SC213", 2), ("SC403", 4)]),
        (f"schedules:\n  # schedc: allow SC111 why\n  ledger:\n{_OPEN}", [("SC403", 4), ("SC212", 2)]),
        (
            f"schedules:\n  # schedc: allow SC403 this one\n  one:\n{_OPEN}  two:\n{_OPEN}",
            [("SC403", 9)],
        ),
        (
            f'schedules:\n  ledger:\n    description: "# schedc: allow SC403 text"\n{_OPEN}',
            [("SC403", 4)],
        ),
        (
            f"schedules:\n  # schedc: allow SC403 once\n  # schedc: allow open-clock-change and again\n  one:\n{_OPEN}",
            [("SC212", 3)],
        ),
        (f"schedules:\n  # schedc: allow SC410 of verify\n  one:\n{_OPEN}", [("SC403", 4)]),
        (
            "schedules:\n  # schedc: allow SC403 a\n  # schedc: allow SC212 kept\n  # schedc: allow SC111 b\n"
            f"  o:\n{_OPEN}",
            [],
        ),
    ],
)
def test_allowances(text: str, expected: list[tuple[str, int]], tmp_path: Path) -> None:
    assert findings(tmp_path, text) == expected
