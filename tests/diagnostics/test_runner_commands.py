"""No text of a user is a command to a runner of GitHub: `##[` anywhere in a line is one, and `::` at its beginning."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from diffing import DAILY, compared, merged
from schedc.diagnostics import Diagnostic, Severity, rules
from schedc.diagnostics.render import render
from schedc.diagnostics.render.visible import safe
from schedc.source import SourceFile, Span

OLD_FORM = "##[set-output name=comment-file]/etc/passwd"
NEW_FORM = "::set-output name=comment-file::/etc/passwd"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("##[error]x", r"##\u{5b}error]x"),
        ("a ##[b] ###[c]", r"a ##\u{5b}b] ###\u{5b}c]"),
        ("## [x] #[y]", "## [x] #[y]"),
        ("é##[x]\n", r"é##\u{5b}x]\u{a}"),
    ],
)
def test_a_command_is_shown_and_is_none(text: str, expected: str) -> None:
    assert safe(text) == expected


@pytest.mark.parametrize("form", ["text", "concise", "github", "markdown"])
def test_no_finding_commands_a_runner(form: str) -> None:
    file = SourceFile(OLD_FORM, f"a: {OLD_FORM}\n{OLD_FORM}: a\n")
    for start in (0, len(file.text) - 4):
        found = Diagnostic(
            rule=rules.WRONG_TYPE,
            message=OLD_FORM,
            span=Span(file, start, start + 2),
            notes=(OLD_FORM,),
            help=OLD_FORM,
            schedule=OLD_FORM,
            target=OLD_FORM,
            severity=Severity.ERROR,
        )
        assert "##[" not in render([found], form)


def test_no_wrapped_line_of_a_diff_commands_a_runner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Blanks before `::` do not matter to a runner."""

    def one(text: str) -> dict[str, Any]:
        return {"one": merged(DAILY, {"description": text})}

    for length in range(60, 100):
        said = compared(tmp_path, capsys, one("a"), one(f"{'a' * length} {NEW_FORM} {OLD_FORM}"))
        assert "set-output" in said.out
        assert not re.search(r"^\s*::|##\[", said.out, re.MULTILINE), said.out
