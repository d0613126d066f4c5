"""Records behave as the dataclasses do that type checkers take them for."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from schedc import records


def _classes(made: Any) -> tuple[type, type, type]:
    @made.dataclass(frozen=True, slots=True)
    class Point:
        x: int
        y: int = 2
        seen: list[int] = made.field(default_factory=list, compare=False, repr=False)

        @property
        def length(self) -> int:
            return self.x + self.y

    @made.dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        name: str = "n"
        size: int

        def __post_init__(self) -> None:
            if self.size < 0:
                raise ValueError("negative")

    @made.dataclass(slots=True)
    class Counter:
        count: int = 0

    return Point, Named, Counter


OURS = _classes(records)
THEIRS = _classes(dataclasses)

CASES: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    "repr": lambda made, point, named, counter: repr([point(1), point(1, y=5), named(size=3), counter()]),
    "equal": lambda made, point, named, counter: [point(1) == point(1), point(1) == point(2), point(1) == (1, 2)],
    "a field that is not compared": lambda made, point, named, counter: point(1, 2, [3]) == point(1, 2, [4]),
    "in a set": lambda made, point, named, counter: len({point(1), point(1), point(2), named(size=1)}),
    "not hashable": lambda made, point, named, counter: hash(counter()),
    "replace": lambda made, point, named, counter: repr(made.replace(named(size=3), size=4)),
    "replace an unknown field": lambda made, point, named, counter: made.replace(named(size=3), weight=4),
    "replace checks again": lambda made, point, named, counter: made.replace(named(size=3), size=-4),
    "fields": lambda made, point, named, counter: [f.name for f in made.fields(point)],
    "is it one": lambda made, point, named, counter: [made.is_dataclass(point(1)), made.is_dataclass(3)],
    "set": lambda made, point, named, counter: setattr(point(1), "x", 3),
    "delete": lambda made, point, named, counter: delattr(point(1), "x"),
    "set an unknown one": lambda made, point, named, counter: setattr(counter(), "other", 3),
    "count": lambda made, point, named, counter: _counted(counter()),
    "too many": lambda made, point, named, counter: point(1, 2, [3], 4),
    "missing": lambda made, point, named, counter: point(),
    "by place": lambda made, point, named, counter: named(3),
    "a fresh default": lambda made, point, named, counter: point(1).seen is point(1).seen,
    "match": lambda made, point, named, counter: (point.__match_args__, named.__match_args__),
    "names": lambda made, point, named, counter: (point.__qualname__, point.__module__),
    "a property": lambda made, point, named, counter: point(1).length,
    "a copy": lambda made, point, named, counter: copy.deepcopy(point(1, 2, [3])).seen,
}


def _counted(counter: Any) -> int:
    counter.count += 1
    return int(counter.count)


@pytest.mark.parametrize("case", CASES)
def test_a_record_is_like_a_dataclass(case: str) -> None:
    def outcome(made: Any, classes: tuple[type, ...]) -> Any:
        try:
            return CASES[case](made, *classes)
        except Exception as error:
            return type(error).__name__, isinstance(error, AttributeError)

    assert outcome(records, OURS) == outcome(dataclasses, THEIRS)


def test_a_record_survives_pickling() -> None:
    from schedc.ir.triggers import Once

    assert pickle.loads(pickle.dumps(Once(5))) == Once(5)


def test_no_record_needs_dataclasses() -> None:
    code = "import sys, schedc.records; sys.exit('dataclasses' in sys.modules or 'inspect' in sys.modules)"
    subprocess.run([sys.executable, "-S", "-c", code], check=True, env={"PYTHONPATH": "compiler"})
