"""The pages that explain the rules, one Markdown file per rule, read from the package."""

from __future__ import annotations

import re
from importlib.resources import files

from schedc.diagnostics import Rule
from schedc.diagnostics.rules import BY_KEY, RULES

_FAMILIES = {
    "1": "Reading",
    "2": "Meaning",
    "3": "What a target cannot do",
    "4": "Proof",
    "5": "Workload",
    "6": "Files and usage",
}


def explain(key: str) -> str | None:
    """The page of a rule, by its code or name in any case; None where no rule is called so."""
    rule = BY_KEY.get(key.strip().upper()) or BY_KEY.get(key.strip().lower())
    return shown(rule) if rule else None


def shown(rule: Rule) -> str:
    """A rule's page for readers: without the words behind a fence that say how tests compile the example."""
    return re.sub(r"^(```\w+) .+$", r"\1", page(rule), flags=re.MULTILINE)


def page(rule: Rule) -> str:
    """The Markdown of a rule's page."""
    return (files("schedc.diagnostics") / "explain" / f"{rule.code}.md").read_text("utf-8")


def index() -> str:
    """`docs/rules/README.md`: every rule by its family, with a link to its page."""
    lines = ["# Rules", ""]
    lines += ["Each finding of schedc names a rule. `schedc explain CODE` shows the same pages in a terminal.", ""]
    lines += ["This page is generated: `python -m schedc.diagnostics.explanations > docs/rules/README.md`.", ""]
    for digit, title in _FAMILIES.items():
        lines += [f"## {digit}xx {title}", "", "| code | name | severity | what it is about |", "|---|---|---|---|"]
        for rule in RULES:
            if rule.code[2] == digit:
                link = f"[{rule.code}](../../compiler/schedc/diagnostics/explain/{rule.code}.md)"
                lines.append(f"| {link} | `{rule.name}` | {rule.severity.value} | {rule.summary} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(index(), end="")
