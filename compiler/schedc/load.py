"""Sources in, resolved schedules out: files are read, defaults and environments merged, values filled in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from schedc.checks import check
from schedc.counted import some
from schedc.diagnostics import Severity, rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.allowances import key_lines, read_allowances, tell_stray
from schedc.frontend.deceptive_text import check_path, check_text
from schedc.frontend.fields import SCHEDULE
from schedc.frontend.pipeline_file import read_pipeline
from schedc.frontend.resolved_size import fits
from schedc.frontend.schedule_reader import read_schedule
from schedc.frontend.times import zone_help
from schedc.frontend.values import fill, names_in
from schedc.frontend.written import ENVIRONMENTS, Written, schedules_of
from schedc.frontend.yaml_file import LONGEST_FILE, decode, read_at_most, read_yaml
from schedc.ir import zones
from schedc.ir.schedule import Schedule
from schedc.ir.workload import Pipeline
from schedc.node import Node, merge_all
from schedc.patterns import pattern
from schedc.project import VALUES, Project, check_environment, environment, is_inside, repository, source_files
from schedc.records import dataclass, field, replace
from schedc.shapes import INVALID, Anything, Either, MapOf, Record, Shape
from schedc.source import SourceFile
from schedc.targets import known, target

TRIGGERS = ("cron_expression", "interval_second", "run_once_start_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to load: paths as the user gave them (or the project's sources), an environment, values, a promise.

    `instead` holds bytes that are read in place of those of a file.
    """

    paths: tuple[str, ...] = ()
    cwd: Path
    environment: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    applied_after: int | None = None
    instead: Mapping[Path, bytes] = field(default_factory=dict)


def load(project: Project, selection: Selection, sink: Sink) -> list[Schedule]:
    """Every schedule of the selected sources that can be read, in the order of files and places."""
    written = list(_all_written(project, selection, sink))
    _check_unique(written, sink)
    overlay, values, applied_after = environment(project, selection.environment, sink)
    if selection.applied_after is not None:
        applied_after = selection.applied_after
    _check_environment_known(project, selection, written, sink)
    for name, unpicked in project.environments.items():
        if name != selection.environment:
            _check_fields(unpicked, sink)
    schedules = []
    used: set[str] = set()
    comments: set[tuple[str, int]] = set()
    lines = key_lines(written)
    merged: list[tuple[Written, Node, dict[str, str]]] = []
    for one in written:
        inner = sink.within(schedule=one.name)
        comments |= {(one.place.file.path, at) for at in read_allowances(one, lines, inner)}
        _check_environments(one, selection.environment, inner)
        own = one.node.get("environments", selection.environment) if selection.environment else None
        own, own_values = _own_values(own, inner)
        node = merge_all((project.base, one.defaults, _without(one.node, "environments"), overlay, own), _is_data)
        assert node is not None
        merged.append((one, replace(node, span=one.place), {**values, **own_values, **selection.values}))
    if not fits(merged, sink):
        return []
    for one, node, own_values in merged:
        if sink.is_full:
            break
        inner = sink.within(schedule=one.name)
        if selection.values:
            used |= names_in(node)
        node = fill(node, own_values, inner)
        folder = (selection.cwd / one.source).parent
        pipelines = _pipelines(folder, (repository(project.root), folder))
        schedule = read_schedule(one.name, node, one.source, applied_after, pipelines, inner)
        if schedule is not None:
            before = sink.errors
            check(schedule, inner)
            if sink.errors == before:
                schedules.append(schedule)
    tell_stray(written, comments, sink)
    for name in sorted(selection.values.keys() - used) if written else ():
        message = f"no schedule asks for the value {name!r} that was given"
        sink.add(rules.UNDEFINED_VALUE, message, help=f"write ${{values.{name}}}", severity=Severity.WARNING)
    return schedules


def _is_data(path: tuple[str, ...]) -> bool:
    """Whether a mapping is a value of its own, such as a parameter or a patch, in which null is a value too."""
    if path[:3] == ("run", "pipeline", "parameters"):
        return True
    if path[:1] != ("targets",) or len(path) < 3 or not known(path[1]):
        return False
    shape: Shape | None = Record(target(path[1]).options)
    for key in path[2:]:
        if isinstance(shape, Either):
            shape = shape.mapping
        if isinstance(shape, Record):
            shape = next((one.shape for one in shape.fields if one.name == key), None)
        elif isinstance(shape, MapOf):
            shape = shape.item
        else:
            break
    return isinstance(shape, Anything)


