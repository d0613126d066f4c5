"""Reads YAML as version 1.2 means it, with the place of every key and value.

The events come from libyaml; the meaning of plain scalars is the core schema of YAML 1.2 and not PyYAML's 1.1, so `on`
and `1:30` are text. Tags are refused, aliases and merge keys (`<<`) are followed within the limits below.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path
from typing import Any

from schedc.diagnostics import Replacement, rules
from schedc.diagnostics.sink import Sink
from schedc.node import Entry, Node
from schedc.patterns import pattern
from schedc.pyyaml import yaml
from schedc.records import replace
from schedc.source import SourceFile, Span

LONGEST_FILE = 4 * 1024 * 1024
DEEPEST = 50
MOST_NODES = 100_000
MOST_TEXT = 16 * 1024 * 1024
"""Characters of all texts of a file, those of aliases counted each time."""

_INT = pattern(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan")}
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
_ALIAS = pattern(r"\*[0-9A-Za-z_-]+")

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_at_most(path: Path, most: int = LONGEST_FILE) -> bytes:
    """A file's bytes, and not more than one beyond `most`. Raises `OSError` and `ValueError`.

    Only a plain file is read: a pipe would wait for its writer, and a device has no end.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        raise ValueError("it is not a plain file")
    with open(handle, "rb") as file:
        return file.read(most + 1)


