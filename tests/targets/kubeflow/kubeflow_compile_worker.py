"""Runs under a Python with kfp and kfp-kubernetes: what do they compile for the same container, steps and pod?

Reads JSON from stdin, a list of {"name", "steps": [{"name", "after", "container"}], "cached", "config"}; writes the
documents of each compiled package to stdout. A container has the fields of the IR, and its pod under "pod" as the
keywords of kfp-kubernetes; a timed one takes the time that its run is scheduled for as its last argument.
"""

# mypy: ignore-errors

import json
import sys
import tempfile
from pathlib import Path

import yaml
from kfp import compiler, components, dsl, kubernetes


def component(step):
    """A component of the container, as kfp loads one from YAML."""
    container = step["container"]
    args = [*container.get("args", [])]
    whole = {"name": step["name"]}
    if container.get("timed"):
        args.append({"inputValue": "scheduled_time"})
        whole["inputs"] = [{"name": "scheduled_time", "type": "String"}]
    implementation = {"image": container["image"], "command": container["command"], "args": args}
    whole["implementation"] = {"container": implementation}
    return components.load_component_from_text(yaml.safe_dump(whole))


def configure(task, container):
    pod = container["pod"]
    for name, value in container.get("env", {}).items():
        if isinstance(value, str):
            task.set_env_variable(name, value)
        elif "secret" in value:
            kubernetes.use_secret_as_env(task, value["secret"], {value["key"]: name})
        elif "config_map" in value:
            kubernetes.use_config_map_as_env(task, value["config_map"], {value["key"]: name})
        else:
            kubernetes.use_field_path_as_env(task, name, value["field"])
    amounts = container.get("limits", {})
    if "cpu" in amounts:
        task.set_cpu_limit(amounts["cpu"])
    if "memory" in amounts:
        task.set_memory_limit(amounts["memory"])
    if "accelerator" in pod:
        task.set_accelerator_type(pod["accelerator"]["type"]).set_accelerator_limit(pod["accelerator"]["count"])
    if "image_pull_policy" in pod:
        kubernetes.set_image_pull_policy(task, pod["image_pull_policy"])
    if "image_pull_secrets" in pod:
        kubernetes.set_image_pull_secrets(task, pod["image_pull_secrets"])
    for key, value in pod.get("node_selector", {}).items():
        kubernetes.add_node_selector(task, key, value)
    for one in pod.get("tolerations", ()):
        kubernetes.add_toleration(task, **one)
    for one in pod.get("node_terms", ()):
        kubernetes.add_node_affinity(task, **one)
    for key, value in pod.get("pod_labels", {}).items():
        kubernetes.add_pod_label(task, key, value)
    for key, value in pod.get("pod_annotations", {}).items():
        kubernetes.add_pod_annotation(task, key, value)
    if "security_context" in pod:
        kubernetes.set_security_context(task, **pod["security_context"])
    for one in pod.get("secrets", ()):
        kubernetes.use_secret_as_volume(task, **one)
    for one in pod.get("config_maps", ()):
        kubernetes.use_config_map_as_volume(task, **one)
    for one in pod.get("claims", ()):
        kubernetes.mount_pvc(task, **one)
    for one in pod.get("empty_dirs", ()):
        kubernetes.empty_dir_mount(task, **one)
    if "attempt_timeout" in container:
        kubernetes.set_timeout(task, container["attempt_timeout"])


def compiled(asked):
    made = {step["name"]: component(step) for step in asked["steps"]}

    def pipeline():
        tasks = {}
        for step in asked["steps"]:
            given = {"scheduled_time": dsl.PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER}
            tasks[step["name"]] = task = made[step["name"]](**given if step["container"].get("timed") else {})
            task.set_display_name(step["name"]).set_caching_options(asked["cached"])
            task.after(*(tasks[name] for name in step["after"]))
            configure(task, step["container"])

    config = dsl.PipelineConfig(**asked["config"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "p.yaml")
        whole = dsl.pipeline(name=asked["name"], pipeline_config=config)(pipeline)
        compiler.Compiler().compile(whole, str(path))
        return list(yaml.safe_load_all(path.read_text("utf-8")))


if __name__ == "__main__":
    json.dump([compiled(asked) for asked in json.load(sys.stdin)], sys.stdout)
