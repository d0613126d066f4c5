"""Writes the generated parts of docs/ anew: the tables of fields, options and defaults, from what the compiler reads.

In a page, what stands between `<!-- generated: NAME -->` and `<!-- end -->` is generated; the rest is written by hand.
With `--check` nothing is written, and the exit code is 1 where a page is stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import compare_peers
from schedc.capabilities import Answer, Feature, No, Yes
from schedc.frontend.fields import CONTAINER, PIPELINE, SCHEDULE, STEP, WORD
from schedc.frontend.times import Duration, Time
from schedc.project import PROJECT
from schedc.records import replace
from schedc.shapes import Either, Field, ListOf, MapOf, Record, Shape
from schedc.target import Target
from schedc.targets import names, targets

DOCS = Path(__file__).resolve().parents[1] / "docs"
_DEFAULTS = {
    "timezone": "`UTC`",
    "paused": "`false`",
    "enabled": "`true`",
    "retries": "`0`",
    "cache": "`false`",
    "deploy_to": "every target that can schedule",
}
"""What a field means that is left out, where it is not open and not nothing."""
_TRIGGERS = ("cron_expression", "interval_second", "run_once_start_time")
_WORDS = {"integer": "whole number", "number": "number", "boolean": "`true` or `false`", "object": "mapping"}


def main(arguments: list[str]) -> int:
    stale = []
    for path in sorted(DOCS.glob("*.md")):
        old = path.read_text("utf-8")
        new = _PART.sub(_filled, old)
        if new != old:
            stale.append(path.name)
            if "--check" not in arguments:
                path.write_text(new, "utf-8")
    for name in stale:
        print(f"{name} {'is stale: run make docs' if '--check' in arguments else 'was written anew'}")
    return 1 if stale and "--check" in arguments else 0


_PART = re.compile(r"(<!-- generated: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _filled(match: re.Match[str]) -> str:
    return f"{match[1]}\n{PARTS[match[2]]()}\n{match[3]}"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(header)
    lines = [titles, ["---"] * len(titles), *(list(row) for row in rows)]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def kind(shape: Shape) -> str:
    """A shape in words."""
    if isinstance(shape, Duration):
        return "seconds, or `30m`, `1h30m`, `PT30M`"
    if isinstance(shape, Time):
        return "time, ISO 8601"
    if isinstance(shape, Either):
        return f"{kind(shape.scalar)}, or {kind(shape.mapping)}"
    if isinstance(shape, ListOf):
        return f"list of {kind(shape.item)}"
    if isinstance(shape, MapOf):
        inner = kind(shape.item)
        return "mapping" if inner in ("any", "mapping") else f"mapping of names to {inner}"
    if isinstance(shape, Record):
        shown = [f"`{f.name}`" for f in shape.fields]
        return f"mapping of {', '.join(shown)}" if len(shown) <= 6 else "mapping"
    form = getattr(shape, "form", "")
    return str(form) if form else _by_schema(shape.schema())


def _by_schema(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{str(word).lower() if isinstance(word, bool) else word}`" for word in schema["enum"])
    if "anyOf" in schema:
        return ", or ".join(dict.fromkeys(_by_schema(one) for one in schema["anyOf"]))
    word = schema.get("type")
    if word == "string":
        return "text"
    if word == "array":
        return f"list of {_by_schema(schema['items'])}" if schema.get("items") else "list"
    if word == "integer":
        low, high = schema.get("minimum"), schema.get("maximum")
        bounds = (
            f" from {low} to {high}" if high is not None and high < 2**62 else f" from {low}" if low is not None else ""
        )
        return f"whole number{bounds}"
    return _WORDS.get(str(word), "any")


def _sentence(about: str) -> str:
    first, _, rest = about.partition(" ")
    begin = first if re.search(r"[_=\d]", first) else first[:1].upper() + first[1:]
    return f"{begin} {rest}".strip() + ("" if about.endswith(".") else ".") if about else ""


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def schedule_fields() -> str:
    open_fields = {field for name in names() for field in targets()[name].choices}

    def left_out(field: Field) -> str:
        if field.name in _TRIGGERS:
            return "one of the three is needed"
        if field.required:
            return "required"
        if field.name in _DEFAULTS:
            return _DEFAULTS[field.name]
        return "open" if field.name in open_fields else "nothing"

    rows = ((f"`{f.name}`", kind(f.shape), left_out(f), _sentence(f.about)) for f in SCHEDULE.fields)
    return table(("Field", "Type", "Left out", "Meaning"), rows)


def fields_of(record: Record) -> str:
    """The fields of a smaller record."""
    rows = ((f"`{f.name}`", kind(f.shape), "yes" if f.required else "no", _sentence(f.about)) for f in record.fields)
    return table(("Field", "Type", "Required", "Meaning"), rows)


def pod() -> str:
    """The fields of a container, and a table for each mapping in them."""
    found: dict[int, Record] = {}
    for field in CONTAINER.fields:
        _gather(field.shape, found)
    own = {id(one): one.what for one in found.values()}
    parts = [_linked(CONTAINER, own)]
    parts += [f"#### {_title(one.what)}\n\n{_one_of(one)}{_linked(one, own)}" for one in found.values()]
    return "\n".join(parts)


def _gather(shape: Shape, found: dict[int, Record]) -> None:
    """The mappings with known keys in a shape, each once and before what is in it."""
    if isinstance(shape, Record) and id(shape) not in found:
        found[id(shape)] = shape
        for field in shape.fields:
            _gather(field.shape, found)
    elif isinstance(shape, ListOf | MapOf):
        _gather(shape.item, found)
    elif isinstance(shape, Either):
        _gather(shape.mapping, found)


def _linked(record: Record, titles: dict[int, str]) -> str:
    rows = (
        (f"`{f.name}`", _link(f.shape, titles), "yes" if f.required else "no", _sentence(f.about))
        for f in record.fields
    )
    return table(("Field", "Type", "Required", "Meaning"), rows)


def _link(shape: Shape, titles: dict[int, str]) -> str:
    if isinstance(shape, Record):
        what = titles[id(shape)]
        return f"[{what}](#{re.sub(r'[^a-z0-9_-]', '', what.lower().replace(' ', '-'))})"
    if isinstance(shape, ListOf):
        return f"list of {_link(shape.item, titles)}"
    if isinstance(shape, MapOf):
        return f"mapping of names to {_link(shape.item, titles)}"
    if isinstance(shape, Either):
        return f"{_link(shape.scalar, titles)} or {_link(shape.mapping, titles)}"
    return kind(shape)


def _title(what: str) -> str:
    return what[:1].upper() + what[1:]


def _one_of(record: Record) -> str:
    shown = [f"`{name}`" for name in record.one_of]
    return f"Exactly one of {', '.join(shown[:-1])} and {shown[-1]} is given.\n\n" if shown else ""


WORKLOAD_FEATURES = list(Feature)[list(Feature).index(Feature.CONTAINER) :]
"""What a workload may ask for; the rest is in the tables of the schedule's own fields."""


