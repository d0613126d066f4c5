"""What an artifact is made of, by parsers that share nothing with schedc: texts on one side, the rest on the other."""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml
from ruamel.yaml import YAML

Leaf = tuple[str, Any]


def parsed(path: str, text: str) -> Any:
    """The data of an artifact; several parsers must agree on it. A DAG file gives its syntax tree."""
    if path.endswith(".py"):
        tokens = [one.type for one in tokenize.generate_tokens(io.StringIO(text).readline)]
        assert tokenize.ERRORTOKEN not in tokens
        return ast.parse(text.encode("utf-8"))
    if path.endswith(".json"):
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        assert not any(line.startswith(("#", "//")) for line in text.splitlines())
        return data
    pure = list(yaml.load_all(text, yaml.SafeLoader))
    assert pure == list(yaml.load_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    ruamel = YAML(typ="safe", pure=True)
    ruamel.version = (1, 1)
    assert list(ruamel.load_all(text)) == pure
    return pure


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({key for key, _ in pairs}) == len(pairs), "a key stands twice"
    return dict(pairs)


def _no_number(name: str) -> None:
    raise AssertionError(name)


def code(tree: ast.AST) -> Counter[str]:
    """The kinds and names of a syntax tree, and how often each occurs; of a text only that it is one."""
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        kind = type(node).__name__
        if isinstance(node, ast.Constant):
            kind += f" {type(node.value).__name__}"
        for name in ("id", "attr", "arg", "name", "asname", "module"):
            value = getattr(node, name, None)
            kind += f" {value}" if isinstance(value, str) else ""
        found[kind] += 1
    return found


def constants(tree: ast.AST) -> list[str]:
    """The texts of a syntax tree."""
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def leaves(data: Any, path: str = "") -> Iterator[Leaf]:
    """Each scalar of plain data with the keys and positions that lead to it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, f"{path}/{key!r}")
        if not data:
            yield path, {}
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from leaves(value, f"{path}/{i}")
        if not data:
            yield path, []
    else:
        yield path, data
