"""What drift of artifacts means: files on a disk against those of a compile, in instants, policies and what runs."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from schedc.compile import Compilation, read_options
from schedc.diagnostics.sink import Sink
from schedc.records import dataclass
from schedc.report.diff import text
from schedc.report.diff.compare import compare
from schedc.report.diff.model import Cell, One, Report
from schedc.target import UnreadableArtifact
from schedc.targets import target as find_target

_DAY = 86_400
_YEAR = 366 * _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDisk:
    """The files of one target's folder, as text by path, and those of them that are to go."""

    target: str
    files: Mapping[str, str]
    gone: Collection[str]


def meaning_of_drift(
    places: Collection[OnDisk], compilation: Compilation, environment: str | None, shown: str, color: bool
) -> str:
    """The report of `schedc diff` between what is there and what a compile writes; empty where nothing drifted.

    Instants are compared for a year from today.
    """
    pairs: dict[str, dict[str, tuple[dict[str, str], dict[str, str]]]] = {}
    drifted: set[str] = set()
    for place in places:
        before, after = _by_name(place.target, place.files), _by_name(place.target, compilation.artifacts(place.target))
        for name in sorted(before.keys() | after.keys()):
            was, becomes = before.get(name, {}), after.get(name, {})
            if becomes or any(path in place.gone for path in was):
                pairs.setdefault(name, {})[place.target] = was, becomes
                drifted |= {name} if was != becomes else set()
    if not drifted:
        return ""
    old: dict[str, dict[str, Cell]] = {}
    new: dict[str, dict[str, Cell]] = {}
    for name in drifted:
        for target, both in pairs[name].items():
            for side, files in zip((old, new), both, strict=True):
                if files:
                    side.setdefault(name, {})[target] = _cell(name, target, files, compilation)
    begin = int(time.time()) // _DAY * _DAY
    here, there = ({name: One(name=name, cells=cells) for name, cells in side.items()} for side in (old, new))
    report = Report(
        old=shown,
        new="what the sources compile to",
        begin=begin,
        until=begin + _YEAR,
        changes=tuple(compare(here, there, environment, begin, begin + _YEAR)),
        unchanged=len(pairs.keys() - drifted),
    )
    return text.render(report, color)


def _by_name(target: str, files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {path: files[path] for path in paths} for name, paths in find_target(target).paths(files)}


def _cell(name: str, target: str, files: Mapping[str, str], compilation: Compilation) -> Cell:
    """What files say, for the variants of the engine that the schedule's options name."""
    one = find_target(target)
    output = next((o for o in compilation.outputs if (o.schedule.name, o.target) == (name, target)), None)
    options = None if output is None else read_options(output.schedule, one, Sink())
    try:
        deployed = one.read(files)
    except UnreadableArtifact as error:
        return Cell(files=files, unreadable=f"{', '.join(sorted(files))}: {error}")
    return Cell(
        files=files,
        deployed=deployed,
        families=tuple(one.families(options or {})),
        engine_name=deployed.name if deployed.called is None else deployed.called,
    )
