"""A schedule as it stands in a source, before defaults and environments are laid on it."""

from __future__ import annotations

import re

from schedc.diagnostics import instead, rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.fields import NAME, SCHEDULE
from schedc.node import Node, kind
from schedc.records import dataclass
from schedc.shapes import MOST_UNKNOWN, Anything, MapOf, tell_more
from schedc.source import Span

DEVICE = r"con|prn|aux|nul|com[0-9]|lpt[0-9]"
"""Names that are no files on Windows."""

ENVIRONMENT_NAME = rf"(?!(?:{DEVICE})$)[a-z0-9]([a-z0-9_-]{{0,61}}[a-z0-9])?"
"""The name of an environment is a folder of the output."""

ENVIRONMENTS = MapOf(
    Anything("a mapping"),
    key=ENVIRONMENT_NAME,
    key_form="a name of an environment: lower-case letters, digits, - and _",
)


@dataclass(frozen=True, slots=True)
class Written:
    """`node` holds its fields, `defaults` those of its file; `source` is the path of the file as the user gave it."""

    name: str
    place: Span
    node: Node
    defaults: Node | None
    source: str


_FIELDS = frozenset(f.name for f in SCHEDULE.fields)


def schedules_of(tree: Node, source: str, sink: Sink) -> list[Written]:
    """The schedules of a YAML document: `defaults` and `schedules`, and nothing else."""
    if not isinstance(tree.value, dict):
        sink.add(rules.WRONG_TYPE, f"expected a mapping with schedules, found {kind(tree.value)}", tree.span)
        return []
    wrong = 0
    for key, entry in tree.value.items():
        if key not in ("defaults", "schedules"):
            wrong += 1
            if wrong > MOST_UNKNOWN:
                tell_more(entry.key, sink)
                break
            inside = entry.node.value if isinstance(entry.node.value, dict) else {}
            help = "a file holds defaults and schedules"
            if any(name in inside for name in _FIELDS):
                help = "put it under schedules"
            elif key in _FIELDS or key in SCHEDULE.slips:
                help = "put it under schedules, below a name"
            sink.add(rules.UNKNOWN_FIELD, f"{key!r} is not a field of a schedule file", entry.key, help=help)
    defaults = tree.get("defaults")
    if defaults is not None and defaults.value is None:
        defaults = None
    if defaults is not None and not isinstance(defaults.value, dict):
        sink.add(rules.WRONG_TYPE, f"expected a mapping, found {kind(defaults.value)}", defaults.span)
        defaults = None
    if defaults is not None and "environments" in defaults.value:
        place = defaults.key_span("environments")
        message = "'environments' is not a field of a file's defaults"
        sink.add(rules.UNKNOWN_FIELD, message, place, help="put it under a schedule, or into schedc.toml")
    schedules = tree.get("schedules")
    if schedules is None:
        sink.add(rules.MISSING_FIELD, "the file has no schedules", tree.span, help="add schedules: {NAME: {...}}")
        return []
    if not isinstance(schedules.value, dict):
        message = f"expected a mapping of names to schedules, found {kind(schedules.value)}"
        sink.add(rules.WRONG_TYPE, message, schedules.span, help="write schedules: {NAME: {...}}")
        return []
    found = []
    for name, entry in schedules.value.items():
        if not check_name(name, entry.key, sink):
            continue
        if not isinstance(entry.node.value, dict):
            message = f"expected the fields of the schedule {name}, found {kind(entry.node.value)}"
            sink.add(rules.WRONG_TYPE, message, entry.node.span, schedule=name)
            continue
        found.append(Written(name, entry.key, entry.node, defaults, source))
    return found


def check_name(name: str, place: Span, sink: Sink) -> bool:
    """Whether a schedule's name can be a file name and an identifier on every target."""
    if re.fullmatch(DEVICE, name):
        note = "Windows takes it for a device, in whatever folder, and no checkout there could hold the artifact"
        sink.add(rules.INVALID_NAME, f"{name!r} cannot be the name of a schedule", place, notes=(note,))
        return False
    if re.fullmatch(NAME, name):
        return True
    better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-")
    sink.add(
        rules.INVALID_NAME,
        f"{name[:80]!r} cannot be the name of a schedule",
        place,
        notes=("a name has at most 63 lower-case letters, digits and hyphens, with a letter or digit at both ends",),
        help=f"call it {better}" if better else "choose another name",
        replacement=instead(place, name, better) if better else None,
    )
    return False
