"""The targets: every module of this package that holds `TARGET`, and every entry point of the group `schedc.targets`.

None knows another, and nothing else knows their names.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from importlib.metadata import entry_points

from schedc.target import Target


@lru_cache(maxsize=1)
def targets() -> dict[str, Target]:
    """Every target, by name."""
    found: dict[str, Target] = {}
    for module in pkgutil.iter_modules(__path__):
        target = getattr(importlib.import_module(f"{__name__}.{module.name}"), "TARGET", None)
        if isinstance(target, Target):
            found[target.name] = target
    for entry in entry_points(group="schedc.targets"):
        target = entry.load()
        if not isinstance(target, Target):
            raise TypeError(f"the entry point {entry.name} of {entry.module} is not a schedc Target")
        found.setdefault(target.name, target)
    return dict(sorted(found.items()))


def target(name: str) -> Target:
    """The target of that name. Raises `KeyError`."""
    return targets()[name]


def names() -> tuple[str, ...]:
    """The targets that can honour something."""
    return tuple(name for name, one in targets().items() if one.unschedulable is None)
