"""Reads the Python of a DAG file as data, without running it: imports, one `with DAG(...)`, operators, their order."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from schedc.records import dataclass
from schedc.target import UnreadableArtifact
from schedc.targets.airflow.models import MODELS

_KNOWN = frozenset(
    {
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("airflow.sdk", "DAG"),
        ("airflow.sdk", "literal"),
        ("airflow", "DAG"),
        ("airflow.utils.template", "literal"),
        ("airflow.timetables.trigger", "CronTriggerTimetable"),
        ("airflow.timetables.trigger", "MultipleCronTriggerTimetable"),
        ("airflow.timetables.trigger", "DeltaTriggerTimetable"),
        ("airflow.providers.cncf.kubernetes.operators.pod", "KubernetesPodOperator"),
        ("airflow.providers.docker.operators.docker", "DockerOperator"),
        ("airflow.providers.standard.operators.bash", "BashOperator"),
        ("kubernetes.client", "models"),
    }
)


@dataclass(frozen=True, slots=True)
class Made:
    """A call that stands in the file: what is called, and its arguments as data."""

    name: str
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    line: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that is imported from a module that is not Airflow's."""

    path: str


@dataclass(frozen=True, slots=True)
class DagFile:
    doc: str
    dag: Made
    """The call of DAG, or the dict of its arguments where the file has no DAG."""
    has_dag: bool
    tasks: tuple[tuple[str | None, Made], ...]
    """Each operator and the variable that it is bound to."""
    order: tuple[tuple[str, str], ...]
    """Pairs of variables: what comes first, and what waits for it."""
    before_three: bool
    """Whether it imports what only Airflow 2 has."""


def unreadable(what: str, line: int) -> UnreadableArtifact:
    return UnreadableArtifact(f"line {line}: {what}")


def dag_file(text: str) -> DagFile:
    """The parts of a DAG file. Raises `UnreadableArtifact`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes such as "\\d"
            return _parts(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, UnreadableArtifact):
            raise
        raise UnreadableArtifact(f"this is not Python that can be read: {error}") from None


def _parts(tree: ast.Module) -> DagFile:
    body = list(tree.body)
    doc = ast.get_docstring(tree, clean=False) or ""
    if doc:
        body.pop(0)
    names: dict[str, str] = {}
    foreign: dict[str, str] = {}
    before_three = False
    while body and isinstance(body[0], ast.ImportFrom | ast.Try):
        before_three = _imports(body.pop(0), names, foreign) or before_three
    reader = _Values(names, foreign)
    if len(body) == 1 and isinstance(body[0], ast.Assign):
        only_words = DagFile(doc, _dict(body[0], reader), False, (), (), before_three)
        reader.check_all_used(body[0].lineno)
        return only_words
    if len(body) != 1 or not isinstance(body[0], ast.With):
        found = next((one for one in body if not isinstance(one, ast.With)), body[1] if len(body) > 1 else None)
        line = found.lineno if found is not None else 1
        raise unreadable("expected imports and then one `with DAG(...):`, and nothing else", line)
    read = _with(body[0], doc, reader, before_three)
    reader.check_all_used(body[0].lineno)
    return read


def _dict(statement: ast.Assign, reader: _Values) -> Made:
    """The arguments of a DAG in a dict that is called SCHEDULE."""
    names = [one.id for one in statement.targets if isinstance(one, ast.Name)]
    value = reader.value(statement.value)
    if names != ["SCHEDULE"] or len(statement.targets) != 1 or not isinstance(value, dict):
        raise unreadable("expected SCHEDULE = {...}", statement.lineno)
    return Made("DAG", (), value, statement.lineno)


def _with(block: ast.With, doc: str, reader: _Values, before_three: bool) -> DagFile:
    if len(block.items) != 1:
        raise unreadable("more than one context in `with`", block.lineno)
    dag = reader.call(block.items[0].context_expr)
    if dag.name != "DAG":
        raise unreadable(f"`with {dag.name}(...)` in place of DAG", block.lineno)
    tasks: list[tuple[str | None, Made]] = []
    order: list[tuple[str, str]] = []
    for statement in block.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.BinOp):
            _order(statement.value, {name for name, _ in tasks if name}, order)
            continue
        if order:
            raise unreadable("a task after the order of tasks", statement.lineno)
        tasks.append((_bound(statement), reader.call(statement.value, is_task=True)))  # type: ignore[attr-defined]
    bound = [name for name, _ in tasks if name]
    if not tasks or (len(tasks) > 1 and len(set(bound)) < len(tasks)) or set(bound) & reader.bound:
        raise unreadable("expected operators with a variable for each", block.lineno)
    return DagFile(doc, dag, True, tuple(tasks), tuple(order), before_three)


def _bound(statement: ast.stmt) -> str | None:
    """The variable of an operator that stands as a statement."""
    if isinstance(statement, ast.Expr):
        return None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    raise unreadable("expected an operator in the DAG", statement.lineno)


def _order(node: ast.expr, known: set[str], order: list[tuple[str, str]]) -> tuple[str, ...]:
    """Adds the pairs of `a >> b`; gives what stands on its right, which is its value."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift) and isinstance(node.right, ast.Name):
        before, after = _order(node.left, known, order), _order(node.right, known, order)
        order.extend((one, after[0]) for one in before)
        return after
    names = node.elts if isinstance(node, ast.List) else [node]
    if not all(isinstance(one, ast.Name) and one.id in known for one in names):
        raise unreadable("an order of tasks that is no `a >> b`", node.lineno)
    return tuple(one.id for one in names if isinstance(one, ast.Name))


