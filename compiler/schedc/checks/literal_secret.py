"""Text in a workload that looks like a secret."""

from __future__ import annotations

from collections.abc import Iterator

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.workload import Container, Pipeline, Steps
from schedc.secret_text import looks_like

__all__ = ["check_literal_secret", "looks_like"]

Place = tuple[str | int, ...]


def check_literal_secret(schedule: Schedule, sink: Sink) -> None:
    """A secret in a schedule would stand in the repository, in the artifact and in the engine's logs."""
    for name, text, place in _texts(schedule):
        kind = looks_like(name, text)
        if kind is not None:
            sink.add(
                rules.LITERAL_SECRET,
                f"the text looks like {kind}",
                schedule.place(*place),
                notes=("the text would stand in the repository, in the artifact and in the engine's own records",),
                help="keep it in a Secret, and refer to it: {secret: NAME, key: KEY}; if it is none, allow"
                " literal-secret with a reason",
            )


def _texts(schedule: Schedule) -> Iterator[tuple[str, str, Place]]:
    run = schedule.run
    if isinstance(run, Container):
        yield from _of_container(run, ("run", "container"))
    elif isinstance(run, Steps):
        for step in run.steps:
            yield from _of_container(step.container, ("run", "steps", step.name))
    elif isinstance(run, Pipeline):
        for name, value in run.parameters.items():
            if isinstance(value, str):
                yield name, value, ("run", "pipeline", "parameters", name)


def _of_container(run: Container, here: Place) -> Iterator[tuple[str, str, Place]]:
    for name, value in run.env.items():
        if isinstance(value, str):
            yield name, value, (*here, "env", name)
    for field, words in (("command", run.command), ("args", run.args)):
        before = ""
        for i, word in enumerate(words or ()):
            if isinstance(word, str):
                flag, equals, value = word.partition("=")
                yield (flag, value, (*here, field, i)) if equals else (before, word, (*here, field, i))
                before = word
    for i, init in enumerate(run.init_containers):
        yield from _of_container(init.container, (*here, "init_containers", i))
    for name, value in run.pod.get("pod_annotations", {}).items():
        yield name, value, (*here, "pod_annotations", name)
