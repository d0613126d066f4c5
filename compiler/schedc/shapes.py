"""What values a field may take: each shape reads a node into plain data, or says what is wrong with it and where.

The same shapes give the JSON Schema for editors, so that what an editor accepts and what schedc accepts is one thing.
`read` gives `INVALID` after it has told the sink.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Protocol

from schedc.diagnostics import Replacement, instead, rules
from schedc.diagnostics.sink import Sink
from schedc.node import Node, kind
from schedc.records import dataclass, field
from schedc.source import Span


class _Invalid:
    def __repr__(self) -> str:
        return "INVALID"


INVALID: Any = _Invalid()

JsonSchema = dict[str, Any]


class Shape(Protocol):
    """Reads a node; describes itself as JSON Schema."""

    def read(self, node: Node, sink: Sink) -> Any: ...

    def schema(self) -> JsonSchema: ...


def _wrong(node: Node, sink: Sink, wanted: str, **details: Any) -> Any:
    sink.add(rules.WRONG_TYPE, f"expected {wanted}, found {kind(node.value)}", node.span, **details)
    return INVALID


@dataclass(frozen=True, slots=True)
class Text:
    """Text, optionally of a form (`pattern` must match all of it; `form` names it in messages)."""

    pattern: str | None = None
    form: str = ""
    longest: int | None = None
    empty: bool = True

    def read(self, node: Node, sink: Sink) -> Any:
        value = node.value
        if not isinstance(value, str):
            shown = node.written
            fix = None
            if shown is not None and re.fullmatch(r"[\w.:+-]+", shown):
                fix = instead(node.span, shown, f'"{shown}"', safe=value is not None)
            return _wrong(
                node, sink, "text", help=f"quote it: {fix.text}" if fix else None, replacement=fix
            )  # 1.10 is a number in YAML, "1.10" is text
        if not value and not self.empty:
            sink.add(rules.INVALID_VALUE, "the text is empty", node.span)
            return INVALID
        if self.pattern is not None and not re.fullmatch(self.pattern, value):
            sink.add(rules.INVALID_VALUE, f"{_short(value)} is not {self.form}", node.span)
            return INVALID
        if self.longest is not None and len(value) > self.longest:
            message = f"the text has {len(value)} characters, and at most {self.longest} are allowed"
            sink.add(rules.INVALID_VALUE, message, node.span)
            return INVALID
        return value

    def schema(self) -> JsonSchema:
        schema: JsonSchema = {"type": "string"}
        if self.pattern is not None:
            schema["pattern"] = f"^(?:{self.pattern})$"
        if self.longest is not None:
            schema["maxLength"] = self.longest
        if not self.empty:
            schema["minLength"] = 1
        return schema


def _short(value: str) -> str:
    shown = value if len(value) <= 60 else value[:57] + "..."
    return "'" + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in shown) + "'"


@dataclass(frozen=True, slots=True)
class Integer:
    low: int | None = None
    high: int | None = None

    def read(self, node: Node, sink: Sink) -> Any:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int):
            return _wrong(node, sink, "a whole number")
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            allowed = f"{self.low} or more" if self.high is None else f"from {self.low} to {self.high}"
            sink.add(rules.INVALID_VALUE, f"{value} is out of range: it must be {allowed}", node.span)
            return INVALID
        return value

    def schema(self) -> JsonSchema:
        schema: JsonSchema = {"type": "integer"}
        if self.low is not None:
            schema["minimum"] = self.low
        if self.high is not None:
            schema["maximum"] = self.high
        return schema


@dataclass(frozen=True, slots=True)
class Number:
    def read(self, node: Node, sink: Sink) -> Any:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            return _wrong(node, sink, "a number")
        return node.value

    def schema(self) -> JsonSchema:
        return {"type": "number"}


@dataclass(frozen=True, slots=True)
class Boolean:
    def read(self, node: Node, sink: Sink) -> Any:
        if isinstance(node.value, bool):
            return node.value
        word = _truth(node.value)
        help = (
            f"YAML 1.2 reads {node.value} as text; write {word}"
            if word and node.plain
            else f"write {word}"
            if word
            else None
        )
        fix = _unquoted(instead(node.span, node.value, word, safe=True)) if word else None
        return _wrong(node, sink, "true or false", help=help, replacement=fix)

    def schema(self) -> JsonSchema:
        return {"type": "boolean"}


def _truth(value: object) -> str | None:
    """The boolean that a word of YAML 1.1, or a quoted one, stands for."""
    words = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
    return words.get(value.lower()) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words (or booleans); `other` maps what people from elsewhere write to the word meant."""

    words: tuple[str | bool, ...]
    other: Mapping[str, str] = field(default_factory=dict)

    def read(self, node: Node, sink: Sink) -> Any:
        value = node.value
        if any(value is word or (isinstance(word, str) and value == word) for word in self.words):
            return value
        shown = ", ".join(str(w).lower() if isinstance(w, bool) else w for w in self.words)
        if not isinstance(value, str):
            return _wrong(node, sink, f"one of {shown}")
        near = self.other.get(value.lower()) or _close(value.lower(), [w for w in self.words if isinstance(w, str)])
        word = _truth(value)
        is_truth = word is not None and any(isinstance(w, bool) and str(w).lower() == word for w in self.words)
        if is_truth:
            near = word
        fix = instead(node.span, value, near, safe=is_truth or near == value.lower()) if near else None
        fix = _unquoted(fix) if is_truth else fix
        help = f"write {near}" if near else None
        sink.add(rules.INVALID_VALUE, f"{_short(value)} is not one of {shown}", node.span, help=help, replacement=fix)
        return INVALID

    def schema(self) -> JsonSchema:
        return {"enum": list(self.words)}


