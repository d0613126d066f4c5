"""What people read once: the same finding on several targets and in several environments."""

from __future__ import annotations

from collections.abc import Sequence

from schedc.diagnostics import Diagnostic, Severity
from schedc.diagnostics.render.visible import safe
from schedc.records import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """A finding, and where it was found: on each of the targets, in each of the environments."""

    first: Diagnostic
    targets: tuple[str, ...]
    environments: tuple[str, ...]

    @property
    def belongs(self) -> str:
        """Its schedule and its targets in words; empty where it has none."""
        words = [f"schedule {safe(self.first.schedule)}"] if self.first.schedule else []
        words += [f"target {', '.join(map(safe, self.targets))}"] if self.targets else []
        return ", ".join(words)

    @property
    def inside(self) -> str:
        """Its environments in words; empty where there are none."""
        return f"environment {', '.join(map(safe, self.environments))}" if self.environments else ""

    @property
    def whole(self) -> str:
        """Both in words."""
        return ", ".join(words for words in (self.belongs, self.inside) if words)


def groups(found: Sequence[Diagnostic]) -> list[Group]:
    """In the order of the first ones; environments are together where the targets are the same in them."""
    same: dict[tuple[object, ...], dict[str | None, list[Diagnostic]]] = {}
    for d in found:
        key = (d.rule, d.severity, d.message, d.span, d.notes, d.help, d.schedule)
        same.setdefault(key, {}).setdefault(d.environment, []).append(d)
    result = []
    for by_environment in same.values():
        by_targets: dict[tuple[str, ...], list[tuple[str | None, Diagnostic]]] = {}
        for environment, some in by_environment.items():
            by_targets.setdefault(tuple(d.target for d in some if d.target), []).append((environment, some[0]))
        for targets, where in by_targets.items():
            result.append(Group(where[0][1], targets, tuple(name for name, _ in where if name is not None)))
    return result


def summary(found: Sequence[Diagnostic], notes: bool = False) -> str:
    """How many errors and warnings there are, in words; empty where there are none."""
    counted = [group.first.severity for group in groups(found)]
    parts = []
    for severity in (Severity.ERROR, Severity.WARNING, *((Severity.NOTE,) if notes else ())):
        count = counted.count(severity)
        if count:
            parts.append(f"{count} {severity.value}{'s' if count > 1 else ''}")
    return ", ".join(parts)
