"""A schedule as canonical plain data: what its digest is over.

Defaults are left out, so that a new optional field changes no digest; places, key order and file names are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from hashlib import sha256
from typing import Any

from schedc.ir.calendar import Calendar, bits
from schedc.ir.schedule import Schedule
from schedc.records import MISSING, fields, is_dataclass

_NOT_MEANING = frozenset({"options", "node", "source", "written", "deploy_to", "enabled"})


def canonical(schedule: Schedule) -> dict[str, Any]:
    """The meaning of a schedule, its target options apart."""
    return {
        f.name: _plain(getattr(schedule, f.name))
        for f in fields(schedule)
        if f.name not in _NOT_MEANING and not _is_default(f, getattr(schedule, f.name))
    }


def digest(schedule: Schedule, options: Mapping[str, Any]) -> str:
    """16 hexadecimal digits over the schedule and the options of one target that are not defaults."""
    data = {"schedule": canonical(schedule), "options": _plain(options)}
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode("ascii")).hexdigest()[:16]


def _is_default(field: Any, value: Any) -> bool:
    if field.default is not MISSING:
        return bool(value == field.default)
    if field.default_factory is not MISSING:
        return bool(value == field.default_factory())
    return False


def _plain(value: Any) -> Any:
    if isinstance(value, Calendar):
        return _calendar(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        data = {
            f.name: _plain(getattr(value, f.name)) for f in fields(value) if not _is_default(f, getattr(value, f.name))
        }
        return {"is": type(value).__name__, **data}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def _calendar(calendar: Calendar) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for f in fields(calendar):
        value = getattr(calendar, f.name)
        if value == f.default:
            continue
        is_mask = isinstance(value, int) and not isinstance(value, bool)
        result[f.name] = list(bits(value)) if is_mask else _plain(value)
    return result
