"""Commands and exit codes. No thinking is done here: each command is a module of `schedc.commands`."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from types import ModuleType

COMMANDS = {
    "compile": "write the artifacts of schedules, each proved",
    "check": "find all mistakes, and write nothing but what --fix mends",
    "verify": "prove artifacts on disk against their sources",
    "diff": "show what a change of schedules means, in instants, policies and what runs",
    "next": "show the next instants of a schedule or an expression",
    "targets": "show what each target can do, with reasons and sources",
    "explain": "explain a rule, a schedule, or what each engine makes of a cron expression",
    "schema": "print the JSON Schema of schedule files, or of schedc.toml",
    "completion": "print the script that completes commands in a shell",
    "import": "turn CronJobs, crontabs and other schedules that exist into schedule files",
    "init": "write a starter schedc.toml and one schedule",
}
"""Every command, a module of `schedc.commands` with `add_options` and `run`; and what `schedc --help` says of it."""
_MODULES = {"import": "import_files"}
"""Commands whose modules have another name, since Python keeps the word for itself."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; wrong usage exits with 2 by itself."""
    named = next((one for one in arguments if not one.startswith("-")), None)
    options = parser([one for one in (named,) if one in COMMANDS]).parse_args(arguments)
    options.command_line = parser
    return int(_module(options.command).run(options))


def parser(complete: Sequence[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """The command line; only the commands in `complete` are imported, and know their options."""
    top = argparse.ArgumentParser(
        prog="schedc",
        description="Compile schedules to Airflow, Kubeflow, Vertex AI and Kubernetes; what you declare is honoured"
        " exactly or refused with a reason.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action=_Version, help="print the version and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, about in COMMANDS.items():
        one = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
        if name in complete:
            _module(name).add_options(one)
    return top


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"schedc.commands.{_MODULES.get(command, command)}")


class _Version(argparse.Action):
    """Reads the installed metadata only when it is asked for."""

    def __init__(self, **options: object) -> None:
        super().__init__(nargs=0, **options)  # type: ignore[arg-type]

    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"schedc {version('schedc')}")
        except PackageNotFoundError:
            print("schedc, not installed")
        parser.exit(0)