def _unquoted(fix: Replacement | None) -> Replacement | None:
    """A replacement with the quotes around its place, which make text of what is none."""
    if fix is None or not 0 < fix.span.start <= fix.span.end < len(fix.span.file.text):
        return fix
    file, start, end = fix.span.file, fix.span.start - 1, fix.span.end + 1
    is_quoted = file.text[start] in "\"'" and file.text[start] == file.text[end - 1]
    return Replacement(Span(file, start, end), fix.text, fix.safe) if is_quoted else fix


def _close(word: str, words: list[str]) -> str | None:
    found = get_close_matches(word, words, n=1, cutoff=0.7)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class ListOf:
    item: Shape
    shortest: int = 0

    def read(self, node: Node, sink: Sink) -> Any:
        if not isinstance(node.value, list):
            return _wrong(node, sink, "a list")
        if len(node.value) < self.shortest:
            sink.add(rules.INVALID_VALUE, f"the list has fewer than {self.shortest} items", node.span)
            return INVALID
        items = [self.item.read(item, sink) for item in node.value]
        return INVALID if INVALID in items else tuple(items)

    def schema(self) -> JsonSchema:
        schema: JsonSchema = {"type": "array", "items": self.item.schema()}
        if self.shortest:
            schema["minItems"] = self.shortest
        return schema


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping with free keys; gives a dict sorted by key, since the order of keys has no meaning."""

    item: Shape
    key: str | None = None
    key_form: str = ""

    def read(self, node: Node, sink: Sink) -> Any:
        if not isinstance(node.value, dict):
            return _wrong(node, sink, "a mapping")
        result = {}
        bad = False
        for key, entry in sorted(node.value.items()):
            if self.key is not None and not re.fullmatch(self.key, key):
                sink.add(rules.INVALID_VALUE, f"{_short(key)} is not {self.key_form}", entry.key)
                bad = True
            result[key] = self.item.read(entry.node, sink)
        return INVALID if bad or INVALID in result.values() else result

    def schema(self) -> JsonSchema:
        schema: JsonSchema = {"type": "object", "additionalProperties": self.item.schema()}
        if self.key is not None:
            schema["propertyNames"] = {"pattern": f"^(?:{self.key})$"}
        return schema


@dataclass(frozen=True, slots=True)
class Anything:
    """Any plain data; `of` narrows it to "a mapping" or "a list"."""

    of: str | None = None

    def read(self, node: Node, sink: Sink) -> Any:
        if self.of is not None and kind(node.value) != self.of:
            return _wrong(node, sink, self.of)
        return node.plainly()

    def schema(self) -> JsonSchema:
        return {"type": {"a mapping": "object", "a list": "array"}[self.of]} if self.of else {}


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a record: its shape, whether it must be given, and what it means in one sentence."""

    name: str
    shape: Shape
    about: str = ""
    required: bool = False
    default: Any = None


