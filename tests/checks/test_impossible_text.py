"""Text that no engine can hold is refused once, for all targets, at its place."""

from __future__ import annotations

from typing import Any

import pytest
from schedc.checks.impossible_text import check_impossible_text
from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.calendar import Calendar
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container, InitContainer, ScheduledTime, Step, Steps
from schedc.node import Node
from schedc.records import replace
from schedc.source import SourceFile, Span

RUN = Container(image="ghcr.io/acme/churn:1.4.0", command=("python",), env={"A": "é"})
ZERO = "a\0b"
HALF = "a\ud800b"


def found(**fields: Any) -> list[str]:
    node = Node({}, Span(SourceFile("a.yaml", ""), 0, 0))
    fields = {"run": RUN, **fields}
    one = Schedule(name="a", source="a.yaml", node=node, trigger=Cron(Calendar(minutes=1), "UTC"), **fields)
    sink = Sink()
    check_impossible_text(one, sink)
    assert all(d.rule is rules.INVALID_VALUE and d.help for d in sink.found)
    return [d.message for d in sink.found]


CASES: list[tuple[dict[str, Any], str]] = [
    ({"run": replace(RUN, image="")}, "the image is empty"),
    ({"run": replace(RUN, image="a b")}, "the image has blanks"),
    ({"run": replace(RUN, image=" a")}, "the image has blanks"),
    ({"run": replace(RUN, image="a\n")}, "the image has blanks"),
    ({"run": replace(RUN, image="a\x7f")}, "U+007F"),
    ({"run": replace(RUN, image="a\u202eb")}, "U+202E"),
    ({"run": replace(RUN, image="a\u200bb")}, "U+200B"),
    ({"run": replace(RUN, command=(ZERO,))}, "command holds a zero byte"),
    ({"run": replace(RUN, args=("a", ZERO))}, "args holds a zero byte"),
    ({"run": replace(RUN, args=(ScheduledTime(ZERO, "UTC"),))}, "args holds a zero byte"),
    ({"run": replace(RUN, env={"STAGE": ZERO})}, "STAGE holds a zero byte"),
    ({"run": replace(RUN, env={"STAGE": HALF})}, "STAGE holds half"),
    ({"run": replace(RUN, pod={"working_dir": ZERO})}, "working_dir holds a zero byte"),
    ({"run": Steps(steps=(Step(name="s", container=replace(RUN, image="a b")),))}, "the image has blanks"),
    (
        {"run": replace(RUN, init_containers=(InitContainer(name="i", container=replace(RUN, image="")),))},
        "the image is empty",
    ),
    ({"description": ZERO}, "description holds a zero byte"),
    ({"owner": ZERO}, "owner holds a zero byte"),
    ({"labels": {"team": ZERO}}, "team holds a zero byte"),
]


@pytest.mark.parametrize(("fields", "says"), CASES)
def test_text_that_no_engine_holds_is_refused(fields: dict[str, Any], says: str) -> None:
    (message,) = found(**fields)
    assert says in message


def test_text_that_engines_hold_is_not() -> None:
    assert found(description="two\nlines \u202e", owner="日本", labels={"a": "b"}) == []
