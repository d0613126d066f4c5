"""Fuzzes every entry, and prints how many inputs were tried: `python fuzz_all.py SECONDS-FOR-EACH [ENTRY...]`.

An input that fails is kept in `found/` of the work folder (the environment's own); mend its cause, and put it into
`corpus/ENTRY/`, where the ordinary tests try it for ever. What is interesting is kept in the work folder, too, so that
the next search goes on from there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "compiler"))
from fuzz_entries import ENTRIES, seeds  # noqa: E402

WORK = Path(sys.prefix) / "fuzzing"
JOBS = 2


def main(arguments: list[str]) -> int:
    seconds, names = int(arguments[0]), arguments[1:] or list(ENTRIES)
    with ThreadPoolExecutor(JOBS) as pool:
        results = list(pool.map(lambda name: fuzz(name, seconds), names))
    print(f"{sum(runs for runs, _ in results):,} inputs in all")
    return int(any(failed for _, failed in results))


def fuzz(name: str, seconds: int) -> tuple[int, bool]:
    """How many inputs were tried, and whether one failed."""
    grown, begun, found = (WORK / name / part for part in ("grown", "begun", "found"))
    for folder in (grown, begun, found):
        folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(name)):
        (begun / f"{number}").write_bytes(data)
    kept = HERE / "corpus" / name
    done = subprocess.run(
        [
            *(sys.executable, str(HERE / "fuzz_one.py"), name),
            *(f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=4096", "-max_len=20000"),
            *(f"-artifact_prefix={found}/", "-print_final_stats=1", str(grown), str(begun)),
            *([str(kept)] if kept.is_dir() else []),
        ],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    tried = re.findall(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    runs = int(tried[-1]) if tried else 0
    print(f"{name}: {runs:,} inputs in {seconds} s, {'one failed' if done.returncode else 'none failed'}", flush=True)
    if done.returncode or not runs:
        print(done.stderr[-4000:], file=sys.stderr, flush=True)
    return runs, bool(done.returncode) or not runs


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
