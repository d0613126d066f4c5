"""Schedule YAML as a person would have written it: fields in their order, what is shared in `defaults`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schedc.frontend.fields import CONTAINER, SCHEDULE
from schedc.importing.source import Found
from schedc.yaml_writer import comment, dump

_WIDEST = 100
_ORDER = [f.name for f in SCHEDULE.fields]
_CONTAINER_ORDER = ["name", *(f.name for f in CONTAINER.fields)]
_OF_ONE = frozenset(
    ["cron_expression", "interval_second", "run_once_start_time", "description", "max_runs", "start_time", "end_time"]
)
"""Fields that say what one schedule is, and would mislead in `defaults`."""
_OF_ONE_CONTAINER = frozenset(["command", "args", "init_containers"])


def written(found: Sequence[Found], left_out: Sequence[str] = ()) -> str:
    """The YAML of all that was found, with where each came from; `left_out` are lines about what was not."""
    if not found:
        return "".join(f"# {comment(line)}\n" for line in left_out) + "schedules: {}\n"
    fields = [_ordered(one.fields) for one in found]
    shared = _shared(fields) if len(fields) > 1 else {}
    lines = [f"# {comment(line)}" for line in left_out]
    if shared:
        lines += ["defaults:", *_mapping(shared, 1)]
    lines.append("schedules:")
    for one, own in zip(found, fields, strict=True):
        lines += [f"  # {comment(line)}" for line in (_origin(one), *one.remarks)]
        lines += [f"  {_key(one.name)}:", *_mapping(_without(own, shared), 2)]
    return "\n".join(lines) + "\n"


def _origin(one: Found) -> str:
    place = one.at("cron_expression")
    said = f": {' '.join(one.written.split())}" if one.written else ""
    return f"from {place.file.path}:{place.position[0]}{said}"


def _ordered(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data with literal text kept from `${values.NAME}`, and each key in its place."""
    result = {name: fields[name] for name in _ORDER if name in fields}
    unknown = fields.keys() - result.keys()
    assert not unknown, f"no fields of a schedule: {sorted(unknown)}"
    return {name: _literal(_in_order(value, (name,))) for name, value in result.items()}


def _in_order(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, Mapping):
        known = (
            _CONTAINER_ORDER
            if path[:2] == ("run", "container") and path[-1] in ("container", "init_containers")
            else []
        )
        if path[:2] == ("run", "steps") and len(path) in (3, 4):
            known = ["after", *_CONTAINER_ORDER]
        keys = sorted(value, key=lambda key: known.index(key) if key in known else len(known))
        return {key: _in_order(value[key], (*path, key)) for key in keys}
    if isinstance(value, list | tuple):
        return [_in_order(item, path) for item in value]
    return value


class Raw(str):
    """A text in which `${values.NAME}` is meant."""


_MARK = re.compile(r"\$\$\{|\$\{(?=\s*(?i:val|var))")


def _literal(value: Any) -> Any:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, str):
        return _MARK.sub(lambda found: "$" + found[0], value)
    if isinstance(value, dict):
        return {key: _literal(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_literal(item) for item in value]
    return value


def _shared(fields: Sequence[Mapping[str, Any]], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """What stands alike in all of them, mappings looked into."""
    first, *others = fields
    result: dict[str, Any] = {}
    for key, value in first.items():
        if (not path and key in _OF_ONE) or (path[:1] == ("run",) and key in _OF_ONE_CONTAINER):
            continue
        if path[:1] == ("targets",) and key == "patch":
            continue
        values = [one.get(key) for one in others]
        if isinstance(value, dict) and value:
            if all(isinstance(other, dict) and other for other in values) and path[:2] != ("run", "pipeline"):
                inner = _shared([value, *values], (*path, key))  # type: ignore[list-item]
                if inner:
                    result[key] = inner
        elif value is not None and all(type(other) is type(value) and other == value for other in values):
            result[key] = value
    return result


def _without(own: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    result = {}
    for key, value in own.items():
        if key not in shared:
            result[key] = value
        elif isinstance(value, dict) and (left := _without(value, shared[key])):
            result[key] = left
    return result


def _mapping(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    for key, value in data.items():
        yield from _under(f"{'  ' * depth}{_key(key)}:", value, depth + 1)


def _under(head: str, value: Any, depth: int) -> Iterator[str]:
    """A value after its key: on the same line if it is short."""
    flow = _flow(value)
    if flow is not None and len(head) + 1 + len(flow) <= _WIDEST:
        yield f"{head} {flow}"
    elif isinstance(value, dict):
        yield head
        yield from _mapping(value, depth)
    elif isinstance(value, list):
        yield head
        for item in value:
            yield from _item(item, depth)
    else:
        first, *rest = _scalar(value)
        yield f"{head} {first}"
        yield from (f"{'  ' * depth}{line}" if line else "" for line in rest)


def _item(item: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(item, dict) and item:
        flow = _flow(item)
        if flow is not None and len(pad) + 2 + len(flow) <= _WIDEST:
            yield f"{pad}- {flow}"
            return
        for i, line in enumerate(_mapping(item, depth + 1)):
            yield f"{pad}- {line[len(pad) + 2 :]}" if i == 0 else line
    elif isinstance(item, list):
        flow = _flow(item)
        assert flow is not None
        yield f"{pad}- {flow}"
    else:
        first, *rest = _scalar(item)
        yield f"{pad}- {first}"
        yield from (f"{pad}  {line}" if line else "" for line in rest)


def _flow(value: Any) -> str | None:
    """On one line: a list of scalars, and a small mapping of them."""
    if isinstance(value, list):
        parts = [_one_line(item) for item in value]
        return None if None in parts else f"[{', '.join(map(str, parts))}]"
    if isinstance(value, dict):
        inner = [(key, _one_line(item)) for key, item in value.items()]
        if not value:
            return "{}"
        if len(value) > 3 or any(text is None for _, text in inner):
            return None
        return f"{{{', '.join(f'{_key(key)}: {text}' for key, text in inner)}}}"
    return None


def _one_line(value: Any) -> str | None:
    if isinstance(value, dict | list):
        return "{}" if value == {} else "[]" if value == [] else None
    lines = _scalar(value)
    return lines[0] if len(lines) == 1 else None


def _key(key: str) -> str:
    return dump({key: 0})[: -len(": 0\n")]


def _scalar(value: Any) -> list[str]:
    """The lines of a scalar; those after the first are not indented."""
    text = dump([value]).removeprefix("- ").rstrip("\n")
    first, *rest = text.split("\n")
    return [first, *(line.removeprefix("  ") for line in rest)] if not text.endswith("...") else [first]
