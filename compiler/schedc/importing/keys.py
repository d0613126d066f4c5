"""A mapping of a source whose keys are taken one by one, so that none is lost in silence."""

from __future__ import annotations

from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.importing.source import Path
from schedc.node import Entry, Node, kind
from schedc.source import Span

_KINDS: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false", dict: "a mapping", list: "a list"}


def lose(sink: Sink, what: str, span: Span, why: str, help: str | None = None) -> None:
    """Report a part of a source that is not in what is written."""
    sink.add(rules.NOT_CARRIED, f"{what} is not carried", span, notes=(why,), help=help)


class Keys:
    """The keys of one mapping that nobody took yet. `lost` gathers the paths of what was reported."""

    def __init__(self, node: Node | None, path: Path, sink: Sink, lost: list[Path]) -> None:
        self.path, self.sink, self.lost = path, sink, lost
        self.span = node.span if node else None
        if node is not None and node.value is not None and not isinstance(node.value, dict):
            self.lose_here(node.span, f"it is {kind(node.value)}, and a mapping is known here")
            node = None
        self.left: dict[str, Entry] = dict(node.value) if node is not None and node.value else {}
        self.taken: dict[str, Entry] = {}

    def at(self, key: str) -> str:
        return shown((*self.path, key))

    def lose_here(self, span: Span, why: str) -> None:
        lose(self.sink, shown(self.path) or "the document", span, why)
        self.lost.append(self.path)

    def take(self, key: str) -> Node | None:
        """The value of a key, or None where it is not there or null."""
        entry = self.left.pop(key, None)
        if entry is None:
            return None
        self.taken[key] = entry
        return None if entry.node.value is None else entry.node

    def one(self, key: str, wanted: type) -> Any:
        """The value of a key if it has this type; another one is reported."""
        node = self.take(key)
        if node is None:
            return None
        value = node.value
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            self.lose(key, f"it is {kind(value)}, and not {_KINDS[wanted]}")
            return None
        return value

    def map(self, key: str) -> Keys:
        """The keys below a key; none where it is not there."""
        return Keys(self.take(key), (*self.path, key), self.sink, self.lost)

    def list(self, key: str) -> list[Node]:
        node = self.take(key)
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.lose(key, f"it is {kind(node.value)}, and not a list")
            return []
        return list(node.value)

    def place(self, key: str) -> Span | None:
        """Where the value of a key that was taken stands."""
        entry = self.taken.get(key)
        return entry.node.span if entry else self.span

    def key_place(self, key: str) -> Span:
        entry = self.taken.get(key) or self.left.get(key)
        assert entry is not None
        return entry.key

    def lose(self, key: str, why: str, help: str | None = None) -> None:
        """Report a key as lost, with what stands below it."""
        lose(self.sink, self.at(key), self.key_place(key), why, help)
        self.lost.append((*self.path, key))
        self.left.pop(key, None)

    def ignore(self, *keys: str) -> None:
        """Keys that have no effect on when or how something runs."""
        for key in keys:
            if key in self.left:
                self.taken[key] = self.left.pop(key)
                self.lost.append((*self.path, key))

    def default(self, key: str, value: Any) -> None:
        """A key that says what counts without it, too; with another value it stays."""
        entry = self.left.get(key)
        if entry is not None and (entry.node.value is None or entry.node.plainly() == value):
            self.ignore(key)

    def done(self, why: str = "schedc does not know it") -> None:
        """Report what nobody took."""
        for key, entry in list(self.left.items()):
            if entry.node.value is None:
                self.ignore(key)
            else:
                self.lose(key, why)


def shown(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")


def pruned(data: Any, lost: list[Path]) -> Any:
    """Plain data without what stands at some paths; mappings and lists keep their places."""
    gone = {path for path in lost if path}

    def copy(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            return {k: copy(v, (*path, k)) for k, v in value.items() if (*path, k) not in gone and v is not None}
        if isinstance(value, list):
            return [copy(v, (*path, i)) for i, v in enumerate(value) if (*path, i) not in gone]
        return value

    return copy(data, ())
