"""`schedc compile --prune`: which orphans schedc made itself, and their removal."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from schedc import output
from schedc.commands.session import Session, UsageError, selected
from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.fields import NAME
from schedc.patterns import pattern
from schedc.project import Project, find_project, source_files
from schedc.records import dataclass
from schedc.target import Target, UnreadableArtifact
from schedc.targets import target as find_target

_DIGEST = pattern(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphans:
    """The orphans of one target by path: `ours` with their bytes, the files of one schedule after another, and why
    others are kept."""

    ours: Mapping[str, bytes]
    kept: Mapping[str, str]


def check_prune(options: argparse.Namespace) -> None:
    """Raises `UsageError` where a compile would not see every schedule, and so could not tell an orphan."""
    if options.names:
        raise UsageError("--prune needs every schedule, and --schedule picks some")
    if options.paths:
        raise UsageError("--prune needs every source: name them under sources in schedc.toml, and not as arguments")
    if options.out == "-":
        raise UsageError("--prune removes files, and - prints artifacts; give one or the other")


def check_prunes_own(folder: Path, project: Project) -> None:
    """Raises `UsageError` where other projects may write into a folder too: artifacts do not say whose they are."""
    own = project.root.resolve()
    if not folder.resolve().is_relative_to(own):
        raise UsageError(f"--prune removes files below {own.as_posix()} only, and {folder.as_posix()} may hold others'")
    nearest = find_project(folder.resolve(), Sink())
    if nearest.file is not None and nearest.root.resolve() != own and nearest.root.resolve().is_relative_to(own):
        raise UsageError(f"--prune leaves {folder.as_posix()} alone: {nearest.root.as_posix()} is a project of its own")


def orphans(target: Target, folder: Path, paths: Iterable[str], root: Path, silent: Sequence[str]) -> Orphans:
    """Sort a target's orphans: ours is what stands where the target writes, has its provenance and reads back.

    `silent` are the names of source files of which no schedule was read: what came from them is kept. Raises
    `OutputError`.
    """
    ours: dict[str, bytes] = {}
    kept = dict.fromkeys(sorted(paths), "it is no artifact of schedc")
    for name, inside in target.paths(list(kept)):
        if not all(output.is_own_file(folder, path, root) for path in inside):
            continue
        files = {path: (folder / path).read_bytes() for path in inside}
        texts = _texts(files)
        if texts is None or not _is_made(name, texts, target):
            continue
        source = next((one for one in silent if _mentions(texts, one)), None)
        if source is not None:
            kept.update(dict.fromkeys(inside, f"it may come from {source}, of which no schedule was read"))
            continue
        for path in sorted(inside, reverse=True):  # what is deployed goes before what only shows it
            ours[path] = files[path]
            del kept[path]
    return Orphans(ours=ours, kept=kept)


def _texts(files: Mapping[str, bytes]) -> dict[str, str] | None:
    try:
        return {path: data.decode("utf-8") for path, data in files.items()}
    except UnicodeDecodeError:
        return None


def _is_made(name: str, texts: Mapping[str, str], target: Target) -> bool:
    if not re.fullmatch(NAME, name):
        return False
    try:
        deployed = target.read(texts)
    except UnreadableArtifact:
        return False
    return deployed.name == name and deployed.digest is not None and _DIGEST.fullmatch(deployed.digest) is not None


def _mentions(texts: Mapping[str, str], source: str) -> bool:
    """Whether an artifact may name a source: artifacts quote and fold it in their own ways."""
    wanted = re.sub(r"[^A-Za-z0-9]", "", source)
    return any(wanted in re.sub(r"[^A-Za-z0-9]", "", text) for text in texts.values())


def silent_sources(options: argparse.Namespace, session: Session) -> list[str]:
    """The names of source files that gave no schedule: Python files that were not run, and files passed over.

    A folder that cannot be searched is told of, as an error of no target.
    """
    project, selection = selected(options)
    heard = {Path(os.path.normpath(selection.cwd / one.source)) for one in session.schedules}
    for folder in (project.root / source for source in project.sources):
        if folder.is_dir():
            for _, inner, _ in os.walk(folder, onerror=lambda error: _unreadable(error, session)):
                inner[:] = [name for name in inner if not name.startswith(".")]  # where no source is looked for
    found = source_files(project, selection.paths, selection.cwd)
    return sorted({path.name for path, _, _ in found if Path(os.path.normpath(path)) not in heard})


def _unreadable(error: OSError, session: Session) -> None:
    session.sink.add(rules.UNREADABLE_FILE, f"{error.filename} cannot be searched: {error.strerror}")


def remove(target: str, folder: Path, found: Orphans, root: Path, session: Session) -> list[str]:
    """Remove what is ours; the paths that are gone. What cannot be removed is told."""
    output.tidy(folder, root)
    removed: list[str] = []
    for _, paths in find_target(target).paths(list(found.ours)):
        ours = {path: data for path, data in found.ours.items() if path in paths}
        try:
            output.remove(folder, ours, root)
        except output.OutputError as error:
            session.sink.add(rules.UNWRITABLE, str(error), target=target)
        else:
            removed += ours
    return removed
