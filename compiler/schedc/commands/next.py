"""`schedc next`: the next instants of a schedule, of an expression, or of what a target's engine makes of them."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from schedc.commands.options import add_format, add_selection, add_sources
from schedc.commands.session import Session, UsageError, finish, open_session, read_time, wanted_targets
from schedc.compile import compile_schedule
from schedc.diagnostics import rules
from schedc.engines import CronError, Engine, engine, names
from schedc.frontend.cron_expression import read_cron
from schedc.frontend.times import zone_help
from schedc.ir.occurrences import next_after, occurrences
from schedc.ir.schedule import Schedule
from schedc.ir.stamps import short_wall, stamp
from schedc.ir.triggers import Cron
from schedc.ir.words import words
from schedc.ir.zones import UnknownZone, Zone, zone
from schedc.proof.clock import clocks
from schedc.target import Target
from schedc.targets import target as find_target


def add_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("name", nargs="?", metavar="NAME", help="a schedule of the sources")
    one.add_argument("--cron", metavar="EXPR", help="a cron expression in place of a schedule")
    one.add_argument("--timezone", metavar="ZONE", help="the zone of --cron (default: UTC)")
    one.add_argument("-n", dest="count", type=_count, default=10, metavar="N", help="how many (default: 10)")
    one.add_argument("--from", dest="begin", metavar="TIME", help="at or after this time (default: now)")
    one.add_argument("--engine", metavar="NAME", help="ask the model of an engine instead of the reference")
    add_selection(one, several=False)
    add_sources(one)
    add_format(one)


def run(options: argparse.Namespace) -> int:
    try:
        if (options.cron is None) == (options.name is None):
            raise UsageError("next takes the NAME of a schedule, or --cron EXPR")
        if options.engine is not None and options.targets:
            raise UsageError("--engine and --target both say whose engine is asked; give one of them")
        _engine(options)
        return _of_expression(options) if options.cron is not None else _of_schedule(options)
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    except UnknownZone as error:
        said = f"{error.args[0]!r} is not a zone of the IANA database; {zone_help(error.args[0])}"
        print(f"schedc: {said}", file=sys.stderr)
        return 2


def _count(text: str) -> int:
    try:
        count = int(text)
    except ValueError:
        count = 0
    if not 1 <= count <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000000")
    return count


def _begin(options: argparse.Namespace, where: Zone) -> int:
    return read_time(options.begin, "--from", where) if options.begin else int(time.time())


def _engine(options: argparse.Namespace) -> Engine | None:
    try:
        return None if options.engine is None else engine(options.engine)
    except LookupError as error:
        raise UsageError(error.args[0]) from None


_OF_SCHEDULES = ("paths", "environment", "values", "applied_after", "config")


def _of_expression(options: argparse.Namespace) -> int:
    if any(getattr(options, name) for name in _OF_SCHEDULES):
        raise UsageError("--cron takes --timezone, --engine and --target; other options are for schedules of sources")
    timezone = options.timezone or "UTC"
    where = zone(timezone)
    begin = _begin(options, where)
    if options.targets:
        return _expression_on_target(options, where, begin)
    model = _engine(options)
    if model is None:
        calendar, mistakes = read_cron(options.cron)
        for one in mistakes:
            print(f"error: {one.message}", file=sys.stderr)
            print(f"  {options.cron}\n  {' ' * one.start}{'^' * max(1, one.end - one.start)}", file=sys.stderr)
            if one.help:
                print(f"help: {one.help}", file=sys.stderr)
        if calendar is None:
            return 1
        trigger = Cron(calendar, timezone)
        return _show(islice(occurrences(trigger, begin), options.count), where, options, words(trigger, zone=True))
    return _ask(model, options.cron, where, begin, None, options)


def _ask(model: Engine, text: str, where: Zone, begin: int, end: int | None, options: argparse.Namespace) -> int:
    """What an engine makes of a text, from `begin` to `end`."""
    try:
        reading = model.read(text)
        instants = _chain(lambda t: model.next(reading, where, t), begin - 1)
        found = list(islice(takewhile(lambda i: end is None or i <= end, instants), options.count))
    except CronError as error:
        print(f"error: {model.title}: {error}", file=sys.stderr)
        return 1
    return _show(iter(found), where, options, f"as {model.title} has it")


def _expression_on_target(options: argparse.Namespace, where: Zone, begin: int) -> int:
    """What the engine of a target makes of an expression as it is, without any lowering."""
    target = _one_target(wanted_targets(options.targets))
    if target.unschedulable is not None:
        raise UsageError(f"{target.title} has no engine to ask: it {target.unschedulable}")
    if target.name not in names():
        raise UsageError(f"the engine of {target.title} cannot be asked for an expression, only for a schedule")
    return _ask(engine(target.name), options.cron, where, begin, None, options)


def _one_target(wanted: Sequence[str]) -> Target:
    if len(wanted) != 1:
        raise UsageError("next asks one target")
    return find_target(wanted[0])


def _chain(step: object, at: int) -> Iterator[int]:
    instant: int | None = at
    while instant is not None:
        following = step(instant)  # type: ignore[operator]
        if following is not None and following <= instant:
            raise CronError(f"stuck: the instant after {stamp(instant)} is {stamp(following)}")
        if following is not None:
            yield following
        instant = following


def _of_schedule(options: argparse.Namespace) -> int:
    if options.timezone is not None:
        raise UsageError("--timezone is for --cron; a schedule has a zone of its own")
    options.names = [options.name]
    session = open_session(options)
    if not session.schedules or session.sink.errors:
        return finish(options, session.sink.found) or 2
    schedule = session.schedules[0]
    where = zone(schedule.timezone)
    begin = _begin(options, where)
    if options.targets:
        return _on_target(options, session, schedule, where, begin)
    start = begin if schedule.start is None else max(begin, schedule.start)
    model = _engine(options)
    if model is not None:
        if not isinstance(schedule.trigger, Cron):
            raise UsageError(f"--engine reads a cron expression, and {schedule.name} has none; ask with --target")
        return _ask(model, schedule.written, where, start, schedule.end, options)
    found = occurrences(schedule.trigger, start, schedule.end)
    return _show(islice(found, options.count), where, options, words(schedule.trigger, zone=True), schedule)


def _on_target(options: argparse.Namespace, session: Session, schedule: Schedule, where: Zone, begin: int) -> int:
    target = _one_target(session.wanted)
    name = target.name
    sink = session.sink.within(schedule.name, name)
    compiled = compile_schedule(schedule, target, sink)
    if compiled is None:
        return finish(options, sink.found)
    told = target.read({a.path: a.text for a in compiled.artifacts}).told
    start = begin if schedule.start is None else max(begin, schedule.start)
    if told.period is not None:
        return _show(islice(occurrences(schedule.trigger, start, schedule.end), options.count), where, options, "")
    clock = clocks(told, target.families({}))[0]
    if clock.next is None:
        sink.add(
            rules.TARGET_CHOICE,
            f"the engine of {target.title} is closed, so these are the instants that every documented reading gives",
        )
        found: Iterator[int] = occurrences(schedule.trigger, start, schedule.end)
    else:
        last = schedule.end if schedule.end is not None else 1 << 62
        found = (i for i in _chain(clock.next, start - 1) if i <= last)
    return _show(islice(found, options.count), where, options, f"as {clock.title} has it", schedule)


def _show(
    found: Iterator[int], where: Zone, options: argparse.Namespace, said: str, schedule: Schedule | None = None
) -> int:
    instants = list(found)
    if options.format == "json":
        print(json.dumps([stamp(i) for i in instants]))
        return 0
    if said:
        print(said, file=sys.stderr)
    for instant in instants:
        wall = short_wall(where.wall(instant))
        marks = _marks(instant, where)
        line = f"{wall}  {where.name}" if where.name != "UTC" else wall
        print(f"{line}  {stamp(instant)}{f'  {marks}' if marks else ''}")
    if len(instants) < options.count:
        print("no more" if instants else "none", file=sys.stderr)
    elif schedule is not None and next_after(schedule.trigger, instants[-1]) is None:
        print("no more", file=sys.stderr)
    return 0


def _marks(instant: int, where: Zone) -> str:
    """Whether the wall time of an instant happens twice, or the clock has just been put forward."""
    both = where.instants(where.wall(instant))
    if len(both) > 1:
        return f"the {'first' if instant == both[0] else 'second'} of two"
    segment = where.segment_at(instant)
    if segment and instant - where.starts[segment] < 3600 and where.offsets[segment] > where.offsets[segment - 1]:
        return "just after the clock was put forward"
    return ""
