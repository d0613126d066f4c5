"""Takes what looks like a secret out of everything that was found, whatever its source is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.importing.source import Found, Path
from schedc.ir.workload import Container, Steps, Workload
from schedc.records import replace
from schedc.secret_text import looks_like as seems
from schedc.secret_text import secrets_in

_TELLING_END = re.compile(r"(?:pass|passwd|password|pwd|secret|token|apikey)$", re.IGNORECASE)
_ASSIGNED = re.compile(r"(?<![\w.-])(?P<name>[\w.-]+)=(?P<quote>[\"']?)(?P<value>[^\s\"']+)(?P=quote)")
LEFT_OUT = "LEFT-OUT"
"""Stands in a text in place of what looks like a secret."""


def without_secrets(found: Found, sink: Sink) -> Found:
    """The same, with nothing in its fields that looks like a secret; each place is told.

    A variable is left out whole: a reference takes its place, which only a person can make. In other text, the token
    alone is covered.
    """
    fields = _clean(found.fields, (), "", found, sink)
    return replace(
        found,
        fields=fields,
        written=covered(found.written),
        remarks=tuple(map(covered, found.remarks)),
        files={name: covered(text) for name, text in found.files.items()},
        deployed=found.deployed and replace(found.deployed, workload=_clean_workload(found.deployed.workload)),
    )


def _clean_workload(run: Workload) -> Workload:
    """What runs today, less what is left out: the rest is compared, and shown."""
    if isinstance(run, Steps):
        return Steps(steps=tuple(replace(one, container=_clean_container(one.container)) for one in run.steps))
    return _clean_container(run) if isinstance(run, Container) else run


def _clean_container(run: Container) -> Container:
    def words(given: Any) -> Any:
        return given and tuple(_word("", one) if isinstance(one, str) else one for one in given)

    return replace(
        run,
        command=words(run.command),
        args=words(run.args),
        env={k: v for k, v in run.env.items() if not (isinstance(v, str) and looks_like(k, v))},
        init_containers=tuple(replace(one, container=_clean_container(one.container)) for one in run.init_containers),
        pod=_clean_data(run.pod, ""),
    )


def _clean_data(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _clean_data(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(_clean_data(inner, name) for inner in value)
    return _word(name, value) if isinstance(value, str) else value


def _word(name: str, text: str) -> str:
    if looks_like(name, text) is None:
        return text
    return covered(text) if covered(text) != text else LEFT_OUT


def looks_like(name: str, text: str) -> str | None:
    """What a text seems to be; a name such as PGPASSWORD tells as much as DB_PASSWORD does."""
    if _TELLING_END.search(name) and seems("password", text):
        return seems(name, text) or f"a secret: it is random, and called {name}"
    return seems(name, text) or ("text with a secret in it" if covered(text) != text else None)


def covered(text: str) -> str:
    """A text in which nothing is left that looks like a secret where it stands."""
    return "\n".join(map(_covered_line, text.split("\n")))


def _covered_line(line: str) -> str:
    found = list(secrets_in(line))
    found += [one.span("value") for one in _ASSIGNED.finditer(line) if _is_secret(one["name"], one["value"])]
    for start, end in sorted(_apart(found), reverse=True):
        line = line[:start] + LEFT_OUT + line[end:]
    return line


def _is_secret(name: str, value: str) -> bool:
    return seems("password" if _TELLING_END.search(name) else name, value) is not None


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretches, with those that overlap as one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _clean(value: Any, path: Path, name: str, found: Found, sink: Sink) -> Any:
    if isinstance(value, Mapping):
        is_reference = path[-2:-1] == ("env",)
        result = {}
        for key, inner in value.items():
            below = (*path, key)
            called = "" if is_reference and key in ("secret", "key", "config_map") else str(key)
            if path[-1:] == ("env",) and isinstance(inner, str) and (kind := looks_like(called, inner)):
                help = f"keep it in a Secret, and write {key}: {{secret: NAME, key: KEY}} under env"
                _tell(kind, below, found, sink, help)
                continue
            result[key] = _clean(inner, below, called, found, sink)
            if key == "env" and inner and not result[key]:
                del result[key]
        return result
    if isinstance(value, list | tuple):
        return [_clean(item, (*path, i), name, found, sink) for i, item in enumerate(value)]
    if isinstance(value, str) and (kind := looks_like(name, value)):
        _tell(kind, path, found, sink, f"keep it in a Secret, and put a reference in place of {LEFT_OUT}")
        return _word(name, value)
    return value


def _tell(kind: str, path: Path, found: Found, sink: Sink, help: str) -> None:
    sink.add(
        rules.SECRET_LEFT_OUT,
        f"{'.'.join(map(str, path))} looks like {kind}, and is left out",
        found.at(*path),
        schedule=found.name,
        help=help,
    )
