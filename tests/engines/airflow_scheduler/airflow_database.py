"""Reads what a scheduler did from Airflow's own database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a DAG; times are UTC seconds, `began` and `ended` with their fractions."""

    at: int
    """The logical date."""
    due: int
    """Where the scheduler may start it: the same instant, for a DAG of schedc."""
    made: float
    """When the scheduler made it."""
    kind: str = "scheduled"
    state: str = "success"
    began: float | None = None
    ended: float | None = None

    @property
    def lasted(self) -> float:
        """Seconds for which it was active, once it has ended."""
        assert self.began is not None
        assert self.ended is not None
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class Planned:
    """A DAG as the scheduler knows it, and its runs in the order in which they were made."""

    dag_id: str
    paused: bool
    next: int | None
    """The instant of the run that comes next; None where none is planned."""
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One task of one run."""

    dag_id: str
    task_id: str
    at: int
    state: str
    tries: int


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a scheduler did until `read`, UTC seconds."""

    read: float
    dags: dict[str, Planned]
    tasks: tuple[Task, ...]
    errors: tuple[str, ...]
    """What files could not be imported for."""


def _seconds(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def _whole(text: str | None) -> int | None:
    seconds = _seconds(text)
    if seconds is None:
        return None
    assert seconds == int(seconds), text
    return int(seconds)


def look(database: Path, major: int, now: float) -> Seen:
    """What the database of a running Airflow holds."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as connection:
        connection.row_factory = sqlite3.Row

        def rows(query: str) -> list[Any]:
            return connection.execute(query).fetchall()

        date = "logical_date" if major >= 3 else "execution_date"
        due = "run_after" if major >= 3 else "data_interval_end"
        runs: dict[str, list[Run]] = {}
        for row in rows(f"select *, {date} as at, {due} as due from dag_run order by id"):
            at, after, made = _whole(row["at"]), _whole(row["due"]), _seconds(row["queued_at"])
            assert at is not None
            assert after is not None
            assert made is not None
            began, ended = _seconds(row["start_date"]), _seconds(row["end_date"])
            run = Run(at, after, made, row["run_type"], row["state"], began, ended)
            runs.setdefault(row["dag_id"], []).append(run)
        dags = {
            dag_id: Planned(dag_id, bool(row["is_paused"]), _whole(row["next_dagrun"]), tuple(runs.get(dag_id, ())))
            for row in rows("select * from dag order by dag_id")
            for dag_id in [row["dag_id"]]
        }
        tasks = tuple(
            Task(row["dag_id"], row["task_id"], _whole(row["at"]) or 0, row["state"] or "none", row["try_number"])
            for row in rows(
                f"select t.*, r.{date} as at from task_instance t join dag_run r using (dag_id, run_id)"
                f" order by dag_id, at, task_id"
            )
        )
        errors = tuple(row["stacktrace"] for row in rows("select stacktrace from import_error order by id"))
    return Seen(now, dags, tasks, errors)
