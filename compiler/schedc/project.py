"""`schedc.toml`: what is one for the whole repository, and which files are its sources."""

from __future__ import annotations

import os
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.deceptive_text import check_text
from schedc.frontend.fields import SCHEDULE
from schedc.frontend.times import Time, WrittenTime
from schedc.frontend.written import ENVIRONMENTS
from schedc.frontend.yaml_file import DEEPEST, read_at_most
from schedc.lints import Switched, switched
from schedc.lints.switches import Switches
from schedc.node import Entry, Node, merge
from schedc.patterns import pattern
from schedc.records import dataclass, field
from schedc.shapes import INVALID, MOST_UNKNOWN, Anything, Field, ListOf, MapOf, Record, Text, tell_more
from schedc.source import SourceFile, Span

VALUES = MapOf(Text(), key=r"[A-Za-z_][A-Za-z0-9_]*", key_form="a name of a value")

PROJECT = Record(
    (
        Field("sources", ListOf(Text(empty=False)), "files and folders that hold schedules; Python files by name only"),
        Field("output", Text(empty=False), "the folder that compile writes to"),
        Field("applied_after", Time(), "the promise that no artifact is applied before this instant"),
        Field("defaults", Anything("a mapping"), "fields of every schedule that has no other"),
        Field("targets", MapOf(Anything()), "options of targets, for every schedule"),
        Field("values", VALUES, "texts for ${values.NAME}"),
        Field("lints", Switches(), "warnings to switch on or off, by name"),
        Field("environments", ENVIRONMENTS, "changes for single environments, picked by --env"),
    ),
    "schedc.toml",
    {"deploy_to": "put it under defaults", "timezone": "put it under defaults"},
)

_ENVIRONMENT_ONLY = ("values", "applied_after", "lints")


@dataclass(frozen=True, slots=True)
class Project:
    """A repository's settings. `root` is the folder of `schedc.toml`, or the current one where there is none."""

    root: Path
    sources: tuple[str, ...] = ()
    output: str = "compiled"
    applied_after: int | None = None
    values: dict[str, str] = field(default_factory=dict)
    base: Node | None = None
    """What stands under every schedule: `defaults`, and `targets`."""
    environments: dict[str, Node] = field(default_factory=dict)
    lints: Node | None = None
    """What was written under `lints`; `lints_of` reads it."""
    file: str | None = None


def find_project(start: Path, sink: Sink) -> Project:
    """The nearest `schedc.toml`, or `[tool.schedc]` in a `pyproject.toml`, in a folder or above it."""
    for folder in (start, *start.parents):
        own = folder / "schedc.toml"
        if own.is_file():
            return read_project(own, sink)
        shared = folder / "pyproject.toml"
        if _has_settings(shared):
            return read_project(shared, sink)
    return Project(start)


def _has_settings(shared: Path) -> bool:
    """Whether a `pyproject.toml` says something of schedc, in whatever form of TOML."""
    try:
        text = read_at_most(shared, _LONGEST).decode("utf-8", "replace") if shared.is_file() else ""
    except OSError:
        return False
    if "schedc" not in text:
        return False
    try:
        tool = tomllib.loads(text).get("tool")
    except (ValueError, RecursionError):
        return "[tool.schedc" in text
    return isinstance(tool, dict) and "schedc" in tool


_LONGEST = 512 * 1024
"""Bytes of a schedc.toml or pyproject.toml."""


def read_project(path: Path, sink: Sink) -> Project:
    """The settings of one file; mistakes are told to the sink, and what is left is used."""
    try:
        data = read_at_most(path, _LONGEST)
        if len(data) > _LONGEST:
            raise ValueError(f"it has more than the {_LONGEST:,} bytes that are read")
        text = data.decode("utf-8").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        sink.add(rules.INVALID_PROJECT, f"{path.name} cannot be read: {reason}")
        return Project(path.parent)
    file = SourceFile(path.name, text)
    check_text(file, sink)
    try:
        settings: Any = tomllib.loads(text)
        prefix: tuple[str, ...] = ()
        if path.name == "pyproject.toml":
            tool = settings.get("tool", {})
            settings, prefix = tool.get("schedc", {}) if isinstance(tool, dict) else {}, ("tool", "schedc")
        tree = _tree(settings, file, prefix)
    except RecursionError:
        sink.add(rules.INVALID_PROJECT, f"{path.name} is nested too deeply", Span(file, 0, 0))
        return Project(path.parent)
    except ValueError as error:
        at = _toml_position(file, str(error))
        sink.add(rules.INVALID_PROJECT, f"{path.name} is not TOML: {error}", Span(file, at, at + 1))
        return Project(path.parent)
    if not isinstance(tree.value, dict):
        PROJECT.read(tree, sink)
        return Project(path.parent)
    tree = _version_shorthand(tree)
    read = PROJECT.read(tree, sink)
    if read is INVALID:
        read = _what_can_be_read(tree)
    environments = {}
    if "environments" in read:
        for name, entry in tree.value["environments"].node.value.items():
            if check_environment(entry.node, sink):
                environments[name] = entry.node
                if (given := entry.node.get("lints")) is not None:
                    Switches().read(given, sink)
    base = _base(tree)
    if base is not None and "environments" in base.value:
        message = "'environments' is not a field of the repository's defaults"
        sink.add(rules.UNKNOWN_FIELD, message, base.key_span("environments"), help="write [environments.NAME]")
    sources = _that_stay(read.get("sources", ()), path, tree.nearest("sources"), "name it on the command line", sink)
    output = _that_stay((read.get("output", "compiled"),), path, tree.nearest("output"), "give --out DIR", sink)
    return Project(
        root=path.parent,
        sources=sources,
        output=output[0] if output else "compiled",
        applied_after=instant(read["applied_after"], sink) if "applied_after" in read else None,
        values=read.get("values", {}),
        base=base,
        environments=environments,
        lints=tree.get("lints"),
        file=path.name,
    )


