"""Reads what `run.pipeline` names: a compiled KFP package beside the source, or from Python a pipeline function."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.scheduled_time import read_scheduled_time
from schedc.frontend.yaml_file import LONGEST_FILE, read_at_most
from schedc.ir.workload import Pipeline, ScheduledTime
from schedc.node import Node
from schedc.pipeline_spec import check_parameters, read_package


def read_pipeline(node: Node, data: Mapping[str, Any], timezone: str, sink: Sink, folder: Path) -> Pipeline | None:
    """The pipeline of a `run.pipeline` mapping; packages are looked up from the folder of their source."""
    package = node.get("package")
    assert package is not None
    text = _text(data["package"], package, sink, folder)
    if text is None:
        return None
    try:
        spec, platform = read_package(text)
    except ValueError as error:
        sink.add(rules.INVALID_PIPELINE, f"the package cannot be used: {error}", package.span, help=_COMPILE)
        return None
    parameters = _parameters(data.get("parameters", {}), node, timezone, sink)
    wrong = check_parameters(spec, {k: "" if isinstance(v, ScheduledTime) else v for k, v in parameters.items()})
    for name, reason in wrong:
        place = node.nearest("parameters", name) if name in parameters else node.nearest("parameters")
        sink.add(rules.INVALID_PARAMETER, f"the parameter {name}: {reason}", place)
    return None if wrong else Pipeline(spec=spec, platform=platform or None, parameters=parameters)


_COMPILE = "compile it with kfp: kfp dsl compile --py train.py --output train.yaml"


def _parameters(data: Mapping[str, Any], node: Node, timezone: str, sink: Sink) -> dict[str, Any]:
    parameters = dict(data)
    for name, value in data.items():
        if isinstance(value, dict) and "scheduled_time" in value:
            here = node.get("parameters", name)
            assert here is not None
            parameters[name] = read_scheduled_time(value, here, timezone, sink)
    return parameters


def _text(package: Any, node: Node, sink: Sink, folder: Path) -> str | None:
    if not isinstance(package, str):
        return _compiled(package, node, sink)
    path = folder / package
    try:
        data = read_at_most(path)
        if len(data) > LONGEST_FILE:
            raise ValueError(f"it has more than the {LONGEST_FILE:,} bytes that are read")
        return data.decode("utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else reason
        sink.add(rules.INVALID_PIPELINE, f"the package {package} cannot be read: {reason}", node.span, help=_COMPILE)
        return None


def _compiled(function: Any, node: Node, sink: Sink) -> str | None:
    """The package that kfp makes of a `@kfp.dsl.pipeline` function."""
    import tempfile

    try:
        from kfp import compiler
    except ImportError:
        message = "a pipeline function needs kfp to compile it"
        sink.add(
            rules.MISSING_EXTRA, message, node.span, help="pip install 'schedc[kubeflow]', or name a compiled package"
        )
        return None
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "pipeline.yaml"
        try:
            compiler.Compiler().compile(function, str(path))
        except Exception as error:
            sink.add(rules.INVALID_PIPELINE, f"kfp cannot compile the pipeline: {error}", node.span)
            return None
        return path.read_text("utf-8")
