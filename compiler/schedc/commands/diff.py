"""`schedc diff`: what a change of schedules means, in instants, policies and what runs."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from schedc.commands.diff_places import GIT, Place, open_place, work_tree
from schedc.commands.diff_sides import Side, cells_of, environments, read_side
from schedc.commands.every_environment import EVERY
from schedc.commands.options import add_format, add_selection
from schedc.commands.session import UsageError, as_utf_8, finish, read_time, use_color, wanted_targets
from schedc.diagnostics import Diagnostic, rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.written import ENVIRONMENT_NAME
from schedc.ir.zones import LAST_YEAR
from schedc.records import dataclass, field
from schedc.report.diff.compare import compare
from schedc.report.diff.model import Category, Report, ScheduleChange
from schedc.report.diff.renames import fingerprint
from schedc.targets import names as target_names
from schedc.targets import targets

FORMS = ("text", "json", "markdown")
_DAY = 86_400
_TOLD = frozenset({rules.SKIPPED_PYTHON, rules.NO_SOURCES, rules.INVALID_PROJECT, rules.UNREADABLE_FILE})
"""Rules whose warnings and notes are told: what is not compared. What else is warned of, check tells."""


def add_options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "sides",
        nargs="*",
        metavar="OLD NEW",
        help="each a source file, a folder of sources or of artifacts, git:REV or git:REV:PATH;"
        " with --against, the sources of the work tree to compare",
    )
    one.add_argument("--against", metavar="OLD", help="compare the work tree with this, such as git:main")
    one.add_argument("--from", dest="begin", metavar="TIME", help="compare instants from here (default: today, UTC)")
    one.add_argument("--until", metavar="TIME", help="compare instants before this (default: a year later)")
    one.add_argument(
        "--fail-on",
        metavar="CATEGORY[,CATEGORY]",
        default="",
        help=f"exit with 1 if a change is of one of these: {', '.join(Category)}",
    )
    one.add_argument("--python", action="store_true", help="run the Python sources of git revisions")
    add_selection(one)
    add_format(one, FORMS)


@dataclass(slots=True)
class _Gathered:
    """What is gathered over the environments."""

    changes: list[ScheduleChange] = field(default_factory=list)
    unchanged: int = 0
    skipped: list[str] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)


def run(options: argparse.Namespace) -> int:
    try:
        failing = _failing(options.fail_on)
        begin, until = _range(options)
        with ExitStack() as stack:
            places = _places(options, stack)
            gathered = _Gathered()
            for environment, known in _environments(options, places):
                _compare(options, places, environment, known, (begin, until), gathered)
            left = _environments_left(options, places)
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    report = Report(
        old=places[0].label,
        new=places[1].label,
        begin=begin,
        until=until,
        changes=tuple(gathered.changes),
        unchanged=gathered.unchanged,
        not_compared=tuple(dict.fromkeys(gathered.skipped)),
        environments_not_compared=left,
    )
    code = finish(argparse.Namespace(format="text", color=options.color), gathered.found, sys.stderr)
    as_utf_8(sys.stdout)
    sys.stdout.write(_rendered(report, gathered.found, options))
    return code or int(any(one.category in failing for one in report.changes))


def _rendered(report: Report, found: Sequence[Diagnostic], options: argparse.Namespace) -> str:
    if options.format == "json":
        import json

        from schedc.diagnostics.render import render
        from schedc.report.diff import as_json

        return as_json.render(report, json.loads(render(found, "json"))["diagnostics"])
    if options.format == "markdown":
        from schedc.report.diff import markdown

        return markdown.render(report)
    from schedc.report.diff import text

    return text.render(report, use_color(options, sys.stdout))


# -- what is asked ---------------------------------------------------------------------------------------------------


def _failing(given: str) -> frozenset[Category]:
    known = {one.value: one for one in Category}
    named = [one.strip() for one in given.split(",") if one.strip()]
    for one in named:
        if one not in known:
            raise UsageError(f"--fail-on: {one!r} is no category; there are {', '.join(known)}")
    return frozenset(known[one] for one in named)


def _range(options: argparse.Namespace) -> tuple[int, int]:
    begin = read_time(options.begin, "--from") if options.begin else int(time.time()) // _DAY * _DAY
    until = read_time(options.until, "--until") if options.until else _a_year_later(begin)
    if until <= begin:
        raise UsageError("--until must be after --from")
    if datetime.fromtimestamp(until - 1, UTC).year > LAST_YEAR:
        raise UsageError(f"clocks are known until the end of {LAST_YEAR}, and the range ends later")
    return begin, until


def _a_year_later(begin: int) -> int:
    now = datetime.fromtimestamp(begin, UTC)
    is_leap_day = (now.month, now.day) == (2, 29)
    then = now.replace(year=now.year + 1, month=3, day=1) if is_leap_day else now.replace(year=now.year + 1)
    return int(then.timestamp())


def _places(options: argparse.Namespace, stack: ExitStack) -> tuple[Place, Place]:
    given = options.sides
    if options.against is not None:
        if ":" in options.against.removeprefix(GIT) and given and options.against.startswith(GIT):
            raise UsageError("--against git:REV:PATH takes no other paths: it names one already")
        places = open_place(options.against, options, stack, given), work_tree(options, given)
        for path in places[1].missing:
            if path in places[0].missing or not options.against.startswith(GIT):
                raise UsageError(f"neither side has {path}")
        return places
    if len(given) != 2:
        raise UsageError("diff takes OLD and NEW, or --against git:REV and paths of the work tree")
    return open_place(given[0], options, stack), open_place(given[1], options, stack)


def _environments(
    options: argparse.Namespace, places: tuple[Place, Place]
) -> list[tuple[str | None, tuple[bool, bool]]]:
    """The environments to compare, and which of the two sides know each."""
    asked = options.environment
    if asked is None:
        return [(None, (True, True))]
    if not re.fullmatch(ENVIRONMENT_NAME, asked):
        raise UsageError(f"{asked!r} is not a name of an environment")
    old, new = (environments(place, options) for place in places)
    known = sorted({*old, *new})
    if asked != EVERY and asked not in known:
        shown = f"the environments are {', '.join(known)}" if known else "there is none"
        raise UsageError(f"neither side has an environment {asked}; {shown}")
    if not known:
        raise UsageError("there is no environment")
    return [(name, (name in old, name in new)) for name in (known if asked == EVERY else [asked])]


def _environments_left(options: argparse.Namespace, places: tuple[Place, Place]) -> tuple[str, ...]:
    """The environments that there are, where nobody asked for one: a change may be in them alone."""
    if options.environment is not None:
        return ()
    found = {name for place in places for name in environments(place, options)}
    return tuple(sorted(name for name in found if re.fullmatch(ENVIRONMENT_NAME, name)))


# -- what is compared ------------------------------------------------------------------------------------------------


def _compare(
    options: argparse.Namespace,
    places: tuple[Place, Place],
    environment: str | None,
    known: tuple[bool, bool],
    bounds: tuple[int, int],
    gathered: _Gathered,
) -> None:
    old, new = (read_side(place, options, environment, is_known) for place, is_known in zip(places, known, strict=True))
    told = Sink()
    names = old.names | new.names
    if options.names:
        for name in options.names:
            if name not in names | old.failed | new.failed:
                told.add(rules.UNKNOWN_SCHEDULE, f"neither side has a schedule {name!r}")
    skipped = _not_compared(old, new)
    same = {name for name in old.names & new.names if _is_same(old, new, name)}
    chosen = sorted(names - same - skipped)
    wanted = wanted_targets(options.targets) or _listed(old, new)
    sides = [cells_of(side, chosen, wanted, sink) for side, sink in ((old, None), (new, told))]
    changes = compare(sides[0], sides[1], environment, *bounds)
    if options.names:
        picked = set(options.names)
        changes = [one for one in changes if one.name in picked or one.renamed_from in picked]
        told.found[:] = [d for d in told.found if d.schedule is None or d.schedule in picked]
        same, skipped = same & picked, skipped & picked
        chosen = [name for name in chosen if name in picked]
    both = old.names & new.names
    gathered.changes += changes
    gathered.unchanged += len(same) + len({*chosen} & both - {one.name for one in changes})
    gathered.skipped += sorted(skipped)
    for side in (old, new):
        picked_here = [d for d in side.sink.found if not options.names or d.schedule in (None, *options.names)]
        gathered.found += [d for d in picked_here if d.is_error or d.rule in _TOLD]
    gathered.found += told.found


def _is_same(old: Side, new: Side, name: str) -> bool:
    """Whether a schedule is the same by its digest, or its artifacts to the byte."""
    before, after = old.schedules.get(name), new.schedules.get(name)
    if before is not None and after is not None:
        return fingerprint(before) == fingerprint(after)
    if before is not None or after is not None:
        return False
    here = [{t: files for (n, t), files in side.files.items() if n == name} for side in (old, new)]
    return here[0] == here[1]


def _not_compared(old: Side, new: Side) -> set[str]:
    """Schedules of which one side could not be read, or was not run: whether they are there cannot be told."""
    found = set()
    for side, other in ((old, new), (new, old)):
        for name in (other.names | other.failed) - side.names:
            source = other.schedules[name].source if name in other.schedules else ""
            if name in side.failed or name in other.failed or side.is_partial or _was_skipped(side, other, source):
                found.add(name)
    return found


def _was_skipped(side: Side, other: Side, source: str) -> bool:
    """Whether a Python source was not run on one side and was on the other."""
    top = side.place.repository
    if not source.endswith(".py") or top is None:
        return False
    path = Path(os.path.abspath(other.place.folder / source))
    root = other.place.top or top
    return any(path == Path(root) / one for one in side.place.python)


def _listed(old: Side, new: Side) -> tuple[str, ...]:
    listed = {t for side in (old, new) for s in side.schedules.values() for t in s.deploy_to or () if t in targets()}
    return tuple(sorted({*target_names(), *listed}))
