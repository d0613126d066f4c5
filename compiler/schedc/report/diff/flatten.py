"""A value of a schedule as single texts by path, in the words of the language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from schedc.checks.literal_secret import looks_like
from schedc.ir.workload import (
    ConfigMapKey,
    Container,
    Elsewhere,
    InitContainer,
    Pipeline,
    PodField,
    ScheduledTime,
    SecretKey,
    Step,
    Steps,
    Workload,
)
from schedc.patterns import pattern
from schedc.records import is_dataclass
from schedc.report.diff.covering import COVER, covered

Path = tuple[str, ...]
_PLAIN = pattern(r"(-(?=[^\s-]|-\w))?(-|[^\s\"'{}\[\],:#&*!|>%@`?-])([^\x00-\x1f\x7f-\x9f,\[\]{}\"]*[^\s])?")
_OTHER_KIND = pattern(r"null|true|false|~|[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?|0[xob][0-9a-f]+", re.IGNORECASE)
_IN_TURN = ("init_containers",)
"""Lists of things with names that an engine runs one after the other: their order is told too."""


Text = tuple[str, str]
"""A text, and how it may be shown: secrets are covered, and two that differ may look alike then."""


def flatten(value: Any, path: Path) -> dict[Path, Text]:
    """Each text that stands somewhere below a path. What is None or an empty mapping of a record is not there."""
    return dict(_flat(value, path))


def of_workload(run: Workload) -> dict[Path, Text]:
    """What runs, by the paths that a source has for it."""
    return flatten(run, ("run", type(run).__name__.lower()))


def secrets_in(value: Any, name: str = "") -> Iterator[str]:
    """Every text in a value that looks like a secret by itself or by what it is called."""
    if isinstance(value, str):
        if looks_like(name, value) is not None:
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from secrets_in(inner, str(key))
    elif isinstance(value, list | tuple):
        for hint, item in _named(value):
            yield from secrets_in(item, hint or name)
    elif is_dataclass(value) and not isinstance(value, type):
        for key in _fields(value):
            yield from secrets_in(getattr(value, key), key)


def _flat(value: Any, path: Path) -> Iterator[tuple[Path, Text]]:
    match value:
        case None | Elsewhere():
            return
        case Container():
            for name in _fields(value):
                inner = getattr(value, name)
                if name == "pod":
                    for key, item in inner.items():
                        yield from _flat(item, (*path, key))
                elif inner not in ({}, ()) or name in ("command", "args"):
                    yield from _flat(inner, (*path, name))
        case Steps(steps=steps):
            for step in steps:
                yield from _flat(step, (*path, step.name))
        case Step(name=_, container=container, after=after):
            yield from _flat(container, path)
            if after:
                yield from _flat(tuple(sorted(after)), (*path, "after"))
        case InitContainer(name=_, container=container):
            yield from _flat(container, path)
        case Pipeline():
            for name in _fields(value):
                yield from _flat(getattr(value, name) or None, (*path, name))
        case SecretKey(name, key):
            yield path, _alike(f"{{secret: {shown(name)}, key: {shown(key)}}}")
        case ConfigMapKey(name, key):
            yield path, _alike(f"{{config_map: {shown(name)}, key: {shown(key)}}}")
        case PodField(field):
            yield path, _alike(f"{{pod_field: {shown(field)}}}")
        case ScheduledTime(form, zone):
            yield path, _alike(f"{{scheduled_time: {shown(form)}, timezone: {shown(zone)}}}")
        case Mapping():
            if not value:
                yield path, _alike("{}")
            for key, inner in value.items():
                yield from _flat(inner, (*path, str(key)))
        case list() | tuple():
            yield from _of_list(value, path)
        case _ if is_dataclass(value) and not isinstance(value, type):
            for name in _fields(value):
                inner = getattr(value, name)
                yield from _flat(None if inner in ({}, ()) else inner, (*path, name))
        case _:
            yield path, _scalar(value, path[-1] if path else "")


def _of_list(value: Sequence[Any], path: Path) -> Iterator[tuple[Path, Text]]:
    """Items that have names stand by name, other mappings by their number, and words on one line."""
    names = [_name_of(item) for item in value]
    if value and all(names) and len(set(names)) == len(names):
        for name, item in zip(names, value, strict=True):
            yield from _flat(item, (*path, str(name)))
        if len(names) > 1 and path[-1:] == _IN_TURN:
            yield path, _alike(f"[{', '.join(shown(str(name)) for name in names)}]")
    elif any(isinstance(item, Mapping | list | tuple | InitContainer) for item in value):
        for i, item in enumerate(value):
            yield from _flat(item, (*path, str(i)))
    else:
        own = path[-1] if path else ""
        words = [next(iter(flatten(item, (hint or own,)).values()), _alike("null")) for hint, item in _named(value)]
        yield path, (f"[{', '.join(raw for raw, _ in words)}]", f"[{', '.join(seen for _, seen in words)}]")


def _named(words: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Each word of a command with the flag before it, which says what it is; `--flag=text` is taken apart."""
    before = ""
    for word in words:
        if isinstance(word, str):
            flag, equals, text = word.partition("=")
            yield (flag if equals and looks_like(flag, text) is not None else before), word
            before = word
        else:
            yield "", word


def _name_of(item: Any) -> str | None:
    if isinstance(item, InitContainer):
        return item.name
    name = item.get("name") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) and name else None


def _fields(value: Any) -> tuple[str, ...]:
    return tuple(type(value).__slots__)


def _scalar(value: Any, name: str) -> Text:
    if isinstance(value, Enum):
        return _alike(str(value.value))
    if isinstance(value, str):
        return shown(value), COVER if covered(name, value) == COVER else shown(value)
    return _alike(json.dumps(value, default=str, sort_keys=True))


def _alike(text: str) -> Text:
    return text, text


def shown(text: str) -> str:
    """A text as a line of YAML might have it: quoted only where it could be taken for something else."""
    simple = _PLAIN.fullmatch(text) and not _OTHER_KIND.fullmatch(text)
    return text if simple and ": " not in text and " #" not in text else json.dumps(text, ensure_ascii=False)
