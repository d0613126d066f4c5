"""`schedc check --fix`: replacements put into sources, or shown as a diff, and what is left to find."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from schedc.commands.session import (
    Session,
    UsageError,
    as_utf_8,
    compile_session,
    finish,
    open_session,
    selected,
)
from schedc.compile import Compilation
from schedc.counted import many
from schedc.diagnostics import rules
from schedc.diagnostics.render import FOR_PEOPLE
from schedc.fixing.edits import Edit
from schedc.fixing.meaning import View, view
from schedc.fixing.rounds import Fixes, Project, fix
from schedc.fixing.unified import unified
from schedc.fixing.writing import write_source
from schedc.frontend.written import ENVIRONMENT_NAME
from schedc.frontend.yaml_file import LONGEST_FILE, read_at_most
from schedc.load import environment_names
from schedc.output import OutputError
from schedc.project import source_files
from schedc.source import Span
from schedc.whole_file import sweep

Texts = Mapping[Path, bytes]


def run_fixes(options: argparse.Namespace) -> int:
    """Fix what can be fixed; the exit code is by what is left, and with `--diff` 1 where there is something to fix."""
    try:
        if options.diff and options.format != "text":
            raise UsageError("--diff prints a diff, and --format other findings: give one of them")
        looked = _Looks(options)
        result = fix(looked.project(), options.unsafe_fixes)
        if options.diff:
            as_utf_8(sys.stdout)
            for path, data in sorted(result.texts.items()):
                sys.stdout.write(_covered(unified(looked.shown[path], looked.files[path], data), result))
            sys.stdout.flush()
            written: Texts = result.texts
            failures: list[str] = []
        else:
            written, failures = _write(looked, result)
        session, compilation = looked.session(options.environment, tuple(options.names), written)
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    for failure in failures:
        session.sink.add(rules.UNWRITABLE, failure)
    code = finish(options, session.sink.found, session=session)
    _tell(options, looked, result, written)
    if code == 0 and not options.diff and not result.done and options.format in FOR_PEOPLE:
        proved = len(compilation.outputs)
        print(f"{many(len(session.schedules), 'schedule')}, {proved} proved on their targets", file=sys.stderr)
    return code or int(options.diff and bool(result.texts))


class _Looks:
    """The project as it was read once, looked at with edits and under environments; a look is not taken twice."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        settings, selection = selected(options)
        self.root = settings.root
        self.files: dict[Path, bytes] = {}
        self.shown: dict[Path, str] = {}
        for path, shown, _ in source_files(settings, selection.paths, selection.cwd):
            data = b"" if path.suffix == ".py" else _read(path)
            if path.suffix != ".py" and data is not None:
                self.files[path], self.shown[path] = data, shown
        named = selected(_with(options, instead=self.files))
        self._environments = environment_names(*named)
        self._look = lru_cache(maxsize=4 * (len(self._environments) + 2))(self._looked)

    def project(self) -> Project:
        picked = self._options.environment
        others = [name for name in self._environments if re.fullmatch(ENVIRONMENT_NAME, name)]
        return Project(
            files=self.files,
            shown={shown: path for path, shown in self.shown.items()},
            findings=lambda texts: self.session(picked, tuple(self._options.names), texts)[0].sink.found,
            view=self._view,
            picked=picked,
            others=tuple(name for name in (None, *others) if name != picked),
        )

    def _view(self, environment: str | None, texts: Texts) -> View:
        session, _ = self.session(environment, (), texts)
        return view(environment, session.schedules, session.sink.found)

    def session(self, environment: str | None, names: tuple[str, ...], texts: Texts) -> tuple[Session, Compilation]:
        """What a check finds with the given texts in place of files."""
        return self._look(environment, names, tuple(sorted(texts.items())))

    def _looked(
        self, environment: str | None, names: tuple[str, ...], texts: tuple[tuple[Path, bytes], ...]
    ) -> tuple[Session, Compilation]:
        instead = {**self.files, **dict(texts)}
        options = _with(self._options, environment=environment, names=list(names), instead=instead)
        session = open_session(options)
        return session, compile_session(options, session)


def _with(options: argparse.Namespace, **changes: object) -> argparse.Namespace:
    return argparse.Namespace(**{**vars(options), **changes})


def _read(path: Path) -> bytes | None:
    try:
        data = read_at_most(path)
    except (OSError, ValueError):
        return None  # a check says so
    return data if len(data) <= LONGEST_FILE else None


def _write(looked: _Looks, result: Fixes) -> tuple[dict[Path, bytes], list[str]]:
    """The texts that were written, and why others were not."""
    written, failures = {}, []
    for folder in sorted({path.parent for path in looked.files}):
        sweep(folder)
    for path, data in sorted(result.texts.items()):
        try:
            write_source(path, looked.files[path], data, looked.root)
            written[path] = data
        except OutputError as error:
            failures.append(str(error))
    return written, failures


def _tell(options: argparse.Namespace, looked: _Looks, result: Fixes, written: Texts) -> None:
    for edit in result.done:
        if not edit.safe and edit.path in written:
            print(f"{_place(edit)}: unsafe fix of {edit.of.rule.code}: {_said(edit)}", file=sys.stderr)
    for edit, reason in result.taken_back:
        print(f"{_place(edit)}: {edit.of.rule.code} was not fixed, {reason}", file=sys.stderr)
    for one in result.elsewhere:
        assert one.replacement is not None
        where = one.replacement.span
        line, column = where.position
        what = "Python sources are" if where.file.path.endswith(".py") else "only YAML sources are edited, and it is"
        print(f"{where.file.path}:{line}:{column}: {one.rule.code} was not fixed, {what} not edited", file=sys.stderr)
    held = sum(1 for d in result.left if d.replacement and not d.replacement.safe)
    done = [edit for edit in result.done if edit.path in written]
    count = f"{len(done)} {'would be ' if options.diff else ''}fixed"
    in_files = f" in {many(len({edit.path for edit in done}), 'file')}" if done else ""
    more = f", {held} more with --unsafe-fixes" if held and not options.unsafe_fixes else ""
    print(f"{count}{in_files}, {many(len(result.left), 'finding')} left{more}", file=sys.stderr)


def _place(edit: Edit) -> str:
    span = _span(edit)
    line, column = span.position
    return f"{span.file.path}:{line}:{column}"


def _said(edit: Edit) -> str:
    span = _span(edit)
    return f"{edit.text!r} in place of {span.file.text[span.start : span.end]!r}"


def _span(edit: Edit) -> Span:
    assert edit.of.replacement is not None
    return edit.of.replacement.span


def _covered(diff: str, result: Fixes) -> str:
    """A diff without what looks like a secret: it is printed into logs."""
    for one in result.left:
        if one.rule is rules.LITERAL_SECRET and one.span is not None:
            text = one.span.file.text[one.span.start : one.span.end].strip("\"'")
            diff = diff.replace(text, "*" * len(text)) if len(text) > 3 else diff
    return diff