def _that_stay(given: Iterable[str], settings: Path, place: Span, help: str, sink: Sink) -> tuple[str, ...]:
    """Those of the given paths that stay inside the repository: whoever changes settings may not be who runs them."""
    top = repository(settings.parent)
    stay = []
    for one in given:
        if is_inside(settings.parent / one, top):
            stay.append(one)
        else:
            sink.add(rules.INVALID_PROJECT, f"{one} leads out of the repository", place, help=help)
    return tuple(stay)


def _what_can_be_read(tree: Node) -> dict[str, Any]:
    """The fields without a mistake, so that one mistake does not hide others."""
    quiet = Sink()
    found = {f.name: f.shape.read(node, quiet) for f in PROJECT.fields if (node := tree.get(f.name)) is not None}
    return {name: value for name, value in found.items() if value is not INVALID}


def instant(time: WrittenTime, sink: Sink) -> int | None:
    """The instant of a time that must have an offset."""
    if not time.has_offset:
        sink.add(rules.INVALID_TIME, "the time has no offset", time.span, help="end it with Z or an offset as +01:00")
        return None
    return time.seconds


def _base(tree: Node) -> Node | None:
    entries: dict[str, Entry] = {}
    defaults = tree.get("defaults")
    if defaults is not None and isinstance(defaults.value, dict):
        entries.update(defaults.value)
    targets = tree.value.get("targets")
    if targets is not None and isinstance(targets.node.value, dict):
        entries["targets"] = targets
    return Node(entries, tree.span) if entries else None


def _version_shorthand(tree: Node) -> Node:
    """`airflow = "3.1"` under `targets` is `airflow.version = "3.1"`."""
    targets = tree.get("targets")
    if targets is None or not isinstance(targets.value, dict):
        return tree
    options = {
        name: Entry(e.key, Node({"version": Entry(e.key, e.node)}, e.node.span))
        if not isinstance(e.node.value, dict)
        else e
        for name, e in targets.value.items()
    }
    changed = dict(tree.value)
    changed["targets"] = Entry(tree.key_span("targets"), Node(options, targets.span))
    return Node(changed, tree.span)


def check_environment(node: Node, sink: Sink, own: Iterable[str] = _ENVIRONMENT_ONLY) -> bool:
    """Whether each key of an environment has a meaning there; `own` are those that are no fields of schedules."""
    extra = tuple(own)
    allowed = {f.name for f in SCHEDULE.fields if f.name != "environments"} | set(extra)
    good = True
    wrong = 0
    for key, entry in node.value.items():
        if key not in allowed:
            wrong += 1
            if wrong > MOST_UNKNOWN:
                tell_more(entry.key, sink)
                return False
            near = get_close_matches(key.lower().replace("-", "_"), allowed, n=1, cutoff=0.7)
            sink.add(
                rules.UNKNOWN_FIELD,
                f"{key!r} is not a field of an environment",
                entry.key,
                help=SCHEDULE.slips.get(key)
                or (
                    f"did you mean {near[0]}?"
                    if near
                    else f"an environment holds {_and(('fields of schedules', *extra))}"
                ),
            )
            good = False
    return good


