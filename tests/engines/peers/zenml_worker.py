"""Runs in an environment with ZenML: what its orchestrators send to their engines for the schedules on stdin.

A schedule goes the whole way of ZenML: `Schedule`, the request, the row of the store and its answer, the orchestrator's
own method. Only clients are stand-ins, and note what they were to send. The pipeline is a small one, for no part of it
touches time. What depends on the present is given as a distance from it.
"""

from __future__ import annotations

import base64
import json
import logging
import sys
import tempfile
import traceback
import zipfile
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import UUID

import google.auth.credentials
import kfp
import kfp_server_api
from google.cloud.aiplatform_v1.services.schedule_service import ScheduleServiceClient
from google.protobuf.json_format import MessageToDict
from kubernetes import client as k8s
from zenml.config.schedule import Schedule
from zenml.enums import StackComponentType
from zenml.integrations.airflow.flavors import airflow_orchestrator_flavor as airflow_flavor
from zenml.integrations.airflow.orchestrators.airflow_orchestrator import AirflowOrchestrator
from zenml.integrations.gcp.flavors import vertex_orchestrator_flavor as vertex_flavor
from zenml.integrations.gcp.orchestrators import vertex_orchestrator
from zenml.integrations.kubeflow.flavors import kubeflow_orchestrator_flavor as kubeflow_flavor
from zenml.integrations.kubeflow.orchestrators.kubeflow_orchestrator import KubeflowOrchestrator
from zenml.integrations.kubernetes.flavors import kubernetes_orchestrator_flavor as kubernetes_flavor
from zenml.integrations.kubernetes.orchestrators.kubernetes_orchestrator import KubernetesOrchestrator
from zenml.models import ScheduleRequest
from zenml.zen_stores.schemas.schedule_schema import ScheduleSchema

FIELDS = ("cron_expression", "start_time", "end_time", "interval_second", "catchup", "run_once_start_time")
PACKAGES = ("zenml", "kfp", "kfp-server-api", "kubernetes", "google-cloud-aiplatform")
NAME = "churn"
DAG: list[bytes] = []
"""The file that was written last for Airflow."""


class Heard(logging.Handler):
    """The warnings of ZenML while one schedule is on its way."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("zenml."):
            self.lines.append(" ".join(record.getMessage().split()))


HEARD = Heard()


def stored(fields: dict[str, Any]) -> Any:
    """What an orchestrator is given: the schedule as it comes back from the store."""
    schedule = Schedule(**fields)
    request = ScheduleRequest(
        project=UUID(int=1),
        pipeline_id=UUID(int=2),
        orchestrator_id=UUID(int=3),
        name=NAME,
        active=True,
        **{field: getattr(schedule, field) for field in FIELDS},
    )
    return ScheduleSchema.from_request(request).to_model()


def component(kind: Any, config: Any, flavor: str) -> Any:
    now = datetime.now(UTC)
    return kind(
        name=NAME,
        id=UUID(int=3),
        config=config,
        flavor=flavor,
        type=StackComponentType.ORCHESTRATOR,
        user=None,
        created=now,
        updated=now,
    )


def snapshot(schedule: Any) -> Any:
    return SimpleNamespace(
        schedule=schedule,
        id=UUID(int=4),
        project_id=UUID(int=1),
        step_configurations={},
        pipeline_configuration=SimpleNamespace(name=NAME),
    )


def airflow(schedule: Any, folder: Path) -> dict[str, Any]:
    """The configuration in the zip file that the orchestrator writes; Airflow's DAG is made from it alone."""
    orchestrator = component(AirflowOrchestrator, airflow_flavor.AirflowOrchestratorConfig(local=False), "airflow")
    settings = airflow_flavor.AirflowOrchestratorSettings(dag_output_dir=str(folder), dag_id=NAME)
    with mock.patch.object(orchestrator, "get_settings", return_value=settings):
        orchestrator.submit_pipeline(snapshot(schedule), mock.Mock(), {}, {})
    DAG[:] = [(folder / f"{NAME}.zip").read_bytes()]
    with zipfile.ZipFile(folder / f"{NAME}.zip") as archive:
        config = json.loads(archive.read("config.json"))
    found = {key: config[key] for key in ("schedule", "start_date", "end_date", "catchup")}
    start = datetime.fromisoformat(found["start_date"])
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    ago = round((datetime.now(UTC) - start).total_seconds() / 60) * 60
    if ago == 7 * 86_400:
        del found["start_date"]
        found["start_date_seconds_ago"] = ago
    return found


def kubernetes(schedule: Any, folder: Path) -> dict[str, Any]:
    """The CronJob that goes to the API server, without its Job."""
    config = kubernetes_flavor.KubernetesOrchestratorConfig(kubernetes_context="acme")
    orchestrator = component(KubernetesOrchestrator, config, "kubernetes")
    settings = kubernetes_flavor.KubernetesOrchestratorSettings()
    api = mock.Mock(spec=k8s.BatchV1Api)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(orchestrator, "get_settings", return_value=settings))
        stack.enter_context(mock.patch.object(orchestrator, "get_image", return_value="ghcr.io/acme/churn:1.4.0"))
        stack.enter_context(mock.patch.object(KubernetesOrchestrator, "_k8s_batch_api", api))
        job = k8s.V1Job(metadata=k8s.V1ObjectMeta(name=NAME), spec=k8s.V1JobSpec(template=k8s.V1PodTemplateSpec()))
        stack.enter_context(mock.patch.object(orchestrator, "_prepare_job_manifest", return_value=job))
        orchestrator._submit_orchestrator_job(snapshot(schedule), ["run"], [], {})
    body = api.create_namespaced_cron_job.call_args.kwargs["body"]
    spec = k8s.ApiClient().sanitize_for_serialization(body)["spec"]
    return {key: value for key, value in spec.items() if key != "jobTemplate"}


