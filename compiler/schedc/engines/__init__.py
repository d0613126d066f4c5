"""Models of what real engines do with a cron expression, one module for each engine.

A module of this package that holds `ENGINES`, a tuple of `Engine`, is found by itself. `upcoming` asks a model by name.
"""

from __future__ import annotations

import importlib
import pkgutil
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from schedc.engines.model import CronError, Engine
from schedc.ir import zones

__all__ = ["CronError", "Engine", "engine", "names", "upcoming"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1)
def _engines() -> dict[str, Engine]:
    found: dict[str, Engine] = {}
    for module in pkgutil.iter_modules(__path__):
        for one in getattr(importlib.import_module(f"{__name__}.{module.name}"), "ENGINES", ()):
            found[one.name] = one
    return dict(sorted(found.items()))


def names() -> tuple[str, ...]:
    """The engines that can be asked, by name."""
    return tuple(_engines())


def engine(name: str) -> Engine:
    """The model of that name. Raises `LookupError`."""
    try:
        return _engines()[name]
    except KeyError:
        raise LookupError(f"no engine named {name!r}; there are {', '.join(names())}") from None


def upcoming(engine_name: str, expression: str, timezone: str, after: datetime, count: int) -> list[datetime]:
    """The next instants that an engine would fire at, in UTC, strictly after an aware `after`.

    Shorter where the engine finds no more. Raises `CronError` with the engine's reason where it refuses the
    expression, hangs, or fires for ever; `LookupError` for an unknown engine or zone; `ValueError` for a naive `after`.
    """
    if after.tzinfo is None:
        raise ValueError("after must have an offset or a zone")
    model = engine(engine_name)
    zone = zones.zone(timezone)
    reading = model.read(expression)
    instant: int | None = (after - _EPOCH) // timedelta(seconds=1)
    found: list[datetime] = []
    while len(found) < count:
        assert instant is not None
        instant = model.next(reading, zone, instant)
        if instant is None:
            break
        found.append(_EPOCH + timedelta(seconds=instant))
    return found
