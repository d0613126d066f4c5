"""The tables of docs/comparison.md: schedules that ZenML, Metaflow and schedc convert, and what fires then.

`--record FOLDER` asks the tools anew, and `--verdicts FOLDER` prints the verdicts on answers in a folder as JSON.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from peer_answers import ANSWERS, FORMS, METAFLOW_TARGETS, ZENML_TARGETS, record, recorded, schedules
from peer_verdicts import DAYS, KINDS, REFUSES, RIGHT, Reference, Verdict, reference, verdict

TITLES = {
    "airflow": "Airflow",
    "kubernetes": "Kubernetes CronJob",
    "kubeflow": "Kubeflow Pipelines",
    "vertex": "Vertex AI",
    "argo": "Argo CronWorkflow",
}
_FORM_TITLES = {"metaflow": "Metaflow, six fields", "plain": "Metaflow, five fields"}
_MODELS = {("metaflow", "airflow"): "airflow 2", ("plain", "airflow"): "airflow 2"}
"""Where another model counts than that of the target: the file that Metaflow writes is one for Airflow 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The verdicts of one schedule: by column and target, and of ZenML when it is written for the engine by hand."""

    schedule: dict[str, Any]
    reference: Reference
    verdicts: dict[tuple[str, str], Verdict]
    by_hand: dict[str, Verdict]


@lru_cache(maxsize=4)
def comparisons(folder: Path = ANSWERS) -> tuple[Comparison, ...]:
    zenml, metaflow = recorded("zenml", folder)["answers"], recorded("metaflow", folder)["answers"]
    return tuple(_comparison(one, zenml, metaflow) for one in schedules())


def _comparison(one: dict[str, Any], zenml: dict[str, Any], metaflow: dict[str, Any]) -> Comparison:
    name, days = one["name"], one.get("days", DAYS)
    known = reference(one["schedule"], ZENML_TARGETS)
    found = {("zenml", target): verdict(known.schedule, target, zenml[name][target], days) for target in ZENML_TARGETS}
    for form in FORMS:
        for target, answer in metaflow.get(name if form == "metaflow" else f"{name}/{form}", {}).items():
            found[form, target] = verdict(known.schedule, _MODELS.get((form, target), target), answer, days)
    by_hand = {
        target: verdict(known.schedule, target, zenml[f"{name}/{target}"][target], days)
        for target in one.get("by_hand", {})
    }
    return Comparison(schedule=one, reference=known, verdicts=found, by_hand=by_hand)


def verdicts(folder: Path = ANSWERS) -> dict[str, str]:
    """Every verdict on the tools, by schedule, column and target."""
    return {
        f"{one.schedule['name']}, {column}, {target}": found.text
        for one in comparisons(folder)
        for (column, target), found in [
            *one.verdicts.items(),
            *((("zenml by hand", target), found) for target, found in one.by_hand.items()),
        ]
    }


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(header)
    return "".join([_row(titles), _row(["---"] * len(titles)), *map(_row, rows)])


def versions() -> str:
    rows = []
    for tool in ("zenml", "metaflow"):
        found = recorded(tool)
        rows.append((", ".join(f"{name} {number}" for name, number in found["versions"].items()), tool))
    airflows = " and ".join(found["version"] for _, found in sorted(recorded("zenml")["loads"].items(), reverse=True))
    lines = [f"- {'ZenML' if tool == 'zenml' else 'Metaflow'}: {text}\n" for text, tool in rows]
    return "".join([*lines, f"- Airflow, which loaded what both wrote for it: {airflows}\n"])


def summary() -> str:
    """How many verdicts of each kind."""
    rows = []
    for label, column, targets in (
        ("ZenML", "zenml", ZENML_TARGETS),
        *((_FORM_TITLES[form], form, METAFLOW_TARGETS) for form in FORMS),
    ):
        for target in targets:
            seen = [one.verdicts[column, target] for one in comparisons() if (column, target) in one.verdicts]
            rows.append((label, TITLES[target], seen))
    ours = ((target, [one.reference.verdicts[target] for one in comparisons()]) for target in ZENML_TARGETS)
    rows += [("schedc", TITLES[target], seen) for target, seen in ours]
    return _table(
        ("Tool", "Target", *(title[:1].upper() + title[1:] for title in KINDS.values())),
        ((label, target, *_counted(seen)) for label, target, seen in rows),
    )


def _counted(seen: list[Verdict]) -> Iterator[str]:
    counts = Counter(one.kind for one in seen)
    return (str(counts[kind]) for kind in KINDS)


def right_and_refused() -> str:
    """Where a tool is right, if only when it is used in one way, and schedc refuses."""
    rows = []
    for one in comparisons():
        peers = [(column, target, found, "") for (column, target), found in one.verdicts.items()]
        peers += [("zenml", target, found, _text(one, target)) for target, found in one.by_hand.items()]
        for column, target, found, text in peers:
            ours = one.reference.verdicts.get(target)
            if ours is not None and ours.kind == REFUSES and found.text.startswith("right"):
                tool = "ZenML" if column == "zenml" else _FORM_TITLES[column]
                shown = f"{found.text}, where `{text}` is written" if text else found.text
                rows.append((one.schedule["says"], TITLES[target], f"{tool}: {shown}", ours.text))
    return _table(("Schedule", "Target", "The tool", "schedc"), rows)


def _text(one: Comparison, target: str) -> str:
    return str(one.schedule["by_hand"][target]["cron_expression"])


def given() -> str:
    return _table(
        ("Schedule", "Given to schedc and ZenML", "Metaflow, six fields", "Metaflow, five fields"),
        (
            (one["says"], _code(one["schedule"]), *(one[form].get("none") or _code(one[form]) for form in FORMS))
            for one in schedules()
        ),
    )


def _code(fields: dict[str, Any]) -> str:
    return "`" + ", ".join(f"{name}: {_plain(value)}" for name, value in fields.items()) + "`"


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def of_target(target: str) -> str:
    """The verdicts of every tool that has the target."""
    columns = [("zenml", "ZenML")] if target in ZENML_TARGETS else []
    columns += [(form, _FORM_TITLES[form]) for form in FORMS] if target in METAFLOW_TARGETS else []
    header = ["Schedule", *(title for _, title in columns), *(["schedc"] if target in ZENML_TARGETS else [])]
    rows = []
    for one in comparisons():
        cells = [_cell(one, column, target) for column, _ in columns]
        if target in ZENML_TARGETS:
            cells.append(one.reference.verdicts[target].text)
        if any(cell != _NOT_ASKED for cell in cells):
            rows.append([one.schedule["says"], *cells])
    return _table(header, rows)


_NOT_ASKED = "-"


def _cell(one: Comparison, column: str, target: str) -> str:
    found = one.verdicts.get((column, target))
    if found is None:
        return _NOT_ASKED
    hand = one.by_hand.get(target) if column == "zenml" else None
    if hand is None or found.kind == RIGHT:
        return found.text
    return f"{found.text}. By hand, `{_text(one, target)}`: {hand.text}"


def refusals() -> str:
    """Where in their code the tools refuse or fail, and on what."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for tool, titles in (("zenml", "ZenML"), ("metaflow", "Metaflow")):
        for name, answers in recorded(tool)["answers"].items():
            for target, answer in answers.items():
                if "raised" in answer:
                    key = (titles, answer["raised"].get("at", ""), answer["raised"]["error"])
                    found.setdefault(key, []).append(f"{TITLES[target]}: {name.split('/')[0]}")
    rows = ((tool, f"`{at}`", error, _named(names)) for (tool, at, error), names in sorted(found.items()))
    return _table(("Tool", "Where", "Error", "On what"), rows)


