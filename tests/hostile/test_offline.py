"""Nothing is asked of a network: every command works where none can be reached, and a compile loads nothing for one."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from schedc.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
NO_SOCKETS = """
import _socket, socket

def refuse(*arguments, **named):
    raise SystemExit("a socket was asked for")

class Refused(socket.socket):
    __init__ = refuse

socket.socket = _socket.socket = Refused
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = _socket.getaddrinfo = refuse
"""
SOURCE = """
schedules:
  weekly:
    cron_expression: "5 14 * * 3"
    deploy_to: [airflow, kubeflow, kubernetes]
    run: {container: {image: "a.example/churn:1.4.0", command: [python]}}
"""
CRONTAB = "5 14 * * 3 /usr/bin/churn\n"
LINES: dict[str, tuple[int, str]] = {
    "compile": (0, "compile --prune"),
    "compile again": (0, "compile --check --diff --format sarif"),
    "check": (0, "check --fix"),
    "verify": (0, "verify out"),
    "diff": (0, "diff --against git:HEAD"),
    "next": (0, "next weekly -n 2 --target airflow"),
    "targets": (0, "targets"),
    "explain": (0, "explain weekly"),
    "explain cron": (0, "explain 5_14_*_*_3"),
    "schema": (0, "schema"),
    "completion": (0, "completion bash"),
    "import": (0, "import crontab --out imported.yaml"),
    "init": (0, "init new"),
}
FORBIDDEN = ("_ssl", "asyncio", "http.client", "ssl", "urllib.request", "xmlrpc.client")
"""`socket` is not among them: Python 3.11 reads the metadata of packages with `email`, which imports it for a name."""


def _project(folder: Path) -> None:
    (folder / "schedules").mkdir(parents=True)
    (folder / "schedc.toml").write_text('sources = ["schedules"]\noutput = "out"\n', "utf-8")
    (folder / "schedules" / "weekly.yaml").write_text(SOURCE, "utf-8")
    (folder / "crontab").write_text(CRONTAB, "utf-8")
    who = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    for line in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "Add schedules"]):
        subprocess.run(["git", *line], cwd=folder, check=True)


def _run_all(folder: Path, before: list[str], path: str) -> dict[str, str]:
    """What each command printed; its exit code is checked."""
    said = {}
    for name, (code, line) in LINES.items():
        arguments = [one.replace("_", " ") for one in line.split(" ")]
        done = subprocess.run(
            [*before, sys.executable, "-m", "schedc", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path, "HOME": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{name}: {done.stdout}{done.stderr}"
        said[name] = done.stdout
    return said


def test_every_command_is_run() -> None:
    assert {name.split()[0] for name in LINES} == COMMANDS.keys()


def test_every_command_where_sockets_are_forbidden(tmp_path: Path) -> None:
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(NO_SOCKETS, "utf-8")
    path = os.pathsep.join([str(hook), str(ROOT / "compiler")])
    asks = "import urllib.request; urllib.request.urlopen('http://localhost:9')"
    done = subprocess.run(
        [sys.executable, "-c", asks],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "a socket was asked for" in done.stderr, "the ban does not work"
    _project(tmp_path / "project")
    _run_all(tmp_path / "project", [], path)


def _without_network() -> list[str]:
    for line in (["unshare", "--net"], ["unshare", "--net", "--map-root-user"]):
        if subprocess.run([*line, "true"], capture_output=True, check=False).returncode == 0:
            return line
    return []


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are of Linux")
def test_every_command_in_a_machine_without_a_network(tmp_path: Path) -> None:
    _project(tmp_path)
    before = _without_network()
    if before:  # else a container forbids it, and the test above stands for it
        _run_all(tmp_path, before, str(ROOT / "compiler"))


@pytest.mark.parametrize("line", ["compile", "compile --check", "check", "check --fix", "verify out"])
def test_a_compile_loads_nothing_that_could_ask(line: str, tmp_path: Path) -> None:
    _project(tmp_path)
    tells = (
        "import sys; from schedc.__main__ import main; code = main();"
        f"print(code, [name for name in {FORBIDDEN!r} if name in sys.modules], file=sys.stderr)"
    )

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", tells, *line.split()],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT / "compiler")},
            capture_output=True,
            text=True,
            check=False,
        )

    run("compile")
    assert run(line).stderr.splitlines()[-1] == "0 []"


def test_no_module_of_the_compiler_names_what_asks_a_network() -> None:
    named = set()
    for path in (ROOT / "compiler" / "schedc").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    assert "argparse" in named
    assert not named & {*FORBIDDEN, "socket", "http", "ftplib", "smtplib", "requests", "httpx", "urllib3"}
