"""Mutation testing: small mistakes are planted in a module, one at a time, and the tests must notice each.

    python scripts/mutate.py schedc.frontend.cron_fields -- tests/frontend -m "not engines"

Each mutant runs in a process of its own that is forked after pytest was imported, so that one costs little more than
its tests. It is caught where a test fails or runs for too long. What survives is printed with its line; the exit code
is 1 where something does. `--part K/N` takes every N-th mutant from the K-th, for a short run or for several at a time.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 60
"""Seconds after which a mutant counts as caught: most that run for so long never end."""
Change = tuple[str, Callable[[Any], None]]

_COMPARE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_OPERATE: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}


def mutants(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Each mistake in words, and the module that has it. What stands in annotations is left alone: nothing runs it."""
    spared = {id(inner) for node in ast.walk(tree) for one in _annotations(node) for inner in ast.walk(one)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in spared:
            continue
        for what, change in _changes(node):
            other = copy.deepcopy(tree)
            change(list(ast.walk(other))[number])
            yield f"{getattr(node, 'lineno', 0)}: {what}: {_shown(node)}", ast.fix_missing_locations(other)


def _annotations(node: ast.AST) -> list[ast.expr]:
    found = [getattr(node, "annotation", None), getattr(node, "returns", None)]
    return [one for one in found if one is not None]


def _shown(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0][:80]


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare():
            for at, one in enumerate(node.ops):
                for other in _COMPARE[type(one)]:
                    yield f"{type(one).__name__} to {other.__name__}", _item("ops", at, other())
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _OPERATE:
            yield f"{type(op).__name__} to {_OPERATE[type(op)].__name__}", _field("op", _OPERATE[type(op)]())
        case ast.BoolOp(op=ast.Or()):
            yield "or to and", _field("op", ast.And())
        case ast.BoolOp(op=ast.And()):
            yield "and to or", _field("op", ast.Or())
        case ast.Constant(value=bool(value)):
            yield "the opposite", _field("value", not value)
        case ast.Constant(value=int(value)):
            yield "one more", _field("value", value + 1)
            yield "one less", _field("value", value - 1)
        case ast.If() | ast.IfExp():
            yield "always", _field("test", ast.Constant(True))
            yield "never", _field("test", ast.Constant(False))
        case ast.While():
            yield "never", _field("test", ast.Constant(False))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "without not", _field("operand", ast.UnaryOp(ast.Not(), copy.deepcopy(operand)))
        case ast.UnaryOp(op=ast.Invert()):
            yield "without ~", _field("op", ast.UAdd())
        case ast.Return(value=ast.expr()) if not isinstance(node.value, ast.Constant):
            yield "None", _field("value", ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield "left out", _field("value", ast.Constant(None))
        case ast.AugAssign():
            pass


def _field(name: str, value: object) -> Callable[[Any], None]:
    return lambda node: setattr(node, name, value)


def _item(name: str, at: int, value: object) -> Callable[[Any], None]:
    return lambda node: getattr(node, name).__setitem__(at, value)


class _Planted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a module its mutant's code."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self._name, self._path, self._tree = name, path, tree

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._tree, str(self._path), "exec"), module.__dict__)


def _survives(name: str, path: Path, tree: ast.Module, arguments: Sequence[str]) -> bool:
    """Whether the tests pass; a process of its own runs them."""
    import pytest

    child = os.fork()
    if child == 0:
        os.setsid()
        signal.alarm(LONGEST)
        sys.meta_path.insert(0, _Planted(name, path, tree))
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        code = 1
        try:
            code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments]))
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return status == 0


def main(arguments: Sequence[str]) -> int:
    split = list(arguments).index("--")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module")
    parser.add_argument("--part", default="1/1", help="K/N")
    options = parser.parse_args(arguments[:split])
    tests = arguments[split + 1 :]
    path = ROOT.joinpath("compiler", *options.module.split(".")).with_suffix(".py")
    tree = ast.parse(path.read_text("utf-8"))
    first, step = map(int, options.part.split("/"))
    os.chdir(ROOT)
    import hypothesis  # noqa: F401  # once, and not in each mutant
    import yaml  # noqa: F401

    if not _survives(options.module, path, tree, tests):
        print("the tests fail without a mistake, too", file=sys.stderr)
        return 2
    chosen = list(mutants(tree))[first - 1 :: step]
    survived = []
    for what, planted in chosen:
        if _survives(options.module, path, planted, tests):
            survived.append(what)
            print(f"survived: {path.relative_to(ROOT)}:{what}", flush=True)
    print(f"{options.module}: {len(chosen)} mutants, {len(chosen) - len(survived)} caught, {len(survived)} survived")
    return 1 if survived else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
