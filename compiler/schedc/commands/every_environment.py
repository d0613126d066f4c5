"""`--env all`: a command once for each environment, its findings told together, and the worst of the exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from schedc.commands.session import Gathered, UsageError, finish, selected, tell
from schedc.diagnostics.render import FOR_PEOPLE
from schedc.diagnostics.sink import Sink
from schedc.load import environment_names

EVERY = "all"


def in_each(options: argparse.Namespace, run: Callable[[argparse.Namespace], int]) -> int:
    """Run a command in the environment that is picked, or in every one after another."""
    if options.environment != EVERY:
        return run(options)
    sink = Sink()
    try:
        names = environment_names(*selected(options, sink))
        if not names and not sink.errors:
            raise UsageError("there is no environment")
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    if not names:
        return finish(options, sink.found)
    gathered = Gathered()
    worst = 0
    for done, name in enumerate(names, 1):
        if options.format in FOR_PEOPLE:
            print(f"{name}:", file=sys.stderr)
        gathered.environment = name
        code = run(argparse.Namespace(**{**vars(options), "environment": name, "gathered": gathered}))
        if gathered.runs < done:  # wrong usage is wrong everywhere, and was told
            return code
        worst = max(worst, code)
    tell(options, gathered.found, gathered.about, gathered.stream)
    return worst
