"""Writes the generated parts of docs/ anew: the tables of fields and defaults, and of targets, from what the
compiler reads.

In a page, what stands between `<!-- generated: NAME -->` and `<!-- end -->` is generated; the rest is written by hand.
With `--check` nothing is written, and the exit code is 1 where a page is stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import compare_peers
import target_pages
from doc_words import kind, sentence, table
from schedc.frontend.fields import CONTAINER, PIPELINE, SCHEDULE, STEP, WORD
from schedc.project import PROJECT
from schedc.records import replace
from schedc.shapes import Either, Field, ListOf, MapOf, Record, Shape
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


def main(arguments: list[str]) -> int:
    stale = []
    for path in sorted(DOCS.rglob("*.md")):
        old = path.read_text("utf-8")
        new = _PART.sub(_filled, old)
        if new != old:
            stale.append(path.relative_to(DOCS).as_posix())
            if "--check" not in arguments:
                path.write_text(new, "utf-8")
    for name in stale:
        print(f"{name} {'is stale: run make docs' if '--check' in arguments else 'was written anew'}")
    return 1 if stale and "--check" in arguments else 0


_PART = re.compile(r"(<!-- generated: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _filled(match: re.Match[str]) -> str:
    return f"{match[1]}\n{PARTS[match[2]]()}\n{match[3]}"


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

    rows = ((f"`{f.name}`", kind(f.shape), left_out(f), sentence(f.about)) for f in SCHEDULE.fields)
    return table(("Field", "Type", "Left out", "Meaning"), rows)


def fields_of(record: Record) -> str:
    """The fields of a smaller record."""
    rows = ((f"`{f.name}`", kind(f.shape), "yes" if f.required else "no", sentence(f.about)) for f in record.fields)
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
        (f"`{f.name}`", _link(f.shape, titles), "yes" if f.required else "no", sentence(f.about)) for f in record.fields
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


def _scheduled_time() -> Record:
    assert isinstance(WORD.mapping, Record)
    return WORD.mapping


def defaults() -> str:
    shown = [targets()[name] for name in names()]
    fields = list(dict.fromkeys(f.name for f in SCHEDULE.fields if any(f.name in t.choices for t in shown)))
    parts = []
    for name in fields:
        about = next(f.about for f in SCHEDULE.fields if f.name == name)
        rows = ((t.title, sentence(t.choices[name])) for t in shown if name in t.choices)
        parts.append(f"## `{name}`\n\n{sentence(about)}\n\n{table(('Target', 'Left open'), rows)}")
    return "\n".join(parts)


PARTS: dict[str, Callable[[], str]] = {
    "schedule": schedule_fields,
    "container": pod,
    "scheduled time": lambda: fields_of(_scheduled_time()),
    "step": lambda: fields_of(replace(STEP, fields=STEP.fields[:1])),
    "pipeline": lambda: fields_of(PIPELINE),
    "project": lambda: fields_of(PROJECT),
    "defaults": defaults,
    **compare_peers.PARTS,
    **target_pages.PARTS,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
