"""Which schedules only got another name: told from what they are, and never guessed without saying so."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from schedc.ir.canonical import canonical, digest
from schedc.ir.schedule import Schedule
from schedc.records import dataclass
from schedc.report.diff.flatten import flatten, of_workload
from schedc.report.diff.model import Cell, One


@dataclass(frozen=True, slots=True)
class Rename:
    """`certain`: nothing but the name differs, and no other schedule could have been meant."""

    old: str
    new: str
    certain: bool


def meaning(one: One) -> str:
    """A text that two schedules share exactly if they mean the same but for their names."""
    if one.schedule is not None:
        data: dict[str, Any] = {**canonical(one.schedule), "name": ""}
        data["deploy_to"], data["enabled"] = sorted(one.schedule.deploy_to or ()), one.schedule.enabled
        data["options"] = {k: v.plainly() for k, v in sorted(one.schedule.options.items())}
        return json.dumps(data, sort_keys=True, default=str)
    return repr(sorted((target, _of_cell(cell)) for target, cell in one.cells.items()))


def fingerprint(schedule: Schedule) -> str:
    """A text that two schedules share if they mean the same and compile to the same bytes."""
    options = {name: node.plainly() for name, node in schedule.options.items()}
    more = {"enabled": schedule.enabled, "deploy_to": sorted(schedule.deploy_to or ()), "all": not schedule.deploy_to}
    return f"{digest(schedule, {**options, ' ': more})} {schedule.written} {schedule.source.rpartition('/')[2]}"


def _core(one: One) -> str:
    """When it fires and what runs; empty where that cannot be told."""
    if one.schedule is not None:
        data = canonical(one.schedule)
        return json.dumps([data.get(k) for k in ("trigger", "start", "end", "run")], sort_keys=True, default=str)
    cells = sorted((t, c.deployed) for t, c in one.cells.items() if c.deployed is not None)
    return repr([(t, d.told, sorted(of_workload(d.workload).items())) for t, d in cells]) if cells else ""


def _of_cell(cell: Cell) -> str:
    one = cell.deployed
    if one is None:
        return repr((cell.refused, cell.unreadable, sorted(cell.files.values())))
    identity = {k: v for k, v in one.identity.items() if k not in ("source", "name", "dag_id")}
    shown = (one.told, one.behaviour, sorted(of_workload(one.workload).items()), one.description, one.owner)
    return repr((*shown, sorted(one.labels.items()), one.cache, sorted(flatten(identity, ()).items())))


def find(old: Mapping[str, One], new: Mapping[str, One]) -> list[Rename]:
    """Pairs of schedules that stand on one side only: first what is the same in all, then in what runs and when.

    Of several that fit as well the first by name are taken, and none of them is certain.
    """
    gone = {name: one for name, one in old.items() if name not in new}
    come = {name: one for name, one in new.items() if name not in old}
    found = []
    for key, sure in ((meaning, True), (_core, False)):
        before, after = _by(key, gone.values()), _by(key, come.values())
        for text in sorted(before.keys() & after.keys()):
            pairs = _closest(before[text], after[text])
            only = len(before[text]) == len(after[text]) == 1
            for one, other in pairs:
                found.append(Rename(one.name, other.name, sure and only))
                del gone[one.name], come[other.name]
    return sorted(found, key=lambda one: one.new)


def _by(key: Any, ones: Iterable[One]) -> dict[str, list[One]]:
    groups: dict[str, list[One]] = defaultdict(list)
    for one in sorted(ones, key=lambda one: one.name):
        text = key(one)
        if text:
            groups[text].append(one)
    return groups


def _closest(old: list[One], new: list[One]) -> list[tuple[One, One]]:
    """Each of the fewer with the most similar of the others that is left."""
    pairs = []
    left = list(new)
    for one in old:
        if not left:
            break
        best = max(left, key=partial(_alike, one))
        left.remove(best)
        pairs.append((one, best))
    return pairs


def _alike(one: One, other: One) -> int:
    """How many fields two schedules have in common."""
    if one.schedule is None or other.schedule is None:
        return 0
    first, second = canonical(one.schedule), canonical(other.schedule)
    return sum(first[key] == second[key] for key in first.keys() & second.keys())
