"""The documents of a YAML or JSON file as other tools write them, with the place of every key.

Plain scalars mean what they mean to Kubernetes (YAML 1.1 for `yes` and `0644`; times stay text). Tags other than the
core ones are refused; aliases are followed within a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from schedc.bounded_yaml import check_bounds
from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.node import Entry, Node
from schedc.source import SourceFile, Span

MOST_NODES = 500_000
_DEEPEST = 100
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
_OCTAL = re.compile(r"0o?([0-7]+)")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+")
_TRUE = frozenset(["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"])
_FALSE = frozenset(["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"])
_NULL = frozenset(["", "~", "null", "Null", "NULL"])
_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(_CORE + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value"))


class _Refused(Exception):
    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.span = span


def documents(file: SourceFile, sink: Sink) -> list[Node] | None:
    """Every document that is not empty; None after the sink was told why the text cannot be read."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        check_bounds(file.text)
        builder = _Builder(file)
        return [builder.build(root, 0) for root in yaml.compose_all(file.text, loader) if root is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = min(mark.index, len(file.text)) if mark else 0
        said = " ".join(filter(None, (error.context, error.problem)))
        help = _TEMPLATE if "{{" in file.text else None
        sink.add(rules.INVALID_YAML, f"the text is not YAML: {said}", Span(file, at, at + 1), help=help)
    except yaml.reader.ReaderError as error:
        at = min(error.position, len(file.text))
        sink.add(rules.INVALID_YAML, "the text holds a character that YAML does not allow", Span(file, at, at + 1))
    except _Refused as error:
        help = _TEMPLATE if "{{" in file.text else None
        sink.add(rules.INVALID_YAML, str(error), error.span, help=help)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        sink.add(rules.YAML_LIMIT, f"the file cannot be read: {error}", Span(file, 0, 0))
    return None


_TEMPLATE = "render templates first, for example with helm template or kustomize build"


class _Builder:
    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.count = 0

    def build(self, node: Any, depth: int) -> Node:
        span = Span(self.file, node.start_mark.index, node.end_mark.index)
        self.count += 1
        if self.count > MOST_NODES:
            raise _Refused(f"the file has more than {MOST_NODES:,} values, those of aliases counted each time", span)
        if depth > _DEEPEST:
            raise _Refused(f"it is nested more than {_DEEPEST} levels deep", span)
        if node.id == "scalar":
            if node.tag not in _PLAIN_TAGS:
                raise _Refused(f"the tag {node.tag} is not read", span)
            plain = not node.style
            is_text = not plain or (node.tag == _CORE + "str" and _is_tagged(self.file, span))
            return Node(node.value if is_text else scalar(node.value), span, node.value, plain)
        if node.id == "sequence" and node.tag == _CORE + "seq":
            return Node([self.build(item, depth + 1) for item in node.value], span)
        if node.id == "mapping" and node.tag == _CORE + "map":
            return Node(dict(self.entries(node, depth)), span)
        raise _Refused(f"the tag {node.tag} is not read", span)

    def entries(self, node: Any, depth: int) -> Iterator[tuple[str, Entry]]:
        seen = set()
        for key, value in node.value:
            at = Span(self.file, key.start_mark.index, key.end_mark.index)
            if key.id != "scalar":
                raise _Refused("a key is not text", at)
            if key.value == "<<" and key.style is None:
                yield from self._merged(value, depth, at)
                continue
            if key.value in seen:
                raise _Refused(f"the key {key.value[:80]} stands twice in one mapping", at)
            seen.add(key.value)
            yield key.value, Entry(at, self.build(value, depth + 1))

    def _merged(self, value: Any, depth: int, at: Span) -> Iterator[tuple[str, Entry]]:
        for one in reversed(value.value if value.id == "sequence" else [value]):
            if one.id != "mapping" or depth > _DEEPEST:
                raise _Refused("a merge key takes mappings", at)
            yield from self.entries(one, depth + 1)


def _is_tagged(file: SourceFile, span: Span) -> bool:
    return file.text[max(0, span.start - 1) : span.start + 1].lstrip().startswith("!")


def scalar(text: str) -> Any:
    """What a plain scalar is to Kubernetes."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.fullmatch(text):
        return int(text.replace("_", "")) if len(text) < 40 else text
    if found := _OCTAL.fullmatch(text):
        return int(found[1][:40], 8)
    if _HEX.fullmatch(text):
        return int(text[:40], 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
