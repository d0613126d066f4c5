"""Every place of a schedule where a person may write a text, found by the shapes of its fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compiling import VERTEX
from schedc.frontend.fields import SCHEDULE, Package
from schedc.shapes import Anything, Boolean, Choice, Either, Integer, ListOf, MapOf, Number, Record, Shape, Text
from schedc.targets import names, targets

HARMLESS = "harmless"
CORPUS: dict[str, str] = json.loads((Path(__file__).parent / "corpus" / "texts.json").read_text("utf-8"))
_KEY = object()
_SAMPLES = ("a", "a.b/c", "metadata.name", "1", "/a", "%Y", "UTC", "NoSchedule")

Slot = tuple[Any, ...]
"""The steps to a text: names of fields and positions, and `KEY` for a key of a mapping with free keys."""
KEY = _KEY


def slots() -> list[Slot]:
    """Each text of a schedule, and each of the options of targets."""
    found = [s for s in _walk(SCHEDULE) if s[0] not in ("targets", "environments", "deploy_to")]
    for name in names():
        found += [("targets", name, *s) for s in _walk(Record(targets()[name].options))]
    return found


def shown(slot: Slot) -> str:
    return ".".join("KEY" if step is KEY else str(step) for step in slot)


def _walk(shape: Shape) -> Iterator[Slot]:
    if isinstance(shape, Record):
        for one in shape.fields:
            yield from ((one.name, *rest) for rest in _walk(one.shape))
    elif isinstance(shape, ListOf):
        yield from ((0, *rest) for rest in _walk(shape.item))
    elif isinstance(shape, MapOf):
        yield (KEY,)
        yield from (("a", *rest) for rest in _walk(shape.item))
    elif isinstance(shape, Either):
        yield from _walk(shape.scalar)
        yield from _walk(shape.mapping)
    elif isinstance(shape, Anything):
        yield from ((KEY,), ("a",), ("a", 0), ("a", "b", KEY))
    elif not isinstance(shape, Boolean | Choice | Integer | Number | Package):
        yield ()


BESIDE: dict[Any, dict[str, str]] = {
    "secret": {"key": "a"},
    "config_map": {"key": "a"},
    "key": {"secret": "a"},
    "prefix": {"secret": "a"},
}
"""What stands beside a text in its own mapping, where the shapes alone do not say it."""


def schedule(slot: Slot, text: str) -> dict[str, Any]:
    """A schedule that holds a text in one place, and in all others what it needs."""
    made = _schedule(slot, text)
    inner: Any = made
    for step in slot[:-1]:
        inner = inner[step]
    if "env" in slot or slot[-1] == "prefix":
        inner.update(BESIDE.get(slot[-1], {}))
    if "volumes" in slot and slot[-1] == "name" and slot[-2] == 0:
        inner["empty_dir"] = {}
    if "volume_mounts" in slot:
        inner.setdefault("name", "a")
        pod = made["run"]["steps"]["a"] if slot[1] == "steps" else made["run"]["container"]
        pod["volumes"] = [{"name": inner["name"], "empty_dir": {}}]
    return made


def _schedule(slot: Slot, text: str) -> dict[str, Any]:
    base: dict[str, Any] = {
        "cron_expression": "5 14 * * 3",
        "run": {"container": {"image": "a/b:1", "command": ["x"]}},
        "targets": {"vertex": VERTEX},
    }
    if slot[0] in ("interval_second", "run_once_start_time"):
        del base["cron_expression"]
    if slot[0] == "run" and slot[1] != "container":
        del base["run"]["container"]
    made: dict[str, Any] = _put(base, SCHEDULE, slot, text)
    return made


def _put(value: Any, shape: Any, slot: Slot, text: str) -> Any:
    """`value` with the text at a place, and beside it what the shapes on the way require."""
    if not slot:
        return text
    step, rest = slot[0], slot[1:]
    if isinstance(shape, Either):
        return _put(value, shape.mapping, slot, text)
    if step is KEY:
        return {**(value or {}), text: _sample(getattr(shape, "item", None))}
    if isinstance(shape, Record):
        field = next(one for one in shape.fields if one.name == step)
        needed = {one.name: _sample(one.shape) for one in shape.fields if one.required}
        return {**needed, **(value or {}), step: _put((value or {}).get(step), field.shape, rest, text)}
    if step == 0:
        return [_put(None, getattr(shape, "item", None), rest, text)]
    inner = getattr(shape, "item", None)
    if isinstance(shape, MapOf) or shape is None or isinstance(shape, Anything):
        below = (value or {}).get(step)
        if shape is not None and isinstance(shape, MapOf) and isinstance(shape.item, Anything) and step in names():
            inner = Record(targets()[step].options)
        return {**(value or {}), step: _put(below, inner, rest, text)}
    raise AssertionError(shown(slot))


def _sample(shape: Any) -> Any:
    if isinstance(shape, Record):
        return {one.name: _sample(one.shape) for one in shape.fields if one.required}
    if isinstance(shape, ListOf):
        return [_sample(shape.item)]
    if isinstance(shape, MapOf):
        return {"a": _sample(shape.item)}
    if isinstance(shape, Either):
        return _sample(shape.scalar)
    if isinstance(shape, Integer):
        return shape.low or 1
    if isinstance(shape, Choice):
        return shape.words[0]
    return True if isinstance(shape, Boolean) else "a" if isinstance(shape, Text) else _SAMPLES[0]
