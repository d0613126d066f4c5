"""Options that several commands have."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from schedc.diagnostics import Severity
from schedc.diagnostics.render import FORMATS


def add_selection(one: argparse.ArgumentParser, several: bool = True) -> None:
    """What is loaded, but for the sources: targets, schedules, environment, values, the project file."""
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


def add_paths(one: argparse.ArgumentParser) -> None:
    """Sources as arguments."""
    one.add_argument(
        "paths", nargs="*", metavar="PATH", help="source files and folders (default: sources in schedc.toml)"
    )


def add_sources(one: argparse.ArgumentParser) -> None:
    """Sources as options, where the argument is something else."""
    one.add_argument("--source", dest="paths", action="append", default=[], metavar="PATH", help="a source")


def add_format(one: argparse.ArgumentParser, forms: Iterable[str] = ("text", "json")) -> None:
    """How the answer is printed."""
    one.add_argument("--format", choices=tuple(forms), default="text", help="how to print")
    one.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="whether to use colors")


def add_findings(one: argparse.ArgumentParser) -> None:
    """How findings are printed, in every form that there is, and which of them fail the command."""
    add_format(one, FORMATS)
    one.add_argument(
        "--fail-on",
        choices=tuple(one.value for one in Severity),
        default=Severity.ERROR.value,
        help="the mildest finding that makes the exit code 1 (default: error)",
    )
