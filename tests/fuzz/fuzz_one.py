"""Fuzzes one entry, guided by the branches that its inputs take: `python fuzz_one.py ENTRY [options of libFuzzer]`."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "compiler")]

with atheris.instrument_imports(include=["schedc"]):
    import fuzz_entries
    import schedc.diagnostics.render.sarif
    import schedc.frontend.schedule_reader
    import schedc.targets.airflow.read
    import schedc.targets.kubeflow.read
    import schedc.targets.kubernetes.read
    import schedc.targets.vertex.read  # noqa: F401

    if sys.argv[1] not in ("cron", "writers"):
        for one in fuzz_entries.seeds(sys.argv[1])[:3]:  # what is imported late is instrumented, too
            fuzz_entries.ENTRIES[sys.argv[1]](one)

if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], fuzz_entries.ENTRIES[sys.argv[1]])
    atheris.Fuzz()
