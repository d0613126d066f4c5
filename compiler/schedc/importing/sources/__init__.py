"""The kinds of files that can be imported, a module for each; one that holds `SOURCE` is found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schedc.importing.source import Source


def names() -> tuple[str, ...]:
    """The kinds, as `--from-kind` takes them; none is imported."""
    return tuple(sorted(m.name.replace("_", "-") for m in pkgutil.iter_modules(__path__)))


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Every kind by name, those that recognise the least first."""
    found = [importlib.import_module(f"{__name__}.{name.replace('-', '_')}").SOURCE for name in names()]
    return {one.name: one for one in sorted(found, key=lambda one: (one.rank, one.name))}
