"""What a patch may bring into an artifact with a pipeline: fields that schedc has no word for, each of its type.

Nothing that schedc writes itself can be changed by a patch, so that a reader can set it apart again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from schedc.json_merge_patch import Path, Protected, breaches

Free = Mapping[str, "Free | str | tuple[str, ...]"]
"""Fields by name, where a star stands for any: a mapping for what is below, a type, or the words that it takes."""

_TYPES: dict[str, tuple[type, str]] = {
    "text": (str, "text"),
    "bool": (bool, "true or false"),
    "number": (int, "a whole number"),
    "list": (list, "a list"),
    "map": (dict, "a mapping"),
}

SPEC: Free = {
    "defaultPipelineRoot": "text",
    "pipelineInfo": {"displayName": "text"},
    "root": {
        "dag": {
            "tasks": {
                "*": {
                    "triggerPolicy": {
                        "condition": "text",
                        "strategy": ("ALL_UPSTREAM_TASKS_SUCCEEDED", "ALL_UPSTREAM_TASKS_COMPLETED"),
                    },
                }
            }
        }
    },
}
"""What a patch may bring into a pipeline that schedc writes."""

TASKS = ("root", "dag", "tasks")
"""Where the tasks of a pipeline are."""
_RUN = "use the fields of run"


def protected_spec(*at: str) -> tuple[Protected, ...]:
    """What of a pipeline at this path schedc has words for."""
    task = (*at, *TASKS, "*")
    found = (
        ((*task, "cachingOptions"), "use cache"),
        ((*task, "retryPolicy"), "use retries"),
        ((*task, "dependentTasks"), "use after"),
        ((*task, "inputs"), _RUN),
        ((*task, "componentRef"), _RUN),
        ((*at, "components"), _RUN),
        ((*at, "deploymentSpec"), _RUN),
        ((*at, "pipelineInfo", "name"), "change the schedule's name"),
        ((*at, "pipelineInfo", "description"), "use description"),
        ((*at, "schemaVersion"), _RUN),
        ((*at, "sdkVersion"), _RUN),
    )
    return tuple(Protected(path, instead) for path, instead in found)


def problems(patch: Any, protected: Iterable[Protected], free: Free) -> Iterator[tuple[Path, str, str]]:
    """Each place of a patch that is refused, what is wrong there, and the remedy."""
    touched = dict(breaches(patch, protected))
    for path, one in touched.items():
        yield path, f"{'.'.join(path) or 'the whole'} cannot be patched", one.instead
    if not touched:
        yield from _mistakes(patch, free, ())


def strangers(patch: Any, at: Path, names: set[str]) -> Iterator[tuple[Path, str, str]]:
    """What a patch names below `at` that is not there."""
    for key in at:
        patch = patch.get(key, {})
    for name in patch:
        if name not in names:
            yield (*at, name), f"{'.'.join(at)} has no {name}", f"they are {', '.join(sorted(names))}"


def _mistakes(value: Any, free: Free | str | tuple[str, ...], path: Path) -> Iterator[tuple[Path, str, str]]:
    where = ".".join(path) or "the patch"
    if value is None or value == {}:
        yield path, f"{where} sets nothing", "leave it out: a patch removes nothing that schedc writes"
    elif isinstance(free, tuple):
        if value not in free:
            yield path, f"{where} is not {value!r}", f"it takes {' or '.join(free)}"
    elif isinstance(free, str):
        kind, phrase = _TYPES[free]
        if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
            yield path, f"{where} is not {phrase}", f"write {phrase}"
    elif not isinstance(value, Mapping):
        yield path, f"{where} is not a mapping", "write a mapping"
    else:
        for key, inner in value.items():
            below = free.get(key, free.get("*"))
            if below is None:
                known = get_close_matches(key, free, n=3) or sorted(free)
                message = f"{'.'.join((*path, key))} is no field that a patch can bring"
                yield (*path, key), message, f"they are {', '.join(known)}"
            else:
                yield from _mistakes(inner, below, (*path, key))
