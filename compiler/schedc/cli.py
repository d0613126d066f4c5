"""Commands, options and exit codes. No thinking is done here: each command is a module of `schedc.commands`."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run one command; wrong usage exits with 2 by itself."""
    options = parser().parse_args(arguments)
    command = importlib.import_module(f"schedc.commands.{options.command}")
    return int(command.run(options))


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="schedc",
        description="Compile schedules to Airflow, Kubeflow, Vertex AI and Kubernetes; what you declare is honoured"
        " exactly or refused with a reason.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action=_Version, help="print the version and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    one = _command(commands, "compile", "write the artifacts of schedules, each proved")
    _sources(one)
    one.add_argument("--out", metavar="DIR", help="where to write (default: output in schedc.toml, or compiled)")
    one.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a file differs, is missing or an orphan"
    )
    one.add_argument("--diff", action="store_true", help="show what differs as a unified diff")
    _format(one)

    one = _command(commands, "check", "find all mistakes, and write nothing")
    _sources(one)
    _format(one)

    one = _command(commands, "verify", "prove artifacts on disk against their sources")
    one.add_argument("folder", metavar="DIR", help="a folder that compile wrote")
    _sources(one, positional=False)
    one.add_argument("--source", dest="paths", action="append", default=[], metavar="PATH", help="a source")
    _format(one)

    one = _command(commands, "next", "show the next instants of a schedule or an expression")
    one.add_argument("name", nargs="?", metavar="NAME", help="a schedule of the sources")
    one.add_argument("--cron", metavar="EXPR", help="a cron expression in place of a schedule")
    one.add_argument("--timezone", metavar="ZONE", help="the zone of --cron (default: UTC)")
    one.add_argument("-n", dest="count", type=_count, default=10, metavar="N", help="how many (default: 10)")
    one.add_argument("--from", dest="begin", metavar="TIME", help="at or after this time (default: now)")
    one.add_argument("--engine", metavar="NAME", help="ask the model of an engine instead of the reference")
    _sources(one, positional=False, several=False)
    one.add_argument("--source", dest="paths", action="append", default=[], metavar="PATH", help="a source")
    _format(one)

    one = _command(commands, "targets", "show what each target can do, with reasons and sources")
    one.add_argument("names", nargs="*", metavar="TARGET", help="tell the reasons and limits of these, as text")
    one.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="how to print")

    one = _command(commands, "explain", "explain a rule, or what each engine makes of a cron expression")
    one.add_argument("subject", metavar="RULE-OR-CRON", help="a code, a name, or a cron expression in quotes")
    one.add_argument("--timezone", metavar="ZONE", default="UTC", help="the zone of the expression (default: UTC)")
    one.add_argument("--from", dest="begin", metavar="TIME", help="compare from this time on (default: now)")
    one.add_argument("--format", choices=("text", "json"), default="text", help="how to print")

    _command(commands, "schema", "print the JSON Schema of schedule files")

    one = _command(commands, "init", "write a starter schedc.toml and one schedule")
    one.add_argument("folder", nargs="?", default=".", metavar="DIR", help="where (default: the current folder)")
    return top


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


def _command(commands: argparse._SubParsersAction, name: str, about: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    one: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
    return one


def _sources(one: argparse.ArgumentParser, positional: bool = True, several: bool = True) -> None:
    if positional:
        one.add_argument(
            "paths", nargs="*", metavar="PATH", help="source files and folders (default: sources in schedc.toml)"
        )
    one.add_argument(
        "--target",
        dest="targets",
        action="append",
        default=[],
        metavar="TARGET",
        help="a target, or all; can be given several times" if several else "the target whose engine is asked",
    )
    if several:
        one.add_argument(
            "--schedule", dest="names", action="append", default=[], metavar="NAME", help="only this schedule"
        )
    one.add_argument("--env", dest="environment", metavar="ENV", help="the environment, or all for each in turn")
    one.add_argument(
        "--value", dest="values", action="append", default=[], metavar="NAME=TEXT", help="a text for ${values.NAME}"
    )
    one.add_argument("--applied-after", metavar="TIME", help="promise that nothing is applied before this time")
    one.add_argument("--config", metavar="FILE", help="a schedc.toml (default: the nearest one above)")
    one.add_argument("--strict", action="store_true", help="treat the proof's warnings as errors")


def _format(one: argparse.ArgumentParser) -> None:
    one.add_argument("--format", choices=("text", "json"), default="text", help="how findings are printed")
    one.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="whether to use colors")


def _count(text: str) -> int:
    try:
        count = int(text)
    except ValueError:
        count = 0
    if not 1 <= count <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000000")
    return count
