"""What a person wrote, with its place: the one tree that YAML, TOML and Python sources are read into.

A mapping holds `Entry` values, so that the place of a key is kept beside that of its value. Overlays are merged on
these trees (`merge`), and so every value still points to the file that it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from schedc.records import dataclass, replace
from schedc.source import Span


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place. `value` is a dict of str to Entry, a list of Node, or a scalar.

    `written` is the scalar's own text where the front end knows it, so that a number written `1.10` can be shown as
    it was. `plain` says that a scalar was not quoted.
    """

    value: Any
    span: Span
    written: str | None = None
    plain: bool = False

    def get(self, *path: str | int) -> Node | None:
        """The node at a path of keys and list positions, or None."""
        node = self
        for step in path:
            inner: Node | None = None
            if isinstance(step, int):
                inner = node.value[step] if isinstance(node.value, list) and step < len(node.value) else None
            elif isinstance(node.value, dict) and (entry := node.value.get(step)):
                inner = entry.node
            if inner is None:
                return None
            node = inner
        return node

    def nearest(self, *path: str | int) -> Span:
        """The place of the value at a path, or of the closest thing around it."""
        while path:
            node = self.get(*path)
            if node is not None:
                return node.span
            path = path[:-1]
        return self.span

    def key_span(self, key: str) -> Span:
        """The place of a key of this mapping, or of the mapping itself."""
        entry = self.value.get(key) if isinstance(self.value, dict) else None
        return entry.key if entry else self.span

    def plainly(self) -> Any:
        """The value as plain Python data."""
        if isinstance(self.value, dict):
            return {key: entry.node.plainly() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [item.plainly() for item in self.value]
        return self.value


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's place and its value."""

    key: Span
    node: Node


def kind(value: Any) -> str:
    """What a value is, in the words of a YAML author."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, float):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"a Python {type(value).__name__}"


Path = tuple[str, ...]


def never_data(path: Path) -> bool:
    """No mapping is a value of its own: each null in it stands for a key that is not there."""
    return False


def merge(
    base: Node | None, over: Node | None, is_data: Callable[[Path], bool] = never_data, path: Path = ()
) -> Node | None:
    """`over` laid on `base`: mappings merge, lists and scalars replace, null removes.

    A null that finds nothing to remove goes too, but for those in a mapping that `is_data` knows by its path: there
    it is a value.
    """
    if over is None:
        return base
    if not isinstance(over.value, dict):
        return over
    result = dict(base.value) if base is not None and isinstance(base.value, dict) else {}
    for key, entry in over.value.items():
        below = result.get(key)
        if entry.node.value is None and (below is not None or not is_data(path)):
            result.pop(key, None)
            continue
        merged = merge(below.node if below else None, entry.node, is_data, (*path, key))
        assert merged is not None
        result[key] = Entry(entry.key, merged)
    return replace(over, value=result)


def merge_all(nodes: Iterable[Node | None], is_data: Callable[[Path], bool] = never_data) -> Node | None:
    """Weakest first."""
    result: Node | None = None
    for node in nodes:
        result = merge(result, node, is_data)
    return result
