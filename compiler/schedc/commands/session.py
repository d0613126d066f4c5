"""What most commands begin and end with: the project, the schedules, the targets; the findings and the exit code."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from schedc.commands.places import repository, seen_from
from schedc.compile import Compilation, compile_schedule, compile_schedules, lists
from schedc.diagnostics import Diagnostic, Severity, rules
from schedc.diagnostics.render import FOR_PEOPLE, About, Case, render
from schedc.diagnostics.sink import Sink
from schedc.frontend.allowances import tell_unused
from schedc.frontend.times import Time, resolve
from schedc.frontend.written import ENVIRONMENT_NAME
from schedc.ir.schedule import Schedule
from schedc.ir.zones import UTC, Zone
from schedc.load import Selection, load
from schedc.node import Node
from schedc.project import Project, find_project, lints_of, read_project
from schedc.records import dataclass, field, replace
from schedc.shapes import INVALID
from schedc.source import SourceFile, Span
from schedc.targets import known, names, targets
from schedc.targets import target as find_target

_USAGE = frozenset(
    {
        rules.UNREADABLE_FILE,
        rules.NO_SOURCES,
        rules.UNKNOWN_TARGET,
        rules.UNKNOWN_SCHEDULE,
        rules.INVALID_PROJECT,
        rules.UNWRITABLE,
        rules.FAILED_SOURCE,
        rules.INVALID_YAML,
    }
)


class UsageError(Exception):
    """Wrong usage of the command line: exit code 2."""


@dataclass(frozen=True, slots=True)
class Session:
    """A loaded project."""

    project: Project
    schedules: list[Schedule]
    wanted: tuple[str, ...]
    sink: Sink
    cwd: Path = Path()
    """Where the paths of sources begin."""


@dataclass(slots=True)
class Gathered:
    """What a command found in several environments, which is told together at the end."""

    environment: str = ""
    found: list[Diagnostic] = field(default_factory=list)
    about: About = field(default_factory=About)
    stream: TextIO | None = None
    runs: int = 0
    """How many runs came to their end."""

    def take(self, found: Sequence[Diagnostic], about: About, stream: TextIO | None) -> None:
        """Add one environment's findings."""
        self.found += [replace(d, environment=self.environment) for d in found]
        cases = (*self.about.cases, *(replace(case, environment=self.environment) for case in about.cases))
        self.about = replace(about, cases=cases)
        self.stream = stream
        self.runs += 1


def open_session(options: argparse.Namespace) -> Session:
    """Load what the options name. Raises `UsageError`."""
    if options.environment is not None and not re.fullmatch(ENVIRONMENT_NAME, options.environment):
        raise UsageError(
            f"{options.environment!r} is not a name of an environment: it is a folder of the output, and has"
            " lower-case letters, digits, - and _"
        )
    sink = Sink()
    if options.strict:
        sink.be_strict()
    project, selection = selected(options, sink)
    wanted = wanted_targets(options.targets)
    schedules = load(project, selection, sink)
    chosen = _chosen(schedules, getattr(options, "names", []), options.targets, sink)
    return Session(project, chosen, wanted or _all_listed(chosen), sink, selection.cwd)


def selected(options: argparse.Namespace, sink: Sink | None = None) -> tuple[Project, Selection]:
    """The project and what the options select of it. Raises `UsageError`."""
    sink = sink or Sink()
    cwd = Path.cwd()
    if options.config and not Path(options.config).is_file():
        raise UsageError(f"--config {options.config}: there is no such file")
    project = read_project(Path(options.config), sink) if options.config else find_project(cwd, sink)
    promise = read_time(options.applied_after, "--applied-after") if options.applied_after else None
    return project, Selection(
        paths=tuple(p for p in options.paths if p != "-"),
        cwd=cwd if options.paths else project.root,
        environment=options.environment,
        values=_values(options.values),
        applied_after=promise,
        instead=getattr(options, "instead", {}),
    )


def compile_session(options: argparse.Namespace, session: Session) -> Compilation:
    """Compile what is loaded; a target that was named and gets nothing is told of."""
    compilation = compile_schedules(
        session.schedules, session.wanted, session.sink, lints_of(session.project, options.environment)
    )
    for name in dict.fromkeys(t for t in options.targets if t != "all"):
        _tell_of_named(name, options, session)
    if not options.targets and not options.names:
        tell_unused(session.sink, {one.name for one in session.schedules if one.enabled})
    return compilation


def _tell_of_named(name: str, options: argparse.Namespace, session: Session) -> None:
    """A target that can schedule nothing refuses whoever asks for it by name, and not only those that list it."""
    target = find_target(name)
    enabled = [s for s in session.schedules if s.enabled]
    if target.unschedulable is not None:
        for one in enabled:
            if one.deploy_to is None:
                compile_schedule(one, target, session.sink.within(one.name, name))
    elif enabled and not options.names and not any(lists(s, name) for s in enabled):
        session.sink.add(
            rules.NOT_DEPLOYED_THERE,
            f"nothing is deployed to {name}",
            target=name,
            help=f"add {name} to the deploy_to of a schedule",
            severity=Severity.WARNING,
        )


