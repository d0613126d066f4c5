"""Every rule has a page, every page has a rule, and the examples of the pages do what they say."""

from __future__ import annotations

import re
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from rule_examples import example_of, run_example, sections
from schedc.diagnostics import Rule
from schedc.diagnostics.explanations import explain, index, page
from schedc.diagnostics.rules import BY_KEY, RULES

ROOT = Path(__file__).parents[2]
PAGES = sorted(p.name for p in (files("schedc.diagnostics") / "explain").iterdir() if p.name.endswith(".md"))
SECTIONS = ["What it says", "Why", "Refused", "Accepted"]

# Rules that no source and no command can show, with the reason.
WITHOUT_EXAMPLE = {
    "SC611": "the files of every built-in target are named after the schedule, whose name is unique",
}


@pytest.fixture(autouse=True)
def base_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples run as where no extra is installed."""
    monkeypatch.setitem(sys.modules, "kfp", None)


def _id(rule: Rule) -> str:
    return rule.code


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert [f"{rule.code}.md" for rule in sorted(RULES, key=lambda r: r.code)] == PAGES


@pytest.mark.parametrize("rule", RULES, ids=_id)
def test_page_has_its_title_and_sections(rule: Rule) -> None:
    text = page(rule)
    assert text.startswith(f"# {rule.code} {rule.name}\n\n## What it says\n")
    assert list(sections(text)) == SECTIONS
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert all(len(line) <= 132 for line in text.splitlines())


@pytest.mark.parametrize("rule", RULES, ids=_id)
def test_page_is_written_plainly(rule: Rule) -> None:
    prose = re.sub(r"^```.*?^```$", "", page(rule), flags=re.MULTILINE | re.DOTALL)
    assert not re.search(r"\b(simply|just|obviously|please)\b", prose, re.IGNORECASE)


@pytest.mark.parametrize("rule", [r for r in RULES if r.code not in WITHOUT_EXAMPLE], ids=_id)
def test_refused_example_breaks_this_rule_and_no_other(rule: Rule, tmp_path: Path) -> None:
    example = example_of(sections(page(rule))["Refused"])
    assert example is not None
    found = run_example(example, tmp_path)
    assert {d.code for d in found} == {rule.code}, [d.message for d in found]


@pytest.mark.parametrize("rule", [r for r in RULES if r.code not in WITHOUT_EXAMPLE], ids=_id)
def test_accepted_example_has_no_error_and_no_finding_of_this_rule(rule: Rule, tmp_path: Path) -> None:
    example = example_of(sections(page(rule))["Accepted"])
    assert example is not None
    found = run_example(example, tmp_path)
    assert [d for d in found if d.is_error or d.code == rule.code] == []


def test_rules_without_an_example_say_why() -> None:
    assert set(WITHOUT_EXAMPLE) <= set(BY_KEY)
    assert all(reason for reason in WITHOUT_EXAMPLE.values())
    assert [c for c in WITHOUT_EXAMPLE if example_of(sections(page(BY_KEY[c]))["Refused"])] == []


@pytest.mark.parametrize("key", ["SC107", "sc107", "invalid-cron", " Invalid-Cron "])
def test_explains_by_code_or_name(key: str) -> None:
    found = explain(key)
    assert found is not None
    assert found.startswith("# SC107 invalid-cron\n")


def test_an_unknown_rule_has_no_page() -> None:
    assert explain("SC999") is None


def test_index_is_up_to_date() -> None:
    assert (ROOT / "docs" / "rules" / "README.md").read_text("utf-8") == index()


def test_readers_are_not_shown_how_tests_compile_an_example() -> None:
    assert "```yaml schedc target=airflow,kubernetes\n" in page(BY_KEY["SC403"])
    text = explain("SC403") or ""
    assert "```yaml\nschedules:" in text
    assert "```yaml " not in text
    assert text.count("\n") == page(BY_KEY["SC403"]).count("\n")
