"""What an operator of a DAG file runs, in the words of the language, all escapes undone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schedc.ir.workload import ConfigMapKey, Container, EnvValue, Resources, SecretKey
from schedc.targets.airflow_source import Made, unreadable

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
            identity[name] = _plain(given.pop(name), task)
    take = {"KubernetesPodOperator": _pod, "DockerOperator": _docker, "BashOperator": _bash}[task.name]
    container = take(given, task)
    if given:
        raise unreadable(f"the argument {sorted(given)[0]} of {task.name}", task.line)
    return container, identity


def _plain(value: Any, task: Made) -> Any:
    if isinstance(value, str):
        return _text(value, task)
    if isinstance(value, bool | int):
        return value
    raise unreadable("an argument that is neither text, number nor boolean", task.line)


def _text(value: Any, task: Made) -> str:
    """The text that a templated field comes to."""
    if isinstance(value, Made) and value.name == "literal":
        if value.keywords or len(value.arguments) != 1 or not isinstance(value.arguments[0], str):
            raise unreadable("the arguments of literal", value.line)
        return value.arguments[0]
    if not isinstance(value, str):
        raise unreadable("a value that is no text", task.line)
    if any(mark in value for mark in ("{{", "{%", "{#")):
        raise unreadable(f"a Jinja template: {value[:60]!r}", task.line)
    if "\r" in value or value.endswith("\n"):
        raise unreadable("line ends that Jinja changes", task.line)
    if value.endswith(_ENDINGS[task.name]) and _ENDINGS[task.name]:
        raise unreadable(f"text that Airflow takes for the name of a file: {value[:60]!r}", task.line)
    return value


_DOLLAR = re.compile(r"\$(\$|\([^)]*\)|[^\x00-\x7f])?")


def _expanded(value: Any, task: Made) -> str:
    """The text that a kubelet makes of it."""

    def undo(found: re.Match[str]) -> str:
        after = found[1]
        if after and after != "$":
            raise unreadable(f"a variable or a byte that Kubernetes expands: {found[0][:60]!r}", task.line)
        return "$"

    return _DOLLAR.sub(undo, _text(value, task))


def _list(value: Any, task: Made) -> list[Any]:
    if not isinstance(value, list):
        raise unreadable("an argument that is no list", task.line)
    return value


def _words(given: dict[str, Any], name: str, task: Made, text: Any) -> tuple[str, ...] | None:
    if name not in given:
        return None
    return tuple(text(one, task) for one in _list(given.pop(name), task))


def _image(given: dict[str, Any], task: Made) -> str:
    if "image" not in given:
        raise unreadable("no image", task.line)
    return _text(given.pop("image"), task)


def _literally(value: Any, task: Made) -> str:
    """Text of a field that is not templated."""
    if not isinstance(value, str):
        raise unreadable("a value that is no text", task.line)
    return value


def _pod(given: dict[str, Any], task: Made) -> Container:
    env: dict[str, EnvValue] = {}
    for one in _list(given.pop("env_vars", []), task):
        name, value = _variable(one, task)
        if name in env:
            raise unreadable(f"two variables {name}", task.line)
        env[name] = value
    account = given.pop("service_account_name", None)
    return Container(
        image=_image(given, task),
        command=_words(given, "cmds", task, _expanded),
        args=_words(given, "arguments", task, _expanded),
        env=env,
        resources=_resources(given.pop("container_resources", None), task),
        service_account=None if account is None else _literally(account, task),
    )


def _keywords(value: Any, name: str, allowed: frozenset[str], task: Made) -> dict[str, Any]:
    if not isinstance(value, Made) or value.name != name or value.arguments or set(value.keywords) - allowed:
        raise unreadable(f"expected k8s.{name} with {', '.join(sorted(allowed))}", task.line)
    return value.keywords


def _variable(value: Any, task: Made) -> tuple[str, EnvValue]:
    given = _keywords(value, "V1EnvVar", frozenset({"name", "value", "value_from"}), task)
    if "name" not in given or ("value" in given) == ("value_from" in given):
        raise unreadable("a variable without a name or without one value", task.line)
    name = _text(given["name"], task)
    if "value" in given:
        return name, _expanded(given["value"], task)
    kinds = frozenset({"secret_key_ref", "config_map_key_ref"})
    source = _keywords(given["value_from"], "V1EnvVarSource", kinds, task)
    if len(source) != 1:
        raise unreadable("a variable with no or several sources", task.line)
    (kind, selector), both = next(iter(source.items())), frozenset({"name", "key"})
    model = "V1SecretKeySelector" if kind == "secret_key_ref" else "V1ConfigMapKeySelector"
    parts = _keywords(selector, model, both, task)
    if set(parts) != both:
        raise unreadable("a reference without a name or a key", task.line)
    reference = SecretKey if kind == "secret_key_ref" else ConfigMapKey
    return name, reference(_literally(parts["name"], task), _literally(parts["key"], task))


def _mapping(value: Any, task: Made) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise unreadable("an argument that is no mapping", task.line)
    return {name: _text(one, task) for name, one in value.items()}


def _resources(value: Any, task: Made) -> Resources:
    if value is None:
        return Resources()
    given = _keywords(value, "V1ResourceRequirements", frozenset({"requests", "limits"}), task)
    return Resources(requests=_mapping(given.get("requests", {}), task), limits=_mapping(given.get("limits", {}), task))


def _docker(given: dict[str, Any], task: Made) -> Container:
    if given.pop("mount_tmp_dir", True) is not False:
        raise unreadable("a DockerOperator that mounts a folder and sets AIRFLOW_TMP_DIR", task.line)
    if given.pop("auto_remove", "never") not in ("never", "success", "force"):
        raise unreadable("the value of auto_remove", task.line)
    return Container(
        image=_image(given, task),
        command=_words(given, "entrypoint", task, _literally),
        args=_words(given, "command", task, _text),
        env=_mapping(given.pop("environment", {}), task),
    )


def _bash(given: dict[str, Any], task: Made) -> Container:
    about = given.pop("doc", "")
    if not isinstance(about, str) or not about.startswith(_ON_WORKER):
        raise unreadable("a BashOperator whose doc does not say which image it stands for", task.line)
    if given.pop("skip_on_exit_code", 99) is not None:
        raise unreadable("a BashOperator that skips on an exit code", task.line)
    if "env" in given and given.pop("append_env", False) is not True:
        raise unreadable("a BashOperator that does not inherit the worker's environment", task.line)
    command, args = _command(_text(given.pop("bash_command", None), task), task)
    env = _mapping(given.pop("env", {}), task)
    return Container(image=about.removeprefix(_ON_WORKER), command=command, args=args, env=env)


_TOKEN = re.compile(r"(?P<word>(?:[A-Za-z0-9@%+:,./_=-]|'[^']*'|\"'\")+)|(?P<turn>\\\n)|(?P<blank> +)")


def _command(text: str, task: Made) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """A simple command after `exec`; words after the first continued line are the arguments."""
    lines: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise unreadable(f"shell syntax beyond one simple command: {text[at : at + 20]!r}", task.line)
        at = found.end()
        if found["turn"]:
            lines.append([])
        elif found["word"]:
            pieces = re.findall(r"'([^']*)'|\"(')\"|([^'\"]+)", found["word"])
            lines[-1].append("".join("".join(piece) for piece in pieces))
    if lines[0][:1] != ["exec"] or len(lines) > 2:
        raise unreadable("a command that is no exec of one program", task.line)
    return tuple(lines[0][1:]), tuple(lines[1]) if len(lines) == 2 else None