def kubeflow(schedule: Any, folder: Path) -> dict[str, Any]:
    """The recurring run that kfp's own client posts, without its pipeline."""
    config = kubeflow_flavor.KubeflowOrchestratorConfig(kubernetes_context="acme")
    orchestrator = component(KubeflowOrchestrator, config, "kubeflow")
    settings = kubeflow_flavor.KubeflowOrchestratorSettings()
    client = kfp.Client.__new__(kfp.Client)
    client._recurring_run_api = mock.Mock(spec=kfp_server_api.RecurringRunServiceApi)
    experiment = SimpleNamespace(experiment_id="7f2c")
    path = folder / "small.yaml"
    written(str(path))
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(orchestrator, "get_settings", return_value=settings))
        stack.enter_context(mock.patch.object(orchestrator, "_get_kfp_client", return_value=client))
        stack.enter_context(mock.patch.object(client, "get_experiment", return_value=experiment))
        orchestrator._upload_and_run_pipeline(snapshot(schedule), str(path), NAME)
    call = client._recurring_run_api.recurring_run_service_create_recurring_run.call_args
    body = kfp_server_api.ApiClient().sanitize_for_serialization(call.kwargs["recurring_run"])
    return {key: body[key] for key in ("trigger", "no_catchup", "max_concurrency", "mode") if key in body}


def vertex(schedule: Any, folder: Path) -> dict[str, Any]:
    """The schedule that the SDK's own client sends, without its pipeline."""
    config = vertex_flavor.VertexOrchestratorConfig(location="europe-west4", pipeline_root="gs://acme/runs")
    orchestrator = component(vertex_orchestrator.VertexOrchestrator, config, "vertex")
    orchestrator._pipeline_root = config.pipeline_root
    settings = vertex_flavor.VertexOrchestratorSettings()
    identity = (google.auth.credentials.AnonymousCredentials(), "acme-ml")
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(orchestrator, "get_settings", return_value=settings))
        stack.enter_context(mock.patch.object(orchestrator, "_get_authentication", return_value=identity))
        stack.enter_context(mock.patch.object(type(orchestrator), "pipeline_directory", str(folder)))
        stack.enter_context(mock.patch.object(vertex_orchestrator, "dsl"))
        compiler = stack.enter_context(mock.patch.object(vertex_orchestrator, "Compiler"))
        compiler.return_value.compile.side_effect = written
        send = stack.enter_context(mock.patch.object(ScheduleServiceClient, "create_schedule"))
        send.return_value.name = "projects/1/locations/europe-west4/schedules/1"
        orchestrator.submit_pipeline(snapshot(schedule), mock.Mock(), {}, {})
    body = MessageToDict(send.call_args.kwargs["schedule"]._pb)
    return {key: value for key, value in body.items() if key not in ("createPipelineJobRequest", "displayName")}


@lru_cache(maxsize=1)
def package() -> str:
    """A small pipeline, compiled by kfp."""
    text = "name: train\nimplementation: {container: {image: 'ghcr.io/acme/churn:1.4.0', command: [train]}}\n"
    train = kfp.components.load_component_from_text(text)

    def small():  # type: ignore[no-untyped-def]
        train()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.yaml"
        kfp.compiler.Compiler().compile(kfp.dsl.pipeline(name=NAME)(small), str(path))
        return path.read_text("utf-8")


def written(package_path: str, **_: Any) -> None:
    Path(package_path).write_text(package(), "utf-8")


TARGETS = {"airflow": airflow, "kubernetes": kubernetes, "kubeflow": kubeflow, "vertex": vertex}


def raised(error: BaseException) -> dict[str, str]:
    """An error in one line, and the innermost function of ZenML that it passed."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/site-packages/" in f.filename]
    own = [f for f in frames if "/site-packages/zenml/" in f.filename]
    place = own[-1] if own else (frames[-1] if frames else None)
    text = " ".join(str(error).split())
    found = {"error": type(error).__name__, "text": text.split(" For further information")[0][:300]}
    if place is not None:
        found["at"] = f"{place.filename.split('/site-packages/')[1]}, {place.name}"
    return found


def answer(fields: dict[str, Any], target: str) -> dict[str, Any]:
    HEARD.lines.clear()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            schedule = stored(fields)
        except Exception as error:
            return {"raised": raised(error), "by": "model"}
        try:
            found["sent"] = TARGETS[target](schedule, Path(folder))
        except Exception as error:
            found.update({"raised": raised(error), "by": "target"})
    if HEARD.lines:
        found["warned"] = sorted(set(HEARD.lines))
    return found


def main() -> None:
    logging.getLogger().handlers = [HEARD]
    question = json.load(sys.stdin)
    found: dict[str, dict[str, Any]] = {}
    dags: dict[str, str] = {}
    for name, (fields, targets) in question["jobs"].items():
        found[name] = {target: answer(fields, target) for target in TARGETS if target in targets}
        if name in question["dags"]:
            dags[name] = base64.b64encode(DAG[0]).decode()
    versions = {name: version(name) for name in PACKAGES}
    print(json.dumps({"versions": versions, "answers": found, "dags": dags}))


if __name__ == "__main__":
    main()
