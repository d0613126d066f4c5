"""The two sides of a diff, read into one form: schedules by name, or the files of artifacts."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from schedc import output
from schedc.commands.diff_places import Place, environments_in
from schedc.commands.session import selected
from schedc.compile import Compilation, compile_schedules, lists, read_options
from schedc.diagnostics import Diagnostic, Severity, rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.load import Selection, environment_names, load
from schedc.records import dataclass, field, replace
from schedc.report.diff.model import Cell, One
from schedc.source import SourceFile
from schedc.target import UnreadableArtifact
from schedc.targets import names as target_names
from schedc.targets import target as find_target


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side in one environment. `failed` are the names of schedules that are there and cannot be read.

    `is_partial`: something could not be read, so that a schedule that is missing may well be there.
    """

    place: Place
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    files: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()
    is_partial: bool = False
    sink: Sink

    @property
    def names(self) -> frozenset[str]:
        return frozenset((*self.schedules, *(name for name, _ in self.files)))


def environments(place: Place, options: argparse.Namespace) -> list[str]:
    """Every environment that a side has."""
    if place.artifacts is not None:
        return environments_in(place.artifacts)
    if place.is_empty:
        return sorted(place.project.environments)
    with _own_modules():
        return environment_names(place.project, _selection(place, options, None))


def read_side(place: Place, options: argparse.Namespace, environment: str | None, known: bool = True) -> Side:
    """A side in one environment; nothing is in it where only the other side knows the environment."""
    sink = Sink()
    if options.strict:
        sink.be_strict()
    sink.extend(place.notes)
    if not known:
        sink.add(rules.INVALID_PROJECT, f"there is no environment {environment}", severity=Severity.NOTE)
    if place.artifacts is not None and known:
        return _artifacts(place, place.artifacts, environment, sink)
    found: dict[str, Schedule] = {}
    if known and not place.is_empty:
        with _own_modules():
            loaded = load(place.project, _selection(place, options, environment), sink)
        found = {one.name: one for one in loaded}
    errors = [d for d in sink.found if d.is_error]
    return Side(
        place=place,
        schedules=found,
        failed=frozenset(d.schedule for d in errors if d.schedule is not None and d.schedule not in found),
        is_partial=any(d.schedule is None and d.rule is not rules.DUPLICATE_NAME for d in errors),
        sink=_told(sink, place),
    )


def _selection(place: Place, options: argparse.Namespace, environment: str | None) -> Selection:
    _, own = selected(argparse.Namespace(**{**vars(options), "config": None, "paths": []}), Sink())
    return Selection(
        paths=place.paths,
        cwd=place.folder,
        environment=environment,
        values=own.values,
        applied_after=own.applied_after,
    )


@contextmanager
def _own_modules() -> Iterator[None]:
    """What Python sources import is forgotten afterwards: the other side may have another module of that name."""
    before = set(sys.modules)
    try:
        yield
    finally:
        fixed = [os.path.realpath(one) + os.sep for one in (sys.prefix, sys.base_prefix, Path(__file__).parents[1])]
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and not os.path.realpath(file).startswith(tuple(fixed)):
                del sys.modules[name]
        sys.path_importer_cache.clear()


def _artifacts(place: Place, folder: Path, environment: str | None, sink: Sink) -> Side:
    root = folder / environment if environment else folder
    files: dict[tuple[str, str], dict[str, str]] = {}
    for name in target_names():
        try:
            found = output.existing(root / name)
        except output.OutputError as error:
            sink.add(rules.UNREADABLE_FILE, str(error), target=name)
            continue
        texts = {path: data.decode("utf-8", "surrogateescape") for path, data in found.items()}
        for one, paths in find_target(name).paths(texts):
            files[one, name] = {path: texts[path] for path in paths}
    inner = environments_in(folder)
    if not files and not environment and inner:
        help = f"add --env {inner[0]}, which is what this folder holds, or --env all"
        sink.add(rules.MISSING_ARTIFACT, f"{place.label} holds no artifacts that are for no environment", help=help)
    return Side(place=place, files=files, is_partial=sink.errors > 0, sink=_told(sink, place))


# -- findings --------------------------------------------------------------------------------------------------------