def environment_names(project: Project, selection: Selection) -> list[str]:
    """Every environment that the project or a selected schedule has."""
    written = _all_written(project, selection, Sink())
    return sorted({*project.environments, *(k for w in written if (e := w.node.get("environments")) for k in _keys(e))})


def _pipelines(folder: Path, allowed: tuple[Path, ...]) -> Any:
    def read(node: Node, data: Mapping[str, Any], timezone: str, sink: Sink) -> Pipeline | None:
        package = data["package"]
        if isinstance(package, str) and not any(is_inside(folder / package, one) for one in allowed):
            message = f"the package {package} leads out of the repository, and is not read"
            help = "copy it into the repository, beside the schedule"
            sink.add(rules.INVALID_PIPELINE, message, node.nearest("package"), help=help)
            return None
        return read_pipeline(node, data, timezone, sink, folder)

    return read


def _all_written(project: Project, selection: Selection, sink: Sink) -> Iterable[Written]:
    found_any = False
    skipped: list[str] = []
    for path, shown, named in source_files(project, selection.paths, selection.cwd):
        if not (named and selection.paths) and not _may_be_read(path, shown, project, selection, sink):
            found_any = True
            continue
        if path.suffix == ".py" and not named:
            skipped.append(shown)
            continue
        file = _read(path, shown, named, selection.instead.get(path), sink)
        found_any = True
        if file is None:
            continue
        if path.suffix == ".py":
            before = sink.errors
            check_text(file, sink)
            if sink.errors > before:
                continue
            from schedc.frontend.python_file import read_python

            yield from read_python(file, path, sink)
            continue
        yield from _yaml(file, shown, named, sink)
    if skipped:
        one = len(skipped) == 1
        listed = some(skipped, 10)
        what = f"{listed} was" if one else f"{len(skipped)} Python files were"
        sink.add(
            rules.SKIPPED_PYTHON,
            f"{what} not run: Python sources run only when they are named as files",
            notes=() if one else (f"they are {listed}",),
            help=f"name {'it' if one else 'those with schedules'}: {skipped[0]}{'' if one else ', ...'}, on the"
            " command line or under sources in schedc.toml",
        )
    if not found_any:
        where = "the given paths" if selection.paths else f"the sources of {project.file}"
        if not selection.paths and project.file is None:
            message = "there is no schedc.toml here or above, and no source was named"
            sink.add(rules.NO_SOURCES, message, help="name a schedule file or a folder of them, or run schedc init")
            return
        sink.add(rules.NO_SOURCES, f"no source was found in {where}", help="name a schedule file or a folder of them")


def _may_be_read(path: Path, shown: str, project: Project, selection: Selection, sink: Sink) -> bool:
    """Whether a file that nobody named on the command line lies in the repository, or in a folder that was named."""
    folders = (repository(project.root), *(selection.cwd / one for one in selection.paths))
    if not os.path.islink(path) or any(is_inside(path, one) for one in folders):
        return True
    message = f"{shown} cannot be read: it is a link that leads out of the repository"
    sink.add(rules.UNREADABLE_FILE, message, help="name it on the command line, if it is meant")
    return False


def _yaml(file: SourceFile, shown: str, named: bool, sink: Sink) -> Iterable[Written]:
    inner = Sink()
    check_text(file, inner)
    tree = read_yaml(file, inner)
    if tree is None:
        is_ours = named or _OF_SCHEDULES.search(file.text) is not None
    else:
        is_ours = named or (isinstance(tree.value, dict) and "schedules" in tree.value)
    if not is_ours:
        if tree is not None and _looks_like_ours(tree):
            sink.add(
                rules.NO_SCHEDULES,
                f"{shown} looks like a file of schedules and has no schedules, so it was passed over",
                tree.span.part(0, 0),
                help="write schedules: {NAME: {...}}, or move the file away",
            )
        return
    sink.extend(inner.found)
    if tree is not None:
        yield from schedules_of(tree, shown, sink)


_OF_SCHEDULES = pattern(r"^(\{[ \t]*)?schedules[ \t]*:|\"schedules\"[ \t]*:", re.MULTILINE)
"""What a file of schedules says that is not YAML: a slip in one must not make all its schedules go unseen."""


