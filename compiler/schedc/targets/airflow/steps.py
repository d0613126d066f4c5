"""Writes the order of steps as Python: a variable for each, and `extract >> train`."""

from __future__ import annotations

import keyword
from collections.abc import Iterator

from schedc.ir.workload import Step, Steps
from schedc.targets.airflow.text import WIDTH, Source, lay_out

TAKEN = frozenset(
    {
        "DAG",
        "SCHEDULE",
        "dag",
        "datetime",
        "timedelta",
        "timezone",
        "literal",
        "k8s",
        "CronTriggerTimetable",
        "MultipleCronTriggerTimetable",
        "DeltaTriggerTimetable",
        "KubernetesPodOperator",
        "DockerOperator",
        "BashOperator",
    }
)
"""Names that a DAG file may have by itself."""


def variable(name: str) -> str:
    """The variable of a step; names of steps have no underscore and neither begin nor end with a dash."""
    text = name.replace("-", "_")
    if text[0].isdigit():
        return f"_{text}"
    return f"{text}_" if keyword.iskeyword(text) or text in TAKEN else text


def in_order(run: Steps) -> list[Step]:
    """Steps after those that they wait for; otherwise in their own order."""
    waiting = list(run.steps)
    found: list[Step] = []
    while waiting:
        done = {one.name for one in found}
        ready = next(one for one in waiting if done.issuperset(one.after))
        waiting.remove(ready)
        found.append(ready)
    return found


def dependencies(run: Steps) -> Iterator[str]:
    """A statement for each step that waits, and one for a whole chain of steps where it fits on a line."""
    lines: list[str] = []
    last = ""
    for one in in_order(run):
        if not one.after:
            continue
        name = variable(one.name)
        if one.after == (last,) and lines and len(f"{lines[-1]} >> {name}") <= WIDTH:
            lines[-1] += f" >> {name}"
        else:
            lines.append(_waits([variable(other) for other in one.after], name))
        last = one.name
    yield from lines


def _waits(before: list[str], name: str) -> str:
    if len(before) > 1:
        after = f" >> {name}"
        return f"    {lay_out([Source(other) for other in before], 4, after=len(after))}{after}"
    line = f"    {before[0]} >> {name}"
    return line if len(line) <= WIDTH else f"    (\n        {before[0]}\n        >> {name}\n    )"
