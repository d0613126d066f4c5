"""YAML as version 1.2 means it, its limits, and what is said of a file that is none."""

from __future__ import annotations

from typing import Any

import pytest
from frontend_reading import place
from schedc.diagnostics import Diagnostic
from schedc.diagnostics.sink import Sink
from schedc.frontend.yaml_file import DEEPEST, LONGEST_FILE, decode, read_yaml
from schedc.source import SourceFile


def read(text: str) -> tuple[Any, list[Diagnostic]]:
    """The plain data of a text, and the findings."""
    sink = Sink()
    tree = read_yaml(SourceFile("a.yaml", text), sink)
    return (tree.plainly() if tree else None), sink.found


SCALARS: list[tuple[str, Any]] = [
    ("on", "on"),
    ("yes", "yes"),
    ("off", "off"),
    ("true", True),
    ("False", False),
    ("tRUE", "tRUE"),
    ("null", None),
    ("~", None),
    ("1:30", "1:30"),
    ("010", 10),
    ("0o10", 8),
    ("0x1F", 31),
    ("1_000", "1_000"),
    ("1.10", 1.10),
    (".5", 0.5),
    ("1e3", 1000.0),
    ("2026-12-01", "2026-12-01"),
    ("'5'", "5"),
    ('"true"', "true"),
    ("5 14 * * 3", "5 14 * * 3"),
    ("=", "="),
]


@pytest.mark.parametrize(("written", "value"), SCALARS)
def test_scalars_mean_what_yaml_1_2_says(written: str, value: Any) -> None:
    data, found = read(f"a: {written}\n")
    assert found == []
    assert data["a"] == value
    assert type(data["a"]) is type(value)


# text, code, line, column, marked text, a part of the message, a part of the help
MISTAKES = [
    ("a: */5 * * * *\n", "SC101", 1, 4, "*/5 * * * *", "an alias", 'quote it: "*/5 * * * *"'),
    ("a: {b: */5 * * * *, c: 1}\n", "SC101", 1, 8, "*/5 * * * *", "an alias", 'quote it: "*/5 * * * *"'),
    ("a: */5 * * * * # often\n", "SC101", 1, 4, "*/5 * * * *", "an alias", 'quote it: "*/5 * * * *"'),
    ("a: @daily\n", "SC101", 1, 4, "@daily", "a reserved character", 'quote it: "@daily"'),
    ("a: %d\n", "SC101", 1, 4, "%d", "a reserved character", 'quote it: "%d"'),
    ("a: `x`\n", "SC101", 1, 4, "`x`", "a reserved character", 'quote it: "`x`"'),
    ("a: *nowhere\n", "SC101", 1, 4, "*nowhere", "an alias", 'quote it: "*nowhere"'),
    ("a:\n\tb: 1\n", "SC101", 2, 1, "\t", "a tab indents this line", "indent with spaces"),
    ("a:\n  b: 1\n  \tc: 2\n", "SC101", 3, 3, "\t", "a tab indents this line", "indent with spaces"),
    ("a: b: c\n", "SC101", 1, 5, ":", "a colon and a blank", "quote the value"),
    ('a: "b\n', "SC101", 1, 4, '"', "has no end", "close the quote"),
    ("a: [b\nc: 1\n", "SC101", 2, 2, ":", "neither a comma nor its ]", "close the list"),
    ("a: {b: 1\nc: 1\n", "SC101", 2, 2, ":", "neither a comma nor its }", "close the mapping"),
    (" a: 1\nb: 1\n", "SC101", 2, 1, "b", "indented unlike", "align it"),
    ("a: !!python/object:os.system x\n", "SC101", 1, 4, None, "tags such as", "write the plain value"),
    ("a: 1\n---\nb: 2\n", "SC101", 2, 1, None, "a second document", "a file of its own"),
    ("[a]: 1\n", "SC101", 1, 1, "[", "a key is not plain text", None),
    ("a: 1\nb: 2\na: 3\n", "SC102", 3, 1, "a", "stands twice, first on line 1", "keep one"),
    ("b: &b {}\na: {<<: *b, x: 1, <<: *b}\n", "SC102", 2, 19, "<<", "stands twice", "with a list"),
    ("a: {<<: 5}\n", "SC101", 1, 9, "5", "<< takes a mapping", None),
    ("a: \x07\n", "SC101", 1, 4, "\x07", "U+0007", None),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "marked", "message", "help_"), MISTAKES)
def test_mistakes(
    text: str, code: str, line: int, column: int, marked: str | None, message: str, help_: str | None
) -> None:
    _, (found,) = read(text)
    assert place(found)[:3] == (code, line, column)
    assert marked is None or place(found)[3] == marked
    assert message in found.message
    assert (found.help is None) if help_ is None else (help_ in (found.help or ""))


def test_every_unquoted_star_is_told_and_reading_goes_on() -> None:
    data, found = read("a: */5 * * * *\nb: @daily\nc: 1\nc: 2\n")
    assert [place(d)[:3] for d in found] == [("SC101", 1, 4), ("SC101", 2, 4), ("SC102", 4, 1)]
    assert data == {"a": "*/5 * * * *", "b": "@daily", "c": 2}


def test_a_replacement_quotes_exactly_what_was_meant() -> None:
    text = "a: */5 * * * *\n"
    _, (found,) = read(text)
    fix = found.replacement
    assert fix is not None
    mended = text[: fix.span.start] + fix.text + text[fix.span.end :]
    assert read(mended) == ({"a": "*/5 * * * *"}, [])


def test_aliases_and_merges_are_followed() -> None:
    data, found = read("base: &b {x: 1, y: 2}\none: {<<: *b, y: 3}\ntwo: {<<: [*b, {z: 4}], x: 9}\nthree: *b\n")
    assert found == []
    assert data["one"] == {"y": 3, "x": 1}
    assert data["two"] == {"x": 9, "y": 2, "z": 4}
    assert data["three"] == {"x": 1, "y": 2}


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert read("# nothing\n") == ({}, [])


LIMITS = [
    ("a: " + "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2) + "\n", "nested more than"),
    ("# " + "x" * LONGEST_FILE + "\n", "characters, and at most"),
    (
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)),
        "aliases followed",
    ),
]


@pytest.mark.parametrize(("text", "message"), LIMITS, ids=["depth", "size", "aliases"])
def test_limits(text: str, message: str) -> None:
    _, (found,) = read(text)
    assert found.rule.code == "SC109"
    assert message in found.message


def test_a_file_may_have_a_byte_order_mark_and_line_ends_of_windows() -> None:
    file = decode("a.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", Sink())
    assert file is not None
    assert file.text == "a: 1\nb: 2\n"


def test_a_file_that_is_not_utf_8_shows_the_first_wrong_byte() -> None:
    sink = Sink()
    assert decode("a.yaml", b"a: 1\nb: \xff\n", sink) is None
    (found,) = sink.found
    assert place(found)[:3] == ("SC601", 2, 4)
    assert found.message == "byte 0xff at offset 8 is not UTF-8"