def _and(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def environment(project: Project, name: str | None, sink: Sink) -> tuple[Node | None, dict[str, str], int | None]:
    """An environment's changes to schedules, its values, and its `applied_after`."""
    node = project.environments.get(name) if name else None
    values = dict(project.values)
    applied_after = project.applied_after
    if node is None:
        return None, values, applied_after
    found = node.get("values")
    if found is not None:
        read = VALUES.read(found, sink)
        values.update(read if read is not INVALID else {})
    promised = node.get("applied_after")
    if promised is not None:
        time = Time().read(promised, sink)
        applied_after = instant(time, sink) if time is not INVALID else None
    changes = {k: e for k, e in node.value.items() if k not in _ENVIRONMENT_ONLY}
    return Node(changes, node.span), values, applied_after


def lints_of(project: Project, name: str | None) -> Switched:
    """The lints that are on in an environment, or in none; mistakes in them were told when the file was read."""
    node = project.environments.get(name) if name else None
    merged = merge(project.lints, node.get("lints") if node else None)
    read = Switches().read(merged, Sink()) if merged is not None else {}
    return switched(read if read is not INVALID else {})


def repository(folder: Path) -> Path:
    """The top of the git checkout that holds a folder; the folder itself where there is none."""
    here = Path(os.path.abspath(folder))
    return next((one for one in (here, *here.parents) if (one / ".git").exists()), here)


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path stays in a folder once its links are followed; `.git` is no part of a repository."""
    if "\0" in str(path):  # no file has such a name, and reading it says so
        return True
    real, top = _resolved(path), _resolved(folder)
    return real.is_relative_to(top) and ".git" not in real.relative_to(top).parts


def source_files(project: Project, paths: Iterable[str], cwd: Path) -> Iterator[tuple[Path, str, bool]]:
    """Each source's path, how to show it, and whether the user named it as a file.

    Each file comes once. Folders are searched for YAML and Python files, in the order of their names; hidden ones are
    left out.
    """
    given = list(paths)
    named = [(cwd / p, p) for p in given] or [(project.root / s, s) for s in project.sources]
    seen = {_resolved(path) for path, _ in named if not _is_folder(path)}
    for path, shown in dict(named).items():
        if _is_folder(path):
            for found in sorted(path.rglob("*")):
                inside = found.relative_to(path)
                hidden = any(part.startswith(".") for part in inside.parts)
                wanted = found.suffix in (".yaml", ".yml", ".py") and not hidden and found.is_file()
                if wanted and _resolved(found) not in seen:
                    seen.add(_resolved(found))
                    yield found, _shown(Path(shown) / inside), False
        else:
            yield path, _shown(Path(shown)), True


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long
        return False


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a link to itself, or a path with a NUL: reading it says so
        return path


def _shown(path: Path) -> str:
    text = path.as_posix()
    return text.removeprefix("./") if not text.startswith("../") else text


def _tree(value: Any, file: SourceFile, path: tuple[str, ...]) -> Node:
    if len(path) > DEEPEST:
        raise RecursionError
    span = _toml_place(file, path)
    if isinstance(value, dict):
        return Node(
            {k: Entry(_toml_place(file, (*path, k)), _tree(v, file, (*path, k))) for k, v in value.items()}, span
        )
    if isinstance(value, list):
        return Node([_tree(v, file, path) for v in value], span)
    if isinstance(value, date | datetime | time):
        return Node(value if not isinstance(value, time) else str(value), span, str(value))
    return Node(value, span, str(value) if not isinstance(value, str) else None)


_PART = r"\"[^\"\n]*\"|'[^'\n]*'|[\w-]+"
_KEY = pattern(rf"(?:^|(?<=[\s.{{,\[]))({_PART})(?=[ \t]*[=.\]])", re.MULTILINE)
_HEADER = pattern(r"^[ \t]*\[{1,2}([^\[\]\n]*)\]", re.MULTILINE)


@lru_cache(maxsize=2)
def _places(text: str) -> tuple[dict[str, list[tuple[int, int]]], dict[tuple[str, ...], int]]:
    """Where each word stands that may be a key, in their order, and where a table or a part of it first begins."""
    keys: dict[str, list[tuple[int, int]]] = {}
    for found in _KEY.finditer(text):
        keys.setdefault(_bare(found[1]), []).append(found.span(1))
    tables: dict[tuple[str, ...], int] = {}
    for found in _HEADER.finditer(text):
        parts = tuple(map(_bare, re.findall(_PART, found[1])))[:DEEPEST]
        for length in range(1, len(parts) + 1):
            tables.setdefault(parts[:length], found.start())
    return keys, tables


def _bare(key: str) -> str:
    return key[1:-1] if key[0] in "\"'" else key


def _toml_place(file: SourceFile, path: tuple[str, ...]) -> Span:
    """Where a key most likely stands: tomllib keeps no places."""
    keys, tables = _places(file.text)
    begin = next((tables[path[:at]] for at in range(len(path) - 1, 0, -1) if path[:at] in tables), 0)
    if path:
        found = keys.get(path[-1], [])
        at = bisect_left(found, (begin, 0))
        if at < len(found):
            return Span(file, *found[at])
    return Span(file, begin, begin)


def _toml_position(file: SourceFile, message: str) -> int:
    found = re.search(r"at line (\d+), column (\d+)", message)
    if not found:
        return len(file.text)
    file.position(0)
    return file._starts[int(found[1]) - 1] + int(found[2]) - 1
