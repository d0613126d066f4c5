"""`schedc check`: all findings, no output; with `--fix` what can be mended is."""

from __future__ import annotations

import argparse
import sys

from schedc.commands.every_environment import EVERY, in_each
from schedc.commands.options import add_findings, add_paths, add_selection
from schedc.commands.session import UsageError, compile_session, finish, open_session
from schedc.diagnostics.render import FOR_PEOPLE


def add_options(one: argparse.ArgumentParser) -> None:
    add_paths(one)
    add_selection(one)
    add_findings(one)
    one.add_argument("--fix", action="store_true", help="put in the replacements that keep what every schedule says")
    one.add_argument("--diff", action="store_true", help="with --fix: write nothing, and show it as a unified diff")
    one.add_argument("--unsafe-fixes", action="store_true", help="with --fix: put in guesses at what was meant, too")


def run(options: argparse.Namespace) -> int:
    for name in ("diff", "unsafe_fixes"):
        if getattr(options, name) and not options.fix:
            print(f"schedc: --{name.replace('_', '-')} belongs to --fix", file=sys.stderr)
            return 2
    if options.diff and options.environment == EVERY:
        print("schedc: --diff shows the files as they would be in one environment: name one", file=sys.stderr)
        return 2
    return in_each(options, _run)


def _run(options: argparse.Namespace) -> int:
    if options.fix:
        from schedc.commands.fixes import run_fixes

        return run_fixes(options)
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
