"""Diagnostics as people and programs see them, letter for letter."""

from __future__ import annotations

import json

import pytest
from schedc.diagnostics import Diagnostic, Replacement, Rule, diagnose, in_order, rules
from schedc.diagnostics.render import FORMATS, render
from schedc.diagnostics.render.groups import summary
from schedc.diagnostics.render.visible import cells, safe
from schedc.source import SourceFile, Span

FILE = SourceFile("schedules/churn.yaml", 'schedules:\n  churn:\n    cron_expression: "5 25 * * 3"\n    catchup: yes\n')


def span(marked: str, file: SourceFile = FILE) -> Span:
    start = file.text.index(marked)
    return Span(file, start, start + len(marked))


def cron() -> Diagnostic:
    return diagnose(
        rules.INVALID_CRON,
        "25 is outside 0-23, the hours that there are",
        span("25"),
        notes=("a day has 24 hours",),
        help="write an hour from 0 to 23",
        schedule="churn",
    )


def test_a_block_has_the_fact_the_line_the_reason_and_the_remedy() -> None:
    assert render([cron()], "text") == (
        "error[SC107] invalid-cron: 25 is outside 0-23, the hours that there are\n"
        " --> schedules/churn.yaml:3:25\n"
        "  |\n"
        '3 |     cron_expression: "5 25 * * 3"\n'
        "  |                         ^^\n"
        "  = schedule churn\n"
        "  = note: a day has 24 hours\n"
        "  = help: write an hour from 0 to 23\n"
    )


def test_a_finding_without_a_place_has_no_quote() -> None:
    found = diagnose(rules.NO_SOURCES, "no source was found in schedc.toml", help="name a schedule file")
    assert render([found], "text") == (
        "error[SC602] no-sources: no source was found in schedc.toml\n  = help: name a schedule file\n"
    )


def test_findings_come_in_the_order_of_their_places_and_each_once() -> None:
    late = diagnose(rules.INVALID_VALUE, "'yes' is not one of true, false", span("yes"), schedule="churn")
    assert in_order([late, cron(), late]) == [cron(), late]


def test_the_same_finding_on_several_targets_is_one_block() -> None:
    found = [
        diagnose(rules.TARGET_LIMIT, "the name is too long", span("churn"), target=target, schedule="churn")
        for target in ("kubernetes", "airflow")
    ]
    text = render(found, "text")
    assert text.count("SC303") == 1
    assert "  = schedule churn, target airflow, kubernetes\n" in text
    assert summary(found) == "1 error"


# text, the marked part, the quoted line, the line of carets
QUOTES = [
    ("a: b\n", "b", "1 | a: b", "  |    ^"),
    ("a: b\n", "a: b", "1 | a: b", "  | ^^^^"),
    ("\ta: b\n", "a", "1 |     a: b", "  |     ^"),
    ("a: 日本 c\n", "c", "1 | a: 日本 c", "  |         ^"),
    ("a: 日本 c\n", "日本", "1 | a: 日本 c", "  |    ^^^^"),
    ("a: e\u0301 c\n", "c", None, "  |      ^"),
    ("a: \u202eevil c\n", "c", "1 | a: \\u{202e}evil c", "  |                 ^"),
    ("a: \x1b[31m c\n", "c", "1 | a: \\u{1b}[31m c", "  |               ^"),
    ("a: [b,\n  c]\n", "[b,\n  c]", "1 | a: [b,", "  |    ^^^"),
]


@pytest.mark.parametrize(("text", "marked", "quoted", "carets"), QUOTES)
def test_carets_stand_below_what_they_mark(text: str, marked: str, quoted: str | None, carets: str) -> None:
    file = SourceFile("a.yaml", text)
    lines = render([diagnose(rules.INVALID_VALUE, "x", span(marked, file))], "text").splitlines()
    assert quoted is None or lines[3] == quoted
    assert lines[4] == carets


def test_the_end_of_a_file_has_a_caret_too() -> None:
    file = SourceFile("a.yaml", "a: [\n")
    end = len(file.text)
    lines = render([diagnose(rules.INVALID_YAML, "x", Span(file, end, end + 1))], "text").splitlines()
    assert lines[1:] == [" --> a.yaml:2:1", "  |", "2 | ", "  | ^"]


def test_a_very_long_line_is_cut_around_its_mark() -> None:
    file = SourceFile("a.yaml", "a: " + "x" * 500 + " mark " + "y" * 500 + "\n")
    lines = render([diagnose(rules.INVALID_VALUE, "x", span("mark", file))], "text").splitlines()
    assert all(len(line) < 200 for line in lines)
    column = lines[4].index("^")
    assert lines[3][column : column + 4] == "mark"
    assert lines[4].count("^") == 4


SAFE = [
    ("plain, é, 日本", "plain, é, 日本"),
    ("tab\there", "tab    here"),
    ("\x1b[2J", "\\u{1b}[2J"),
    ("\u202e\u200b", "\\u{202e}\\u{200b}"),
    ("a\nb\r", "a\\u{a}b\\u{d}"),
]


@pytest.mark.parametrize(("text", "shown"), SAFE)
def test_nothing_moves_the_cursor_or_hides(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_messages_notes_and_names_are_made_safe_as_well() -> None:
    nasty = "\x1b[31m\u202e"
    found = diagnose(rules.INVALID_VALUE, nasty, None, notes=(nasty,), help=nasty)
    assert "\x1b" not in render([found], "text")
    assert "\u202e" not in render([found], "text")


WIDTHS = [("abc", 3), ("日本", 4), ("e\u0301", 1), ("\uff46", 2), ("", 0)]


@pytest.mark.parametrize(("text", "width"), WIDTHS)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


def test_color_changes_no_word() -> None:
    import re

    colored = render([cron()], "text", color=True)
    assert "\x1b[1;31m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render([cron()], "text")


SUMMARIES = [
    ([], ""),
    ([rules.INVALID_VALUE], "1 error"),
    ([rules.INVALID_VALUE, rules.WRONG_TYPE, rules.SUSPICIOUS_CRON], "2 errors, 1 warning"),
    ([rules.SKIPPED_PYTHON], ""),
]


@pytest.mark.parametrize(("broken", "words"), SUMMARIES)
def test_summary(broken: list[Rule], words: str) -> None:
    assert summary([diagnose(rule, rule.summary) for rule in broken]) == words


def test_json_holds_every_part() -> None:
    found = diagnose(
        rules.INVALID_VALUE,
        "'yes' is not one of true, false",
        span("yes"),
        notes=("a reason",),
        help="write true",
        replacement=Replacement(span("yes"), "true"),
        schedule="churn",
        target="airflow",
    )
    data = json.loads(render([found], "json"))
    where = {"file": "schedules/churn.yaml", "line": 4, "column": 14, "end_line": 4, "end_column": 17}
    assert data["version"] == 1
    assert data["diagnostics"] == [
        {
            "code": "SC106",
            "name": "invalid-value",
            "severity": "error",
            "message": "'yes' is not one of true, false",
            "schedule": "churn",
            "target": "airflow",
            "environment": None,
            "place": where,
            "notes": ["a reason"],
            "help": "write true",
            "replacement": {"place": where, "text": "true", "safe": False},
        }
    ]


def test_json_of_nothing_is_an_empty_list() -> None:
    assert json.loads(render([], "json"))["diagnostics"] == []
    assert render([], "text") == ""


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_survives_every_character(form: str) -> None:
    file = SourceFile("a.yaml", "a: \ud800\x00\u2028 é\n")
    text = render([diagnose(rules.INVALID_YAML, "a \ud800 b", span("é", file))], form)
    assert text.encode("utf-8")
