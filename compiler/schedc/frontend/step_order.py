"""The order of steps: every `after` names another step, and following them never comes back."""

from __future__ import annotations

from collections.abc import Mapping

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.node import Node


def check_order(after: Mapping[str, tuple[str, ...]], node: Node, sink: Sink) -> None:
    """Tell the sink of names that are no step, of repeated ones, of cycles, and of steps that wait for a cycle."""
    before = sink.errors
    for name, earlier in after.items():
        for i, other in enumerate(earlier):
            place = node.nearest(name, "after", i)
            if other not in after:
                known = ", ".join(sorted(after))
                sink.add(rules.STEP_ORDER, f"no step is called {other}", place, help=f"the steps are {known}")
            elif other in earlier[:i]:
                sink.add(rules.STEP_ORDER, f"{other} stands twice", place, help="name it once")
    if sink.errors > before:
        return
    waiting = dict(after)
    while ready := [name for name, earlier in waiting.items() if not any(other in waiting for other in earlier)]:
        for name in ready:
            del waiting[name]
    cycle = _cycle(waiting)
    for name in waiting:
        if name in cycle:
            shown = " after ".join([*cycle[cycle.index(name) :], *cycle[: cycle.index(name)], name])
            message = f"{name} would run after itself: {shown}"
        else:
            message = f"{name} can never run: it waits for steps that run after themselves"
        sink.add(rules.STEP_ORDER, message, node.nearest(name, "after"))


def _cycle(waiting: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The names of one cycle, each after the next."""
    if not waiting:
        return []
    seen: list[str] = []
    name = next(iter(waiting))
    while name not in seen:
        seen.append(name)
        name = next(other for other in waiting[name] if other in waiting)
    return seen[seen.index(name) :]