def _imports(statement: ast.stmt, names: dict[str, str], foreign: dict[str, str]) -> bool:
    """Binds what is imported; True for the pair of imports that Airflow 2 needs."""
    if isinstance(statement, ast.Try):
        handlers = statement.handlers
        is_pair = (
            len(handlers) == 1
            and isinstance(handlers[0].type, ast.Name)
            and handlers[0].type.id == "ImportError"
            and not statement.orelse
            and not statement.finalbody
        )
        if not is_pair:
            raise unreadable("a try that is no pair of imports", statement.lineno)
        for one in (*statement.body, *handlers[0].body):
            if not isinstance(one, ast.ImportFrom):
                raise unreadable("a try that is no pair of imports", one.lineno)
            _imports(one, names, {})
        return True
    assert isinstance(statement, ast.ImportFrom)
    before_three = False
    for alias in statement.names:
        module = statement.module or ""
        bound = alias.asname or alias.name
        if statement.level or alias.name == "*" or not module:
            raise unreadable(f"an import of {module}.{alias.name}", statement.lineno)
        if (module, alias.name) not in _KNOWN:
            path = f"{module}.{alias.name}"
            if bound in names or foreign.setdefault(bound, path) != path:
                raise unreadable(f"two meanings of {bound}", statement.lineno)
            continue
        if bound in foreign or names.setdefault(bound, alias.name) != alias.name:
            raise unreadable(f"two meanings of {bound}", statement.lineno)
        before_three = before_three or module in ("airflow", "airflow.utils.template")
    return before_three


class _Values:
    """Evaluates displays, constants and calls of known names."""

    def __init__(self, names: dict[str, str], foreign: dict[str, str]) -> None:
        self._names = names
        self._foreign = foreign
        self._used: set[str] = set()

    @property
    def bound(self) -> frozenset[str]:
        """Every imported name."""
        return frozenset({*self._names, *self._foreign})

    def check_all_used(self, line: int) -> None:
        """An import that nothing uses may do anything: a file that schedc wrote has none."""
        for name, path in self._foreign.items():
            if name not in self._used:
                raise unreadable(f"an import of {path} that nothing uses", line)

    def _of_elsewhere(self, node: ast.expr) -> str | None:
        if not isinstance(node, ast.Name) or node.id not in self._foreign:
            return None
        self._used.add(node.id)
        return self._foreign[node.id]

    def value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bytes | complex) or node.value is ...:
                raise unreadable(f"a constant {node.value!r}", node.lineno)
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            if type(node.operand.value) in (int, float):
                return -node.operand.value  # type: ignore[operator]
        elif isinstance(node, ast.List | ast.Tuple):
            return [self.value(one) for one in node.elts]
        elif isinstance(node, ast.Dict):
            return dict(self._pairs(node))
        elif isinstance(node, ast.Name) and node.id == "__doc__":
            return DOC
        elif isinstance(node, ast.Attribute) and self._path(node) == "timezone.utc":
            return timezone.utc  # noqa: UP017 - the word of the file
        elif isinstance(node, ast.Call):
            return self._made(node)
        elif path := self._of_elsewhere(node):
            return Reference(path)
        raise unreadable(f"an expression that is no plain value: {ast.unparse(node)[:60]}", node.lineno)

    def _pairs(self, node: ast.Dict) -> Iterator[tuple[str, Any]]:
        seen = set()
        for key, value in zip(node.keys, node.values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)) or key.value in seen:
                raise unreadable("a key that is no text, or stands twice", node.lineno)
            seen.add(key.value)
            yield key.value, self.value(value)

    def _path(self, node: ast.expr) -> str | None:
        """What a name means by the imports: `literal`, `timezone.utc`, `models.V1EnvVar`."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = self._names.get(node.value.id)
            return f"{owner}.{node.attr}" if owner else None
        return None

    def call(self, node: ast.expr, is_task: bool = False) -> Made:
        """A call of a known name, or, as a task, of an operator from elsewhere under its whole path."""
        if not isinstance(node, ast.Call):
            raise unreadable(f"expected a call, found {ast.unparse(node)[:60]}", node.lineno)
        name = self._path(node.func)
        if is_task and (path := self._of_elsewhere(node.func)):
            return Made(path, tuple(self.value(one) for one in node.args), self._arguments(node), node.lineno)
        if name is None or ("." in name and name.removeprefix("models.") not in MODELS):
            raise unreadable(f"a call of {ast.unparse(node.func)[:60]}", node.lineno)
        arguments = tuple(self.value(one) for one in node.args)
        return Made(name.removeprefix("models."), arguments, self._arguments(node), node.lineno)

    def _arguments(self, node: ast.Call) -> dict[str, Any]:
        keywords: dict[str, Any] = {}
        for one in node.keywords:
            if one.arg is None:
                raise unreadable("keyword arguments that are spread with **", node.lineno)
            keywords[one.arg] = self.value(one.value)
        return keywords

    def _made(self, node: ast.Call) -> Any:
        made = self.call(node)
        try:
            if made.name == "timedelta":
                return timedelta(*made.arguments, **made.keywords)
            if made.name == "datetime":
                return datetime(*made.arguments, **made.keywords)
        except (TypeError, ValueError, OverflowError) as error:
            raise unreadable(f"{made.name}: {error}", node.lineno) from None
        return made


class _Doc:
    """Stands for the module's own docstring."""


DOC = _Doc()
