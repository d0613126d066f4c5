"""`--env all`: a command once for each environment, and the worst of the exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from schedc.commands.session import UsageError, selected
from schedc.load import environment_names

EVERY = "all"


def in_each(options: argparse.Namespace, run: Callable[[argparse.Namespace], int]) -> int:
    """Run a command in the environment that is picked, or in every one after another."""
    if options.environment != EVERY:
        return run(options)
    try:
        if options.format != "text":
            raise UsageError(f"--env {EVERY} prints text only")
        names = environment_names(*selected(options))
        if not names:
            raise UsageError("there is no environment")
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    worst = 0
    for name in names:
        print(f"{name}:", file=sys.stderr)
        worst = max(worst, run(argparse.Namespace(**{**vars(options), "environment": name})))
    return worst
