"""SARIF 2.1.0, the format of code scanning. No text of a source is in it but what a fix would write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from schedc.diagnostics import Diagnostic, Replacement, Rule
from schedc.diagnostics.render import About
from schedc.diagnostics.render.fingerprints import fingerprints
from schedc.diagnostics.render.groups import Group
from schedc.diagnostics.render.visible import safe
from schedc.source import Span

_ROOT = "%SRCROOT%"


def render(found: Sequence[Diagnostic], about: About) -> str:
    """One run, with the rules that are broken and a result for each finding."""
    rules = sorted({d.rule for d in found}, key=lambda rule: rule.code)
    numbers = {rule.code: i for i, rule in enumerate(rules)}
    known = fingerprints(found, about)
    run = {
        "tool": {"driver": {"name": "schedc", **_version(), "rules": [_rule(rule) for rule in rules]}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "the root of the repository"}}},
        "results": [_result(d, numbers[d.rule.code], one, about) for d, one in zip(found, known, strict=True)],
    }
    data = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(data, indent=2) + "\n"


def _version() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return {"version": version("schedc")}
    except PackageNotFoundError:
        return {}


def _rule(rule: Rule) -> dict[str, Any]:
    from schedc.diagnostics.explanations import shown

    text = shown(rule)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _says(text)},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _says(page: str) -> str:
    """What a page says before its reasons."""
    return " ".join(page.partition("## What it says")[2].partition("\n## ")[0].split())


def _result(d: Diagnostic, number: int, fingerprint: str, about: About) -> dict[str, Any]:
    group = Group(d, (d.target,) if d.target else (), (d.environment,) if d.environment else ())
    lines = [d.message, *([group.whole] if group.whole else []), *(f"note: {note}" for note in d.notes)]
    lines += [f"help: {d.help}"] if d.help else []
    location: dict[str, Any] = {"physicalLocation": _physical(d.span, about)}
    if d.schedule:
        location["logicalLocations"] = [{"name": safe(d.schedule), "kind": "resource"}]
    properties = {"target": d.target, "environment": d.environment}
    result: dict[str, Any] = {
        "ruleId": d.rule.code,
        "ruleIndex": number,
        "level": d.severity.value,
        "message": {"text": _message("\n".join(map(safe, lines)))},
        "locations": [location],
        "partialFingerprints": {"schedcFinding/v1": fingerprint},
        "properties": {
            **{name: safe(value) for name, value in properties.items() if value},
            "notes": [safe(note) for note in d.notes],
        },
    }
    fix = _fix(d.replacement, d.help, about)
    return {**result, "fixes": [fix]} if fix else result


def _message(text: str) -> str:
    """Brackets before a parenthesis would be a link. Braces are left: readers fill them only beside arguments."""
    return text.replace("](", "] (")


def _physical(span: Span | None, about: About) -> dict[str, Any]:
    """The settings stand for what has no place: code scanning refuses a whole report for one result without a file."""
    if span is None:
        return {"artifactLocation": _artifact(about.settings), "region": {"startLine": 1}}
    return {"artifactLocation": _artifact(about.from_root(span.file.path)), "region": _region(span)}


def _artifact(path: str) -> dict[str, str]:
    from urllib.parse import quote

    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = path.encode("utf-8", "backslashreplace")
    return {"uri": quote(data, safe="/"), "uriBaseId": _ROOT}


def _region(span: Span) -> dict[str, int]:
    line, column = span.position
    end_line, end_column = span.file.position(max(span.start, span.end))
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(one: Replacement | None, help: str | None, about: About) -> dict[str, Any] | None:
    """What is inserted is exact, or there is no fix: a surrogate has no text."""
    if one is None or any("\ud800" <= c <= "\udfff" for c in one.text):
        return None
    change = {
        "artifactLocation": _artifact(about.from_root(one.span.file.path)),
        "replacements": [{"deletedRegion": _region(one.span), "insertedContent": {"text": one.text}}],
    }
    fix: dict[str, Any] = {"artifactChanges": [change]}
    return {"description": {"text": _message(safe(help))}, **fix} if help else fix
