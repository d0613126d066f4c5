"""Whatever a person wrote into a schedule or a path, every format can be read, and shows that text."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from format_findings import HOSTILE
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from schedc.diagnostics import Diagnostic, Replacement, Severity, rules
from schedc.diagnostics.render import About, Case, render
from schedc.diagnostics.render.secrets import covered
from schedc.diagnostics.render.visible import safe
from schedc.source import SourceFile, Span
from test_formats import commands, junit_schema, sarif_schema

__all__ = ["junit_schema", "sarif_schema"]

_WORDS = r"""
    :: %0A % , | \ ` * _ <b> </details> <!-- --> ]]> &lt; @a #1 [x](y) ![x](y) http://a.b www.a.b ~~ = :x: ' " é - 1. #
"""
_HIDDEN = (" ", "\n", "\r", "\r\n", "\t", "\x00", "\x1b[2J", "\x85", "\u2028", "\u202e", "\u200b", "\ud800", "\udc80")
_PIECES = st.sampled_from([*_WORDS.split(), *_HIDDEN, "\ufffe", "\U0001f600", "\u0301"])
ANY = st.one_of(
    st.lists(st.one_of(_PIECES, st.text(max_size=3)), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=12),
)
NAMES = st.one_of(st.none(), ANY)


@st.composite
def diagnostics(draw: st.DrawFn) -> Diagnostic:
    file = SourceFile(draw(ANY), draw(ANY))
    start = draw(st.integers(0, len(file.text)))
    place = Span(file, start, draw(st.integers(start, len(file.text) + 1)))
    return Diagnostic(
        rule=draw(st.sampled_from([rules.WRONG_TYPE, rules.LITERAL_SECRET, rules.UNSUPPORTED])),
        message=draw(ANY),
        span=draw(st.sampled_from([place, None])),
        notes=tuple(draw(st.lists(ANY, max_size=2))),
        help=draw(NAMES),
        replacement=draw(st.sampled_from([Replacement(place, draw(ANY)), None])),
        target=draw(NAMES),
        schedule=draw(NAMES),
        environment=draw(NAMES),
        severity=draw(st.sampled_from(list(Severity))),
    )


FOUND = st.lists(diagnostics(), min_size=1, max_size=4)
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_FILE = SourceFile(HOSTILE, HOSTILE)
_HOSTILE = [
    Diagnostic(
        rule=rules.WRONG_TYPE,
        message=HOSTILE,
        span=Span(_FILE, 0, len(HOSTILE)),
        notes=(HOSTILE,),
        help=HOSTILE,
        target=HOSTILE,
        schedule=HOSTILE,
        environment=HOSTILE,
        severity=Severity.ERROR,
    )
]


@pytest.mark.parametrize("form", ["text", "concise", "github", "markdown", "junit", "gitlab", "sarif", "json"])
@SOME
@given(found=FOUND)
@example(found=_HOSTILE)
def test_every_format_is_utf_8_on_printable_lines(form: str, found: list[Diagnostic]) -> None:
    text = render(found, form)
    assert text.encode("utf-8")
    assert text.endswith("\n")
    assert all(line.isprintable() for line in text.split("\n"))


@SOME
@given(found=FOUND)
@example(found=_HOSTILE)
def test_concise_and_github_have_a_line_for_each_finding(found: list[Diagnostic]) -> None:
    concise = render(found, "concise").split("\n")[:-1]
    read = commands(render(found, "github"))
    assert len(concise) == len(read) <= len(found)
    assert not any(line.lstrip().startswith("::") for line in concise)
    assert {safe(d.message) for d in found} == {text.split("\n")[0] for _, _, text in read} or _covers(found)


def _covers(found: list[Diagnostic]) -> bool:
    """Whether something is shown otherwise, since it may be a secret."""
    return covered(found) != found


@SOME
@given(found=FOUND)
@example(found=_HOSTILE)
def test_sarif_is_valid_for_any_text(sarif_schema: Any, found: list[Diagnostic]) -> None:
    data = json.loads(render(found, "sarif"))
    sarif_schema.validate(data)
    for result in data["runs"][0]["results"]:
        for place in result["locations"]:
            uri = place["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*", uri), uri


@SOME
@given(found=FOUND)
@example(found=_HOSTILE)
def test_gitlab_is_a_list_for_any_text(found: list[Diagnostic]) -> None:
    data = json.loads(render(found, "gitlab"))
    known = [one["fingerprint"] for one in data]
    assert len(set(known)) == len(known)
    assert all(one["description"].isprintable() and one["location"]["path"].isprintable() for one in data)


@SOME
@given(found=FOUND, case=st.tuples(ANY, ANY, NAMES))
@example(found=_HOSTILE, case=(HOSTILE, HOSTILE, HOSTILE))
def test_junit_is_valid_for_any_text(
    junit_schema: Any, found: list[Diagnostic], case: tuple[str, str, str | None]
) -> None:
    text = render(found, "junit", about=About(cases=(Case(*case),)))
    junit_schema.validate(text)
    tests = [test for suite in JUnitXml.fromstring(text.encode()) for test in suite]
    assert (safe(case[0]), safe(case[1])) in {(test.classname, test.name) for test in tests}
    root = ElementTree.fromstring(text)
    failed = "".join(element.text or "" for element in root.iter("failure"))
    if not _covers(found):
        assert all(safe(d.message) in failed for d in found if d.is_error)


_READER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def _cells(tokens: list[Token]) -> list[list[Token]]:
    """The cells of every row below a table's head."""
    rows: list[list[Token]] = []
    inside = False
    for token in tokens:
        inside = {"tbody_open": True, "tbody_close": False}.get(token.type, inside)
        if inside and token.type == "tr_open":
            rows.append([])
        elif inside and token.type == "inline":
            rows[-1].append(token)
    return rows


def _plain(token: Token) -> str:
    """The text of an inline that holds nothing else."""
    assert {child.type for child in token.children or ()} <= {"text", "strong_open", "strong_close", "text_special"}
    return "".join(child.content for child in token.children or ()).replace("\u200b", "")


@SOME
@given(found=FOUND)
@example(found=_HOSTILE)
def test_markdown_keeps_its_columns_and_shows_the_text(found: list[Diagnostic]) -> None:
    text = render(found, "markdown")
    tokens = _READER.parse(text)
    rows = _cells(tokens)
    assert len(rows) == len(render(found, "concise").split("\n")) - 1
    assert {len(row) for row in rows} == {4}
    if not _covers(found):
        assert {_plain(row[2]) for row in rows} == {safe(d.message).strip() for d in found}
    for token in tokens:
        if token.type == "inline":
            _plain(token)
    raw = [line for token in tokens if token.type == "html_block" for line in token.content.split("\n") if line]
    known = {"<!-- schedc check -->", "<details>", "<summary>Reasons and remedies</summary>", "</details>"}
    assert set(raw) <= known
    assert raw.count("<details>") == raw.count("</details>")


@SOME
@given(text=ANY)
@example(text="@octocat #12 !3 $4 %5 ~6 &7 ^8 http://a.b www.a.b a@b.c :smile: :+1:")
def test_markdown_calls_nobody_and_links_nothing(text: str) -> None:
    """GitHub and GitLab look for names and references in what is shown, after the Markdown was read."""
    found = Diagnostic(rule=rules.WRONG_TYPE, message=f"x {text}", severity=Severity.ERROR)
    (row,) = _cells(_READER.parse(render([found], "markdown")))
    seen = "".join(child.content for child in row[2].children or ())
    assert not re.search(r"[@#!~$%&^]\w|://|www\.|:[a-zA-Z+-][\w+-]*:", seen)
