"""Where the two sides of a diff are: the work tree, a file, a folder, artifacts, or a revision of git."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from schedc import output
from schedc.commands.session import UsageError, selected
from schedc.diagnostics import Diagnostic, Severity, rules
from schedc.diagnostics.sink import Sink
from schedc.git_tree import GitError, Revision, link, open_revision, split, write
from schedc.patterns import pattern
from schedc.project import Project, find_project, read_project
from schedc.records import dataclass, replace
from schedc.targets import names as target_names
from schedc.targets import target as find_target
from schedc.targets import targets

GIT = "git:"
_READ = (".yaml", ".yml", ".json", ".toml")
_SOURCE = pattern(rb"^(schedules:|\{?\s*[\"']schedules[\"']\s*:)", re.MULTILINE)
_SETTINGS = ("schedc.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one side is read from. `label` is what the user called it; `prefix` stands before paths that are shown.

    `folder` is what `paths` begin at, and `top` the folder of a revision that nothing leads out of. `python` are
    sources of it that are not run, from its top, which is the folder `repository` in the work tree. Where the place
    `is_empty` nothing is there to be read. `missing` are paths that were asked for and are not there.
    """

    label: str
    prefix: str = ""
    folder: Path
    top: Path | None = None
    paths: tuple[str, ...] = ()
    artifacts: Path | None = None
    project: Project
    python: tuple[str, ...] = ()
    repository: Path | None = None
    missing: tuple[str, ...] = ()
    is_empty: bool = False
    notes: tuple[Diagnostic, ...] = ()


def open_place(given: str, options: argparse.Namespace, stack: ExitStack, paths: Sequence[str] = ()) -> Place:
    """What OLD, NEW or --against names; of a revision, only `paths` if there are any. Raises `UsageError`."""
    if given.startswith(GIT):
        try:
            return _of_revision(given, options, stack, paths)
        except GitError as error:
            raise UsageError(str(error)) from None
    path = Path(given)
    if not _exists(path):
        raise UsageError(f"{given} does not exist; name a file, a folder or git:REV")
    if path.is_dir() and holds_artifacts(path):
        return Place(label=given, folder=Path.cwd(), artifacts=path, project=Project(path))
    sink = Sink()
    if options.config:
        project = read_project(Path(options.config), sink)
    else:
        project = find_project((path if path.is_dir() else path.parent).resolve(), sink)
        project = project if project.file else find_project(Path.cwd(), sink)
    notes = tuple(sink.found)
    if path.is_dir() and project.sources and project.root.resolve() == path.resolve():
        return Place(label=given, prefix=f"{given.rstrip('/')}/", folder=project.root, project=project, notes=notes)
    return Place(label=given, folder=Path.cwd(), paths=(given,), project=project, notes=notes)


def work_tree(options: argparse.Namespace, given: Sequence[str]) -> Place:
    """The sources of the current folder, as other commands take them; of given paths those that exist.

    Raises `UsageError`.
    """
    sink = Sink()
    paths = [path for path in given if _exists(Path(path))]
    for path in given:
        if path not in paths:
            sink.add(rules.NO_SOURCES, f"the work tree has no {path}", severity=Severity.NOTE)
    project, selection = selected(argparse.Namespace(**{**vars(options), "paths": paths}), sink)
    return Place(
        label="the work tree",
        folder=selection.cwd,
        paths=selection.paths,
        project=project,
        notes=tuple(sink.found),
        missing=tuple(path for path in given if path not in paths),
        is_empty=bool(given) and not paths,
    )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def holds_artifacts(folder: Path) -> bool:
    """Whether a folder is one that compile writes to, and not one of sources that is sorted by targets."""
    if any((folder / name).is_file() for name in _SETTINGS):
        return False
    return _is_output(folder) or bool(environments_in(folder))


def environments_in(folder: Path) -> list[str]:
    """The folders of environments in one that compile writes to."""
    inner = [p for p in sorted(folder.iterdir()) if p.is_dir() and not p.is_symlink() and p.name not in targets()]
    return [p.name for p in inner if _is_output(p)]


def _is_output(folder: Path) -> bool:
    for name in target_names():
        try:
            found = output.existing(folder / name)
        except output.OutputError:
            continue
        ours = [path for _, paths in find_target(name).paths(found) for path in paths]
        if ours and not any(path.endswith(".yaml") and _SOURCE.search(found[path]) for path in ours):
            return True
    return False


# -- revisions -------------------------------------------------------------------------------------------------------


