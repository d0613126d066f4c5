"""The same inputs give the same bytes: artifacts, their modes, findings in every form, and generated pages.

Each machine has a checkout of its own in a folder of its own, and differs in all that a compile must not look at.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKER = Path(__file__).with_name("same_bytes_worker.py")
MACHINES: dict[str, dict[str, str]] = {
    "one": {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C", "PYTHONUTF8": "0"},
    "another": {
        "PYTHONHASHSEED": "4711",
        "TZ": "America/St_Johns",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "SHUFFLED": "2",
        "COLUMNS": "40",
    },
}
UMASKS = {"one": 0o022, "another": 0o077}
FOLDERS = {"one": "a", "another": "another folder/with ü in it/checkout"}
OTHERS = ((3, 12), (3, 13))
"""Versions of Python that must agree with the one that runs the tests."""


def _checkout(folder: Path) -> Path:
    for name in ("compiler", "templates", "examples", "golden", "scripts", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _digests(checkout: Path, work: Path, python: str, machine: str, path: str = "") -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "SYSTEMROOT")}
    done = subprocess.run(
        [python, str(WORKER), str(checkout), str(work)],
        env={**kept, **MACHINES[machine], "PYTHONPATH": os.pathsep.join([str(checkout / "compiler"), path])},
        cwd=work.parent,
        umask=UMASKS[machine],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("one")
    return _digests(_checkout(folder / FOLDERS["one"]), folder / "work", sys.executable, "one")


def test_what_is_compared_is_all_there(here: dict[str, str]) -> None:
    ends = [Path(name).suffix for name in here if name.startswith("out/")]
    assert {".py", ".yaml", ".json"} <= set(ends)
    assert len(ends) > 30
    assert all(one.endswith(" 644") for name, one in here.items() if name.startswith("out/"))
    assert {"rules", "docs defaults", "diff json", "check sarif", "compile dev"} <= here.keys()
    assert len({one for name, one in here.items() if not name.endswith(".yaml")}) > 50, "most things differ"


def test_another_machine(here: dict[str, str], tmp_path: Path) -> None:
    checkout = _checkout(tmp_path / FOLDERS["another"])
    assert _digests(checkout, tmp_path / "elsewhere", sys.executable, "another") == here


def _pythons() -> dict[tuple[int, int], str]:
    """Other Pythons of this machine: on the path, and where pyenv and uv keep them."""
    found: dict[tuple[int, int], str] = {}
    for version in OTHERS:
        name = f"python{version[0]}.{version[1]}"
        kept = [*Path.home().glob(f".pyenv/versions/{name[6:]}.*/bin/{name}"), *Path("/opt").glob(f"*/bin/{name}")]
        asked = "import sys; print(sys.version_info[:2] == eval(sys.argv[1]) and sys.executable)"
        for one in (os.environ.get("SCHEDC_PYTHONS", "").split(os.pathsep), [shutil.which(name) or ""], sorted(kept)):
            for path in filter(None, map(str, one)):
                done = subprocess.run(
                    [path, "-c", asked, str(version)], capture_output=True, text=True, check=False, cwd=Path.home()
                )
                if done.returncode == 0 and done.stdout.strip() != "False":
                    found.setdefault(version, done.stdout.strip())
    return found


@pytest.mark.engines
@pytest.mark.parametrize("version", OTHERS, ids=lambda version: f"{version[0]}.{version[1]}")
def test_another_python(here: dict[str, str], version: tuple[int, int], tmp_path: Path) -> None:
    """It has no compiled parts of PyYAML, so that what reads YAML is another program, too."""
    python = sys.executable if sys.version_info[:2] == version else _pythons().get(version)
    if python is None:
        pytest.skip(f"no Python {version[0]}.{version[1]} on this machine")
    site = tmp_path / "site"
    site.mkdir()
    for name in ("jinja2", "markupsafe", "tzdata", "yaml"):
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        (site / name).symlink_to(Path(spec.origin).parent)
    about = site / f"schedc-{metadata.version('schedc')}.dist-info"  # SARIF names the version
    about.mkdir()
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: schedc\nVersion: {metadata.version('schedc')}\n", "utf-8"
    )
    checkout = _checkout(tmp_path / FOLDERS["another"])
    assert _digests(checkout, tmp_path / "elsewhere", python, "another", str(site)) == here
