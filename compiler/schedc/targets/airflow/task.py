"""What an operator of a DAG file runs, in the words of the language, all escapes undone."""

from __future__ import annotations

import re
from typing import Any

from schedc.ir.workload import Container, Text
from schedc.patterns import pattern
from schedc.targets.airflow.pod_read import pod
from schedc.targets.airflow.source import Made, unreadable
from schedc.targets.airflow.template import literally, text, word

_PASSED_ON = {
    "KubernetesPodOperator": frozenset(
        [
            "name",
            "namespace",
            "kubernetes_conn_id",
            "in_cluster",
            "cluster_context",
            "config_file",
            "startup_timeout_seconds",
            "on_finish_action",
            "deferrable",
        ]
    ),
    "DockerOperator": frozenset(["docker_url", "docker_conn_id", "network_mode"]),
    "BashOperator": frozenset[str](),
}
_ENDINGS = {
    "KubernetesPodOperator": (),
    "DockerOperator": (".sh", ".bash", ".env"),
    "BashOperator": (".sh", ".bash"),
}
_ON_WORKER = "Runs on the worker itself, in place of a container of "


def workload(task: Made) -> tuple[Container, dict[str, Any]]:
    """The container of a task, and the other arguments of its operator."""
    if task.name not in _PASSED_ON or task.arguments:
        raise unreadable(f"a task that is made with {task.name}", task.line)
    given = dict(task.keywords)
    if not isinstance(given.pop("task_id", None), str):
        raise unreadable("a task without a task_id", task.line)
    identity: dict[str, Any] = {"task": task.name}
    for name in _PASSED_ON[task.name]:
        if name in given:
            identity[name] = _plain(given.pop(name), task.line)
    take = {"KubernetesPodOperator": pod, "DockerOperator": _docker, "BashOperator": _bash}[task.name]
    container = take(given, task.line)
    if given:
        raise unreadable(f"the argument {sorted(given)[0]} of {task.name}", task.line)
    return container, identity


def _plain(value: Any, line: int) -> Any:
    if isinstance(value, str):
        return text(value, line)
    if isinstance(value, bool | int):
        return value
    raise unreadable("an argument that is neither text, number nor boolean", line)


def _list(value: Any, line: int) -> list[Any]:
    if not isinstance(value, list):
        raise unreadable("an argument that is no list", line)
    return value


def _texts(value: Any, endings: tuple[str, ...], line: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise unreadable("an argument that is no mapping", line)
    return {name: word(one, line, endings) for name, one in value.items()}


def _docker(given: dict[str, Any], line: int) -> Container:
    endings = _ENDINGS["DockerOperator"]
    if given.pop("mount_tmp_dir", True) is not False:
        raise unreadable("a DockerOperator that mounts a folder and sets AIRFLOW_TMP_DIR", line)
    if given.pop("auto_remove", "never") not in ("never", "success", "force"):
        raise unreadable("the value of auto_remove", line)
    entrypoint, command = given.pop("entrypoint", None), given.pop("command", None)
    return Container(
        image=text(given.pop("image", None), line, endings),
        command=None if entrypoint is None else tuple(literally(one, line) for one in _list(entrypoint, line)),
        args=None if command is None else tuple(word(one, line, endings) for one in _list(command, line)),
        env=_texts(given.pop("environment", {}), endings, line),
        pod={"working_dir": literally(given.pop("working_dir"), line)} if "working_dir" in given else {},
    )


def _bash(given: dict[str, Any], line: int) -> Container:
    about = given.pop("doc", "")
    if not isinstance(about, str) or not about.startswith(_ON_WORKER):
        raise unreadable("a BashOperator whose doc does not say which image it stands for", line)
    if given.pop("skip_on_exit_code", 99) is not None:
        raise unreadable("a BashOperator that skips on an exit code", line)
    if "env" in given and given.pop("append_env", False) is not True:
        raise unreadable("a BashOperator that does not inherit the worker's environment", line)
    written = given.pop("bash_command", None)
    if isinstance(written, str) and "logical_date" in written:
        command, args = _command(_ended(written, line), line, with_times=True)
    else:
        command, args = _command(text(written, line, _ENDINGS["BashOperator"]), line)
    env = _texts(given.pop("env", {}), _ENDINGS["BashOperator"], line)
    return Container(image=about.removeprefix(_ON_WORKER), command=command, args=args, env=env)


def _ended(written: str, line: int) -> str:
    if "\r" in written or written.endswith(("\n", *_ENDINGS["BashOperator"])):
        raise unreadable("a command whose end Jinja or Airflow changes", line)
    return written


_TOKEN = pattern(r"(?P<word>(?:[A-Za-z0-9@%+:,./_=-]|'[^']*'|\"'\")+)|(?P<turn>\\\n)|(?P<blank> +)")


def _command(written: str, line: int, with_times: bool = False) -> tuple[tuple[Text, ...], tuple[Text, ...] | None]:
    """A simple command after `exec`; words after the first continued line are the arguments."""
    lines: list[list[Text]] = [[]]
    at = 0
    while at < len(written):
        found = _TOKEN.match(written, at)
        if found is None:
            raise unreadable(f"shell syntax beyond one simple command: {written[at : at + 20]!r}", line)
        at = found.end()
        if found["turn"]:
            lines.append([])
        elif found["word"]:
            pieces = re.findall(r"'([^']*)'|\"(')\"|([^'\"]+)", found["word"])
            plain = "".join("".join(piece) for piece in pieces)
            lines[-1].append(word(plain, line) if with_times and "{" in plain else plain)
    if lines[0][:1] != ["exec"] or len(lines) > 2:
        raise unreadable("a command that is no exec of one program", line)
    return tuple(lines[0][1:]), tuple(lines[1]) if len(lines) == 2 else None
