"""What was written, read back: it must compile to what its source does today, else the difference is reported."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from schedc.checks import check as check_schedule
from schedc.compile import Output, compile_schedules
from schedc.diagnostics import Diagnostic, Severity, rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.pipeline_file import read_pipeline
from schedc.frontend.schedule_reader import read_schedule
from schedc.frontend.values import fill
from schedc.frontend.written import schedules_of
from schedc.frontend.yaml_file import read_yaml
from schedc.importing.intervals import instant
from schedc.importing.source import Found, Path
from schedc.ir.schedule import Schedule
from schedc.ir.workload import Pipeline
from schedc.lints import switched
from schedc.node import Node, merge_all
from schedc.proof.instants import prove_instants
from schedc.proof.policies import prove_metadata, prove_policies, prove_workload, shown
from schedc.records import replace
from schedc.source import SourceFile, Span
from schedc.target import Deployed
from schedc.targets import target, targets

VALUES = {"image": "image"}
"""Stands for values that a person fills in, while what was written is looked at."""
_LINTS = ("misread-cron", "stampede", "uneven-step")
_BEHAVIOUR = {
    "missed": "what becomes of missed runs",
    "busy": "what happens when a run is due and one is active",
    "limit": "how many runs may be active",
    "start_deadline": "how late a run may start",
    "paused": "whether it is paused",
    "retries": "how often a failed run is tried again",
    "timeout": "how long a run may take",
    "attempt_timeout": "how long a try may take",
}


def check(found: Sequence[Found], text: str, sink: Sink) -> None:
    """Tell the sink, at places of the sources, what is wrong or suspicious in a text that was written."""
    file = SourceFile("imported.yaml", text)
    by_name = {one.name: one for one in found}
    inner = Sink()
    schedules, tree = read_back(file, found, inner)
    wanted = sorted({name for one in schedules for name in one.deploy_to or () if name in targets()})
    outputs = compile_schedules(schedules, wanted, inner, switched({name: {} for name in _LINTS})).outputs
    differs = set()
    for schedule in schedules:
        one = by_name[schedule.name]
        trial = Sink(schedule.name)
        _compare(schedule, one, [o for o in outputs if o.schedule.name == schedule.name], trial)
        for diagnostic in trial.found:
            if diagnostic.is_error:
                differs.add((schedule.name, one.told.engine if one.told else ""))
                sink.extend([_as_difference(diagnostic, tree, one)])
    for diagnostic in inner.found:
        is_same = diagnostic.rule.code.startswith("SC4") and (diagnostic.schedule, diagnostic.target) in differs
        if _is_told(diagnostic) and not is_same:
            sink.extend([_at_source(diagnostic, tree, by_name)])


def read_back(file: SourceFile, found: Sequence[Found], sink: Sink) -> tuple[list[Schedule], Node | None]:
    """The schedules of a text as `schedc check` reads them, and its tree."""
    tree = read_yaml(file, sink)
    if tree is None:
        return [], None
    if not (tree.get("schedules") or tree).value:
        return [], tree
    promises = {one.name: _promise(one) for one in found}
    packages = {name: text for one in found for name, text in one.files.items()}
    schedules = []
    for one in schedules_of(tree, file.path, sink):
        inner = sink.within(one.name)
        node = merge_all((one.defaults, one.node))
        assert node is not None
        node = fill(replace(node, span=one.place), VALUES, inner)
        schedule = read_schedule(one.name, node, one.source, promises.get(one.name), _pipelines(packages), inner)
        if schedule is not None:
            before = sink.errors
            check_schedule(schedule, inner)
            if sink.errors == before:
                schedules.append(schedule)
    return schedules, tree


def _promise(one: Found) -> int | None:
    """When the artifact was promised to be applied at the earliest, UTC seconds."""
    text = one.deployed.identity.get("applied_after") if one.deployed else None
    return instant(text) if isinstance(text, str) else None


def _pipelines(packages: Mapping[str, str]) -> Any:
    def read(node: Node, data: Mapping[str, Any], timezone: str, sink: Sink) -> Pipeline | None:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in packages.items():
                (FilePath(folder) / name).write_text(text, "utf-8")
            return read_pipeline(node, data, timezone, sink, FilePath(folder))

    return read


def _compare(schedule: Schedule, one: Found, outputs: Sequence[Output], sink: Sink) -> None:
    if one.told is not None:
        prove_instants(schedule, one.told, (), _title(one), sink)
    if one.deployed is None:
        return
    prove_policies(schedule, one.deployed, _title(one), sink)
    prove_workload(schedule, one.deployed, _title(one), sink)
    prove_metadata(schedule, one.deployed, _title(one), sink)
    for output in outputs:
        if one.told is not None and one.told.engine.startswith(output.target):
            again = target(output.target).read({a.path: a.text for a in output.artifacts})
            _same_behaviour(one.deployed, again, schedule, sink)


def _same_behaviour(was: Deployed, will_be: Deployed, schedule: Schedule, sink: Sink) -> None:
    for name, words in _BEHAVIOUR.items():
        before, after = getattr(was.behaviour, name), getattr(will_be.behaviour, name)
        if before != after:
            message = f"{words} would be {shown(after)}, and is {shown(before)} today"
            sink.add(rules.POLICY_DIFFERS, message, schedule.place())


def _title(one: Found) -> str:
    return "what runs today"


def _is_told(diagnostic: Diagnostic) -> bool:
    """Errors, and what is suspicious; what a target chooses is told when somebody compiles."""
    if diagnostic.is_error:
        return True
    suspicious = diagnostic.rule.code.startswith(("SC11", "SC22")) or diagnostic.rule is rules.SUSPICIOUS_CRON
    return suspicious and diagnostic.severity is Severity.WARNING and diagnostic.rule is not rules.BACKFILL_ON_DEPLOY


def _at_source(diagnostic: Diagnostic, tree: Node | None, by_name: Mapping[str, Found]) -> Diagnostic:
    one = by_name.get(diagnostic.schedule or "")
    if one is None:
        return replace(diagnostic, span=None)
    return replace(diagnostic, span=_origin(diagnostic.span, tree, one), replacement=None)


def _as_difference(diagnostic: Diagnostic, tree: Node | None, one: Found) -> Diagnostic:
    return replace(
        diagnostic,
        rule=rules.IMPORT_DIFFERS,
        severity=Severity.ERROR,
        span=_origin(diagnostic.span, tree, one),
        help="write by hand what it should do",
        replacement=None,
        notes=(*diagnostic.notes, f"found as {diagnostic.rule.code} {diagnostic.rule.name}"),
    )


def _origin(span: Span | None, tree: Node | None, one: Found) -> Span:
    """Where the source says what stands at a place of the text that was written."""
    if span is None or tree is None:
        return one.place
    for root in (tree.get("schedules", one.name), tree.get("defaults")):
        if root is not None and root.span.start <= span.start <= root.span.end:
            return one.at(*_path(root, span))
    return one.place


def _path(node: Node, span: Span) -> Path:
    """The path of the smallest value around a place."""
    for step, inner in _inside(node):
        if inner.span.start <= span.start and span.end <= inner.span.end:
            return (step, *_path(inner, span))
    return ()


def _inside(node: Node) -> Iterator[tuple[str | int, Node]]:
    if isinstance(node.value, dict):
        yield from ((key, entry.node) for key, entry in node.value.items())
    elif isinstance(node.value, list):
        yield from enumerate(node.value)