def wanted_targets(given: Sequence[str]) -> tuple[str, ...]:
    """The targets that `--target` names; none where it was not given."""
    found: list[str] = []
    for name in given:
        if name == "all":
            found += names()
        elif known(name):
            found.append(name)
        else:
            raise UsageError(f"no target is called {name!r}; there are {', '.join(targets())}, and all")
    return tuple(dict.fromkeys(found))


def _all_listed(schedules: Sequence[Schedule]) -> tuple[str, ...]:
    listed = {t for s in schedules for t in s.deploy_to or () if known(t)}
    return tuple(sorted({*names(), *listed}))


def _chosen(schedules: list[Schedule], names: Sequence[str], targets: Sequence[str], sink: Sink) -> list[Schedule]:
    if not names:
        return schedules
    by_name = {s.name: s for s in schedules}
    read = {*by_name, *(d.schedule for d in sink.found if d.schedule is not None)}
    sink.found[:] = [d for d in sink.found if d.schedule is None or d.schedule in names]
    chosen = []
    for name in names:
        one = by_name.get(name)
        if one is None:
            # A source with an error may hold it; then that error is told.
            if not any(d.is_error for d in sink.found):
                shown = ", ".join(sorted(read)) or "none"
                sink.add(rules.UNKNOWN_SCHEDULE, f"no schedule is called {name!r}", help=f"the schedules are {shown}")
            continue
        chosen.append(one)
        for target in targets:
            if target != "all" and one.deploy_to is not None and target not in one.deploy_to:
                sink.add(
                    rules.NOT_DEPLOYED_THERE,
                    f"{name} is not deployed to {target}",
                    one.place("deploy_to"),
                    help=f"add {target} to deploy_to",
                    schedule=name,
                    target=target,
                )
    return chosen


def _values(given: Sequence[str]) -> dict[str, str]:
    values = {}
    for one in given:
        name, equals, text = one.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"--value takes NAME=TEXT, not {one!r}")
        if not text.isprintable() and any("\ud800" <= c <= "\udfff" for c in text):
            raise UsageError(f"--value {name} is not UTF-8 text")
        values[name] = text
    return values


def read_time(text: str, option: str, zone: Zone = UTC) -> int:
    """The instant of a time on the command line; without an offset it is wall time in `zone`."""
    file = SourceFile(option, text)
    sink = Sink()
    time = Time().read(Node(text, Span(file, 0, len(text))), sink)
    instant = resolve(time, zone, sink) if time is not INVALID else INVALID
    if instant is INVALID:
        raise UsageError(f"{option}: {sink.found[0].message}")
    return int(instant)


def finish(
    options: argparse.Namespace,
    found: Sequence[Diagnostic],
    stream: TextIO | None = None,
    session: Session | None = None,
) -> int:
    """Print the findings, or keep them where several environments are told together; the exit code that they mean."""
    about = _about(options, session)
    gathered: Gathered | None = getattr(options, "gathered", None)
    if gathered is not None:
        gathered.take(found, about, stream)
    else:
        tell(options, found, about, stream)
    if not any(d.severity.reaches(about.fail_on) for d in found):
        return 0
    return 2 if any(d.rule in _USAGE and d.is_error for d in found) else 1


def tell(options: argparse.Namespace, found: Sequence[Diagnostic], about: About, stream: TextIO | None = None) -> None:
    """Print the findings: text for people on stderr, every other form on stdout unless artifacts go there."""
    form = options.format
    stream = stream or (sys.stderr if form == "text" else sys.stdout)
    if form != "text":
        as_utf_8(stream)
    about = replace(about, color=form in FOR_PEOPLE and use_color(options, stream))
    if found or form != "text":
        print(render(found, form, about=about), end="", file=stream, flush=True)
    if form in FOR_PEOPLE and found:
        from schedc.diagnostics.render.groups import summary

        if counted := summary(found):
            print(counted, file=sys.stderr)


def as_utf_8(stream: TextIO) -> None:
    """Documents are UTF-8 wherever they go, whatever the terminal can show."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8")


def _about(options: argparse.Namespace, session: Session | None) -> About:
    command = getattr(options, "command", "check")
    least = Severity(getattr(options, "fail_on", Severity.ERROR))
    if session is None:
        return About(command=command, fail_on=least)
    project = session.project
    root = repository(project.root)
    settings = project.file or "schedc.toml"

    def base(path: str) -> Path:
        return Path(os.path.abspath(project.root if path == settings else session.cwd))

    return About(
        command=command,
        fail_on=least,
        cases=tuple(
            Case(one.name, target)
            for one in session.schedules
            for target in session.wanted
            if one.enabled and lists(one, target)
        ),
        settings=seen_from(root, base)(settings),
        from_root=seen_from(root, base),
        from_here=seen_from(Path.cwd(), base),
    )


def use_color(options: argparse.Namespace, stream: TextIO) -> bool:
    """Colors on a terminal, unless NO_COLOR or --color say otherwise."""
    if options.color != "auto":
        return bool(options.color == "always")
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
