"""Runs a Python source that the user named, and reads its module-level schedules with the places of their arguments."""

from __future__ import annotations

import ast
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from schedc.diagnostics import Rule, rules
from schedc.diagnostics.sink import Sink
from schedc.frontend import python_api
from schedc.frontend.fields import SCHEDULE
from schedc.frontend.times import ClockReading, ClockWindow, aware_now
from schedc.frontend.written import Written, check_name
from schedc.frontend.yaml_file import DEEPEST, MOST_NODES
from schedc.node import Entry, Node, kind
from schedc.source import SourceFile, Span


def read_python(file: SourceFile, path: Path, sink: Sink) -> list[Written]:
    """The schedules that stand in the source's module namespace after it ran, in the order of their definition."""
    try:
        tree = ast.parse(file.text)
        code = compile(tree, str(path), "exec", dont_inherit=True)
    except (RecursionError, MemoryError):
        sink.add(rules.FAILED_SOURCE, "the source is nested too deeply to be read", Span(file, 0, 0))
        return []
    except (SyntaxError, ValueError, OverflowError) as error:
        at = _offset(file, getattr(error, "lineno", 1) or 1, (getattr(error, "offset", 1) or 1) - 1)
        message = getattr(error, "msg", None) or str(error)
        sink.add(rules.FAILED_SOURCE, f"the source is not Python: {message}", Span(file, at, at + 1))
        return []
    module = ModuleType("schedc_source")
    module.__file__ = str(path)
    began = aware_now()
    python_api.made.clear()
    try:
        with _surroundings(path, module):
            exec(code, module.__dict__)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        _failed(file, path, tree, error, sink)
        return []
    finally:
        made = [one for one in python_api.made if one.place.path == str(path)]
        python_api.made.clear()
    reader = _Reader(file, path, tree, ClockWindow(began.replace(microsecond=0), aware_now()))
    found = []
    for value, name in _named(module.__dict__, made):
        place = reader.place(value)
        try:
            node = reader.schedule(value)
        except _Refused as error:
            sink.add(error.rule, str(error), error.place, help=error.help)
            continue
        except Exception as error:
            described = f"{type(error).__name__}: {_text_of(error)}".strip(": ")
            sink.add(rules.FAILED_SOURCE, f"a value of the schedule cannot be read, it raised {described}", place)
            continue
        if name is None:
            message = "the schedule has no name: no variable of the module holds it"
            sink.add(rules.MISSING_FIELD, message, place, help="give it name=..., or assign it to a variable")
        elif not isinstance(name, str):
            sink.add(rules.WRONG_TYPE, f"expected text as a name, found {kind(name)}", place)
        elif check_name(str.__str__(name), place, sink):
            found.append(Written(str.__str__(name), place, node, None, file.path))
    if not made and not found:
        message = "the source makes no schedule"
        sink.add(rules.MISSING_FIELD, message, Span(file, 0, 0), help="write NAME = Schedule(...) in the module")
    return found


@contextmanager
def _surroundings(path: Path, module: ModuleType) -> Iterator[None]:
    """Imports from the source's folder, and what it prints on stderr; all as it was afterwards."""
    search, folders, folder = sys.path, list(sys.path), os.getcwd()
    sys.path.insert(0, str(path.parent))
    sys.modules[module.__name__] = module
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.modules.pop(module.__name__, None)
        search[:] = folders
        sys.path = search
        os.chdir(folder)


class _Refused(Exception):
    """A value that no schedule can hold."""

    def __init__(self, rule: Rule, message: str, place: Span, help: str | None = None) -> None:
        super().__init__(message)
        self.rule, self.place, self.help = rule, place, help


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "an error that cannot be shown"


def _named(namespace: Mapping[str, Any], made: Sequence[python_api.Schedule]) -> list[tuple[python_api.Schedule, Any]]:
    """Each schedule once, with its `name=` or else that of the first variable that holds it, or None."""
    held = {
        id(v): (k, v)
        for k, v in reversed(list(namespace.items()))
        if isinstance(k, str) and issubclass(type(v), python_api.Schedule)
    }
    own = {id(one) for one in made}
    schedules = [*(v for _, v in reversed(held.values()) if id(v) not in own), *made]
    named = []
    for one in schedules:
        variable = held[id(one)][0].strip("_").replace("_", "-").lower() if id(one) in held else None
        named.append((one, one.name if one.name is not None else variable))
    return named