def _of_revision(given: str, options: argparse.Namespace, stack: ExitStack, paths: Sequence[str]) -> Place:
    name, inside = split(given.removeprefix(GIT))
    revision = open_revision(name, Path.cwd())
    label = f"{GIT}{name}" + ("" if inside is None else f":{inside}")
    asked = {path: _in_tree(path, revision) for path in paths} if inside is None else {inside: _below(inside, revision)}
    there = {path: one for path, one in asked.items() if one is not None and revision.holds(one)}
    if inside is not None and not there:
        raise UsageError(f"{GIT}{name} has no {inside or 'files'}")
    for one in there.values():
        if any(one == module or one.startswith(f"{module}/") for module in revision.submodules):
            raise UsageError(f"{name}:{one} is in a submodule, whose files are not in this repository")
    top = Path(os.path.realpath(stack.enter_context(TemporaryDirectory(prefix="schedc-"))))
    (top / ".git").mkdir()  # nothing that the revision names may lead out of here
    sink = Sink()
    config = _in_tree(options.config, revision) if options.config else None
    write(revision, top, lambda path: path == config or path.rpartition("/")[2] in _SETTINGS)
    problems = link(revision, top)
    here = top / revision.prefix
    here.mkdir(parents=True, exist_ok=True)
    starts = [top / one for one in there.values()] if inside is not None else []
    project = _project_of(revision, options, [*starts, here], top, sink)
    is_whole = not asked or (inside is not None and project.root in starts and bool(project.sources))
    sources = _of_project(project, top, f"{GIT}{name}", sink) if is_whole else list(there.values())
    problems |= write(revision, top, lambda path: _is_read(path, sources, options.python) and not (top / path).exists())
    if inside is not None and starts[0].is_dir() and holds_artifacts(starts[0]):
        return Place(label=label, prefix=f"{name}:", folder=top, top=top, artifacts=starts[0], project=Project(top))
    if is_whole and project.file is None:
        sink.add(rules.NO_SOURCES, f"{GIT}{name} has no schedc.toml, so nothing of it is read", severity=Severity.NOTE)
    for path in asked.keys() - there.keys():
        sink.add(rules.NO_SOURCES, f"{GIT}{name} has no {path}", severity=Severity.NOTE)
    _tell_problems(problems, revision, sources, sink)
    python = () if options.python else tuple(one for one in sources if one.endswith(".py"))
    if python:
        listed = ", ".join(f"{name}:{path}" for path in python[:10])
        more = f" and {len(python) - 10} more" if len(python) > 10 else ""
        rest = "was not run, and is not compared" if len(python) == 1 else "were not run, and are not compared"
        help = "--python runs the Python of a revision, on this machine and with your rights: look at it first"
        sink.add(rules.SKIPPED_PYTHON, f"{listed}{more} {rest}", help=help)
    kept = tuple(one for one in sources if one not in python)
    return Place(
        label=label,
        prefix=f"{name}:",
        folder=top,
        top=top,
        paths=kept,
        project=replace(project, sources=kept),
        python=python,
        repository=_repository(revision),
        missing=tuple(path for path in asked if path not in there),
        is_empty=not kept,
        notes=tuple(sink.found),
    )


def _below(inside: str, revision: Revision) -> str | None:
    """The path of REV:PATH, which begins at the top of the repository unless it begins with a dot."""
    if inside.startswith(("./", "../")) or inside in (".", ".."):
        return _in_tree(inside, revision)
    return _steps([], inside)


def _repository(revision: Revision) -> Path:
    """The top of the work tree, from the current folder."""
    cwd, depth = Path.cwd().resolve(), len(PurePosixPath(revision.prefix).parts)
    return cwd.parents[depth - 1] if depth else cwd


def _in_tree(path: str, revision: Revision) -> str | None:
    """A path of the current folder from the top of the repository; None for one that lies outside."""
    here = PurePosixPath(revision.prefix).parts
    if os.path.isabs(path):
        top = _repository(revision)
        real = Path(os.path.realpath(path))
        return "" if real == top else real.relative_to(top).as_posix() if top in real.parents else None
    return _steps(here, path)


def _steps(here: Iterable[str], path: str) -> str | None:
    if PurePosixPath(path).is_absolute():
        return None
    steps = list(here)
    for part in PurePosixPath(path).parts:
        if part == ".." and not steps:
            return None
        if part == "..":
            steps.pop()
        else:
            steps.append(part)
    return "/".join(steps)


def _project_of(
    revision: Revision, options: argparse.Namespace, starts: Sequence[Path], top: Path, sink: Sink
) -> Project:
    """The settings as they were: those of --config, or the nearest above, and never any outside the repository."""
    if options.config:
        inside = _in_tree(options.config, revision)
        if inside is None or not (top / inside).is_file():
            raise UsageError(f"--config: {GIT}{revision.name} has no {inside or options.config}")
        return read_project(top / inside, sink)
    for start in starts:
        trial = Sink()
        project = find_project(start if start.is_dir() else start.parent, trial)
        if project.file is not None and (project.root == top or top in project.root.parents):
            sink.extend(trial.found)
            return project
    return Project(top / revision.prefix)


def _of_project(project: Project, top: Path, label: str, sink: Sink) -> list[str]:
    """The sources of settings, from the top of the repository; of those that lead out of it the sink is told."""
    found = []
    for source in project.sources:
        one = _steps(project.root.relative_to(top).parts, source)
        if one is None:
            message = f"{label} names the source {source}, which is not in the repository"
            sink.add(rules.UNREADABLE_FILE, message)
        else:
            found.append(one)
    return found


def _is_read(path: str, sources: Sequence[str], python: bool) -> bool:
    """Whether a file may matter: sources, packages of pipelines, and with Python everything that it may read."""
    if python or path in sources:
        return python or not path.endswith(".py")
    below = any(path.startswith(f"{one}/") or not one for one in sources)
    return not path.endswith(".py") and (below or path.endswith(_READ))


def _tell_problems(problems: Mapping[str, str], revision: Revision, sources: Sequence[str], sink: Sink) -> None:
    """What could not be read of the sources; about anything else nobody asked."""
    for path, reason in sorted(problems.items()):
        named = path in sources
        inside = any(_is_below(path, one) for one in sources) and path.endswith((".yaml", ".yml"))
        if named or inside:
            severity = Severity.WARNING if "link" in reason and not named else None
            sink.add(rules.UNREADABLE_FILE, f"{revision.name}:{path} cannot be read: {reason}", severity=severity)
    for module in sorted(revision.submodules):
        whole = any(_is_below(one, module) for one in sources)
        if whole or any(_is_below(module, one) for one in sources):
            message = f"{revision.name}:{module} is a submodule, whose files are not in this repository"
            sink.add(rules.UNREADABLE_FILE, message, severity=None if whole else Severity.WARNING)


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")
