"""The targets: every module of this package, and every entry point of the group `schedc.targets`.

Each holds `TARGET`. None knows another, and nothing else knows their names. A target is imported when it is asked for.
"""

from __future__ import annotations

import importlib
from functools import lru_cache

from schedc.target import Target


@lru_cache(maxsize=1)
def targets() -> dict[str, Target]:
    """Every target, by name."""
    import pkgutil

    own = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name: target(name) for name in sorted({*own, *_others()})}


@lru_cache(maxsize=64)
def target(name: str) -> Target:
    """The target of that name. Raises `KeyError`."""
    found = _own(name) or _others().get(name)
    if found is None:
        raise KeyError(name)
    return found


def known(name: str) -> bool:
    """Whether there is a target of that name."""
    try:
        target(name)
    except KeyError:
        return False
    return True


def names() -> tuple[str, ...]:
    """The targets that can honour something."""
    return tuple(name for name, one in targets().items() if one.unschedulable is None)


def _own(name: str) -> Target | None:
    if not (name.isidentifier() and name[0].islower()):
        return None
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        return None
    found = module.TARGET
    assert isinstance(found, Target)
    return found


@lru_cache(maxsize=1)
def _others() -> dict[str, Target]:
    """The targets of installed packages."""
    from importlib.metadata import entry_points

    found: dict[str, Target] = {}
    for entry in entry_points(group="schedc.targets"):
        other = entry.load()
        if not isinstance(other, Target):
            raise TypeError(f"the entry point {entry.name} of {entry.module} is not a schedc Target")
        found.setdefault(other.name, other)
    return found
