"""`schedc explain`: a rule's page, a schedule in English, or what each engine makes of a cron expression."""

from __future__ import annotations

import argparse
import json
import sys
import time

from schedc.commands.options import add_selection, add_sources
from schedc.commands.session import UsageError, open_session, read_time
from schedc.compile import compile_schedule, lists
from schedc.diagnostics.explanations import explain as rule_page
from schedc.diagnostics.render import render
from schedc.engines import names
from schedc.engines.comparison import Answer, ask, parting
from schedc.frontend.cron_expression import read_cron
from schedc.ir.stamps import short_stamp, stamp
from schedc.ir.zones import UnknownZone, Zone, zone
from schedc.records import replace
from schedc.report.explained import edges, explained
from schedc.targets import targets

_SHOWN = 5
_COMPARED = 2000


def add_options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "subject", metavar="SUBJECT", help="a rule's code or name, a schedule's name, or a cron expression in quotes"
    )
    one.add_argument("--timezone", metavar="ZONE", default="UTC", help="the zone of the expression (default: UTC)")
    one.add_argument("--from", dest="begin", metavar="TIME", help="count instants from this time on (default: now)")
    one.add_argument("--format", choices=("text", "json"), default="text", help="how to print engines' answers")
    add_selection(one, several=False)
    add_sources(one)


def run(options: argparse.Namespace) -> int:
    subject = options.subject.strip()
    page = rule_page(subject)
    if page is not None:
        print(page, end="")
        return 0
    if " " not in subject and not subject.startswith("@"):
        return _of_schedule(subject, options)
    try:
        where = zone(options.timezone)
        begin = read_time(options.begin, "--from", where) if options.begin else int(time.time())
    except UnknownZone as error:
        print(f"schedc: {error.args[0]!r} is not a zone of the IANA database", file=sys.stderr)
        return 2
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    answers = [ask(name, subject, where, begin, _COMPARED) for name in names()]
    if len(subject.split()) == 5 and not subject.startswith("@"):
        seconds = ask("kubeflow", f"0 {subject}", where, begin, _COMPARED)
        answers.append(replace(seconds, engine=f"kubeflow with seconds in front (0 {subject})"))
    if options.format == "json":
        print(json.dumps([_as_data(a) for a in answers], indent=2))
    else:
        print(side_by_side(subject, answers, where), end="")
    return 0


def _of_schedule(name: str, options: argparse.Namespace) -> int:
    """A schedule of the sources on each of its targets; what is open is told where a target is named."""
    try:
        session = open_session(options)
        begin = read_time(options.begin, "--from") if options.begin else int(time.time())
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    schedule = next((one for one in session.schedules if one.name == name), None)
    if schedule is None:
        known = ", ".join(sorted(one.name for one in session.schedules))
        if any(d.is_error for d in session.sink.found):
            print(render(session.sink.found, "text"), end="", file=sys.stderr)
        there = f"the schedules are {known}" if known else "and no schedule was found"
        print(f"schedc: {name!r} is no rule, no schedule and no cron expression; {there}", file=sys.stderr)
        return 2
    asked = [targets()[one] for one in session.wanted if lists(schedule, one)]
    outputs = [(one, compile_schedule(schedule, one, session.sink.within(name, one.name))) for one in asked]
    print(explained(schedule, outputs, session.sink.found, begin, choices=bool(options.targets)), end="")
    return 0


def side_by_side(expression: str, answers: list[Answer], where: Zone) -> str:
    """Engines that agree stand together; each group shows its first instants, and where it leaves the first group."""
    groups: list[list[Answer]] = []
    for one in answers:
        for group in groups:
            if (group[0].instants, group[0].error) == (one.instants, one.error):
                group.append(one)
                break
        else:
            groups.append([one])
    lines = [f"{expression}  ({where.name})"]
    calendar, _ = read_cron(expression)
    lines += [f"  {edge}" for edge in edges(calendar, expression)] if calendar is not None else []
    for group in groups:
        lines += ["", ", ".join(a.engine for a in group)]
        first = group[0]
        if first.words:
            lines.append(f"  {first.words}")
        lines += [f"  {short_stamp(i, where)}" for i in first.instants[:_SHOWN]]
        if first.error:
            lines.append(f"  error: {first.error}")
        elif not first.instants:
            lines.append("  never fires")
    lines += _partings(groups, where)
    return "\n".join(lines) + "\n"


def _partings(groups: list[list[Answer]], where: Zone) -> list[str]:
    firing = [g for g in groups if g[0].instants]
    if len(groups) == 1:
        return ["", "all engines agree on these instants"]
    lines = []
    for i, one in enumerate(firing):
        lines += [f"  {_parting(one[0], other[0], where)}" for other in firing[i + 1 :]]
    return ["", "where they part:", *lines] if lines else []


def _parting(one: Answer, other: Answer, where: Zone) -> str:
    apart = parting(one, other)
    if not apart:
        stopped = next((a for a in (one, other) if a.error), None)
        if stopped is not None:
            return f"{one.engine} and {other.engine}: the same until {stopped.engine} gives its error"
        return f"{one.engine} and {other.engine}: not within {len(one.instants)} instants"
    shown = ", ".join(f"{short_stamp(instant, where)} ({which.engine})" for instant, which in apart[:3])
    return f"{one.engine} and {other.engine}: only one fires at {shown}"


def _as_data(answer: Answer) -> dict[str, object]:
    return {
        "engine": answer.engine,
        "title": answer.title,
        "words": answer.words,
        "instants": [stamp(i) for i in answer.instants[:_SHOWN]],
        "error": answer.error,
    }
