"""Starts the processes of a real Airflow on a database of its own, and ends all of them, whatever happens."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

GRACE = 8.0
"""Seconds that processes have to end by themselves when they are asked to."""
_LIFE = 900
"""Seconds after which the processes end by themselves, should the tests be killed that were to end them."""


@dataclass(frozen=True, slots=True)
class Airflow:
    """One installed Airflow and where it keeps what it writes."""

    python: str
    version: str
    home: Path
    dags: Path

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def database(self) -> Path:
        return self.home / "airflow.db"


def installed(python: str) -> str:
    """The release of Airflow of an environment."""
    asked = "from importlib.metadata import version; print(version('apache-airflow'))"
    return subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@contextmanager
def running(airflow: Airflow, **more: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A scheduler over the folder of DAGs, with what it needs beside it; `more` is put into its environment."""
    environment = _environment(airflow) | more
    _wait(_start(airflow, environment, "db", "migrate"), airflow)
    commands: list[tuple[str, ...]] = [("scheduler", "--skip-serve-logs")]
    if airflow.major >= 3:
        port = environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].split(":")[2].split("/")[0]
        api = ("api-server", "--apps", "execution", "--workers", "1", "--host", "127.0.0.1", "--port", port)
        commands += [("dag-processor",), api]
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes.extend(_start(airflow, environment, *command) for command in commands)
        yield processes
    finally:
        _end(processes)


def last_words(airflow: Airflow) -> str:
    """The ends of what the processes wrote."""
    return "\n".join(f"{path.name}:\n{path.read_text('utf-8', 'replace')[-2500:]}" for path in _logs(airflow))


def left_over(airflow: Airflow) -> list[int]:
    """The processes on this machine that still have its home in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if str(airflow.home).encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def _logs(airflow: Airflow) -> list[Path]:
    return sorted(airflow.home.glob("*.log"))


def _environment(airflow: Airflow) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "PYTHON"))}
    ours = {
        "AIRFLOW_HOME": str(airflow.home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(airflow.dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "6",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{_free_port()}/execution/",
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{airflow.database}?timeout=60",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL": "60",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "AIRFLOW__SCHEDULER__MAX_DAGRUNS_TO_CREATE_PER_LOOP": "100",
        "AIRFLOW__SCHEDULER__MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE": "100",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONTZPATH": str(resources.files("tzdata").joinpath("zoneinfo")),
        # Airflow 2 takes SQLite for one task at a time only, which would show no overlap of runs; and without the locks
        # of other databases a task that has ended and the scheduler would schedule the next task both.
        "_AIRFLOW__SKIP_DATABASE_EXECUTOR_COMPATIBILITY_CHECK": "1",
        "AIRFLOW__SCHEDULER__SCHEDULE_AFTER_TASK_EXECUTION": "False",
    }
    return kept | ours


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _start(airflow: Airflow, environment: dict[str, str], *command: str) -> subprocess.Popen[bytes]:
    with (airflow.home / f"{command[0]}.log").open("ab") as log:
        return subprocess.Popen(
            ["timeout", "--kill-after=10", str(_LIFE), airflow.python, "-m", "airflow", *command],
            cwd=airflow.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait(process: subprocess.Popen[bytes], airflow: Airflow) -> None:
    try:
        assert process.wait(180) == 0, last_words(airflow)
    finally:
        _end([process])


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ends them with all their children: Airflow's tasks make groups of their own, and stay in the session."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline, told = time.monotonic() + GRACE, set[int]()
        while (left := {one for process in processes for one in _members(process)}) and time.monotonic() < deadline:
            for one in left - told:
                with suppress(ProcessLookupError):
                    os.kill(one, number)
            told |= left
            time.sleep(0.1)
    for process in processes:
        process.wait(10)


def _members(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes of a session that was started, without those that have ended and wait to be asked for it."""
    process.poll()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, _, session = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[:4]
            if int(session) == process.pid and state not in "ZX":
                found.append(int(folder.name))
    return found
