"""JSON merge patches (RFC 7396) on plain data, and which parts of a document they must leave alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schedc.records import dataclass

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Protected:
    """A part of a document that no patch may touch, and what to use for it, as in "use cron_expression".

    A step of the path that ends with a star stands for every key that begins with what is before the star.
    """

    path: Path
    instead: str


def merged(document: Any, patch: Any) -> Any:
    """What a document becomes: mappings merge, null removes, everything else replaces; both arguments stay as they are.

    Keys keep their order, and new ones follow.
    """
    if not isinstance(patch, Mapping):
        return patch
    result = dict(document) if isinstance(document, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def leaves(patch: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The places that a patch sets or, where the value is None, removes. A list is one place, and so is `{}`."""
    if isinstance(patch, Mapping) and patch:
        for key, value in patch.items():
            yield from leaves(value, (*path, key))
    else:
        yield path, patch


def breaches(patch: Any, protected: Iterable[Protected]) -> Iterator[tuple[Path, Protected]]:
    """Each place at which a patch touches something protected, with the first thing in the list that it touches.

    A value above something protected touches it, since it replaces all that is below; only `{}` merges and does not.
    """
    rules = tuple(protected)
    for path, value in leaves(patch):
        for one in rules:
            within = len(path) >= len(one.path)
            if (within or value != {}) and all(map(_covers, one.path, path)):
                yield path, one
                break


def _covers(step: str, key: str) -> bool:
    return key.startswith(step[:-1]) if step.endswith("*") else key == step
