"""`schedc compile`: artifacts into a folder, or to stdout, or only compared with what is there."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from schedc import output
from schedc.commands.every_environment import in_each
from schedc.commands.options import add_findings, add_paths, add_selection
from schedc.commands.session import Session, UsageError, as_utf_8, compile_session, finish, open_session, use_color
from schedc.compile import Compilation
from schedc.counted import some
from schedc.diagnostics import Severity, rules
from schedc.diagnostics.render import FOR_PEOPLE
from schedc.diagnostics.sink import Sink
from schedc.records import replace
from schedc.targets import target as find_target

if TYPE_CHECKING:
    from schedc.commands.orphans import Orphans


def add_options(one: argparse.ArgumentParser) -> None:
    add_paths(one)
    add_selection(one)
    one.add_argument("--out", metavar="DIR", help="where to write (default: output in schedc.toml, or compiled)")
    one.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a file differs, is missing or an orphan"
    )
    one.add_argument("--diff", action="store_true", help="show what differs as a unified diff")
    one.add_argument(
        "--prune",
        action="store_true",
        help="remove orphans that schedc made; with --check and --diff only tell of them",
    )
    add_findings(one)


def run(options: argparse.Namespace) -> int:
    return in_each(options, _run)


def _run(options: argparse.Namespace) -> int:
    to_stdout = options.out == "-" or "-" in options.paths
    try:
        if to_stdout and (options.check or options.diff):
            raise UsageError("--check and --diff compare with files, and - prints artifacts; give one or the other")
        if options.prune:
            from schedc.commands.orphans import check_prune

            check_prune(options)
        session = open_session(options)
        if options.prune:
            from schedc.commands.orphans import check_prunes_own

            check_prunes_own(_root(options, session), session.project)
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    compilation = compile_session(options, session)
    tells = options.format == "json" or options.fail_on == Severity.NOTE
    if tells:
        _tell_at_deploy(compilation, session.sink)
    if to_stdout:
        code = finish(options, session.sink.found, sys.stderr, session)
        if not session.sink.errors:
            _print(compilation, session.wanted)
        return code
    root = _root(options, session)
    folder = root / options.environment if options.environment else root
    silent: list[str] | None = None
    if options.prune:
        from schedc.commands.orphans import silent_sources

        silent = silent_sources(options, session)
    clean = [t for t in session.wanted if not _has_error(session.sink, t)]
    if options.check or options.diff:
        drifted = {}
        for target in clean:
            try:
                sorted_out = _sorted_out(root, folder / target, target, compilation, silent)
                artifacts = compilation.artifacts(target)
                drifted[target] = _compare(folder / target, target, artifacts, options, session.sink, sorted_out)
            except output.OutputError as error:
                session.sink.add(rules.UNREADABLE_FILE, str(error), target=target)
        if options.diff and any(drifted.values()):
            _show_meaning(folder, drifted, compilation, options)
        return finish(options, session.sink.found, session=session)
    written = total = failed = 0
    for target in clean:
        artifacts = compilation.artifacts(target)
        total += len(artifacts)
        try:
            written += output.write(folder / target, artifacts, root)
        except output.OutputError as error:
            written += error.written
            failed += len(artifacts) - error.written
            session.sink.add(rules.UNWRITABLE, str(error), target=target)
    if silent is not None and not failed:
        _prune(root, folder, clean, compilation, silent, session)
    code = finish(options, session.sink.found, session=session)
    if options.format in FOR_PEOPLE:
        shown = _shown(folder)
        if not tells:
            _say_at_deploy(compilation, clean)
        kept = [t for t in session.wanted if t not in clean]
        if kept:
            print(f"nothing was written for {', '.join(kept)}, since there are errors", file=sys.stderr)
        rest = f"{failed} not" if failed else f"{total - written} as they were"
        print(f"{written} of {total} files written to {shown}, {rest}", file=sys.stderr)
        if silent is None and not options.names and not options.paths:
            _say_orphans(folder, clean, compilation)
    return code


def _say_orphans(folder: Path, clean: list[str], compilation: Compilation) -> None:
    """What is compiled from no source any more is deployed on by whoever applies the folder."""
    left = []
    for target in clean:
        with suppress(output.OutputError):
            found = set(output.paths(folder / target)) - compilation.artifacts(target).keys()
            left += [f"{target}/{path}" for path in sorted(found)]
    if left:
        what = "1 file is" if len(left) == 1 else f"{len(left)} files are"
        print(f"{what} compiled from no source: {some(left, 3)}; --prune removes what schedc made", file=sys.stderr)


def _root(options: argparse.Namespace, session: Session) -> Path:
    return Path(options.out) if options.out else session.project.root / session.project.output


def _sorted_out(
    root: Path, folder: Path, target: str, compilation: Compilation, silent: list[str] | None
) -> Orphans | None:
    """The orphans of a target, where `--prune` was given."""
    if silent is None:
        return None
    from schedc.commands.orphans import orphans

    drift = output.compare(folder, compilation.artifacts(target))
    return orphans(find_target(target), folder, drift.orphans, root, silent)


def _prune(
    root: Path, folder: Path, clean: list[str], compilation: Compilation, silent: list[str], session: Session
) -> None:
    """Remove orphans that schedc made, and say so of each; those that are kept are warned of."""
    from schedc.commands.orphans import remove

    for target in clean:
        inside = folder / target
        try:
            found = _sorted_out(root, inside, target, compilation, silent)
        except output.OutputError as error:
            session.sink.add(rules.UNREADABLE_FILE, str(error), target=target)
            continue
        assert found is not None
        for path in remove(target, inside, found, root, session):
            print(f"removed {_shown(inside)}{path}", file=sys.stderr)
        for path, why in found.kept.items():
            message = f"{_shown(inside)}{path} is compiled from no source, and was kept: {why}"
            session.sink.add(rules.ORPHAN, message, target=target, help=_BY_HAND, severity=Severity.WARNING)


_BY_HAND = "remove it by hand if nobody needs it"


def _shown(folder: Path) -> str:
    cwd = Path.cwd()
    return f"{folder.relative_to(cwd).as_posix()}/" if folder.is_relative_to(cwd) else f"{folder.as_posix()}/"


def _has_error(sink: Sink, target: str) -> bool:
    """An error of a source, which has no target, keeps every target from being written: a schedule might be missing."""
    return any(d.is_error and d.target in (None, target) for d in sink.found)


def _tell_at_deploy(compilation: Compilation, sink: Sink) -> None:
    for one in compilation.outputs:
        if one.at_deploy:
            sink.add(
                rules.TARGET_CHOICE,
                one.at_deploy,
                one.schedule.trigger_place,
                schedule=one.schedule.name,
                target=one.target,
            )


def _say_at_deploy(compilation: Compilation, written: list[str]) -> None:
    """Which runs a deployment starts at once, each sentence once."""
    by_sentence: dict[tuple[str, str], list[str]] = {}
    for one in compilation.outputs:
        if one.at_deploy and one.target in written:
            by_sentence.setdefault((one.target, one.at_deploy), []).append(one.schedule.name)
    for (target, sentence), schedules in by_sentence.items():
        print(f"{target}: {sentence} ({some(schedules)})", file=sys.stderr)


def _print(compilation: Compilation, wanted: tuple[str, ...]) -> None:
    """YAML documents in a row where all artifacts are YAML, else each after a line with its path."""
    as_utf_8(sys.stdout)
    files = [(f"{t}/{path}", text) for t in wanted for path, text in sorted(compilation.artifacts(t).items())]
    if files and all(path.endswith(".yaml") for path, _ in files):
        sys.stdout.write("---\n".join(text for _, text in files))
    elif len(files) == 1:
        sys.stdout.write(files[0][1])
    else:
        sys.stdout.write("\n".join(f"==> {path} <==\n{text}" for path, text in files))


def _compare(
    folder: Path,
    target: str,
    artifacts: Mapping[str, str],
    options: argparse.Namespace,
    sink: Sink,
    found: Orphans | None,
) -> output.Drift:
    """Tell and show the drift of one target, but for the files of other schedules and what `--prune` would keep."""
    drift = output.compare(folder, artifacts)
    if options.names:
        drift = replace(drift, orphans=())
    shown = _shown(folder)
    if options.check:
        told = (
            (rules.MISSING_ARTIFACT, drift.missing, "was not written yet"),
            (rules.DRIFT, drift.changed, "differs from what its source compiles to"),
            (rules.ORPHAN, drift.orphans if found is None else (), "is compiled from no source"),
        )
        for rule, paths, what in told:
            for path in paths:
                help = "run schedc compile --prune, or remove it" if rule is rules.ORPHAN else "run schedc compile"
                sink.add(rule, f"{shown}{path} {what}", target=target, help=help)
        if found is not None:
            for path in sorted(found.ours):
                message = f"{shown}{path} is compiled from no source, and would be removed"
                sink.add(rules.ORPHAN, message, target=target, help="run schedc compile --prune")
            for path, why in found.kept.items():
                message = f"{shown}{path} is compiled from no source, and would be kept: {why}"
                sink.add(rules.ORPHAN, message, target=target, help=_BY_HAND)
    if options.diff:
        stream = _stream(options)
        as_utf_8(stream)
        on_disk = output.existing(folder)
        drift = drift if found is None else replace(drift, orphans=tuple(sorted(found.ours)))
        for path in sorted({*drift.missing, *drift.changed, *drift.orphans}):
            old = on_disk.get(path, b"").decode("utf-8", "replace").splitlines(keepends=True)
            new = artifacts.get(path, "").splitlines(keepends=True)
            stream.writelines(difflib.unified_diff(old, new, f"{shown}{path}", f"compiled/{target}/{path}"))
    return drift


def _stream(options: argparse.Namespace) -> TextIO:
    """Where diffs go: where no findings stand."""
    return sys.stdout if options.format == "text" else sys.stderr


def _show_meaning(
    folder: Path, drifted: Mapping[str, output.Drift], compilation: Compilation, options: argparse.Namespace
) -> None:
    from schedc.commands.drift import OnDisk, meaning_of_drift

    places = []
    for target, drift in drifted.items():
        files = {
            path: data.decode("utf-8", "surrogateescape") for path, data in output.existing(folder / target).items()
        }
        places.append(OnDisk(target=target, files=files, gone=drift.orphans))
    stream = _stream(options)
    color = use_color(options, stream)
    meaning = meaning_of_drift(places, compilation, options.environment, _shown(folder), color)
    stream.write(f"\n{meaning}" if meaning else "")
