"""The generated parts of docs/targets.md and docs/targets/: what each target writes, takes, refuses and leaves open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from doc_words import kind, sentence, shown_value, table
from schedc.capabilities import Answer, Capabilities, Feature, No
from schedc.commands.targets import matrix
from schedc.frontend.fields import SCHEDULE
from schedc.lowering import rewritten
from schedc.target import Target
from schedc.targets import names, targets

_ROOT = Path(__file__).resolve().parents[1]
_EXAMPLE = "first_two"
"""The example that is shown on every target, by its schedule `weekly`."""
_LANGUAGES = {".py": "python", ".yaml": "yaml", ".json": "json"}
_VERSIONS = {
    "airflow": ("2.11", "3.0", "3.1", "3.2", "3.3"),
    "kubeflow": tuple(f"2.{minor}" for minor in range(18)),
    "kubernetes": tuple(f"1.{minor}" for minor in range(21, 38)),
}
"""The versions that a target can be compiled for, the oldest first."""


def source() -> str:
    """The example that is compiled on the pages of the targets."""
    return f"```yaml\n{(_ROOT / 'examples' / f'{_EXAMPLE}.yaml').read_text('utf-8')}```\n"


def artifact(name: str) -> str:
    """What a target writes for it, from the golden files; the first of several files."""
    found = sorted((_ROOT / "golden" / name / _EXAMPLE).rglob("*"))
    path = next(p for p in reversed(found) if p.is_file() and "weekly" in p.as_posix() and p.name != "pipeline.yaml")
    return f"```{_LANGUAGES[path.suffix]}\n{path.read_text('utf-8').rstrip()}\n```\n"


def options(name: str) -> str:
    rows = (
        (
            f"`{f.name}`",
            kind(f.shape),
            "required" if f.required else "nothing" if f.default is None else shown_value(f.default),
            sentence(f.about),
        )
        for f in targets()[name].options
    )
    return table(("Option", "Type", "Left out", "Meaning"), rows)


def choices(name: str) -> str:
    """What a target does with a field that is left out."""
    said = targets()[name].choices
    return table(
        ("Field", "Left open"), ((f"`{f.name}`", sentence(said[f.name])) for f in SCHEDULE.fields if f.name in said)
    )


def answers(name: str) -> str:
    """Every feature with a target's answer; features with one and the same answer share a row."""
    target = targets()[name]
    rows: dict[tuple[str, str, str], list[str]] = {}
    for feature in Feature:
        rows.setdefault(_answer(feature, target.capabilities, target), []).append(feature.value)
    return table(
        ("What", "Answer", "Limit, or reason and way out", "Source"),
        ((", ".join(features), *answer) for answer, features in rows.items()),
    )


def _answer(
    feature: Feature, capabilities: Capabilities | Mapping[Feature, Answer], target: Target
) -> tuple[str, str, str]:
    answer = capabilities[feature]
    passes = rewritten(feature, target.capabilities)
    if not isinstance(answer, No):
        return "yes", sentence(answer.note or ""), _linked(answer.source)
    word = {"never": "no", "not_yet": "not yet", "not_written": "not written"}[answer.kind.value]
    text = sentence(f"{target.title} {answer.because}")
    if answer.instead:
        text += f" Instead: {answer.instead}."
    return (f"rewritten where that is exact, else {word}" if passes else word), text, _linked(answer.source)


def _linked(source: str) -> str:
    """A source: a link where it is an address, with what follows it; else code."""
    found = re.fullmatch(r"https://([^/]+)(\S*?)(,? .*)?", source)
    return f"[{found[1]}](https://{found[1]}{found[2]}){found[3] or ''}" if found else f"`{source}`"


def versions(name: str) -> str:
    """What a target can do only from some version on."""
    rows: dict[tuple[str, str], list[str]] = {}
    for since, feature, before in _firsts(targets()[name]):
        rows.setdefault((since, sentence(before)), []).append(feature.value)
    return table(("From", "What", "Before"), ((s, ", ".join(what), b) for (s, b), what in rows.items()))


def _firsts(target: Target) -> Iterator[tuple[str, Feature, str]]:
    """The version from which on a target takes a feature, and why older ones do not."""
    older: dict[Feature, Answer] = {}
    for version in _VERSIONS[target.name]:
        asked: Mapping[str, Any] = {"version": version}
        newer = {**{f: target.capabilities[f] for f in Feature}, **target.by_version(asked)}
        for feature in Feature:
            before = older.get(feature)
            if isinstance(before, No) and not isinstance(newer[feature], No):
                yield version, feature, f"{target.title} {before.because}"
            elif before is not None and isinstance(before, No) is not isinstance(newer[feature], No):
                raise ValueError(f"{target.name} {version} no longer takes {feature.value}")
        older = newer


def grid() -> str:
    """Features by targets."""
    _, _, rest = matrix().partition("\n\n")
    lines = rest.partition("\n\n## ")[0].splitlines()
    head = "| | " + " | ".join(f"[{name}](targets/{name}.md#what-it-can-do)" for name in names()) + " |"
    return "\n".join([head, *lines[1:]]) + "\n"


def unschedulable() -> str:
    rows = (
        (one.title, f"`{name}`", sentence(f"it {one.unschedulable}"))
        for name, one in targets().items()
        if one.unschedulable
    )
    return table(("Target", "Name", "Every schedule is refused"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "source": source,
    "grid": grid,
    "unschedulable": unschedulable,
    **{f"artifact {name}": partial(artifact, name) for name in names()},
    **{f"options {name}": partial(options, name) for name in names()},
    **{f"choices {name}": partial(choices, name) for name in names()},
    **{f"answers {name}": partial(answers, name) for name in names()},
    **{f"versions {name}": partial(versions, name) for name in _VERSIONS},
}
"""What stands between the marks of the pages of targets, by name."""