def _named(names: list[str]) -> str:
    target = names[0].partition(":")[0]
    shown = dict.fromkeys(name.partition(": ")[2] for name in names)
    return f"{target}: {', '.join(shown)}"


def loads() -> str:
    """What Airflow made of the files."""
    rows = []
    for tool, title in (("zenml", "ZenML"), ("metaflow", "Metaflow")):
        for _, found in sorted(recorded(tool)["loads"].items(), reverse=True):
            for name, dag in found["dags"].items():
                text = f"fails: {dag['raised']}" if "raised" in dag else _timetable(dag)
                rows.append((title, name, f"{found['version']}, {found['provider']}", text))
    return _table(("Tool", "Schedule", "Airflow, and its Kubernetes provider", "What came of it"), rows)


def _timetable(dag: dict[str, Any]) -> str:
    zone = dag["timezone"]
    return f"`{dag['timetable']}`" + (f" in {zone}" if zone != "None" else "")


PARTS: dict[str, Callable[[], str]] = {
    "peers versions": versions,
    "peers summary": summary,
    "peers right": right_and_refused,
    "peers given": given,
    "peers refusals": refusals,
    "peers loads": loads,
    **{f"peers on {target}": (lambda name=target: of_target(name)) for target in TITLES},  # type: ignore[misc]
}
"""What stands between the marks of docs/comparison.md, by name."""


def main(arguments: list[str]) -> int:
    match arguments:
        case ["--record", folder]:
            record(Path(folder))
        case ["--verdicts", folder]:
            print(json.dumps(verdicts(Path(folder)), indent=1))
        case _:
            print("usage: compare_peers.py --record FOLDER | --verdicts FOLDER", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
