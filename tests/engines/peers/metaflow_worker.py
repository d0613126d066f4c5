"""Runs in an environment with Metaflow and Kubernetes' client: what its commands deploy for the schedules on stdin.

A flow with `@schedule` is written, and `argo-workflows create` and `airflow create` are run on it, each in a process of
its own, forked after the imports. Only the clients of S3 and Kubernetes are stand-ins, and note what they were to send.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import json
import os
import runpy
import sys
import tempfile
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest import mock

# Metaflow reads these when it is imported.
os.environ.update(
    METAFLOW_USER="acme",
    METAFLOW_DATASTORE_SYSROOT_S3="s3://acme/metaflow",
    METAFLOW_DEFAULT_METADATA="local",
    METAFLOW_SERVICE_VERSION_CHECK="0",
    AWS_DEFAULT_REGION="eu-west-1",
    AWS_ACCESS_KEY_ID="none",
    AWS_SECRET_ACCESS_KEY="none",
)

import kubernetes.client
from metaflow.plugins.datastores.s3_storage import S3Storage
from metaflow.plugins.kubernetes.kubernetes_client import KubernetesClient

FLOW = """from metaflow import FlowSpec, schedule, step

@schedule({arguments})
class Churn(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass

if __name__ == "__main__":
    Churn()
"""
KEPT = ("schedule", "schedules", "timezone", "suspend", "startingDeadlineSeconds")
PACKAGES = ("metaflow", "kubernetes")


def clients(sent: dict[str, Any]) -> contextlib.ExitStack:
    """Stand-ins of the store and of Kubernetes: a store that is empty, and a cluster that holds nothing yet."""
    api = mock.Mock(spec=kubernetes.client.CustomObjectsApi)
    gone = kubernetes.client.ApiException(status=404, reason="not found")
    api.get_namespaced_custom_object.side_effect = gone
    api.create_namespaced_custom_object.side_effect = lambda **call: sent.update({call["plural"]: call["body"]})
    cluster = mock.Mock()
    cluster.CustomObjectsApi.return_value = api
    cluster.rest.ApiException = kubernetes.client.ApiException
    stack = contextlib.ExitStack()
    stack.enter_context(mock.patch.object(KubernetesClient, "__init__", return_value=None))
    stack.enter_context(mock.patch.object(KubernetesClient, "get", return_value=cluster))
    stack.enter_context(mock.patch.object(S3Storage, "save_bytes", lambda self, pairs, **_: list(pairs) and None))
    stack.enter_context(mock.patch.object(S3Storage, "is_file", lambda self, paths: [False for _ in paths]))
    stack.enter_context(mock.patch.object(S3Storage, "list_content", return_value=[]))
    return stack


def argo(sent: dict[str, Any], folder: Path) -> dict[str, Any]:
    spec = sent["cronworkflows"]["spec"]
    return {key: spec[key] for key in KEPT if key in spec}


def airflow(sent: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The DAG's arguments that are about time, from the file that was written."""
    text = (folder / "dag.py").read_text("utf-8")
    (line,) = (one for one in ast.parse(text).body if isinstance(one, ast.Assign) and _name(one) == "CONFIG")
    dag = ast.literal_eval(line.value)["dag_instantiation_params"]
    found = {key: dag.get(key) for key in ("schedule_interval", "end_date", "catchup", "timezone") if dag.get(key)}
    return {**found, "start_date": "the time of the command" if dag.get("start_date") else None}


def _name(line: ast.Assign) -> str:
    return getattr(line.targets[0], "id", "")


TARGETS = {
    "argo": (["argo-workflows", "create"], argo),
    "airflow": (["airflow", "create", "dag.py"], airflow),
}


def raised(error: BaseException, text: str) -> dict[str, str]:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/site-packages/metaflow/" in f.filename]
    own = [f for f in frames if "/_vendor/" not in f.filename]
    found = {"error": type(error).__name__, "text": " ".join(text.split())[:300]}
    if own:
        found["at"] = f"{own[-1].filename.split('/site-packages/')[1]}, {own[-1].name}"
    return found


def answer(arguments: dict[str, Any], target: str) -> dict[str, Any]:
    command, seen = TARGETS[target]
    words = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "flow.py").write_text(FLOW.format(arguments=words), "utf-8")
        child = os.fork()
        if child == 0:
            found = deployed(command, seen, folder)
            (folder / "answer.json").write_text(json.dumps(found), "utf-8")
            os._exit(0)
        os.waitpid(child, 0)
        found = json.loads((folder / "answer.json").read_text("utf-8"))
        assert isinstance(found, dict)
        return found


def deployed(command: list[str], seen: Any, folder: Path) -> dict[str, Any]:
    os.chdir(folder)
    os.environ.update(HOME=str(folder), METAFLOW_HOME=str(folder))
    sys.argv = ["flow.py", "--no-pylint", "--datastore", "s3", *command]
    sent: dict[str, Any] = {}
    heard = io.StringIO()
    failed: list[BaseException] = []

    def print_exception(error: BaseException, *_: Any) -> None:
        failed.append(error)

    with clients(sent), contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
        try:
            with mock.patch("metaflow.cli.print_metaflow_exception", print_exception):
                runpy.run_path("flow.py", run_name="__main__")
        except SystemExit:
            pass
        except BaseException as error:
            failed.append(error)
        if failed:
            return {"raised": raised(failed[0], str(failed[0])), "by": "target"}
        try:
            found = {"sent": seen(sent, folder)}
            if (folder / "dag.py").exists():
                found["dag"] = base64.b64encode((folder / "dag.py").read_bytes()).decode()
            return found
        except (KeyError, OSError, ValueError) as error:
            return {"raised": raised(error, f"{error} {heard.getvalue()[-200:]}"), "by": "target"}


def main() -> None:
    question = json.load(sys.stdin)
    found: dict[str, dict[str, Any]] = {}
    dags: dict[str, str] = {}
    for name, (arguments, targets) in question["jobs"].items():
        found[name] = {target: answer(arguments, target) for target in TARGETS if target in targets}
        dag = found[name].get("airflow", {}).pop("dag", "")
        if name in question["dags"]:
            dags[name] = dag
    versions = {name: version(name) for name in PACKAGES}
    print(json.dumps({"versions": versions, "answers": found, "dags": dags}))


if __name__ == "__main__":
    main()
