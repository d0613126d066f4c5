"""`schedc targets`: features by targets, with reasons and sources."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from schedc.capabilities import Capabilities, Feature, No
from schedc.lowering import rewritten
from schedc.target import Target
from schedc.targets import targets


def add_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("names", nargs="*", metavar="TARGET", help="tell the reasons and limits of these, as text")
    one.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="how to print")


def run(options: argparse.Namespace) -> int:
    asked = list(dict.fromkeys(options.names))
    unknown = [name for name in asked if name not in targets()]
    if unknown:
        print(f"schedc: no target is called {unknown[0]}; the targets are {', '.join(targets())}", file=sys.stderr)
        return 2
    sys.stdout.write(_reasons(asked) if asked and options.format == "text" else _FORMATS[options.format]())
    return 0


def _shown() -> list[str]:
    return [name for name, one in targets().items() if one.unschedulable is None]


def _word(feature: Feature, capabilities: Capabilities) -> str:
    answer = capabilities[feature]
    if rewritten(feature, capabilities):
        return "rewritten"
    if isinstance(answer, No):
        return {"never": "no", "not_yet": "not yet", "not_written": "not written"}[answer.kind.value]
    return "yes, noted" if answer.note else "yes"


def _text() -> str:
    names = _shown()
    width = max(len(f.value) for f in Feature)
    rows = ["  ".join([" " * width, *(f"{n:<11}" for n in names)]).rstrip()]
    for feature in Feature:
        words = [f"{_word(feature, targets()[n].capabilities):<11}" for n in names]
        rows.append("  ".join([f"{feature.value:<{width}}", *words]).rstrip())
    for name, one in targets().items():
        if one.unschedulable is not None:
            rows.append(f"{name}: {one.unschedulable}")
    rows += ["", f"`schedc targets {names[0]}` gives the reason and the limit behind each answer of a target."]
    return "\n".join(rows) + "\n"


def _reasons(names: Sequence[str]) -> str:
    """What stands behind each answer that is not a plain yes, for some targets."""
    rows: list[str] = []
    for name in names:
        one = targets()[name]
        rows += [*([""] if rows else []), one.title]
        if one.unschedulable is not None:
            rows.append(f"  {one.unschedulable}")
            continue
        for feature in Feature:
            answer = one.capabilities[feature]
            if isinstance(answer, No) or answer.note:
                rows.append(f"  {feature.value}: {_behind(feature, one)}")
    return "\n".join(rows) + "\n"


def _behind(feature: Feature, one: Target) -> str:
    """An answer in words, without its source."""
    answer = one.capabilities[feature]
    if not isinstance(answer, No):
        return f"yes{': ' + answer.note if answer.note else ''}"
    passes = rewritten(feature, one.capabilities)
    text = f"rewritten where that is exact ({', '.join(passes)}); else " if passes else ""
    text += f"no, {answer.kind.value.replace('_', ' ')}: {one.title} {answer.because}"
    return text + (f" (instead: {answer.instead})" if answer.instead else "")


def matrix() -> str:
    """The matrix as Markdown: a table, then what stands behind each answer."""
    names = _shown()
    lines = ["# What each target can do", "", "| | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for feature in Feature:
        words = [_word(feature, targets()[n].capabilities) for n in names]
        lines.append(f"| {feature.value} | " + " | ".join(words) + " |")
    for name in names:
        one = targets()[name]
        lines += ["", f"## {one.title}", ""]
        for feature in Feature:
            source = one.capabilities[feature].source
            lines.append(f"- **{feature.value}**: {_behind(feature, one)}. Source: {source}.")
    unschedulable = [(n, t.unschedulable) for n, t in targets().items() if t.unschedulable is not None]
    if unschedulable:
        lines += ["", "## Targets that cannot run a schedule", ""]
        lines += [f"- **{name}**: {reason}" for name, reason in unschedulable]
    return "\n".join(lines) + "\n"


def _json() -> str:
    data = {}
    for name, one in targets().items():
        answers = {}
        for feature in Feature:
            answer = one.capabilities[feature]
            if isinstance(answer, No):
                answers[feature.value] = {
                    "answer": "no",
                    "kind": answer.kind.value,
                    "because": answer.because,
                    "instead": answer.instead,
                    "rewritten": list(rewritten(feature, one.capabilities)),
                    "source": answer.source,
                }
            else:
                answers[feature.value] = {"answer": "yes", "note": answer.note, "source": answer.source}
        data[name] = {"title": one.title, "unschedulable": one.unschedulable, "features": answers}
    return json.dumps(data, indent=2) + "\n"


_FORMATS = {"text": _text, "json": _json, "markdown": matrix}