def needs() -> str:
    """What each target has of a workload, with the limit or the way out."""
    shown = [targets()[name] for name in names()]
    every = [f.value for f in WORKLOAD_FEATURES if all(_plain_yes(t, f) for t in shown)]
    first = f"Every target takes {', '.join(every)}. What is not in a target's table it takes without a limit.\n"
    return "\n".join([first, *(f"### On {target.title}\n\n{_needs_of(target)}" for target in shown)])


def _needs_of(target: Target) -> str:
    rows: dict[tuple[str, str], list[str]] = {}
    for feature in WORKLOAD_FEATURES:
        answer = target.capabilities[feature]
        if not _plain_yes(target, feature):
            rows.setdefault(_answer(answer), []).append(feature.value)
    return table(("What", "Takes it", "Limit, or way out"), ((", ".join(f), *answer) for answer, f in rows.items()))


def _answer(answer: Answer) -> tuple[str, str]:
    if isinstance(answer, No):
        word = {"never": "no", "not_yet": "not yet", "not_written": "not written"}[answer.kind.value]
        return word, _sentence(answer.instead or "")
    return "yes", _sentence(answer.note or "")


def _plain_yes(target: Target, feature: Feature) -> bool:
    answer = target.capabilities[feature]
    return isinstance(answer, Yes) and not answer.note


def _scheduled_time() -> Record:
    assert isinstance(WORD.mapping, Record)
    return WORD.mapping


def options() -> str:
    parts = []
    for name in names():
        target = targets()[name]
        parts.append(f"## {target.title}: `{name}`\n\n{_options_of(target)}")
    for name, target in targets().items():
        if target.unschedulable is not None:
            parts.append(f"## {target.title}: `{name}`\n\nEvery schedule is refused: {target.unschedulable}.\n")
    return "\n".join(parts)


def _options_of(target: Target) -> str:
    if not target.options:
        return "No options.\n"
    rows = (
        (
            f"`{f.name}`",
            kind(f.shape),
            "required" if f.required else "nothing" if f.default is None else _value(f.default),
            _sentence(f.about),
        )
        for f in target.options
    )
    return table(("Option", "Type", "Left out", "Meaning"), rows)


def defaults() -> str:
    shown = [targets()[name] for name in names()]
    fields = list(dict.fromkeys(f.name for f in SCHEDULE.fields if any(f.name in t.choices for t in shown)))
    parts = []
    for name in fields:
        about = next(f.about for f in SCHEDULE.fields if f.name == name)
        rows = ((t.title, _sentence(t.choices[name])) for t in shown if name in t.choices)
        parts.append(f"## `{name}`\n\n{_sentence(about)}\n\n{table(('Target', 'Left open'), rows)}")
    return "\n".join(parts)


PARTS: dict[str, Callable[[], str]] = {
    "schedule": schedule_fields,
    "container": pod,
    "scheduled time": lambda: fields_of(_scheduled_time()),
    "step": lambda: fields_of(replace(STEP, fields=STEP.fields[:1])),
    "needs": needs,
    "pipeline": lambda: fields_of(PIPELINE),
    "project": lambda: fields_of(PROJECT),
    "options": options,
    "defaults": defaults,
    **compare_peers.PARTS,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
