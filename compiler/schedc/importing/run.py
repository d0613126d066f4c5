"""All steps of an import: files in, YAML and findings out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.importing.checking import check
from schedc.importing.clock_changes import with_clock_changes
from schedc.importing.names import named as with_names
from schedc.importing.reading import read_files
from schedc.importing.recalled import recalled
from schedc.importing.secrets import without_secrets
from schedc.importing.source import Found, Settings
from schedc.importing.writing import written
from schedc.records import dataclass, replace
from schedc.source import SourceFile


@dataclass(frozen=True, slots=True)
class Imported:
    """Schedule YAML, the files that it refers to, by name, and what was found."""

    text: str
    files: Mapping[str, str]
    found: tuple[Found, ...]


def import_files(
    files: Sequence[SourceFile],
    settings: Settings,
    sink: Sink,
    kind: str | None = None,
    named: frozenset[str] | None = None,
) -> Imported:
    """Read files, each in its engine's meaning; `named` are those of which the user expects something (all)."""
    expected = frozenset(file.path for file in files) if named is None else named
    raw = read_files(files, settings, kind, expected, sink)
    renamed = with_names(raw, sink)
    _tell_by_new_names(raw, renamed, sink)
    cleaned = [recalled(without_secrets(one, sink), sink) for one in renamed]
    found = [with_clock_changes(one, sink) for one in cleaned]
    text = written(found, _left_out(sink))
    check(found, text, sink)
    return Imported(text, {name: text for one in found for name, text in one.files.items()}, tuple(found))


def _tell_by_new_names(before: Sequence[Found], after: Sequence[Found], sink: Sink) -> None:
    """Findings of the reading speak of schedules by the names that they have in the output, where that is clear."""
    count = Counter(one.name for one in before)
    names = {old.name: new.name for old, new in zip(before, after, strict=True) if count[old.name] == 1}
    sink.found[:] = [replace(d, schedule=names.get(d.schedule or "", d.schedule)) for d in sink.found]


def _left_out(sink: Sink) -> list[str]:
    """A line for each schedule that is not in the output, so that the file itself tells of it."""
    lines = []
    for one in sink.found:
        if one.rule is rules.NOT_IMPORTED:
            where = f"{one.span.file.path}:{one.span.position[0]}: " if one.span else ""
            lines.append(f"{where}{one.message}")
    return lines
