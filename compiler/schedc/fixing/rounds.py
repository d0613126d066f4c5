"""Edits in rounds, until nothing is left to do: those that prove are kept, the others are taken back and told of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from schedc.diagnostics import Diagnostic, in_order
from schedc.fixing.edits import Edit, apart, decoded, edited, moved
from schedc.fixing.meaning import View, stays, trouble, unknown_elsewhere
from schedc.records import dataclass, field

MOST_ROUNDS = 10
"""Of edits that lie upon each other, so many are tried one after another."""

Texts = Mapping[Path, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What is to be fixed. `files` are the YAML sources as they were read, by path; `shown` maps their shown names.

    `findings` gives what a check of the given texts finds, which is what may be fixed. `view` gives the whole project
    under an environment, with all its schedules; `others` are the environments beside the one that was picked.
    """

    files: Texts
    shown: Mapping[str, Path]
    findings: Callable[[Texts], Sequence[Diagnostic]]
    view: Callable[[str | None, Texts], View]
    picked: str | None
    others: tuple[str | None, ...] = ()


@dataclass(slots=True)
class Fixes:
    """What came of it: `texts` are the files that differ now, `taken_back` edits come with the reason."""

    texts: dict[Path, bytes] = field(default_factory=dict)
    done: list[Edit] = field(default_factory=list)
    taken_back: list[tuple[Edit, str]] = field(default_factory=list)
    elsewhere: list[Diagnostic] = field(default_factory=list)
    """Findings with a replacement in a file that is not edited."""
    left: Sequence[Diagnostic] = ()


def fix(project: Project, unsafe: bool = False) -> Fixes:
    """Put in what can be: safe replacements, and then, where they are asked for, the others."""
    result = Fixes()
    held: dict[Path, set[tuple[int, str]]] = {}
    found = project.findings({})
    for _ in range(MOST_ROUNDS):
        wanted = _wanted(project, result, found, held)
        kinds = [[edit for edit in wanted if edit.safe is safe] for safe in ((True, False) if unsafe else (True,))]
        edits = apart(next((kind for kind in kinds if kind), []))
        if not edits:
            break
        kept, refused = _settled(project, result.texts, edits)
        for path in {edit.path for edit in (*kept, *(one for one, _ in refused))}:
            here = [edit for edit in kept if edit.path == path]
            now = held.setdefault(path, set()) | {(one.start, one.text) for one, _ in refused if one.path == path}
            held[path] = {(moved(start, here), text) for start, text in now}
        result.texts = _texts(project, result.texts, kept)
        result.done += kept
        result.taken_back += refused
        found = project.findings(result.texts)
    result.texts = {path: data for path, data in result.texts.items() if data != project.files[path]}
    result.elsewhere = _elsewhere(project, found)
    result.left = found
    return result


def _elsewhere(project: Project, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [d for d in in_order(found) if d.replacement and d.replacement.span.file.path not in project.shown]


def _wanted(
    project: Project, result: Fixes, found: Iterable[Diagnostic], held: Mapping[Path, set[tuple[int, str]]]
) -> list[Edit]:
    """An edit for each replacement in a file that can be edited, but for those that were taken back."""
    edits: dict[tuple[Path, int, int, str], Edit] = {}
    now = {path: decoded(data) for path, data in {**project.files, **result.texts}.items()}
    for one in in_order(found):
        fix = one.replacement
        path = project.shown.get(fix.span.file.path) if fix else None
        if fix is None or path is None or now[path] != fix.span.file.text:
            continue
        if (fix.span.start, fix.text) not in held.get(path, ()):
            edit = Edit(path, fix.span.start, fix.span.end, fix.text, fix.safe, one)
            edits.setdefault((path, edit.start, edit.end, edit.text), edit)
    return list(edits.values())


def _texts(project: Project, texts: Texts, edits: Sequence[Edit]) -> dict[Path, bytes]:
    result = dict(texts)
    for path in {edit.path for edit in edits}:
        before = texts.get(path, project.files[path])
        result[path] = edited(before, [edit for edit in edits if edit.path == path])
    return result


def _settled(project: Project, texts: Texts, edits: Sequence[Edit]) -> tuple[list[Edit], list[tuple[Edit, str]]]:
    """The edits that stay, and those that do not: where several fail together, each half is tried alone."""
    environments = (project.picked, *project.others)

    def views(some: Sequence[Edit]) -> list[View]:
        now = _texts(project, texts, some)
        return [project.view(name, now) for name in environments]

    kept: list[Edit] = []
    refused: list[tuple[Edit, str]] = []
    state = views(kept)
    waiting = [list(edits)]
    while waiting:
        some = waiting.pop()
        after = views([*kept, *some])
        reason = next(filter(None, (trouble(a, b, some) for a, b in zip(state, after, strict=True))), None)
        reason = reason or unknown_elsewhere(some, state)
        if reason is None and stays(state[0], after[0], some):
            reason = "the finding would stay"
        if reason is None:
            kept += some
            state = after
        elif len(some) == 1:
            refused.append((some[0], reason))
        else:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]]
    return kept, refused