MOST_UNKNOWN = 100
"""Keys of one mapping that are told of one by one where no field is called so."""


def tell_more(place: Span, sink: Sink) -> None:
    """Tell the sink that a mapping has more keys without a meaning."""
    message = f"more than {MOST_UNKNOWN} keys of one mapping are no fields, and the others are not told of"
    sink.add(rules.UNKNOWN_FIELD, message, place, help="look at the ones above first")


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys. `slips` maps keys that people write by habit to the remedy.

    `one_of` names the fields of which exactly one is given. The schema says so; `read` leaves it to whoever reads the
    meaning, and can say what is missing.
    """

    fields: tuple[Field, ...]
    what: str = "this mapping"
    slips: Mapping[str, str] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()

    def read(self, node: Node, sink: Sink) -> Any:
        if not isinstance(node.value, dict):
            return _wrong(node, sink, "a mapping")
        known = {f.name: f for f in self.fields}
        unknown = [key for key in node.value if key not in known]
        bad = bool(unknown)
        for key in unknown[:MOST_UNKNOWN]:
            self.unknown(key, node.value[key].key, sink)
        if len(unknown) > MOST_UNKNOWN:
            tell_more(node.value[unknown[MOST_UNKNOWN]].key, sink)
        result: dict[str, Any] = {}
        for one in self.fields:
            entry = node.value.get(one.name)
            if entry is None:
                if one.required:
                    sink.add(rules.MISSING_FIELD, f"{self.what} has no {one.name}", node.span)
                    bad = True
                continue
            result[one.name] = one.shape.read(entry.node, sink)
            bad = bad or result[one.name] is INVALID
        return INVALID if bad else result

    def unknown(self, key: str, place: Span, sink: Sink) -> None:
        """Tell the sink of a key that no field has, with the field that was meant."""
        known = [f.name for f in self.fields]
        slip = self.slips.get(key)
        near = None if slip else _close(key.lower().replace("-", "_"), known)
        better = near or next((name for name in known if slip == f"write {name}"), None)
        sink.add(
            rules.UNKNOWN_FIELD,
            f"{_short(key)} is not a field of {self.what}",
            place,
            help=slip or (f"did you mean {near}?" if near else f"the fields are {', '.join(known)}"),
            replacement=instead(place, key, better, safe=_letters(key) == _letters(better)) if better else None,
        )

    def schema(self) -> JsonSchema:
        properties = {}
        for one in self.fields:
            about = {"description": one.about} if one.about else {}
            default = {"default": one.default} if one.default is not None else {}
            properties[one.name] = {**one.shape.schema(), **about, **default}
        schema: JsonSchema = {"type": "object", "properties": properties, "additionalProperties": False}
        needed = [f.name for f in self.fields if f.required]
        if needed:
            schema["required"] = needed
        if self.one_of:
            schema["oneOf"] = [{"required": [name]} for name in self.one_of]
        return schema


def _letters(key: str) -> str:
    """A key without what its writers do in different ways: `startTime`, `start-time` and `start_time` are one."""
    return key.lower().replace("-", "").replace("_", "")


@dataclass(frozen=True, slots=True)
class Either:
    """Text, or else a record: what a scalar and a mapping mean beside each other, as in `env`."""

    scalar: Shape
    mapping: Shape

    def read(self, node: Node, sink: Sink) -> Any:
        return (self.mapping if isinstance(node.value, dict) else self.scalar).read(node, sink)

    def schema(self) -> JsonSchema:
        return {"anyOf": [self.scalar.schema(), self.mapping.schema()]}
