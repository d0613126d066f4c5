"""A wheel and an sdist are the same bit for bit, wherever and whenever they are built from the same files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_SOURCES = shutil.ignore_patterns(
    ".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "_templates.py", "site", "demo-out", "compiled", "dist"
)


def _built(checkout: Path, out: Path, umask: int, **environment: str) -> dict[str, bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(out)],
        cwd=checkout,
        umask=umask,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.name: path.read_bytes() for path in out.iterdir()}


@pytest.mark.skipif(sys.platform == "win32", reason="files have no modes there")
def test_two_builds_are_the_same_files(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "another" / "folder"
    for folder in (one, other):
        shutil.copytree(ROOT, folder, ignore=NOT_SOURCES)
    for path in other.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    first = _built(one, tmp_path / "out-1", 0o022, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    second = _built(other, tmp_path / "out-2", 0o077, PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C.UTF-8")
    assert sorted(name.rpartition(".")[2] for name in first) == ["gz", "whl"]
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
