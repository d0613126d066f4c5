"""What stands in golden/: the files of every case, by path, as the compiler makes them now."""

from __future__ import annotations

from collections import defaultdict

from golden_cases import Case, cases, compiled
from golden_occurrences import occurrences_page
from schedc.commands.targets import matrix
from schedc.diagnostics import Diagnostic
from schedc.diagnostics.render import render

SOURCE = "source"
"""The folder of findings that lie in an example itself, whatever the target."""


def expected() -> dict[str, str]:
    """Text by path below golden/."""
    files = {"MATRIX.md": matrix()}
    for case in cases():
        files.update(_of(case))
    return files


def _of(case: Case) -> dict[str, str]:
    made = compiled(case)
    files = {}
    for output in made.compilation.outputs:
        for artifact in output.artifacts:
            files[f"{output.target}/{case.name}/{artifact.path}"] = artifact.text
    for place, found in _by_target(made.compilation.diagnostics).items():
        refused = [d for d in found if d.is_error]
        others = [d for d in found if not d.is_error]
        for name, told in (("REFUSED.txt", refused), ("WARNINGS.txt", others)):
            if told:
                files[f"{place}/{case.name}/{name}"] = render(told, "text")
    if made.schedules:
        files[f"occurrences/{case.name}.txt"] = occurrences_page(made.schedules)
    return files


def _by_target(found: list[Diagnostic]) -> dict[str, list[Diagnostic]]:
    grouped = defaultdict(list)
    for one in found:
        grouped[one.target or SOURCE].append(one)
    return grouped
