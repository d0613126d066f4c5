"""`schedc completion`: the script that completes schedc in a shell."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

SHELLS = ("bash", "zsh", "fish")
FREE = ("ENV", "EXPR", "IMAGE", "N", "NAME", "NAME=TEXT", "OLD", "TIME")
"""What an option takes that is not completed, by its metavar: names of schedules would need them to be loaded."""
_PATHS = {"PATH": "file", "FILE": "file", "OLD NEW": "file", "DIR": "directory"}


def add_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("shell", choices=SHELLS, help="which shell")


def run(options: argparse.Namespace) -> int:
    try:
        print(script(options.shell, options.command_line()))
    except ModuleNotFoundError as error:
        if error.name != "shtab":
            raise
        print("schedc: completion needs shtab: pip install shtab", file=sys.stderr)
        return 2
    return 0


def script(shell: str, top: argparse.ArgumentParser) -> str:
    """The script, made from all options of all commands of `top`. Raises `ModuleNotFoundError` without shtab."""
    import shtab

    for action in actions(top):
        if action.metavar in _PATHS:
            known = {"file": shtab.FILE, "directory": shtab.DIRECTORY}
            action.complete = known[_PATHS[str(action.metavar)]]  # type: ignore[attr-defined]
        elif action.choices is None and action.nargs != 0:
            action.choices = _words().get(_kind(action))
    text: str = shtab.complete(top, shell=shell)
    return text


def actions(top: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every option and argument of every command."""
    for one in top._actions:
        if isinstance(one, argparse._SubParsersAction):
            for command in dict.fromkeys(one.choices.values()):
                yield from actions(command)
        else:
            yield one


def is_known(action: argparse.Action) -> bool:
    """Whether it is decided how an option is completed."""
    settled = action.choices is not None or action.nargs == 0
    return settled or action.metavar in (*_PATHS, *FREE) or _kind(action) in _words()


def _kind(action: argparse.Action) -> str:
    return "ENGINE" if action.dest == "engine" else str(action.metavar)


@cache
def _words() -> Mapping[str, Iterable[str]]:
    """What stands for a metavar."""
    from schedc import engines
    from schedc.diagnostics import rules
    from schedc.ir import zones
    from schedc.report.diff.model import Category
    from schedc.targets import targets

    return {
        "TARGET": (*sorted(targets()), "all"),
        "ZONE": sorted(zones.names()),
        "ENGINE": sorted(engines.names()),
        "SUBJECT": sorted(rules.BY_KEY),
        "CATEGORY[,CATEGORY]": [one.value for one in Category],
    }