def _failed(file: SourceFile, path: Path, tree: ast.Module, error: BaseException, sink: Sink) -> None:
    line = None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == str(path):
            line = frame.lineno
    at = _offset(file, line or 1, 0)
    text = file.line(line or 1)
    indent = len(text) - len(text.lstrip())
    said = _text_of(error)
    slip = re.fullmatch(r"(Schedule)\.__init__\(\) got an unexpected keyword argument '(\w+)'.*", said)
    keywords = [k for n in ast.walk(tree) if isinstance(n, ast.Call) and n.lineno == line for k in n.keywords]
    if slip:
        _unknown_field(
            file, slip[2], [k for k in keywords if k.arg == slip[2]], Span(file, at + indent, at + len(text)), sink
        )
        return
    described = f"{type(error).__name__}: {said}".strip(": ")
    sink.add(rules.FAILED_SOURCE, f"the source raised {described}", Span(file, at + indent, at + len(text)))


def _unknown_field(file: SourceFile, name: str, written: Sequence[ast.keyword], around: Span, sink: Sink) -> None:
    """A keyword that no schedule has, with the same hints as in YAML."""
    place = around
    for keyword in written[:1]:
        column = len(file.line(keyword.lineno).encode()[: keyword.col_offset].decode("utf-8", "replace"))
        start = _offset(file, keyword.lineno, column)
        place = Span(file, start, start + len(name))
    SCHEDULE.unknown(name, place, sink)


def _offset(file: SourceFile, line: int, column: int) -> int:
    """The character offset of a line (from 1) and column (from 0)."""
    file.position(0)
    starts = file._starts
    return starts[min(line, len(starts)) - 1] + column


