"""`schedc targets`: features by targets, with reasons and sources."""

from __future__ import annotations

import argparse
import json
import sys

from schedc.capabilities import Answer, Feature, No
from schedc.targets import targets


def run(options: argparse.Namespace) -> int:
    sys.stdout.write({"text": _text, "json": _json, "markdown": matrix}[options.format]())
    return 0


def _shown() -> list[str]:
    return [name for name, one in targets().items() if one.unschedulable is None]


def _word(answer: Answer) -> str:
    if isinstance(answer, No):
        return {"never": "no", "not_yet": "not yet", "not_written": "not written"}[answer.kind.value]
    return "yes, noted" if answer.note else "yes"


def _text() -> str:
    names = _shown()
    width = max(len(f.value) for f in Feature)
    rows = ["  ".join([" " * width, *(f"{n:<11}" for n in names)]).rstrip()]
    for feature in Feature:
        words = [f"{_word(targets()[n].capabilities[feature]):<11}" for n in names]
        rows.append("  ".join([f"{feature.value:<{width}}", *words]).rstrip())
    for name, one in targets().items():
        if one.unschedulable is not None:
            rows.append(f"{name}: {one.unschedulable}")
    return "\n".join(rows) + "\n"


def matrix() -> str:
    """The matrix as Markdown: a table, then what stands behind each answer."""
    names = _shown()
    lines = ["# What each target can do", "", "| | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for feature in Feature:
        words = [_word(targets()[n].capabilities[feature]) for n in names]
        lines.append(f"| {feature.value} | " + " | ".join(words) + " |")
    for name in names:
        one = targets()[name]
        lines += ["", f"## {one.title}", ""]
        for feature in Feature:
            answer = one.capabilities[feature]
            if isinstance(answer, No):
                text = f"no, {answer.kind.value.replace('_', ' ')}: {one.title} {answer.because}"
                text += f" (instead: {answer.instead})" if answer.instead else ""
            else:
                text = f"yes{': ' + answer.note if answer.note else ''}"
            lines.append(f"- **{feature.value}**: {text}. Source: {answer.source}.")
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
                    "source": answer.source,
                }
            else:
                answers[feature.value] = {"answer": "yes", "note": answer.note, "source": answer.source}
        data[name] = {"title": one.title, "unschedulable": one.unschedulable, "features": answers}
    return json.dumps(data, indent=2) + "\n"
