"""`schedc init`: a starter project that compiles."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from schedc.templating import template_root
from schedc.whole_file import replace_file, sweep

_FILES = {"schedc.toml": "schedc.toml", "schedules/example.yaml": "example.yaml"}


def add_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("folder", nargs="?", default=".", metavar="DIR", help="where (default: the current folder)")


def run(options: argparse.Namespace) -> int:
    folder = Path(options.folder)
    for name in _FILES:
        sweep((folder / name).parent)
    taken = [name for name in _FILES if (folder / name).exists()]
    if taken:
        exist = "exists" if len(taken) == 1 else "exist"
        print(f"schedc: {' and '.join(taken)} {exist} already, and nothing was written", file=sys.stderr)
        return 1
    for name, source in _FILES.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, template_root().joinpath("init", source).read_bytes())
        except OSError as error:
            print(f"schedc: {path} cannot be written: {error.strerror}", file=sys.stderr)
            return 2
        print(f"wrote {path}", file=sys.stderr)
    print("next: schedc compile", file=sys.stderr)
    return 0
