"""Warnings that a repository asks for by name, one file each.

A module of this package that is named as a rule is, with `_` for `-`, holds `LINT`, and is found by its name. It is
imported only where it is switched on.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink

if TYPE_CHECKING:
    from schedc.ir.schedule import Schedule
    from schedc.lints.lint import Compiled, Lint

Switched = Mapping[str, Mapping[str, Any]]
"""The lints that are switched on, each with its settings."""

NONE: Switched = {}
ON_BY_DEFAULT = ("backfill-on-deploy",)


def names() -> tuple[str, ...]:
    """Every lint, by name; none is imported."""
    import pkgutil

    found = (module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in found if name in rules.BY_KEY))


def named(name: str) -> Lint:
    """The lint of that name."""
    found: Lint = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").LINT
    return found


def switched(given: Mapping[str, Mapping[str, Any] | None]) -> Switched:
    """The lints that are on, where some were given settings, or None to switch them off."""
    on: dict[str, Mapping[str, Any]] = {name: {} for name in ON_BY_DEFAULT}
    for name, settings in given.items():
        on.pop(name, None)
        if settings is not None:
            on[name] = settings
    return dict(sorted(on.items()))


def lint_schedules(schedules: Iterable[Schedule], on: Switched, sink: Sink) -> None:
    """Every lint of single schedules that is switched on."""
    chosen = [(one, settings) for one, settings in _chosen(on) if one.of_schedule is not None]
    for schedule in schedules if chosen else ():
        for one, settings in chosen:
            assert one.of_schedule is not None
            one.of_schedule(schedule, settings, sink.within(schedule.name))


def lint_compiled(compiled: Sequence[Compiled], on: Switched, sink: Sink) -> None:
    """Every lint of the compiled set that is switched on; allowances of lints that did not run are left alone."""
    for one, settings in _chosen(on) if compiled else ():
        if one.of_compiled is not None:
            one.of_compiled(compiled, settings, sink)
    if sink.allowances:
        idle = {rules.BY_KEY[name].code for name in names() if name not in on}
        for _, allowance in sink.allowances:
            allowance.used = allowance.used or allowance.code in idle


def _chosen(on: Switched) -> list[tuple[Lint, Mapping[str, Any]]]:
    found: list[tuple[Lint, Mapping[str, Any]]] = []
    for name, settings in on.items():
        one = named(name)
        defaults = {f.name: f.default for f in one.options if f.default is not None}
        found.append((one, {**defaults, **settings}))
    return found