class _Reader:
    """Turns the objects of one source into nodes."""

    def __init__(self, file: SourceFile, path: Path, tree: ast.Module, window: ClockWindow) -> None:
        self.file = file
        self.path = str(path)
        self.window = window
        self.depth = self.count = 0
        self.calls = {
            (n.lineno, n.end_lineno, n.col_offset, n.end_col_offset): n
            for n in ast.walk(tree)
            if isinstance(n, ast.Call)
        }

    def schedule(self, value: python_api.Schedule) -> Node:
        self.depth = self.count = 0
        names = [f.name for f in fields(python_api.Schedule) if f.name not in ("name", "place")]
        given = {n: getattr(value, n) for n in names if getattr(value, n) is not None}
        return self._call(value.place, given, ("cron_expression",))

    def place(self, value: python_api.Schedule) -> Span:
        """Where a schedule stands: its name, or the word `Schedule` of its call."""
        call = self._find(value.place)
        if call is None:
            return self._line(value.place)
        for keyword in call.keywords:
            if keyword.arg == "name":
                return self._span(keyword.value)
        return self._span(call.func)

    def _call(self, place: python_api.Place, given: Mapping[str, Any], positional: Sequence[str]) -> Node:
        call = self._find(place)
        whole = self._span(call) if call else self._line(place)
        entries = {}
        for name, value in given.items():
            key, inner = whole, None
            if call is not None:
                for i, argument in enumerate(call.args):
                    if i < len(positional) and positional[i] == name:
                        key, inner = self._span(argument), argument
                for keyword in call.keywords:
                    if keyword.arg == name:
                        inner = keyword.value
                        start = _offset(self.file, keyword.lineno, self._column(keyword.lineno, keyword.col_offset))
                        key = Span(self.file, start, start + len(name))
            entries[name] = Entry(key, self._node(value, inner, self._span(inner) if inner else whole))
        return Node(entries, whole)

    def _find(self, place: python_api.Place) -> ast.Call | None:
        if place.path != self.path or place.column is None:
            return None
        return self.calls.get((place.line, place.end_line, place.column, place.end_column))

    def _line(self, place: python_api.Place) -> Span:
        if place.path != self.path:
            return Span(self.file, 0, 0)
        start = _offset(self.file, place.line, 0)
        return Span(self.file, start, start + len(self.file.line(place.line)))

    def _column(self, line: int, column: int) -> int:
        """Columns of the syntax tree count UTF-8 bytes."""
        return len(self.file.line(line).encode()[:column].decode("utf-8", "replace"))

    def _span(self, node: Any) -> Span:
        start = _offset(self.file, node.lineno, self._column(node.lineno, node.col_offset))
        end = _offset(self.file, node.end_lineno, self._column(node.end_lineno, node.end_col_offset))
        return Span(self.file, start, end)

    def _node(self, value: Any, written: ast.AST | None, around: Span) -> Node:
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            raise _Refused(rules.INVALID_VALUE, f"the value holds itself, or is nested over {DEEPEST} deep", around)
        if self.count > MOST_NODES:
            raise _Refused(rules.INVALID_VALUE, f"the schedule holds more than {MOST_NODES:,} values", around)
        try:
            return self._inner(value, written, around)
        finally:
            self.depth -= 1

    def _inner(self, value: Any, written: ast.AST | None, around: Span) -> Node:
        if isinstance(value, python_api.Container):
            inner = self._call(value.place, value.fields, ("image", "command", "args", "env"))
            return Node({"container": Entry(inner.span, inner)}, inner.span)
        if isinstance(value, python_api.Pipeline):
            given = {"package": value.package, "parameters": value.parameters}
            inner = self._call(
                value.place, {k: v for k, v in given.items() if v is not None}, ("package", "parameters")
            )
            return Node({"pipeline": Entry(inner.span, inner)}, inner.span)
        if isinstance(value, python_api.Steps):
            inner = self._call(value.place, value.steps, ())
            steps = {name: Entry(e.key, e.node.get("container") or e.node) for name, e in inner.value.items()}
            inner = Node(steps, inner.span)
            return Node({"steps": Entry(inner.span, inner)}, inner.span)
        if isinstance(value, python_api.Secret | python_api.ConfigMap | python_api.ScheduledTime):
            parts = {f.name: getattr(value, f.name) for f in fields(value)}
            return Node({k: Entry(around, self._node(v, None, around)) for k, v in parts.items()}, around)
        if isinstance(value, datetime):
            return Node(ClockReading(value, self.window), around, _source(written, value))
        if isinstance(value, Mapping):
            places = self._item_places(written)
            return Node(
                {
                    _key(k, around): Entry(
                        places[k][0] if k in places else around,
                        self._node(v, places[k][1] if k in places else None, self._place(places, k, around)),
                    )
                    for k, v in value.items()
                },
                around,
            )
        if isinstance(value, list | tuple):
            items = (
                written.elts if isinstance(written, ast.List | ast.Tuple) and len(written.elts) == len(value) else []
            )
            return Node(
                [
                    self._node(v, items[i] if items else None, self._span(items[i]) if items else around)
                    for i, v in enumerate(value)
                ],
                around,
            )
        value = _plain(value, around)
        return Node(value, around, _source(written, value))

    def _item_places(self, written: ast.AST | None) -> dict[Any, tuple[Span, ast.AST]]:
        if not isinstance(written, ast.Dict):
            return {}
        return {
            k.value: (self._span(k), v)
            for k, v in zip(written.keys, written.values, strict=True)
            if isinstance(k, ast.Constant)
        }

    def _place(self, places: dict[Any, tuple[Span, ast.AST]], key: Any, around: Span) -> Span:
        return self._span(places[key][1]) if key in places else around


def _key(key: Any, around: Span) -> str:
    if not isinstance(key, str):
        raise _Refused(rules.WRONG_TYPE, f"expected text as a key, found {kind(key)}", around)
    return str(_plain(key, around))


def _plain(value: Any, around: Span) -> Any:
    """Text and numbers as the plain types, whatever classes a source derives from them."""
    if isinstance(value, str):
        text = str.__str__(value)
        half = re.search("[\ud800-\udfff]", text)
        if half:
            message = f"the text holds U+{ord(half[0]):04X}, half of a character, which no file can hold"
            raise _Refused(rules.INVALID_VALUE, message, around, "write the whole character")
        return text
    if isinstance(value, int) and not isinstance(value, bool):
        number = int.__int__(value)
        if number.bit_length() > _LONGEST_NUMBER:
            raise _Refused(rules.INVALID_VALUE, "the number has more than 400 digits", around)
        return number
    return float.__float__(value) if isinstance(value, float) else value


_LONGEST_NUMBER = 1328
"""In bits: about 400 decimal digits."""


def _source(written: ast.AST | None, value: Any) -> str:
    return ast.unparse(written) if written is not None and not isinstance(written, ast.Constant) else str(value)
