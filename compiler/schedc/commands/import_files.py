"""`schedc import`: what exists becomes schedule YAML, with a report of what could not be carried."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from schedc.commands.options import add_findings
from schedc.commands.session import UsageError, finish
from schedc.diagnostics import rules
from schedc.diagnostics.render import FOR_PEOPLE
from schedc.diagnostics.sink import Sink
from schedc.frontend.yaml_file import decode, read_at_most
from schedc.importing import sources as kinds
from schedc.source import SourceFile
from schedc.whole_file import replace_file

_LONGEST = 16 * 1024 * 1024
_MOST_FILES = 20_000
_HIDDEN = (".", "__pycache__", "node_modules")


def add_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("files", nargs="+", metavar="FILE", help="files and folders of what exists; - is standard input")
    one.add_argument("--out", default="-", metavar="FILE", help="where the YAML goes (default: standard output)")
    one.add_argument("--force", action="store_true", help="write over files that are there")
    one.add_argument("--report", metavar="FILE", help="a file for the report, in place of the terminal")
    one.add_argument("--from-kind", choices=kinds.names(), help="what the files are (default: by their content)")
    one.add_argument(
        "--target",
        dest="targets",
        action="append",
        default=[],
        metavar="TARGET",
        help="what deploy_to says (default: the engine that a schedule comes from); can be given several times",
    )
    one.add_argument("--controller-timezone", metavar="ZONE", help="the zone of the cluster's controllers")
    one.add_argument("--system-timezone", metavar="ZONE", help="the zone of the machine of a crontab")
    one.add_argument("--image", metavar="IMAGE", help="the image of what is a bare command")
    one.add_argument("--dialect", metavar="ENGINE", help="the engine that reads bare expressions")
    add_findings(one)


def run(options: argparse.Namespace) -> int:
    from schedc.importing.run import import_files
    from schedc.importing.source import Settings

    sink = Sink()
    try:
        _check_usage(options)
        files, named = _files(options.files, sink)
    except UsageError as error:
        print(f"schedc: {error}", file=sys.stderr)
        return 2
    settings = Settings(
        controller_timezone=options.controller_timezone,
        system_timezone=options.system_timezone,
        image=options.image,
        dialect=options.dialect,
        targets=tuple(dict.fromkeys(options.targets)),
        beside=_beside,
    )
    result = import_files(files, settings, sink, options.from_kind, named)
    to_stdout = options.out == "-"
    if not result.found and not files:
        return finish(options, sink.found)
    if result.found or any(d.rule is rules.NOT_IMPORTED for d in sink.found):
        try:
            if to_stdout:
                sys.stdout.write(result.text)
                sys.stdout.flush()
                for name in result.files:
                    sink.add(rules.NOT_CARRIED, f"the file {name} is not written to standard output", help="use --out")
            else:
                out = Path(options.out)
                _write({out: result.text, **{out.parent / n: t for n, t in result.files.items()}}, options.force)
        except (OSError, UsageError) as error:
            sink.add(rules.UNWRITABLE, f"{options.out} cannot be written: {error}")
    code = _report(options, sink, to_stdout)
    if options.format in FOR_PEOPLE:
        count = len(result.found)
        where = "" if to_stdout else f" into {options.out}"
        print(f"{count} schedule{'' if count == 1 else 's'} imported{where}", file=sys.stderr)
    return code


def _check_usage(options: argparse.Namespace) -> None:
    from schedc.ir.zones import names as zone_names
    from schedc.targets import targets

    for option in ("controller_timezone", "system_timezone"):
        zone = getattr(options, option)
        if zone is not None and zone not in zone_names():
            raise UsageError(f"--{option.replace('_', '-')}: {zone!r} is not a zone of the IANA database")
    for name in options.targets:
        if name not in targets():
            raise UsageError(f"no target is called {name!r}; there are {', '.join(targets())}")
    if options.dialect is not None:
        from schedc.engines import names

        if options.dialect not in names():
            raise UsageError(f"no engine is called {options.dialect!r}; there are {', '.join(names())}")
    for path in filter(None, (options.out if options.out != "-" else None, options.report)):
        if Path(path).exists() and not options.force:
            raise UsageError(f"{path} is there already; --force writes over it")


def _report(options: argparse.Namespace, sink: Sink, to_stdout: bool) -> int:
    """The findings go to a file, to stderr beside YAML, or where those of other commands go."""
    if options.report:
        with Path(options.report).open("w", encoding="utf-8", newline="\n") as stream:
            return finish(options, sink.found, stream)
    return finish(options, sink.found, sys.stderr if to_stdout else None)


def _files(paths: list[str], sink: Sink) -> tuple[list[SourceFile], frozenset[str]]:
    files: list[SourceFile] = []
    named: set[str] = set()
    for given in paths:
        if given == "-":
            data: bytes | None = sys.stdin.buffer.read(_LONGEST + 1)
            one = _decoded("<stdin>", data or b"", sink)
            if one is not None:
                files.append(one)
                named.add(one.path)
            continue
        path = Path(given)
        if path.is_dir():
            files += (one for inner in _walk(path) if (one := _read(inner, Sink())) is not None)
            continue
        one = _read(path, sink)
        if one is not None:
            files.append(one)
            named.add(one.path)
    unique = {file.path: file for file in files}
    return list(unique.values()), frozenset(named)


def _walk(folder: Path) -> Iterator[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if not any(part.startswith(_HIDDEN) for part in inside) and path.is_file():
            found.append(path)
        if len(found) > _MOST_FILES:
            raise UsageError(f"{folder} holds more than {_MOST_FILES:,} files")
    return iter(found)


def _read(path: Path, sink: Sink) -> SourceFile | None:
    try:
        data = read_at_most(path, _LONGEST)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        sink.add(rules.UNREADABLE_FILE, f"{path.as_posix()} cannot be read: {reason}")
        return None
    return _decoded(path.as_posix(), data, sink)


def _decoded(shown: str, data: bytes, sink: Sink) -> SourceFile | None:
    if len(data) > _LONGEST:
        sink.add(rules.UNREADABLE_FILE, f"{shown} has more than the {_LONGEST:,} bytes that are read")
        return None
    if b"\0" in data:
        sink.add(rules.UNREADABLE_FILE, f"{shown} is not text")
        return None
    return decode(shown, data, sink)


def _beside(path: str) -> SourceFile | None:
    return _read(Path(path), Sink()) if Path(path).is_file() else None


def _write(files: dict[Path, str], force: bool) -> None:
    """Whole or nothing, for each file; none is written over."""
    for path in files:
        if path.exists() and not force:
            raise UsageError(f"{path.as_posix()} is there already; --force writes over it")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode("utf-8"))
