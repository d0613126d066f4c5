"""Text that no engine can hold is refused once, for all targets, at its place."""

from __future__ import annotations

from typing import Any

import pytest
from schedc.checks.impossible_text import LONGEST_WORD, check_impossible_text
from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.calendar import Calendar
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.ir.workload import Container, InitContainer, Step, Steps
from schedc.node import Entry, Node
from schedc.records import replace
from schedc.source import SourceFile, Span

RUN = Container(image="ghcr.io/acme/churn:1.4.0", command=("python",), env={"A": "é"})
SPAN = Span(SourceFile("a.yaml", ""), 0, 0)


def node(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: Entry(SPAN, node(one)) for key, one in value.items()}, SPAN)
    return Node([node(one) for one in value] if isinstance(value, list) else value, SPAN)


def found(tree: Any = None, run: Any = RUN) -> list[str]:
    one = Schedule(name="a", source="a.yaml", node=node(tree or {}), trigger=Cron(Calendar(minutes=1), "UTC"), run=run)
    sink = Sink()
    check_impossible_text(one, sink)
    assert all(d.rule is rules.INVALID_VALUE and d.help for d in sink.found)
    return [d.message for d in sink.found]


IMAGES: list[tuple[Any, str]] = [
    (replace(RUN, image=""), "the image is empty"),
    (replace(RUN, image="a b"), "the image has blanks"),
    (replace(RUN, image=" a"), "the image has blanks"),
    (replace(RUN, image="a\n"), "the image has blanks"),
    (replace(RUN, image="a\x7f"), "U+007F"),
    (replace(RUN, image="a\u202eb"), "U+202E"),
    (replace(RUN, image="a\u200bb"), "U+200B"),
    (Steps(steps=(Step(name="s", container=replace(RUN, image="a b")),)), "the image has blanks"),
    (
        replace(RUN, init_containers=(InitContainer(name="i", container=replace(RUN, image="")),)),
        "the image is empty",
    ),
]


@pytest.mark.parametrize(("run", "says"), IMAGES)
def test_an_image_that_is_none_is_refused(run: Any, says: str) -> None:
    (message,) = found(run=run)
    assert says in message


PLACES: list[tuple[str, Any]] = [
    ("args", {"run": {"container": {"args": ["a", "TEXT"]}}}),
    ("STAGE", {"run": {"container": {"env": {"STAGE": "TEXT"}}}}),
    ("scheduled_time", {"run": {"container": {"args": [{"scheduled_time": "TEXT"}]}}}),
    ("mount_path", {"run": {"steps": {"s": {"volume_mounts": [{"name": "a", "mount_path": "TEXT"}]}}}}),
    ("note", {"run": {"container": {"pod_annotations": {"note": "TEXT"}}}}),
    ("rate", {"run": {"pipeline": {"parameters": {"rate": ["TEXT"]}}}}),
    ("description", {"description": "TEXT"}),
    ("team", {"labels": {"team": "TEXT"}}),
    ("a key", {"labels": {"TEXT": "a"}}),
    ("tags", {"targets": {"airflow": {"tags": ["TEXT"]}}}),
]
CHARACTERS = {
    "\0": "a zero byte, U+0000",
    "\ud800": "half of a surrogate pair, U+D800",
    "\u202e": "U+202E, which reorders",
    "\u2066": "U+2066, which reorders",
    "\uffff": "U+FFFF, which is no character",
    "\U0010fffe": "U+10FFFE, which is no character",
}


def _with(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {key.replace("TEXT", text): _with(one, text) for key, one in value.items()}
    return [_with(one, text) for one in value] if isinstance(value, list) else value.replace("TEXT", text)


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda c: f"{ord(c):04X}")
@pytest.mark.parametrize(("name", "tree"), PLACES, ids=[name for name, _ in PLACES])
def test_a_character_that_nothing_holds_is_refused_wherever_it_stands(name: str, tree: Any, character: str) -> None:
    assert [m.split(",")[0] for m in found(_with(tree, f"a{character}b"))] == [
        f"{name} holds {CHARACTERS[character]}".split(",")[0]
    ]
    assert CHARACTERS[character] in found(_with(tree, f"a{character}b"))[0]


@pytest.mark.parametrize("word", ["x" * (LONGEST_WORD + 1), "é" * (LONGEST_WORD // 2 + 1)])
def test_a_word_that_no_program_gets_is_refused(word: str) -> None:
    (message,) = found(run=replace(RUN, args=("a", word)))
    assert f"args has {LONGEST_WORD + 1:,} bytes" in message
    assert found(run=replace(RUN, args=(word[: LONGEST_WORD // 2],))) == []
    assert found(run=replace(RUN, env={"A": "x" * (LONGEST_WORD - 2)})) == []
    assert len(found(run=replace(RUN, env={"A": "x" * (LONGEST_WORD - 1)}))) == 1


def test_text_that_engines_hold_is_accepted() -> None:
    held = "two\nlines \t\r\x1b[2J \u200e\u200d\u200b\ufeff\u2028\x85\U0001f600"
    assert found({"description": held, "owner": "日本", "labels": {held: held}}) == []
