"""`schedc verify`: artifacts on disk, read back and proved against their sources."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schedc import output
from schedc.commands.every_environment import in_each
from schedc.commands.options import add_findings, add_selection, add_sources
from schedc.commands.session import Session, UsageError, finish, open_session
from schedc.compile import check_artifacts, compile_schedule, lists, read_options
from schedc.diagnostics import rules
from schedc.diagnostics.render import FOR_PEOPLE
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.zones import tzdata_version
from schedc.target import Target
from schedc.targets import target as find_target
from schedc.targets import targets


def add_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("folder", metavar="DIR", help="a folder that compile wrote")
    add_selection(one)
    add_sources(one)
    add_findings(one)


def run(options: argparse.Namespace) -> int:
    return in_each(options, _run)


def _run(options: argparse.Namespace) -> int:
    folder = Path(options.folder)
    try:
        if not folder.is_dir():
            raise UsageError(f"{options.folder} is not a folder")
        session = open_session(options)
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    if options.environment:
        folder = folder / options.environment
    proved = 0
    hint = _environments_hint(folder, options.environment)
    # A schedule that was not read has artifacts all the same: with an error in a source no orphan can be told.
    some = bool(options.names) or session.sink.errors > 0
    for name in session.wanted:
        try:
            found = _verify_target(folder / name, find_target(name), session, some, hint)
        except output.OutputError as error:
            session.sink.add(rules.UNREADABLE_FILE, str(error), target=name)
            continue
        proved += found
    if not proved and not session.sink.errors:
        session.sink.add(
            rules.MISSING_ARTIFACT, f"nothing in {folder.as_posix()} was proved", help=hint or "run schedc compile"
        )
    code = finish(options, session.sink.found, session=session)
    if options.format in FOR_PEOPLE:
        print(f"{proved} proved under tzdata {tzdata_version()}", file=sys.stderr)
    return code


def _environments_hint(folder: Path, environment: str | None) -> str | None:
    """Folders of targets one level below are what `compile --env` writes."""
    if environment or not folder.is_dir():
        return None
    inner = [p.name for p in sorted(folder.iterdir()) if p.name not in targets() and p.is_dir()]
    found = [name for name in inner if any((folder / name / target).is_dir() for target in targets())]
    return f"add --env {found[0]}, which is what this folder holds" if found else None


def _verify_target(folder: Path, target: Target, session: Session, some: bool, hint: str | None) -> int:
    """How many schedules of one target are proved by their files; with `some`, the files of others are no orphans."""
    schedules, sink = session.schedules, session.sink
    on_disk = {path: data.decode("utf-8", "surrogateescape") for path, data in output.existing(folder).items()}
    by_name = {name: {p: on_disk[p] for p in paths} for name, paths in target.paths(on_disk)}
    used = {path for files in by_name.values() for path in files}
    proved = 0
    for schedule in schedules:
        if not schedule.enabled or not lists(schedule, target.name):
            continue
        inner = sink.within(schedule.name, target.name)
        files = by_name.pop(schedule.name, None)
        if files is None:
            inner.add(
                rules.MISSING_ARTIFACT,
                f"no artifact of {schedule.name} is in {folder.as_posix()}",
                schedule.place(),
                help=hint or "run schedc compile",
            )
            continue
        before = inner.errors
        proved += _verify(schedule, target, files, inner) and inner.errors == before
    if some:
        return proved
    for path in sorted({p for files in by_name.values() for p in files} | (on_disk.keys() - used)):
        sink.add(rules.ORPHAN, f"{folder.as_posix()}/{path} is compiled from no source", target=target.name)
    return proved


def _verify(schedule: Schedule, target: Target, files: dict[str, str], sink: Sink) -> bool:
    options = read_options(schedule, target, sink)
    if options is None:
        return False
    before = sink.errors
    check_artifacts(schedule, target, options, files, sink)
    if sink.errors > before:
        return False
    compiled = compile_schedule(schedule, target, Sink())
    written = {} if compiled is None else {a.path: a.text for a in compiled.artifacts}
    if written == files:
        return True
    if written and target.read(written).identity != target.read(files).identity:
        parts = _different(target.read(written).identity, target.read(files).identity)
        sink.add(
            rules.METADATA_DIFFERS,
            f"the artifact of {schedule.name} carries another {', '.join(parts)}",
            schedule.place(),
            help="run schedc compile",
        )
        return False
    sink.add(
        rules.STALE_ARTIFACT,
        f"the artifact of {schedule.name} fires and runs as declared, and is not what schedc writes",
        schedule.place(),
        help="run schedc compile",
    )
    return True


def _different(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [str(key) for key in sorted(one.keys() | other.keys()) if one.get(key) != other.get(key)]
