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
        seen = set()
        for i, other in enumerate(earlier):
            if other not in after:
                known = ", ".join(sorted(after)[:20]) + (", ..." if len(after) > 20 else "")
                place = node.nearest(name, "after", i)
                sink.add(rules.STEP_ORDER, f"no step is called {other}", place, help=f"the steps are {known}")
            elif other in seen:
                place = node.nearest(name, "after", i)
                sink.add(rules.STEP_ORDER, f"{other} stands twice", place, help="name it once")
            seen.add(other)
    if sink.errors > before:
        return
    waiting = _waiting(after)
    cycle = _cycle(waiting)
    places = {name: i for i, name in enumerate(cycle)}
    for name in waiting:
        if name in places:
            following = [cycle[(places[name] + i) % len(cycle)] for i in range(min(len(cycle), _SHOWN))]
            more = ["..."] if len(cycle) > _SHOWN else []
            message = f"{name} would run after itself: {' after '.join([*following, *more, name])}"
        else:
            message = f"{name} can never run: it waits for steps that run after themselves"
        sink.add(rules.STEP_ORDER, message, node.nearest(name, "after"))


_SHOWN = 10
"""How many steps of a cycle a message names."""


def _waiting(after: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The steps that can never run, with those that they run after."""
    left = {name: len(earlier) for name, earlier in after.items()}
    followers: dict[str, list[str]] = {name: [] for name in after}
    for name, earlier in after.items():
        for other in earlier:
            followers[other].append(name)
    ready = [name for name, count in left.items() if not count]
    while ready:
        for name in followers[ready.pop()]:
            left[name] -= 1
            if not left[name]:
                ready.append(name)
    return {name: after[name] for name, count in left.items() if count}


def _cycle(waiting: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The names of one cycle, each after the next."""
    if not waiting:
        return []
    seen: dict[str, int] = {}
    name = next(iter(waiting))
    while name not in seen:
        seen[name] = len(seen)
        name = next(other for other in waiting[name] if other in waiting)
    return list(seen)[seen[name] :]
