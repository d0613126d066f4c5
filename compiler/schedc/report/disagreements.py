"""The table of where engines disagree, made from the models; `python -m schedc.report.disagreements docs/proof.md`
puts it into a page, after the line that marks its beginning."""

from __future__ import annotations

import sys
from pathlib import Path

from schedc.engines.comparison import Answer, ask
from schedc.ir.stamps import short_stamp
from schedc.ir.zones import zone
from schedc.records import dataclass

_ENGINES = ("reference", "kubernetes", "kubeflow", "airflow", "airflow-croniter-6.0")
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Case:
    """An expression in a zone from an instant on (UTC seconds), and what it shows. Kubeflow is given seconds in front,
    unless `raw`."""

    about: str
    expression: str
    timezone: str
    begin: int
    raw: bool = False


CASES = (
    Case("a stepped star beside a weekday", "0 0 */2 * 1", "UTC", 1_795_305_600),
    Case("five fields on Kubeflow, which reads seconds first", "0 2 * * *", "UTC", 1_795_305_600, raw=True),
    Case("a wall time that does not exist", "30 2 * * *", "Europe/Amsterdam", 1_774_656_000),
    Case("a wall time that happens twice", "30 2 * * *", "Europe/Amsterdam", 1_792_800_000),
    Case("several wall times in one gap", "*/20 2 * * *", "Europe/Amsterdam", 1_774_656_000),
    Case("every hour of a Monday after the clocks changed", "0 * * * 1", "Europe/Amsterdam", 1_774_656_000),
    Case("a step after the last minute", "59/15 * * * *", "UTC", 1_795_305_600),
    Case("a range of one minute", "1-1 * * * *", "UTC", 1_795_305_600),
    Case("Sunday as 7", "0 0 * * 7", "UTC", 1_795_305_600),
    Case("the first Monday of the month", "0 0 * * 1#1", "UTC", 1_795_305_600),
    Case("the last day of the month", "0 0 L * *", "UTC", 1_795_305_600),
    Case("the weekday nearest to a day", "0 9 15W * *", "UTC", 1_795_305_600),
    Case("the 1st and the 31st, over February", "0 0 1,31 * *", "UTC", 1_801_180_800),
    Case("a midnight that a zone skips", "0 9 * * 6", "America/Havana", 1_772_755_200),
    Case("a clock that moves by half an hour", "15 12 * * *", "Australia/Lord_Howe", 1_790_985_600),
    Case("a clock that moves at a quarter to three", "50 3 * * *", "Pacific/Chatham", 1_775_217_600),
    Case("29 February around the year 2100", "0 0 29 2 *", "UTC", 3_849_984_000),
    Case("a day that no month has", "0 0 30 2 *", "UTC", 1_795_305_600),
)


def table() -> str:
    """One section for each case, engines that agree in one row."""
    lines: list[str] = []
    for case in CASES:
        where = zone(case.timezone)
        lines += [f"### `{case.expression}` in {case.timezone}: {case.about}", ""]
        lines += [f"After {short_stamp(case.begin, where)}:", "", "| engine | fires at |", "|---|---|"]
        rows: dict[str, list[str]] = {}
        for name in _ENGINES:
            text = f"0 {case.expression}" if name == "kubeflow" and not case.raw else case.expression
            rows.setdefault(_shown(ask(name, text, where, case.begin, _SHOWN), case), []).append(name)
        lines += [f"| {', '.join(names)} | {said} |" for said, names in rows.items()]
        lines.append("")
    return "\n".join(lines)


def _shown(answer: Answer, case: Case) -> str:
    where = zone(case.timezone)
    instants = ", ".join(short_stamp(i, where) for i in answer.instants)
    if answer.error:
        reason = " ".join(answer.error.replace("|", "\\|").split())
        return f"{instants}, then {reason}" if instants else f"*{reason}*"
    return instants + (", and no more" if len(answer.instants) < _SHOWN else "") if instants else "never"


MARK = "<!-- made by python -m schedc.report.disagreements docs/proof.md; everything below is generated -->"


def renewed(page: str) -> str:
    """A page with a fresh table after its mark."""
    head, mark, _ = page.partition(MARK)
    if not mark:
        raise ValueError("the page has no mark for the table")
    return f"{head}{MARK}\n\n{table()}"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(renewed(path.read_text("utf-8")), "utf-8")