def _told(sink: Sink, place: Place) -> Sink:
    sink.found[:] = [relabelled(d, place) for d in sink.found]
    return sink


def relabelled(d: Diagnostic, place: Place) -> Diagnostic:
    """A finding that says which side it is of, with paths as the user would write them."""
    message, span = d.message, d.span
    if span is not None:
        span = replace(span, file=SourceFile(_as_given(span.file.path, place), span.file.text))
    elif place.prefix and not message.startswith(place.prefix):
        for word in ("cannot", "has", "looks", "was"):
            path, between, rest = message.partition(f" {word} ")
            if between and (place.folder / path).exists():
                message = f"{_as_given(path, place)}{between}{rest}"
                break
    notes = (*(_without_folder(one, place) for one in d.notes), f"in {place.label}")
    help = None if d.help is None else _without_folder(d.help, place)
    return replace(d, message=_without_folder(message, place), span=span, notes=notes, help=help)


def _as_given(path: str, place: Place) -> str:
    return path if path.startswith(place.prefix) else f"{place.prefix}{path}"


def _without_folder(text: str, place: Place) -> str:
    """A text without the temporary folder in which the files of a revision are."""
    if place.top is None:
        return text
    return text.replace(f"{place.top}{os.sep}", place.prefix).replace(str(place.top), place.prefix)


# -- what it compiles to ---------------------------------------------------------------------------------------------


def cells_of(side: Side, chosen: Sequence[str], wanted: Sequence[str], told: Sink | None) -> dict[str, One]:
    """The chosen schedules of a side on the wanted targets, compiled or read.

    What cannot be read is told to the side's own sink, and what is refused to another one, if there is one.
    """
    found: dict[str, dict[str, Cell]] = {name: {} for name in chosen if name in side.names}
    schedules = [side.schedules[name] for name in chosen if name in side.schedules]
    if schedules:
        trial = side.sink.trial()
        _fill(found, schedules, compile_schedules(schedules, wanted, trial), wanted)
        if told is not None:
            told.extend(relabelled(d, side.place) for d in trial.found if d.is_error)
    for (name, target), files in sorted(side.files.items()):
        if name in found and target in wanted:
            cell = read_cell(target, files)
            found[name][target] = cell
            if cell.unreadable is not None:
                wrong = Sink(name, target)
                wrong.add(rules.UNREADABLE_ARTIFACT, cell.unreadable, help="compile it again with schedc compile")
                side.sink.extend(relabelled(d, side.place) for d in wrong.found)
    return {name: One(name=name, schedule=side.schedules.get(name), cells=cells) for name, cells in found.items()}


def _fill(
    found: dict[str, dict[str, Cell]], schedules: Sequence[Schedule], done: Compilation, wanted: Sequence[str]
) -> None:
    for one in done.outputs:
        target = find_target(one.target)
        own = read_options(one.schedule, target, Sink()) or {}
        files = {a.path: a.text for a in one.artifacts}
        found[one.schedule.name][one.target] = Cell(
            files=files,
            deployed=target.read(files),
            families=tuple(target.families(own)),
            engine_name=one.engine_name,
            at_deploy=one.at_deploy,
            options=own,
        )
    refused: dict[tuple[str, str], set[str]] = {}
    for d in done.diagnostics:
        if d.is_error and d.schedule is not None:
            for name in (d.target,) if d.target is not None else wanted:
                refused.setdefault((d.schedule, name), set()).add(d.rule.code)
    for schedule in schedules:
        for name in wanted:
            codes = refused.get((schedule.name, name))
            if codes and schedule.enabled and lists(schedule, name) and name not in found[schedule.name]:
                own = read_options(schedule, find_target(name), Sink()) or {}
                found[schedule.name][name] = Cell(refused=tuple(sorted(codes)), options=own)


def read_cell(target: str, files: Mapping[str, str]) -> Cell:
    """What the files of one schedule say, or why they cannot be read."""
    one = find_target(target)
    try:
        deployed = one.read(files)
    except UnreadableArtifact as error:
        return Cell(files=files, unreadable=f"{', '.join(sorted(files))}: {error}")
    called = deployed.name if deployed.called is None else deployed.called
    return Cell(files=files, deployed=deployed, families=tuple(one.families({})), engine_name=called)
