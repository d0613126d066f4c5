"""Imports in the tests: a text in, what was written and what was told out; and the recorded cases.

A folder of `cases/` holds one source and what it became: `imported.yaml` and `report.txt`; `options` are those of the
command line. `python importing_cases.py` writes them anew: read the difference line by line.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schedc.diagnostics import Diagnostic, in_order
from schedc.diagnostics.render import render
from schedc.diagnostics.sink import Sink
from schedc.importing.run import Imported, import_files
from schedc.importing.source import Settings
from schedc.source import SourceFile

CASES = Path(__file__).parent / "cases"
_RECORDED = ("imported.yaml", "report.txt", "options")


@dataclass(frozen=True)
class Result:
    """What an import gave."""

    imported: Imported
    found: list[Diagnostic]

    @property
    def text(self) -> str:
        return self.imported.text

    @property
    def codes(self) -> list[str]:
        return [one.rule.code for one in self.found]

    @property
    def told(self) -> list[tuple[str, str]]:
        """The code of each finding, and the text of the source at its place."""
        return [(d.rule.code, d.span.file.text[d.span.start : d.span.end] if d.span else "") for d in self.found]


def imported(text: str, name: str = "found.yaml", kind: str | None = None, **settings: Any) -> Result:
    """Import one text."""
    sink = Sink()
    result = import_files([SourceFile(name, text)], Settings(**settings), sink, kind)
    return Result(result, in_order(sink.found))


def cases() -> list[Path]:
    return sorted(folder for folder in CASES.iterdir() if folder.is_dir())


def of_case(folder: Path) -> Result:
    """The import of a recorded case."""
    (source,) = [path for path in sorted(folder.iterdir()) if path.name not in _RECORDED]
    options = folder / "options"
    words = shlex.split(options.read_text("utf-8")) if options.exists() else []
    settings = {
        key.removeprefix("--").replace("-", "_"): value for key, value in zip(words[::2], words[1::2], strict=True)
    }
    return imported(source.read_text("utf-8"), source.name, **settings)


def report(result: Result) -> str:
    return render(result.found, "text")


if __name__ == "__main__":
    for one in cases():
        result = of_case(one)
        (one / "imported.yaml").write_text(result.text, "utf-8")
        (one / "report.txt").write_text(report(result), "utf-8")
