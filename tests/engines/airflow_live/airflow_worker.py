"""Answers questions with Airflow's own timetables; run by the interpreter of an environment that has Airflow.

Reads JSON lines from standard input and writes one to standard output for each. A question holds `timetable`, `crons`
or `seconds`, `zone`, `start` and `end` (UTC seconds or null), `now`, `catchup` and `count`; an answer holds `runs`,
pairs of a logical date and a run-after in UTC seconds, `done` (the timetable said that there is no more) and `error`.
The clock stands at `now`, and once a run is planned not before it. The first line written is the releases in use.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("AIRFLOW__CORE__UNIT_TEST_MODE", "False")
os.environ.setdefault("AIRFLOW__LOGGING__LOGGING_LEVEL", "ERROR")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # Airflow prints to standard output while it is imported.
    pendulum: Any = import_module("pendulum")
    interval: Any = import_module("airflow.timetables.interval")
    trigger: Any = import_module("airflow.timetables.trigger")
    base: Any = import_module("airflow.timetables.base")

    def moment(seconds: int | None) -> Any:
        return None if seconds is None else pendulum.instance(EPOCH + timedelta(seconds=seconds))

    def timetable(question: dict[str, Any]) -> Any:
        kind, zone = question["timetable"], question["zone"]
        if kind == "CronTrigger":
            return trigger.CronTriggerTimetable(*question["crons"], timezone=zone)
        if kind == "CronDataInterval":
            return interval.CronDataIntervalTimetable(*question["crons"], zone)
        if kind == "MultipleCronTrigger":
            return trigger.MultipleCronTriggerTimetable(*question["crons"], timezone=zone)
        delta = timedelta(seconds=question["seconds"])
        if kind == "DeltaTrigger":
            return trigger.DeltaTriggerTimetable(delta)
        return interval.DeltaDataIntervalTimetable(delta)

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        runs: list[tuple[int, int]] = []
        clock = question["now"]
        for module in (trigger, interval):
            module.utcnow = lambda: moment(clock)
        trigger.time = SimpleNamespace(time=lambda: float(clock))
        restriction = base.TimeRestriction(moment(question["start"]), moment(question["end"]), question["catchup"])
        last = None
        try:
            asked = timetable(question)
            asked.validate()
            while len(runs) < question["count"]:
                info = asked.next_dagrun_info(last_automated_data_interval=last, restriction=restriction)
                if info is None:
                    return {"runs": runs, "done": True, "error": None}
                runs.append((round(info.logical_date.timestamp()), round(info.run_after.timestamp())))
                last = base.DataInterval(moment(runs[-1][0]), moment(runs[-1][1]))
                clock = max(clock, runs[-1][1])
        except Exception as error:
            return {"runs": runs, "done": False, "error": f"{type(error).__name__}: {error}"}
        return {"runs": runs, "done": False, "error": None}

    releases = {name: version(name) for name in ("apache-airflow", "croniter")}
    print(json.dumps(releases), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


main()
