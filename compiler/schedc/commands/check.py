"""`schedc check`: all findings, no output."""

from __future__ import annotations

import argparse
import sys

from schedc.commands.every_environment import in_each
from schedc.commands.options import add_findings, add_paths, add_selection
from schedc.commands.session import UsageError, compile_session, finish, open_session
from schedc.diagnostics.render import FOR_PEOPLE


def add_options(one: argparse.ArgumentParser) -> None:
    add_paths(one)
    add_selection(one)
    add_findings(one)


def run(options: argparse.Namespace) -> int:
    return in_each(options, _run)


def _run(options: argparse.Namespace) -> int:
    try:
        session = open_session(options)
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    compilation = compile_session(options, session)
    code = finish(options, session.sink.found, session=session)
    if code == 0 and options.format in FOR_PEOPLE:
        count = len(session.schedules)
        proved = len(compilation.outputs)
        print(f"{count} schedule{'s' if count != 1 else ''}, {proved} proved on their targets", file=sys.stderr)
    return code
