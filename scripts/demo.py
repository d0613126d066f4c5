"""What `make demo` shows: one schedule on every target, one refusal, and all examples compiled into demo-out/."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from schedc import output
from schedc.compile import compile_schedules
from schedc.diagnostics.render import render
from schedc.diagnostics.sink import Sink
from schedc.load import Selection, load
from schedc.project import read_project
from schedc.targets import names

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "demo-out"
LONGEST = 28
"""Lines of an artifact that are shown."""
_PIPELINES = ("pipeline_spec", "pipelineSpec")


def main() -> int:
    os.chdir(ROOT)
    shutil.rmtree(OUT, ignore_errors=True)
    options = "--config examples/schedc.toml --schedule weekly"
    title("One schedule, four schedulers")
    show(ROOT / "examples/first_two.yaml", LONGEST)
    if schedc(f"compile examples/first_two.yaml {options} --target all --out demo-out/one") != 0:
        return 1
    for name in names():
        for path in sorted((OUT / "one" / name).rglob("*")):
            if path.is_file():
                title(path.relative_to(ROOT).as_posix())
                show(path, LONGEST)
    title("What a target cannot honour is refused")
    if schedc("compile examples/first_two.yaml --schedule half-hourly --target kubernetes --out demo-out/one") != 1:
        return 1
    title("Every example on every target")
    return everything()


def title(text: str) -> None:
    print(f"\n=== {text}")


def schedc(arguments: str) -> int:
    """Run the real command, and show it with all that it says."""
    print(f"\n$ schedc {arguments}", flush=True)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "schedc", *arguments.split()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        check=False,
    )
    print(done.stdout, end="")
    print(f"(exit code {done.returncode})")
    return done.returncode


def show(path: Path, longest: int) -> None:
    """The first lines of a file; of JSON what is not the pipeline, indented."""
    text = path.read_text("utf-8")
    if path.suffix == ".json":
        text = json.dumps(_without_pipeline(json.loads(text)), indent=2)
    lines = text.splitlines()
    for line in lines[:longest]:
        print(f"  {line if len(line) <= 140 else line[:137] + '...'}")
    if len(lines) > longest:
        print(f"  ... {len(lines) - longest} more lines")


def _without_pipeline(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    return {k: "(as in pipeline.yaml)" if k in _PIPELINES else _without_pipeline(v) for k, v in data.items()}


def everything() -> int:
    """Each schedule of each example on each target; what is refused is written down beside the rest."""
    project = read_project(ROOT / "examples/schedc.toml", Sink())
    written = dict.fromkeys(names(), 0)
    refused = dict.fromkeys(names(), 0)
    for source in sorted((ROOT / "examples").glob("*.yaml")):
        schedules = load(project, Selection(paths=(f"examples/{source.name}",), cwd=ROOT, environment=None), Sink())
        for schedule in schedules:
            for target in names():
                sink = Sink()
                artifacts = compile_schedules([schedule], [target], sink).artifacts(target)
                folder = OUT / source.stem / target
                output.write(folder, artifacts)
                written[target] += len(artifacts)
                if sink.errors:
                    refused[target] += 1
                    output.write(folder, {f"{schedule.name}.REFUSED.txt": render(sink.found, "text", False)})
    for target in names():
        print(f"{target:<11} {written[target]:>3} files, {refused[target]:>3} schedules refused with a reason")
    print("all of it is in demo-out/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