def decode(path: str, data: bytes, sink: Sink) -> SourceFile | None:
    """The text of a file's bytes: UTF-8, with or without a byte order mark."""
    try:
        return SourceFile(path, data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        shown = SourceFile(path, data[: error.start].decode("utf-8", "replace"))
        end = len(shown.text)
        message = f"byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8"
        sink.add(rules.UNREADABLE_FILE, message, Span(shown, end, end), help="save the file as UTF-8")
        return None


def read_yaml(file: SourceFile, sink: Sink) -> Node | None:
    """The one document of a file as a tree, or None after the sink was told why not.

    A value that starts with a character that YAML reserves (`*/5 ...`, `@daily`) is reported, read as the text that
    was meant, and reading goes on, so that one slip does not hide another.
    """
    if len(file.text) > LONGEST_FILE:
        message = f"the file has {len(file.text):,} characters, and at most {LONGEST_FILE:,} are read"
        sink.add(rules.YAML_LIMIT, message, Span(file, 0, 0), help="split it into several files")
        return None
    mended: set[int] = set()
    text = file.text
    for _ in range(100):
        try:
            return _Builder(file, text, mended, sink).document()
        except yaml.MarkedYAMLError as error:
            at = _reserved_start(file.text, error, mended)
            if at is None:
                _syntax_error(file, error, sink)
                return None
            _unquoted(file, at, sink)
            mended.add(at)
            text = text[:at] + "x" + text[at + 1 :]
        except yaml.reader.ReaderError as error:
            at = min(error.position, len(file.text))
            message = f"the character U+{_code(error.character):04X} is not allowed in YAML"
            sink.add(rules.INVALID_YAML, message, Span(file, at, at + 1))
            return None
        except _Stop:
            return None
    return None


class _Stop(Exception):
    """The sink was told; reading cannot go on."""


def _code(character: Any) -> int:
    return character if isinstance(character, int) else ord(character)


def _reserved_start(text: str, error: yaml.MarkedYAMLError, mended: set[int]) -> int | None:
    mark = error.context_mark if "alias" in (error.context or "") else error.problem_mark
    if mark is None or mark.index >= len(text) or mark.index in mended:
        return None
    at = mark.index
    return at if text[at] in "*@%`&" else None


def _unquoted(file: SourceFile, at: int, sink: Sink) -> None:
    end = file.text.find("\n", at)
    end = len(file.text) if end < 0 else end
    line = file.text[file.text.rfind("\n", 0, at) + 1 : at]
    ends = r"\s+#|[,\]}]" if re.search(r"[\[{]", line) else r"\s+#"
    value = re.split(ends, file.text[at:end])[0].rstrip()
    span = Span(file, at, at + len(value))
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    meaning = {"*": "an alias", "&": "an anchor"}.get(file.text[at], "a reserved character")
    may_be_meant = file.text[at] == "&" or _ALIAS.fullmatch(value) is not None
    sink.add(
        rules.INVALID_YAML,
        f"an unquoted {file.text[at]} at the start of a value is {meaning} in YAML",
        span,
        help=f"quote it: {quoted}",
        replacement=Replacement(span, quoted, safe=not may_be_meant),
    )


_IN_OTHER_WORDS = (
    ("mapping values are not allowed", "a colon and a blank stand inside an unquoted value", "quote the value"),
    ("while scanning a quoted scalar found unexpected end", "a quoted text has no end", "close the quote"),
    ("did not find expected ',' or ']'", "a list has neither a comma nor its ] here", "close the list with ]"),
    ("did not find expected ',' or '}'", "a mapping has neither a comma nor its } here", "close the mapping with }"),
    ("block mapping did not find expected key", "this line is indented unlike the keys above it", "align it with them"),
    (
        "block collection did not find expected '-'",
        "this line is indented unlike the items above it",
        "align it with them",
    ),
    ("did not find expected <document start>", "this line is indented unlike the keys above it", "align it with them"),
    ("could not find expected ':'", "a key has no colon", "write KEY: VALUE"),
)


def _syntax_error(file: SourceFile, error: yaml.MarkedYAMLError, sink: Sink) -> None:
    mark = error.problem_mark or error.context_mark
    at = min(mark.index, len(file.text)) if mark else 0
    help = None
    message = " ".join(filter(None, (error.context, error.problem)))
    if file.text[at : at + 1] == "\t" and not file.text[file.text.rfind("\n", 0, at) + 1 : at].strip():
        message = "a tab indents this line, and YAML allows only spaces there"
        help = "indent with spaces"
    for part, own, remedy in _IN_OTHER_WORDS:
        if part in message:
            message, help = own, remedy
            if part.startswith("while scanning a quoted") and error.context_mark:
                at = error.context_mark.index
    sink.add(rules.INVALID_YAML, message or "the text is not YAML", Span(file, at, at + 1), help=help)


_MOST_TWICE = 100
"""Keys that stand twice of which a file is told."""


class _Builder:
    """Builds the tree of one document from libyaml's events."""

    def __init__(self, file: SourceFile, text: str, mended: set[int], sink: Sink) -> None:
        self.file = file
        self.text = text
        self.mended = mended
        self.sink = sink
        self.anchors: dict[str, tuple[Node, int, int]] = {}
        self.count = 0
        self.letters = 0
        self.twice = 0
        self.loader = _Loader(text)

    def document(self) -> Node | None:
        try:
            self._next()
            if isinstance(self._next(), yaml.StreamEndEvent):
                return Node({}, Span(self.file, 0, 0))
            node, _ = self._node(self._next(), 0)
            self._next()
            following = self._next()
            if not isinstance(following, yaml.StreamEndEvent):
                self._stop(
                    rules.INVALID_YAML, "a second document begins here", following, "put it in a file of its own"
                )
            return node
        finally:
            self.loader.dispose()

    def _next(self) -> Any:
        return self.loader.get_event()

    def _span(self, event: Any) -> Span:
        return Span(self.file, event.start_mark.index, event.end_mark.index)

    def _stop(self, rule: Any, message: str, event: Any, help: str | None = None) -> None:
        self.sink.add(rule, message, self._span(event), help=help)
        raise _Stop

    def _counted(self, event: Any, size: int = 1, letters: int = 0) -> None:
        self.count += size
        self.letters += letters
        if self.count > MOST_NODES:
            self._stop(rules.YAML_LIMIT, f"more than {MOST_NODES:,} values, aliases followed", event)
        if self.letters > MOST_TEXT:
            self._stop(rules.YAML_LIMIT, f"texts of more than {MOST_TEXT:,} characters, aliases followed", event)

    def _node(self, event: Any, depth: int) -> tuple[Node, int]:
        """A node and how many values it holds."""
        if depth > DEEPEST:
            self._stop(rules.YAML_LIMIT, f"values are nested more than {DEEPEST} deep", event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before, letters = self.count, self.letters
        self._counted(event, 1, len(event.value) if isinstance(event, yaml.ScalarEvent) else 0)
        if getattr(event, "tag", None) is not None:
            self._stop(rules.INVALID_YAML, f"tags such as {event.tag} are not read", event, "write the plain value")
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, depth)
        else:
            node = self._mapping(event, depth)
        size = self.count - before
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, size, self.letters - letters)
        return node, size

    def _alias(self, event: Any) -> tuple[Node, int]:
        found = self.anchors.get(event.anchor)
        if found is None:
            if event.start_mark.index not in self.mended:
                _unquoted(self.file, event.start_mark.index, self.sink)
            span = self._span(event)
            return Node(self.file.text[span.start : span.end], span), 1
        node, size, letters = found
        self._counted(event, size, letters)
        return replace(node, span=self._span(event)), size

    def _scalar(self, event: Any) -> Node:
        span = self._span(event)
        if span.start in self.mended:
            return Node(self.file.text[span.start : span.end].rstrip(), span)
        if event.style:
            return Node(event.value, span, event.value)
        return Node(_plain(event.value), span, event.value, plain=True)

    def _sequence(self, event: Any, depth: int) -> Node:
        items = []
        while not isinstance(item := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(item, depth + 1)[0])
        return Node(items, Span(self.file, event.start_mark.index, self._span(item).end))

    def _mapping(self, event: Any, depth: int) -> Node:
        entries: dict[str, Entry] = {}
        merged: list[Node] = []
        is_merged = False
        while not isinstance(key := self._next(), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent) or key.tag is not None:
                self._stop(rules.INVALID_YAML, "a key is not plain text", key)
            self._counted(key, 1, len(key.value))
            value, _ = self._node(self._next(), depth + 1)
            if key.value == "<<" and not key.style:
                if is_merged:
                    message = "the key '<<' stands twice"
                    self.sink.add(rules.DUPLICATE_KEY, message, self._span(key), help="write << once, with a list")
                is_merged = True
                merged.extend(value.value if isinstance(value.value, list) else [value])
                continue
            self.twice += key.value in entries
            if key.value in entries and self.twice <= _MOST_TWICE:
                line = entries[key.value].key.position[0]
                message = f"the key {key.value!r} stands twice, first on line {line}"
                self.sink.add(rules.DUPLICATE_KEY, message, self._span(key), help="keep one of the two")
            entries[key.value] = Entry(self._span(key), value)
        for other in merged:
            if not isinstance(other.value, dict):
                self.sink.add(rules.INVALID_YAML, "<< takes a mapping or a list of mappings", other.span)
                continue
            for name, entry in other.value.items():
                entries.setdefault(name, entry)
        return Node(entries, Span(self.file, event.start_mark.index, self._span(key).end))


def _plain(text: str) -> Any:
    """A plain scalar as YAML 1.2's core schema reads it."""
    lowered = text.lower()
    if lowered in _CONSTANTS and text in (lowered, lowered.title(), lowered.upper()):
        return _CONSTANTS[lowered]
    if _INT.fullmatch(text) and len(text) <= 400:
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if lowered in _SPECIAL:
        return _SPECIAL[lowered]
    return text