def _looks_like_ours(tree: Node) -> bool:
    """An empty file, one with `defaults`, with a slip in `schedules`, or with schedules at the top."""
    if not isinstance(tree.value, dict):
        return False
    if not tree.value or "defaults" in tree.value or get_close_matches("schedules", tree.value, n=1, cutoff=0.8):
        return True
    if "apiVersion" in tree.value or "kind" in tree.value:
        return False
    inner = [entry.node.value for entry in tree.value.values() if isinstance(entry.node.value, dict)]
    return any(trigger in one for one in (tree.value, *inner) for trigger in TRIGGERS)


def _read(path: Path, shown: str, named: bool, instead: bytes | None, sink: Sink) -> SourceFile | None:
    if not check_path(shown, sink):
        return None
    try:
        data = read_at_most(path) if instead is None else instead
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        sink.add(rules.UNREADABLE_FILE, f"{shown} cannot be read: {reason}")
        return None
    if len(data) > LONGEST_FILE:
        if named or b"schedules:" in data:
            sink.add(
                rules.YAML_LIMIT,
                f"{shown} has more than the {LONGEST_FILE:,} bytes that are read",
                help="split it into several files",
            )
        return None
    return decode(shown, data, sink)


def _check_unique(written: list[Written], sink: Sink) -> None:
    first: dict[str, Written] = {}
    for one in written:
        other = first.setdefault(one.name, one)
        if other is not one:
            line, column = other.place.position
            sink.add(
                rules.DUPLICATE_NAME,
                f"two schedules are called {one.name}",
                one.place,
                notes=(f"the first one is at {other.source}:{line}:{column}",),
                help="a name is unique over everything that is compiled together",
            )
    written[:] = [one for one in written if first[one.name] is one]


def _check_environment_known(project: Project, selection: Selection, written: list[Written], sink: Sink) -> None:
    name = selection.environment
    if name is None or name in project.environments:
        return
    if any(one.node.get("environments", name) is not None for one in written):
        return
    known = sorted(
        {*project.environments, *(k for w in written if (e := w.node.get("environments")) for k in _keys(e))}
    )
    shown = ", ".join(known) if known else "none"
    sink.add(
        rules.INVALID_PROJECT,
        f"no environment is called {name}",
        help=f"the environments are: {shown}" if known else "define it under environments in schedc.toml",
    )


def _keys(node: Node) -> list[str]:
    return list(node.value) if isinstance(node.value, dict) else []


def _check_environments(one: Written, picked: str | None, sink: Sink) -> None:
    """A schedule's environments are checked whether or not one of them is picked."""
    entry = one.node.value.get("environments")
    if entry is None:
        return
    if ENVIRONMENTS.read(entry.node, sink) is INVALID:
        return
    for name, environment_entry in entry.node.value.items():
        if check_environment(environment_entry.node, sink, ("values",)) and name != picked:
            _check_fields(environment_entry.node, sink)


_ONLY_WHOLE = ("run", "targets", "environments")
"""Fields of which an environment may give a part that means nothing by itself."""


def _check_fields(node: Node, sink: Sink) -> None:
    """The fields of an environment that was not picked, as far as they can be read alone."""
    for one in SCHEDULE.fields:
        given = node.get(one.name)
        if one.name in _ONLY_WHOLE or given is None or given.value is None or "${" in str(given.plainly()):
            continue
        read = one.shape.read(given, sink)
        if one.name == "timezone" and read is not INVALID and not _is_zone(read):
            message = f"{read[:60]!r} is not a zone of the IANA database"
            sink.add(rules.UNKNOWN_TIMEZONE, message, given.span, help=zone_help(read))


def _is_zone(name: str) -> bool:
    try:
        zones.zone(name)
    except zones.UnknownZone:
        return False
    return True


def _own_values(own: Node | None, sink: Sink) -> tuple[Node | None, dict[str, str]]:
    if own is None or not isinstance(own.value, dict):
        return None, {}
    values = own.get("values")
    if values is None:
        return own, {}
    read = VALUES.read(values, sink)
    return _without(own, "values"), read if read is not INVALID else {}


def _without(node: Node, key: str) -> Node:
    if not isinstance(node.value, dict) or key not in node.value:
        return node
    return Node({k: e for k, e in node.value.items() if k != key}, node.span, node.written, node.plain)
